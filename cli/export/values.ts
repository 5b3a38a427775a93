/**
 * Values of table rows as text.
 * @module
 */
import type { ColumnSpec } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";

/** A number without exponent: `0.0000001`, not `1e-7`. */
export function plainNumber(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0").slice(0, point)}${digits.length > point ? "." + digits.slice(point) : ""}`;
}

/** The text of a value; null stays null. */
export function textOf(value: unknown, { type }: ColumnSpec): string | null {
  if (value === null || value === undefined) return null;
  if (type === "timestamptz") return formatTime(value as number);
  if (type === "json") return JSON.stringify(value);
  if (typeof value === "number") return plainNumber(value);
  return String(value);
}

/** Columns that say when and by what a row was written, not what it says: they are not exported. */
export const isBookkeeping = ({ name }: ColumnSpec): boolean =>
  name === "processed_at" || name === "updated_at" || /_(generation|revision)$/.test(name);
