/**
 * From the columns of a table to the fields of an event: worked out once per file, carried out for each record.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { printableNames } from "../../core/text.ts";
import { formatTime } from "../../core/time.ts";
import type { Fault } from "../../core/events/contract.ts";
import type { FieldMapping, RecordedFile } from "../source.ts";
import { decimalCell, integerCell, minutesCell, namesCell, numberCell, sideCell } from "./cell_values.ts";
import { dayIn, joinedTimeReader, timeReader } from "./foreign_time.ts";
import { nameOfFile } from "./name_of_file.ts";
import { shownValue } from "./outcome.ts";
import { type ColumnType, madeAlways, madeFields, type TableShape } from "./table_shape.ts";

/** A record's cells: by place for CSV, by name for JSON. */
export type Row = ArrayLike<unknown> | Readonly<Record<string, unknown>>;

/** Makes the event of a record. */
export type ReadRow = (row: Row, place: number) => Record<string, unknown> | RowFault;

/** What is wrong with a record; wrapped, since an event may have any field names itself. */
export class RowFault {
  constructor(readonly fault: Fault) {}
}

/** What a plan is made for. */
export interface PlanOptions {
  readonly source: string;
  readonly shape: TableShape;
  readonly file: RecordedFile;
  /** Names of a CSV table's columns; null where each record brings its own names. */
  readonly columns: readonly string[] | null;
}

/** Where a field's cell is. */
interface Origin {
  readonly column: string;
  readonly cellOf: (row: Row) => unknown;
}

interface Field {
  readonly name: string;
  readonly expected: string;
  /** May be absent or empty: it is made, or nobody needs it. */
  readonly mayMiss: boolean;
  readonly origins: readonly Origin[];
  /** The value, or undefined for a cell of another kind, or a sentence in an Error. */
  readonly convert: (cell: unknown, second: unknown) => unknown;
}

/**
 * Plans how events are made of records.
 *
 * @throws {UserError} when the table lacks a column that is needed or named.
 */
export function planRows(options: PlanOptions): ReadRow {
  const { shape, file, source } = options;
  const { fields, extras } = fieldsOf(options, Object.keys({ ...madeAlways, ...shape.made }));
  const addMade = madeFields(source, { shape, file });
  return (row, place) => {
    const event: Record<string, unknown> = {};
    for (const { name, expected, mayMiss, origins, convert } of fields) {
      const cell = origins[0]!.cellOf(row);
      if (cell === undefined || cell === null || (cell === "" && mayMiss)) continue;
      const value = convert(cell, origins[1]?.cellOf(row));
      if (value === undefined || value instanceof Error) {
        const why = value instanceof Error ? value.message : `expected ${expected}, found ${shownValue(cell)}`;
        return new RowFault({ reason: "schema", path: name, message: `${name}: ${why}` });
      }
      event[name] = value;
    }
    extras(row, event);
    addMade(event, place);
    return event;
  };
}

type Extras = (row: Row, event: Record<string, unknown>) => void;

function fieldsOf(options: PlanOptions, made: readonly string[]): { fields: readonly Field[]; extras: Extras } {
  const { shape, file, columns } = options;
  const { fields: mapped = {}, constants = {} } = file.mapping ?? {};
  const finder = new ColumnFinder(options);
  const missing: string[] = [];
  const fields: Field[] = [];
  const mayMiss = new Set([...made, ...(shape.optional ?? [])]);
  const names = [...Object.keys(shape.columns), ...Object.keys({ ...mapped, ...constants })];
  for (const name of new Set(names)) {
    const spec = Object.hasOwn(mapped, name) ? mapped[name]! : undefined;
    const isField = Object.hasOwn(shape.columns, name);
    // A constant that a mapping refers to is a column; any other is a field.
    if (spec === undefined && !isField && finder.isUsed(name)) continue;
    const origins = spec === undefined ? finder.own(name) : finder.find(spec);
    if (origins.length === 0) {
      if (spec !== undefined) missing.push(spec);
      else if (isField && !mayMiss.has(name)) missing.push(name);
      continue;
    }
    const type = isField ? shape.columns[name]! : "text";
    fields.push({ name, origins, mayMiss: mayMiss.has(name), ...conversionOf(type, origins, file.mapping) });
  }
  if (missing.length > 0) throw missingColumns(missing, options);
  const taken = new Set(fields.map(({ name }) => name));
  return { fields, extras: columns === null ? jsonExtras(finder, taken) : csvExtras(columns, finder, taken) };
}

function missingColumns(missing: readonly string[], { shape, columns }: PlanOptions): UserError {
  return new UserError("usage", {
    cause: `Cannot read the table as ${shape.contract.topic}: columns are missing: ${missing.join(", ")} (found: ${
      printableNames(columns ?? [])
    })`,
    fix: "name the columns that stand for them by --map field=column, or give a value by --set field=value; " +
      "--columns a,b,c names those of a table without a header",
  });
}

/** Finds columns by the names that a user gives them. */
class ColumnFinder {
  readonly #columns: readonly string[] | null;
  readonly #constants: Readonly<Record<string, string>>;
  readonly #file: RecordedFile;
  /** Columns and constants that a mapping names. */
  readonly #used = new Set<string>();

  constructor({ file, columns }: PlanOptions) {
    this.#columns = columns;
    this.#file = file;
    this.#constants = file.mapping?.constants ?? {};
    for (const spec of Object.values(file.mapping?.fields ?? {})) {
      for (const { column } of this.find(spec)) this.#used.add(column);
    }
  }

  /** Whether a mapping names the column, so that it does not pass under its own name. */
  isUsed(column: string): boolean {
    return this.#used.has(column);
  }

