/**
 * Decimal texts of Yahoo's numbers. Its prices are 32-bit floats written out as 64-bit ones: 14.55 comes as
 * 14.550000190734863.
 * @module
 */
import { DECIMAL_SCALE } from "../../core/decimal.ts";

/** Significant digits that tell any two 32-bit floats apart. */
const FLOAT32_DIGITS = 9;
const FLOAT32_DIGITS_SURE = 6;

/**
 * The shortest decimal that stands for a price: of all that round to the same 32-bit float where the number is one, else
 * of those that round to the same 64-bit float. Cut to {@link DECIMAL_SCALE} fraction digits, the most that an event may
 * have. Yahoo's `priceHint` is no help: it says how many digits to show, and has 2 for a price of 0.1455.
 */
export function priceText(price: number): string {
  return plain(Math.fround(price) === price ? shortestFloat32(price) : price);
}

/** The decimal of a volume: a whole number nearly always, and exact as it stands. */
export const volumeText = (volume: number): string => plain(volume);

/** A decimal times 10^power, to the digit. */
export function shifted(decimal: string, power: number): string {
  const [whole = "", fraction = ""] = decimal.split(".");
  const digits = whole + fraction;
  const point = whole.length + power;
  const padded = point <= 0 ? "0".repeat(1 - point) + digits : digits.padEnd(point, "0");
  const at = Math.max(1, point);
  return trimmed(`${padded.slice(0, at)}.${padded.slice(at, at + DECIMAL_SCALE)}`);
}

function shortestFloat32(value: number): number {
  for (let digits = FLOAT32_DIGITS_SURE; digits < FLOAT32_DIGITS; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(FLOAT32_DIGITS));
}

function plain(value: number): string {
  const text = String(value);
  const isShort = /^-?\d+(\.\d+)?$/.test(text) && text.length - 1 - text.indexOf(".") <= DECIMAL_SCALE;
  return isShort || !text.includes(".") && !text.includes("e") ? text : trimmed(value.toFixed(DECIMAL_SCALE));
}

const trimmed = (decimal: string): string =>
  decimal.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "").replace(/^0+(?=\d)/, "");
