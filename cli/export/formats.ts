/**
 * THE LIST of export formats: each turns portions of rows into portions of bytes.
 * @module
 */
import type { ColumnSpec, TableRows } from "../../core/ports.ts";
import { parquetBytes } from "./parquet.ts";
import { textOf } from "./values.ts";

/** Turns a table's rows into a file's bytes, portion by portion. */
export type ExportFormat = (
  columns: readonly ColumnSpec[],
  portions: AsyncIterable<TableRows["rows"]>,
) => AsyncIterable<Uint8Array>;

const encoder = new TextEncoder();

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

async function* csv(columns: readonly ColumnSpec[], portions: AsyncIterable<TableRows["rows"]>) {
  yield encoder.encode(columns.map(({ name }) => quoted(name)).join(",") + "\n");
  for await (const rows of portions) {
    const lines = rows.map((row) => columns.map((column, i) => quoted(textOf(row[i], column) ?? "")).join(","));
    if (lines.length > 0) yield encoder.encode(lines.join("\n") + "\n");
  }
}

async function* json(columns: readonly ColumnSpec[], portions: AsyncIterable<TableRows["rows"]>) {
  let separator = "[\n";
  for await (const rows of portions) {
    for (const row of rows) {
      yield encoder.encode(`${separator}{${columns.map((column, i) => jsonMember(row[i], column)).join(",")}}`);
      separator = ",\n";
    }
  }
  yield encoder.encode(separator === "[\n" ? "[]\n" : "\n]\n");
}

/** Decimals are written as JSON numbers with all of their digits; what JSON has no number for is null. */
function jsonMember(value: unknown, column: ColumnSpec): string {
  const text = typeof value === "number" && !Number.isFinite(value) ? null : textOf(value, column);
  const isText = column.type === "text" || column.type === "timestamptz";
  return `${JSON.stringify(column.name)}:${text === null ? "null" : isText ? JSON.stringify(text) : text}`;
}

/** The formats by name. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = {
  csv,
  json,
  parquet: parquetBytes,
};
