/**
 * Canonical events as recorded input: JSON, CSV tables by way of csv_events.ts, Parquet; and tables of others, whose
 * columns a mapping names.
 * @module
 */
import type { Decode, Decoded, FieldMapping, RecordedFile, Source } from "../source.ts";
import type { EventContract } from "../../core/events/contract.ts";
import { csvDecoder } from "./csv_events.ts";
import { planRows, RowFault } from "./field_plan.ts";
import { jsonFault } from "./json_position.ts";
import { dead, EVENT_UNITS_MAX, ignored, oneEvent, shownValue, tooLarge } from "./outcome.ts";
import { madeFields, type TableShape } from "./table_shape.ts";

/** A mapping that maps nothing: columns have the names of their fields, cells are read as others write them. */
export const plainMapping: FieldMapping = {
  fields: {},
  constants: {},
  columns: null,
  timeZone: null,
  priceExponent: 0,
};

const unknownFile: RecordedFile = { name: "", fingerprint: "", mapping: null };

/** Makes a source of canonical events; `shape` says how they stand in tables. */
export function canonicalSource(name: string, { about, shape }: { about: string; shape: TableShape }): Source {
  return {
    name,
    about,
    contracts: [shape.contract],
    recorded: {
      form: "table",
      decoder(format, file = unknownFile) {
        if (format === "csv") return csvDecoder(name, shape, file);
        if (format === "parquet") return rowDecoder(name, shape, { ...file, mapping: file.mapping ?? plainMapping });
        return file.mapping === null ? jsonDecoder(name, shape, file) : rowDecoder(name, shape, file);
      },
    },
  };
}

/**
 * A decoder of one JSON object a record. The event is the record's own text, so that no digit of it changes, with the
 * fields behind it that were made.
 */
function jsonDecoder(source: string, shape: TableShape, file: RecordedFile): Decode {
  const { contract } = shape;
  const addMade = madeFields(source, { shape, file });
  let records = 0;
  return (line, place = ++records) => {
    const found = objectOf(line, contract);
    if ("kind" in found) return found;
    const { object, text } = found;
    const added = addMade(object, place);
    if (added === null) return oneEvent(contract, object, text);
    const wasEmpty = Object.keys(object).length === Object.keys(added).length;
    return oneEvent(contract, object, text.slice(0, -1) + (wasEmpty ? "" : ",") + JSON.stringify(added).slice(1));
  };
}

/** A decoder of JSON objects whose members are columns of a table. */
function rowDecoder(source: string, shape: TableShape, file: RecordedFile): Decode {
  const { contract } = shape;
  const read = planRows({ source, shape, file, columns: null });
  let records = 0;
  return (line, place = ++records) => {
    const found = objectOf(line, contract);
    if ("kind" in found) return found;
    const event = read(found.object, place);
    return event instanceof RowFault ? dead(contract, event.fault) : oneEvent(contract, event);
  };
}

function objectOf(
  line: string,
  contract: EventContract,
): Decoded | { readonly object: Record<string, unknown>; readonly text: string } {
  if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
  const text = line.trim();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (text === "") return ignored("blank");
    return dead(contract, { reason: "not_json", path: "", message: `not JSON: ${jsonFault(text)}` });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return { object: value as Record<string, unknown>, text };
  }
  const message = `expected a JSON object, found ${shownValue(value)}`;
  return dead(contract, { reason: "schema", path: "", message });
}
