/**
 * Values of rows to SQL text and back.
 *
 * Postgres holds neither U+0000 nor half a surrogate pair in text and json. Both become U+FFFD on writing, and each value
 * that this changed is counted: a message of a chat must not be able to stop a partition.
 * @module
 */
import type { ColumnType } from "../core/ports.ts";

/** Types of parameters: those of columns, and what our own tables use beside them. */
export type SqlType = ColumnType | "integer";

/** Rows as one array literal for each column. */
export interface EncodedRows {
  readonly params: readonly string[];
  /** For each column in how many values a character was replaced. */
  readonly replaced: readonly number[];
}

/** The text with each U+0000 and each lone surrogate replaced by U+FFFD. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

function cleanJson(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), cleanJson(inner)]));
}

/** JSON text that json accepts; undefined is null. */
export function encodeJson(value: unknown): { text: string; replaced: boolean } {
  const text = JSON.stringify(value) ?? "null";
  // JSON.stringify writes exactly the refused characters as escapes. A backslash in the input can look like one: harmless.
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return { text, replaced: false };
  const clean = JSON.stringify(cleanJson(JSON.parse(text)));
  return { text: clean, replaced: clean !== text };
}

/**
 * The literal of a Postgres array, e.g. `{"a",null}`, and in how many elements a character was replaced.
 *
 * JSON.stringify of the column is an array literal but for the brackets and the escapes of control characters; it runs at
 * native speed where a loop over the elements took ten times as long on the main thread.
 */
export function arrayLiteral(values: readonly (string | number | null)[]): { literal: string; replaced: number } {
  const json = JSON.stringify(values);
  if (!/\\[^"\\]/.test(json)) return { literal: `{${json.slice(1, -1)}}`, replaced: 0 };
  let replaced = 0;
  const parts = values.map((value) => {
    if (typeof value !== "string") return String(value);
    const clean = cleanText(value);
    if (clean !== value) replaced++;
    return `"${clean.replace(/["\\]/g, "\\$&")}"`;
  });
  return { literal: `{${parts.join(",")}}`, replaced };
}

function encodeScalar(value: unknown, type: SqlType): string | number | null {
  if (value === null || value === undefined) return null;
  if (type === "text" || type === "numeric") return String(value);
  if (type === "timestamptz" && !(typeof value === "number" && Number.isFinite(value))) {
    throw new TypeError(`Cannot write a timestamptz: current value is ${String(value)}, not epoch milliseconds`);
  }
  // Postgres reads NaN and Infinity as text where the type has them, and refuses them elsewhere.
  return typeof value === "number" && Number.isFinite(value) ? value : String(value);
}

/** One array literal for each column of the rows; null and undefined are NULL. */
export function encodeRows(rows: readonly (readonly unknown[])[], types: readonly SqlType[]): EncodedRows {
  const params: string[] = [];
  const replaced: number[] = [];
  types.forEach((type, index) => {
    let replacedJson = 0;
    const values = rows.map((row) => {
      const value = row[index];
      if (type !== "json" || value === null || value === undefined) return encodeScalar(value, type);
      const json = encodeJson(value);
      if (json.replaced) replacedJson++;
      return json.text;
    });
    const { literal, replaced: replacedText } = arrayLiteral(values);
    params.push(literal);
    replaced.push(replacedJson + replacedText);
  });
  return { params, replaced };
}

/** The rows without those that a later one repeats in its first `keyColumns` values, as stored. */
export function lastOfEachKey<T extends readonly unknown[]>(rows: readonly T[], keyColumns: number): T[] {
  const byKey = new Map<string, T>();
  for (const row of rows) {
    const key = row.slice(0, keyColumns).map((value) => typeof value === "string" ? cleanText(value) : value);
    byKey.set(JSON.stringify(key), row);
  }
  return [...byKey.values()];
}

/** SQL of the array parameter at `position` (from 1), for unnest. */
export function arrayParameter(position: number, type: SqlType): string {
  if (type === "timestamptz") return `$${position}::text::float8[]`;
  if (type === "json") return `$${position}::text::text[]`;
  return `$${position}::text::${type}[]`;
}

/** SQL that makes the column's value of an unnested element. */
export function fromElement(element: string, type: SqlType): string {
  // Milliseconds times an interval are exact to 2255; to_timestamp would round seconds.
  if (type === "timestamptz") return `timestamptz 'epoch' + ${element} * interval '1 millisecond'`;
  if (type === "json") return `${element}::json`;
  return element;
}

/** SQL that selects an expression as text for {@link decodeValue}. */
export function asText(expression: string, type: SqlType): string {
  // extract is exact and has always six decimals; twice as fast as rounding to an integer in SQL.
  return type === "timestamptz" ? `extract(epoch FROM ${expression})::text` : `${expression}::text`;
}

/** Microseconds since the epoch as selected by {@link asText}, still text: what a page's cursor needs. */
export function microseconds(text: string): string {
  return text.replace(".", "");
}

/** The value of a selected text. */
export function decodeValue(text: string | null, type: SqlType): unknown {
  if (text === null) return null;
  switch (type) {
    case "timestamptz":
      return Math.floor(Number(microseconds(text)) / 1000);
    case "bigint":
    case "integer":
    case "double precision":
      return Number(text);
    case "json":
      return JSON.parse(text);
    default:
      return text;
  }
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
