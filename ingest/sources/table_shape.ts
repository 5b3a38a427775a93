/**
 * How the events of a topic stand in tables: their fields with the kinds of their cells, and which of them can be made
 * where a table does not have them.
 * @module
 */
import type { EventContract } from "../../core/events/contract.ts";
import type { RecordedFile } from "../source.ts";
import { dayIn } from "./foreign_time.ts";

/**
 * What a cell is. In a canonical table: `text` as it is; `time` digits as epoch milliseconds, else as it is; `integer`
 * and `number` digits as a number, else as it is (the contract refuses it then); `decimal` and the others as text;
 * `names` a JSON array or a list separated by spaces. In a table that is mapped they are read as others write them:
 * foreign_time.ts, cell_values.ts.
 */
export type ColumnType =
  | "text"
  | "time"
  | "date"
  | "integer"
  | "number"
  | "decimal"
  | "price"
  | "minutes"
  | "side"
  | "names";

/** What a made field can be made of. */
export interface MadeFrom {
  /** The fields that are there already. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Name of the source. */
  readonly source: string;
  /** Identity of the file's content, and the record's number in it. */
  readonly fingerprint: string;
  readonly place: number;
  /** Calendar day of a moment in the table's zone. */
  readonly dayOf: (timeMs: number) => string;
}

/** The table of a topic. */
export interface TableShape {
  readonly contract: EventContract;
  /** Its fields; further columns pass as text. */
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Fields that no event needs. */
  readonly optional?: readonly string[];
  /** How fields are made that the table does not have, in this order. */
  readonly made: Readonly<Record<string, (from: MadeFrom) => unknown>>;
}

/** The fields that can be made for every topic: an id of the file's content and the place in it, the source's name. */
export const madeAlways: TableShape["made"] = {
  event_id: ({ fingerprint, place }) => `${fingerprint.slice(0, 16)}:${place}`,
  source: ({ source }) => source,
};

/** A part of an id; empty where a record brings what is no text or number, so that it is refused for that. */
export const idPart = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? `${value}` : "";

/**
 * Adds the fields to an event that can be made and are not there; one that is there and wrong stays for the contract to
 * refuse. Answers with what it added, null where nothing was missing.
 */
export type AddMade = (event: Record<string, unknown>, place: number) => Readonly<Record<string, unknown>> | null;

/** Works out once per file how fields are made. */
export function madeFields(source: string, { shape, file }: { shape: TableShape; file: RecordedFile }): AddMade {
  const makers = Object.entries({ ...madeAlways, ...shape.made });
  const dayOf = dayIn(file.mapping?.timeZone ?? "UTC");
  return (event, place) => {
    let added: Record<string, unknown> | null = null;
    for (const [name, make] of makers) {
      if (event[name] !== undefined) continue;
      const value = make({ event, source, fingerprint: file.fingerprint, place, dayOf });
      if (value !== undefined) (added ??= {})[name] = event[name] = value;
    }
    return added;
  };
}
