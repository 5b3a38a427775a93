/**
 * Quotients: how many of the events are so, and one sum by another.
 * @module
 */
import { addScaled, divideScaled, formatScaled, unitsOf } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";
import { type DecimalValue, decodeUnits, encodeUnits, type ScaleOptions, type Units } from "./scaled.ts";

/** How a quotient is shown. */
export interface QuotientOptions {
  /** Fraction digits of the result. Default 6. */
  readonly digits?: number;
}

/** State of a share: the events that were judged, and those that are so. */
interface Share {
  n: number;
  hits: number;
}

/**
 * Share of the events for which the predicate holds, hits / n from 0 to 1: counts exact, the quotient rounded once, half
 * to even. An event for which it answers undefined is left out; null where none is left.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = ["buy", "sell", "buy"].map((side) => ({ side }) as TradeEvent);
 * const bought = share<TradeEvent>((trade) => trade.side === "buy", { digits: 3 });
 * if (valueOver(bought, trades) !== "0.667") throw new Error("two of three");
 * ```
 */
export const share = <E extends EventBase>(
  predicate: (event: E) => boolean | undefined,
  { digits = 6 }: QuotientOptions = {},
): Metric<E> =>
  metric<E, Share>({
    kind: `share(${digits})`,
    version: 1,
    column: "numeric",
    zero: () => ({ n: 0, hits: 0 }),
    add: (state, event) => {
      const holds = predicate(event);
      if (holds === undefined) return;
      state.n++;
      if (holds) state.hits++;
    },
    merge: (into, from) => {
      into.n += from.n;
      into.hits += from.hits;
    },
    result: ({ n, hits }) => n === 0 ? null : formatScaled(divideScaled(hits, n, { scale: digits }), digits),
    encode: ({ n, hits }) => [n, hits],
    decode: (json) => {
      const [n, hits] = json as [number, number];
      return { n, hits };
    },
  });

/** The two decimals of a ratio; `scale` is for both. */
export interface RatioOptions<E> extends ScaleOptions, QuotientOptions {
  /** What is divided. */
  readonly dividend: (event: E) => DecimalValue;
  /** What it is divided by. */
  readonly divisor: (event: E) => DecimalValue;
}

/** State of a ratio. */
interface Sums {
  dividend: Units;
  divisor: Units;
}

/**
 * Ratio of two sums, Σ dividend / Σ divisor: sums exact, the quotient rounded once, half to even. An event that lacks
 * either is left out; null where the divisors sum up to 0.
 *
 * @example
 * ```ts
 * import type { WatchEvent } from "../../core/events/watch.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const watched = ratioOf<WatchEvent>({
 *   dividend: (event) => event.watch_duration_minutes,
 *   divisor: (event) => event.show_duration_minutes,
 *   scale: 2,
 * });
 * const event = { watch_duration_minutes: 30, show_duration_minutes: 40 } as WatchEvent;
 * if (valueOver(watched, [event]) !== "0.75") throw new Error("30 of 40 minutes");
 * ```
 */
export const ratioOf = <E extends EventBase>({ dividend, divisor, scale, digits = 6 }: RatioOptions<E>): Metric<E> =>
  metric<E, Sums>({
    kind: `ratio(${scale},${digits})`,
    version: 1,
    column: "numeric",
    zero: () => ({ dividend: 0, divisor: 0 }),
    add: (state, event) => {
      const [over, under] = [dividend(event), divisor(event)];
      if (over === undefined || over === null || under === undefined || under === null) return;
      state.dividend = addScaled(state.dividend, unitsOf(over, scale));
      state.divisor = addScaled(state.divisor, unitsOf(under, scale));
    },
    merge: (into, from) => {
      into.dividend = addScaled(into.dividend, from.dividend);
      into.divisor = addScaled(into.divisor, from.divisor);
    },
    result: (state) =>
      BigInt(state.divisor) === 0n
        ? null
        : formatScaled(divideScaled(state.dividend, state.divisor, { scale: digits }), digits),
    encode: (state) => [encodeUnits(state.dividend), encodeUnits(state.divisor)],
    decode: (json) => {
      const [over, under] = json as [unknown, unknown];
      return { dividend: decodeUnits(over) ?? 0, divisor: decodeUnits(under) ?? 0 };
    },
  });
