import { addScaled, divideScaled, formatScaled } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** The two whole numbers of a quotient of sums, and the fraction digits of the result. */
export interface QuotientOptions<E> {
  readonly dividend: (event: E) => number;
  readonly divisor: (event: E) => number;
  readonly scale: number;
}

/**
 * Σ dividend / Σ divisor of whole numbers: both sums exact, the quotient rounded once, half to even. Null where the
 * divisors sum up to 0.
 */
export const quotientOf = <E extends EventBase>({ dividend, divisor, scale }: QuotientOptions<E>): Metric<E> =>
  metric<E, { dividends: number | bigint; divisors: number | bigint }>({
    kind: `quotient(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ dividends: 0, divisors: 0 }),
    add: (state, event) => {
      state.dividends = addScaled(state.dividends, dividend(event));
      state.divisors = addScaled(state.divisors, divisor(event));
    },
    merge: (into, from) => {
      into.dividends = addScaled(into.dividends, from.dividends);
      into.divisors = addScaled(into.divisors, from.divisors);
    },
    result: ({ dividends, divisors }) =>
      BigInt(divisors) === 0n ? null : formatScaled(divideScaled(dividends, divisors, { scale }), scale),
    encode: ({ dividends, divisors }) => [String(dividends), String(divisors)],
    decode: (json) => {
      const [dividends = 0, divisors = 0] = (json as [string, string]).map((text) => addScaled(BigInt(text), 0));
      return { dividends, divisors };
    },
  });