  /** The constant or the column that has a field's own name. */
  own(name: string): readonly Origin[] {
    const origin = this.#one(name);
    return origin === undefined ? [] : [origin];
  }

  /** The column of this name, or the two of `A+B`; none where the table does not have them. */
  find(spec: string): readonly Origin[] {
    const whole = this.#columns === null && spec.includes("+") ? undefined : this.#one(spec);
    if (whole !== undefined) return [whole];
    for (let plus = spec.indexOf("+"); plus > 0; plus = spec.indexOf("+", plus + 1)) {
      const [first, second] = [this.#one(spec.slice(0, plus).trim()), this.#one(spec.slice(plus + 1).trim())];
      if (first !== undefined && second !== undefined) return [first, second];
    }
    return [];
  }

  #one(name: string): Origin | undefined {
    if (Object.hasOwn(this.#constants, name)) {
      const value = nameOfFile(this.#constants[name]!, this.#file.name);
      return { column: name, cellOf: () => value };
    }
    if (this.#columns === null) return { column: name, cellOf: (row) => memberOf(row, name) };
    const exact = this.#columns.indexOf(name);
    const at = exact >= 0 ? exact : this.#columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
    if (at < 0) return undefined;
    return { column: this.#columns[at]!, cellOf: (row) => (row as ArrayLike<unknown>)[at] };
  }
}

/** A member of a JSON object; `user.id` goes into the one called `user` where no member has the whole name. */
function memberOf(row: unknown, name: string): unknown {
  if (typeof row !== "object" || row === null) return undefined;
  if (Object.hasOwn(row, name)) return (row as Record<string, unknown>)[name];
  const dot = name.indexOf(".");
  if (dot < 0 || !Object.hasOwn(row, name.slice(0, dot))) return undefined;
  return memberOf((row as Record<string, unknown>)[name.slice(0, dot)], name.slice(dot + 1));
}

/** Columns that no field is made of pass in lower case; one without a usable name is called by its number. */
function csvExtras(columns: readonly string[], finder: ColumnFinder, taken: ReadonlySet<string>): Extras {
  const passing: [at: number, name: string][] = [];
  columns.forEach((column, at) => {
    const name = column.toLowerCase();
    if (finder.isUsed(column) || (taken.has(name) && finder.own(name)[0]?.column === column)) return;
    passing.push([at, name === "" || name === "__proto__" || taken.has(name) ? `column_${at + 1}` : name]);
  });
  return (row, event) => {
    for (const [at, name] of passing) event[name] = (row as ArrayLike<unknown>)[at];
  };
}

function jsonExtras(finder: ColumnFinder, taken: ReadonlySet<string>): Extras {
  return (row, event) => {
    for (const [name, value] of Object.entries(row)) {
      if (!taken.has(name) && name !== "__proto__" && !finder.isUsed(name)) event[name] = value;
    }
  };
}

type Conversion = Pick<Field, "expected" | "convert">;

/** How the cells of a field are read: as contracts write them, or in a table that is mapped as others do. */
function conversionOf(type: ColumnType, origins: readonly Origin[], mapping: FieldMapping | null): Conversion {
  if (mapping === null) return canonicalConversion(type);
  const zone = mapping.timeZone ?? "UTC";
  switch (type) {
    case "time": {
      const read = timeReader(zone);
      const join = joinedTimeReader(zone);
      const convert = (cell: unknown, second: unknown) => {
        const timeMs = origins.length > 1 ? join(cell, second) : read(cell);
        return typeof timeMs === "string" ? new Error(timeMs) : formatTime(timeMs);
      };
      return { expected: "a time", convert };
    }
    case "date":
      return { expected: "a date such as 2024-08-08", convert: dateReader(zone) };
    case "integer":
      return { expected: "a whole number", convert: integerCell };
    case "number":
      return { expected: "a number", convert: numberCell };
    case "minutes":
      return { expected: "minutes, or a duration such as 01:23:45", convert: minutesCell };
    case "decimal":
      return { expected: "a number", convert: (cell) => decimalCell(cell) };
    case "price":
      return { expected: "a number", convert: (cell) => decimalCell(cell, mapping.priceExponent) };
    case "side":
      return { expected: "buy or sell", convert: (cell) => sideCell(cell, origins[0]!.column) };
    case "names":
      return namesConversion;
    case "text":
      return { expected: "a text", convert: textCell };
  }
}

const namesConversion: Conversion = {
  expected: "a JSON array of texts, or names separated by spaces",
  convert: namesCell,
};

/** What a joined text looks like: one space between its parts. */
function textCell(cell: unknown, second: unknown): unknown {
  const text = typeof cell === "number" || typeof cell === "boolean" ? String(cell) : cell;
  return second === undefined || second === null ? text : `${text} ${second}`;
}

function dateReader(zone: string): (cell: unknown) => string | undefined {
  const [read, dayOf] = [timeReader(zone), dayIn(zone)];
  return (cell) => {
    const timeMs = read(cell);
    return typeof timeMs === "string" ? undefined : dayOf(timeMs);
  };
}

function canonicalConversion(type: ColumnType): Conversion {
  if (type === "names") return namesConversion;
  const digits = type === "time" ? /^-?\d{1,16}$/ : type === "integer" ? /^\d{1,20}$/ : undefined;
  const number = type === "number" || type === "minutes";
  if (digits === undefined && !number) return { expected: "a text", convert: (cell) => cell };
  const isNumber = digits ?? /^-?\d{1,15}(\.\d{1,15})?$/;
  const convert = (cell: unknown) => {
    const text = String(cell).trim();
    return isNumber.test(text) ? Number(text) : text;
  };
  return { expected: "a number", convert };
}
