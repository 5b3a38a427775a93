/**
 * Exact decimals: prices and sizes are decimal strings, sums of them are whole numbers of a declared scale, so that
 * neither the order of events nor floating point ever shows in a table.
 * @module
 */

/** Fraction digits that prices and sizes may have; Binance's own maximum. */
export const DECIMAL_SCALE = 8;

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Powers of ten as numbers, exact up to 10^15. */
const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/**
 * Parses `"61837.63000000"` into a whole number of 10^-scale units (scale ≤ 15): a safe integer where it fits, a bigint
 * beyond 2^53.
 *
 * @throws {SyntaxError} for anything but digits with an optional sign and fraction.
 * @throws {RangeError} when the text has more fraction digits than the scale (zeros at its end do not count).
 */
export function parseScaled(text: string, scale: number): number | bigint {
  const match = DECIMAL.exec(text);
  if (!match) {
    throw new SyntaxError(`Cannot parse decimal: value is "${text}", expected digits with an optional fraction`);
  }
  const [, sign, whole = "0", fraction = ""] = match;
  let used = fraction.length;
  while (used > 0 && fraction.charCodeAt(used - 1) === 48) used--;
  if (used > scale) throw new RangeError(`Cannot parse decimal: "${text}" has more than ${scale} fraction digits`);
  if (whole.length + scale <= 15) {
    const units = Number(whole) * POWERS[scale]! +
      (used > 0 ? Number(fraction.slice(0, used)) * POWERS[scale - used]! : 0);
    return sign === "-" && units !== 0 ? -units : units;
  }
  const units = BigInt(whole + fraction.slice(0, used).padEnd(scale, "0"));
  return narrow(sign === "-" ? -units : units);
}

/**
 * Whole units of a decimal text, or of a number, which is rounded to the scale once.
 *
 * @throws {RangeError} for NaN and infinities.
 */
export function unitsOf(value: string | number, scale: number): number | bigint {
  if (typeof value === "string") return parseScaled(value, scale);
  if (!Number.isFinite(value)) throw new RangeError(`Cannot take ${value} as a decimal: it is not a finite number`);
  const units = Math.round(value * POWERS[scale]!);
  return Number.isSafeInteger(units) ? units : BigInt(units);
}

/** A bigint as a number where that is exact. */
export function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Sum of two scaled values, exact: a bigint only where a number would round. */
export function addScaled(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt(a) + BigInt(b));
}

/** Difference of two scaled values, exact. */
export const subtractScaled = (a: number | bigint, b: number | bigint): number | bigint => addScaled(a, -b);

/** Product of two scaled values, exact; its scale is the sum of theirs. */
export function multiplyScaled(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product;
  }
  return BigInt(a) * BigInt(b);
}

/** Order of two scaled values: below 0, 0, above 0. */
export const compareScaled = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Formats a scaled value without exponent and without zeros at the end of its fraction: `61837.63`. */
export function formatScaled(units: number | bigint, scale: number): string {
  if (typeof units === "number" && scale <= 15) return formatSafe(units, scale);
  const negative = units < 0;
  const digits = (negative ? -BigInt(units) : BigInt(units)).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  return (negative ? "-" : "") + whole + (fraction ? "." + fraction : "");
}

/** The same without bigints: nearly every value is a safe integer, and rows are made by the hundred thousand. */
function formatSafe(units: number, scale: number): string {
  const magnitude = Math.abs(units);
  const power = POWERS[scale]!;
  const fraction = magnitude % power;
  const whole = String((magnitude - fraction) / power);
  const sign = units < 0 ? "-" : "";
  return fraction === 0 ? sign + whole : sign + whole + "." + String(fraction).padStart(scale, "0").replace(/0+$/, "");
}

/**
 * Quotient of two whole numbers as a whole number of 10^-scale units, rounded half to even (IEEE 754 roundTiesToEven).
 *
 * @throws {RangeError} when the divisor is 0.
 */
export function divideScaled(
  dividend: number | bigint,
  divisor: number | bigint,
  { scale }: { scale: number },
): number | bigint {
  const scaled = Number(dividend) * (POWERS[scale] ?? NaN);
  if (typeof divisor === "number" && divisor > 0 && Number.isSafeInteger(scaled)) return divideSafe(scaled, divisor);
  let n = BigInt(dividend) * 10n ** BigInt(scale);
  let d = BigInt(divisor);
  if (d === 0n) throw new RangeError("Cannot divide: divisor is 0");
  if (d < 0n) [n, d] = [-n, -d];
  let quotient = n / d;
  const twice = (n % d) * 2n;
  const magnitude = twice < 0n ? -twice : twice;
  if (magnitude > d || (magnitude === d && quotient % 2n !== 0n)) quotient += n < 0n ? -1n : 1n;
  return narrow(quotient);
}

/** Rounded half to even; the remainder of two safe integers is exact. */
function divideSafe(dividend: number, divisor: number): number {
  const remainder = dividend % divisor;
  const quotient = (dividend - remainder) / divisor;
  const magnitude = Math.abs(remainder);
  // Compared by subtraction: twice the remainder might round.
  const excess = magnitude - (divisor - magnitude);
  if (excess < 0 || (excess === 0 && quotient % 2 === 0)) return quotient;
  return dividend < 0 ? quotient - 1 : quotient + 1;
}
