/**
 * Canonical events from a CSV table: the header names the fields, the contract's columns say how cells are read.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import type { EventContract, Fault } from "../../core/events/contract.ts";
import { csvCells, delimiterOf } from "../recorded/csv_cells.ts";
import type { Decode } from "../source.ts";
import { dead, EVENT_UNITS_MAX, ignored, oneEvent, tooLarge } from "./outcome.ts";

/**
 * How a cell is read. `text` as it is; `time` digits as epoch milliseconds, else as it is; `integer` digits as a number,
 * else as it is (the contract refuses it then); `names` a JSON array or a list separated by spaces.
 */
export type ColumnType = "text" | "time" | "integer" | "names";

/** The needed fields of a contract with their types; further columns pass as text. */
export type Columns = Readonly<Record<string, ColumnType>>;

/**
 * A decoder of CSV records, the first being the header.
 *
 * @throws {UserError} on the header, when it lacks a needed column or names one twice.
 */
export function csvDecoder(contract: EventContract, columns: Columns): Decode {
  let table: Table | undefined;
  return (line) => {
    if (!table) {
      const header = line.replace(/^\ufeff/, "");
      if (header.trim() === "") return ignored("blank");
      table = readHeader(header, { contract, columns });
      return ignored("header");
    }
    if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
    // Tabs alone are a row of empty cells.
    if (/^[ \r]*$/.test(line)) return ignored("blank");
    const value = readRow(line.endsWith("\r") ? line.slice(0, -1) : line, table);
    return isRowFault(value) ? dead(contract, value.fault) : oneEvent(contract, value);
  };
}

interface Table {
  readonly delimiter: string;
  readonly names: readonly string[];
  readonly types: readonly ColumnType[];
}

function readHeader(header: string, { contract, columns }: { contract: EventContract; columns: Columns }): Table {
  const delimiter = delimiterOf(header);
  const cells = csvCells(header.replace(/\r$/, ""), delimiter);
  if (typeof cells === "string") throw headerError(`in the header ${cells}`, contract);
  const names = cells.map((cell, i) => columnName(cell, i + 1));
  const repeated = names.filter((name, i) => names.indexOf(name) !== i);
  if (repeated.length > 0) throw headerError(`the header names ${repeated.join(", ")} twice`, contract);
  const missing = Object.keys(columns).filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw headerError(
      `columns are missing: ${missing.join(", ")} (found: ${names.join(", ").slice(0, 200)})`,
      contract,
    );
  }
  return { delimiter, names, types: names.map((name) => (Object.hasOwn(columns, name) ? columns[name]! : "text")) };
}

/** Names are lower case; a column without a usable one is called by its number, so that its cells are not lost. */
function columnName(cell: string, number: number): string {
  const name = cell.trim().toLowerCase();
  return name === "" || name === "__proto__" ? `column_${number}` : name;
}

function headerError(cause: string, contract: EventContract): UserError {
  return new UserError("usage", {
    cause: `Cannot read the table as ${contract.topic}: ${cause}`,
    fix: "Give the table a header row with each needed column once, in any order.",
  });
}

/** What is wrong with a row; wrapped, since a row may have any field names itself. */
class RowFault {
  constructor(readonly fault: Fault) {}
}

const isRowFault = (value: object): value is RowFault => value instanceof RowFault;

function readRow(record: string, { delimiter, names, types }: Table): Record<string, unknown> | RowFault {
  const cells = csvCells(record, delimiter);
  if (typeof cells === "string") {
    return new RowFault({ reason: "schema", path: "", message: `${cells}; double the quotes inside of quoted cells` });
  }
  if (cells.length !== names.length) {
    const message = `expected ${names.length} cells as in the header, found ${cells.length}; ` +
      `put quotes around cells that hold ${delimiter === "\t" ? "a tab" : `"${delimiter}"`}`;
    return new RowFault({ reason: "schema", path: "", message });
  }
  const value: Record<string, unknown> = {};
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const cell = typedCell(cells[i]!, types[i]!);
    if (cell === undefined) {
      const message = `${name}: expected a JSON array of texts, or names separated by spaces`;
      return new RowFault({ reason: "schema", path: name, message });
    }
    value[name] = cell;
  }
  return value;
}

function typedCell(cell: string, type: ColumnType): unknown {
  if (type === "text") return cell;
  const text = cell.trim();
  if (type === "names") return namesOf(text);
  const digits = type === "time" ? /^-?\d{1,16}$/ : /^\d{1,20}$/;
  return digits.test(text) ? Number(text) : text;
}

function namesOf(text: string): readonly unknown[] | undefined {
  if (text === "") return [];
  if (!text.startsWith("[")) return text.split(/\s+/);
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}
