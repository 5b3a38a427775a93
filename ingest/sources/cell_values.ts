/**
 * Cells of tables that others wrote, as the values that contracts have. Each reader answers with the value, or with
 * undefined where the cell is not of its kind.
 * @module
 */
import { DECIMAL_SCALE } from "../../core/decimal.ts";

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * A number as a decimal string without exponent, divided by 10^exponent; a fraction beyond 8 digits, as floats leave it,
 * is rounded to 8, half away from zero.
 */
export function decimalCell(cell: unknown, exponent = 0): string | undefined {
  const match = NUMBER.exec(String(cell).trim());
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", power = "0"] = match;
  if (whole === "" && fraction === "") return undefined;
  const digits = whole + fraction;
  const point = whole.length + Number(power) - exponent;
  const padded = point > 0 ? digits.padEnd(point, "0") : "0".repeat(1 - point) + digits;
  const at = Math.max(1, point);
  return (sign === "-" ? "-" : "") + rounded(padded.slice(0, at).replace(/^0+(?=\d)/, ""), padded.slice(at));
}

function rounded(whole: string, fraction: string): string {
  if (fraction.length <= DECIMAL_SCALE) return fraction === "" ? whole : `${whole}.${fraction}`;
  const up = fraction.charCodeAt(DECIMAL_SCALE) >= 53 ? 1n : 0n;
  const units = String(BigInt(whole + fraction.slice(0, DECIMAL_SCALE)) + up).padStart(DECIMAL_SCALE + 1, "0");
  const rest = units.slice(-DECIMAL_SCALE).replace(/0+$/, "");
  return units.slice(0, -DECIMAL_SCALE) + (rest === "" ? "" : `.${rest}`);
}

/** A whole number, also one that a float stands for: `4006500.0`. */
export function integerCell(cell: unknown): number | undefined {
  const text = String(cell).trim();
  return /^\d{1,20}(\.0*)?$/.test(text) ? Number(text) : undefined;
}

/** A number with or without fraction. */
export function numberCell(cell: unknown): number | undefined {
  const text = String(cell).trim();
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
}

/** A list of names: a JSON array, or names separated by spaces. */
export function namesCell(cell: unknown): readonly unknown[] | undefined {
  if (Array.isArray(cell)) return cell;
  if (typeof cell !== "string") return undefined;
  const text = cell.trim();
  if (text === "") return [];
  if (!text.startsWith("[")) return text.split(/\s+/);
  try {
    return JSON.parse(text) as unknown[];
  } catch {
    return undefined;
  }
}

const CLOCK = /^(\d{1,4}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/;
const ISO_DURATION = /^PT?(?=\d)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?$/i;
const WORDS =
  /^(?:(\d+(?:\.\d+)?)\s*h[a-z]*)?\s*(?:(\d+(?:\.\d+)?)\s*m(?:in[a-z]*)?)?\s*(?:(\d+(?:\.\d+)?)\s*s[a-z]*)?$/i;

/** A duration in minutes: a number of them, `01:23:45`, `PT1H23M45S`, or `1 h 23 min 45 s`. */
export function minutesCell(cell: unknown): number | undefined {
  const plain = numberCell(cell);
  if (plain !== undefined) return plain;
  const text = String(cell).trim();
  const clock = CLOCK.exec(text);
  if (clock !== null && Number(clock[2]) < 60 && Number(clock[3]) < 60) {
    return minutesOf(clock[1], clock[2], `${clock[3]}.${clock[4] ?? 0}`);
  }
  const match = ISO_DURATION.exec(text) ?? (text === "" ? null : WORDS.exec(text));
  return match === null ? undefined : minutesOf(match[1], match[2], match[3]);
}

/** Rounded to a millionth of a minute, so that seconds leave no trail of digits. */
function minutesOf(hours = "0", minutes = "0", seconds = "0"): number {
  return Math.round((Number(hours) * 60 + Number(minutes) + Number(seconds) / 60) * 1e6) / 1e6;
}

const BUYER_IS_MAKER = /^(is_?)?buyer_?(is_?)?maker$/i;

/**
 * The taker's side: `buy`, `sell` in any case or by their first letter; of a column that says whether the buyer was the
 * maker (as Binance writes them) true and 1 are a sale.
 */
export function sideCell(cell: unknown, column: string): string | undefined {
  const text = String(cell).trim().toLowerCase();
  if (BUYER_IS_MAKER.test(column)) {
    if (text === "true" || text === "1") return "sell";
    return text === "false" || text === "0" ? "buy" : undefined;
  }
  if (text === "buy" || text === "b") return "buy";
  return text === "sell" || text === "s" ? "sell" : undefined;
}
