/**
 * Variance and standard deviation of a decimal, from exact sums of the values and of their squares: no rounding before
 * the last step, so that neither the order of events nor that of merges ever shows. (Welford's updates and the pairwise
 * merges of Chan, Golub and LeVeque are stable in floating point, but do round, differently in each order.)
 * @module
 */
import { addScaled, formatScaled, multiplyScaled, narrow, unitsOf } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";
import { type DecimalValue, decodeUnits, encodeUnits, type ScaleOptions, type Units } from "./scaled.ts";

/** How a spread is measured and shown. */
export interface SpreadOptions extends ScaleOptions {
  /** `sample` divides by n − 1 (null below 2 values), `population` by n. Default `sample`. */
  readonly over?: "sample" | "population";
  /** Fraction digits of the result. Default 6 more than the values have. */
  readonly digits?: number;
}

/** State: number, sum, sum of squares, in units of 10^-scale and 10^-(2 · scale). */
interface Moments {
  n: number;
  sum: Units;
  squares: Units;
}

/**
 * Variance (Σx² − (Σx)² / n) / (n − 1), or / n over a population: sums exact, the quotient rounded once, half to even.
 * Null where it is not defined; events without a value are left out.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = ["1", "2", "4"].map((price) => ({ price }) as TradeEvent);
 * const variance = varianceOf<TradeEvent>((trade) => trade.price, { scale: 2, digits: 4 });
 * if (valueOver(variance, trades) !== "2.3333") throw new Error("7 / 3");
 * ```
 */
export const varianceOf = <E extends EventBase>(of: (event: E) => DecimalValue, options: SpreadOptions): Metric<E> =>
  spread("variance", of, options);

/**
 * Standard deviation: the root of {@link varianceOf}, of which it takes the exact quotient; rounded once, half up.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = ["2", "4", "4", "4", "5", "5", "7", "9"].map((price) => ({ price }) as TradeEvent);
 * const stdDev = stdDevOf<TradeEvent>((trade) => trade.price, { scale: 2, over: "population" });
 * if (valueOver(stdDev, trades) !== "2") throw new Error("the root of 32 / 8");
 * ```
 */
export const stdDevOf = <E extends EventBase>(of: (event: E) => DecimalValue, options: SpreadOptions): Metric<E> =>
  spread("std_dev", of, options);

function spread<E extends EventBase>(
  kind: "variance" | "std_dev",
  of: (event: E) => DecimalValue,
  { scale, over = "sample", digits = scale + 6 }: SpreadOptions,
): Metric<E> {
  const result = ({ n, sum, squares }: Moments) => {
    const divisor = BigInt(n) * BigInt(over === "sample" ? n - 1 : n);
    if (divisor <= 0n) return null;
    const dividend = BigInt(n) * BigInt(squares) - BigInt(sum) ** 2n;
    const units = kind === "variance"
      ? roundedQuotient(dividend, divisor, { scale: digits - 2 * scale })
      : roundedRoot(dividend, divisor, { scale: 2 * (digits - scale) });
    return formatScaled(narrow(units), digits);
  };
  return metric<E, Moments>({
    kind: `${kind}(${scale},${over},${digits})`,
    version: 1,
    column: "numeric",
    zero: () => ({ n: 0, sum: 0, squares: 0 }),
    add: (state, event) => {
      const value = of(event);
      if (value === undefined || value === null) return;
      const units = unitsOf(value, scale);
      state.n++;
      state.sum = addScaled(state.sum, units);
      state.squares = addScaled(state.squares, multiplyScaled(units, units));
    },
    merge: (into, from) => {
      into.n += from.n;
      into.sum = addScaled(into.sum, from.sum);
      into.squares = addScaled(into.squares, from.squares);
    },
    result,
    encode: ({ n, sum, squares }) => [n, encodeUnits(sum), encodeUnits(squares)],
    decode: (json) => {
      const [n, sum, squares] = json as [number, unknown, unknown];
      return { n, sum: decodeUnits(sum) ?? 0, squares: decodeUnits(squares) ?? 0 };
    },
  });
}

/** Both numbers as a fraction of whole numbers, the dividend times 10^scale. */
function shifted(dividend: bigint, divisor: bigint, scale: number): [bigint, bigint] {
  return scale >= 0 ? [dividend * 10n ** BigInt(scale), divisor] : [dividend, divisor * 10n ** BigInt(-scale)];
}

/** dividend · 10^scale / divisor of numbers that are not negative, half to even. */
function roundedQuotient(dividend: bigint, divisor: bigint, { scale }: { scale: number }): bigint {
  const [n, d] = shifted(dividend, divisor, scale);
  const quotient = n / d;
  const twice = 2n * (n % d);
  return twice > d || (twice === d && quotient % 2n === 1n) ? quotient + 1n : quotient;
}

/** √(dividend · 10^scale / divisor) of numbers that are not negative, to the nearest whole number. */
function roundedRoot(dividend: bigint, divisor: bigint, { scale }: { scale: number }): bigint {
  const [n, d] = shifted(dividend, divisor, scale);
  // The root of four times the quotient is twice the root: its last bit says which way to round.
  return (floorRoot(4n * n / d) + 1n) / 2n;
}

/** ⌊√n⌋ by Newton's method from above. */
function floorRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) / 2n;
    if (next >= root) return root;
    root = next;
  }
}
