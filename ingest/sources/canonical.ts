/**
 * Canonical events as recorded input: JSON lines, and CSV tables by way of csv_events.ts.
 * @module
 */
import type { EventContract } from "../../core/events/contract.ts";
import type { Decode, Source } from "../source.ts";
import { type Columns, csvDecoder } from "./csv_events.ts";
import { jsonFault } from "./json_position.ts";
import { dead, EVENT_UNITS_MAX, ignored, oneEvent, shownValue, tooLarge } from "./outcome.ts";

/** Makes a source of canonical events; `columns` says how the cells of a CSV table are read. */
export function canonicalSource(
  name: string,
  { about, contract, columns }: { about: string; contract: EventContract; columns: Columns },
): Source {
  return {
    name,
    about,
    contracts: [contract],
    recorded: {
      form: "table",
      decoder: (format) => format === "csv" ? csvDecoder(contract, columns) : jsonDecoder(contract),
    },
  };
}

/** A decoder of one JSON object a line. The event is the line's own text, so that no digit of it changes. */
export function jsonDecoder(contract: EventContract): Decode {
  return (line) => {
    if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
    const text = line.trim();
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      if (text === "") return ignored("blank");
      return dead(contract, { reason: "not_json", path: "", message: `not JSON: ${jsonFault(text)}` });
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return oneEvent(contract, value, text);
    const message = `expected a JSON object, found ${shownValue(value)}`;
    return dead(contract, { reason: "schema", path: "", message });
  };
}
