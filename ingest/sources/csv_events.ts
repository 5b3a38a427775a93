/**
 * Events from a CSV table: the header, or the user, names the columns.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { printableNames } from "../../core/text.ts";
import { csvCells, delimiterOf } from "../recorded/csv_cells.ts";
import type { Decode, RecordedFile } from "../source.ts";
import { planRows, type ReadRow, RowFault } from "./field_plan.ts";
import { dead, EVENT_UNITS_MAX, ignored, oneEvent, tooLarge } from "./outcome.ts";
import type { TableShape } from "./table_shape.ts";

interface Table {
  readonly delimiter: string;
  readonly columns: number;
  readonly read: ReadRow;
}

/**
 * A decoder of CSV records, the first being the header unless the columns were named.
 *
 * @throws {UserError} on the header, when it lacks a needed column or names one twice.
 */
export function csvDecoder(source: string, shape: TableShape, file: RecordedFile): Decode {
  const { contract } = shape;
  const columns = file.mapping?.columns ?? null;
  let table: Table | undefined;
  let records = 0;
  return (line, place = ++records) => {
    if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
    const record = line.endsWith("\r") ? line.slice(0, -1) : line;
    if (!table) {
      const first = record.replace(/^\ufeff/, "");
      if (first.trim() === "") return ignored("blank");
      table = openTable(first, { source, shape, file });
      if (columns === null) return ignored("header");
    }
    // Tabs alone are a row of empty cells.
    if (/^[ \r]*$/.test(record)) return ignored("blank");
    const event = readRecord(record, table, place);
    return event instanceof RowFault ? dead(contract, event.fault) : oneEvent(contract, event);
  };
}

function openTable(
  first: string,
  { source, shape, file }: { source: string; shape: TableShape; file: RecordedFile },
): Table {
  const delimiter = delimiterOf(first);
  const named = file.mapping?.columns ?? null;
  const cells = named ?? csvCells(first, delimiter);
  const topic = shape.contract.topic;
  if (typeof cells === "string") throw headerError(`in the header ${cells}`, topic);
  const columns = cells.map((cell) => cell.trim());
  const names = columns.map((column) => column.toLowerCase()).filter((name) => name !== "");
  const repeated = [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
  if (repeated.length > 0) throw headerError(`the header names ${printableNames(repeated)} twice`, topic);
  return { delimiter, columns: columns.length, read: planRows({ source, shape, file, columns }) };
}

function headerError(cause: string, topic: string): UserError {
  return new UserError("usage", {
    cause: `Cannot read the table as ${topic}: ${cause}`,
    fix: "give the table a header row with each column once, or name its columns by --columns a,b,c",
  });
}

function readRecord(record: string, { delimiter, columns, read }: Table, place: number): ReturnType<ReadRow> {
  const cells = csvCells(record, delimiter);
  if (typeof cells === "string") {
    return new RowFault({ reason: "schema", path: "", message: `${cells}; double the quotes inside of quoted cells` });
  }
  if (cells.length !== columns) {
    const message = `expected ${columns} cells as in the header, found ${cells.length}; ` +
      `put quotes around cells that hold ${delimiter === "\t" ? "a tab" : `"${delimiter}"`}`;
    return new RowFault({ reason: "schema", path: "", message });
  }
  return read(cells, place);
}
