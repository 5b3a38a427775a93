/**
 * The metrics of a candle.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import { firstOf, lastOf, type TieOptions } from "./first_last.ts";
import type { Metric } from "./metric.ts";
import { maxOf, minOf, type ScaleOptions, sumOf, weightedMeanOf } from "./scaled.ts";

/** The two decimals of a trade. */
export interface TradeOptions<E> extends ScaleOptions, TieOptions<E> {
  /** Price of a trade. */
  readonly price: (event: E) => string;
  /** Its size. */
  readonly size: (event: E) => string;
}

/** The columns of a candle. */
export interface Ohlcv<E extends EventBase> {
  /** Price of the first trade. */
  readonly open: Metric<E>;
  /** Highest price. */
  readonly high: Metric<E>;
  /** Lowest price. */
  readonly low: Metric<E>;
  /** Price of the last trade. */
  readonly close: Metric<E>;
  /** Sum of the sizes. */
  readonly volume: Metric<E>;
}

/**
 * Open, high, low, close and volume, to be spread into the metrics of a pipeline. Exact; open and close by event time,
 * then by `tie`.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const candle = ohlcv<TradeEvent>({ price: (trade) => trade.price, size: (trade) => trade.size, scale: 8 });
 * const trade = { event_id: "1", timestamp: "2024-08-08T12:00:00.000Z", price: "2.50", size: "3" } as TradeEvent;
 * const values = Object.values(candle).map((metric) => valueOver(metric, [trade, trade]));
 * if (values.join() !== "2.5,2.5,2.5,2.5,6") throw new Error(values.join());
 * ```
 */
export const ohlcv = <E extends EventBase>(options: TradeOptions<E>): Ohlcv<E> => {
  const { price, size } = options;
  return {
    open: firstOf(price, options),
    high: maxOf(price, options),
    low: minOf(price, options),
    close: lastOf(price, options),
    volume: sumOf(size, options),
  };
};

/**
 * Volume-weighted average price, Σ(price · size) / Σ size: sums exact, the quotient rounded once, half to even. Null
 * where nothing was traded.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const average = vwapOf<TradeEvent>({ price: (trade) => trade.price, size: (trade) => trade.size, scale: 8 });
 * const trades = [["10", "1"], ["20", "3"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * if (valueOver(average, trades) !== "17.5") throw new Error("70 / 4");
 * ```
 */
export const vwapOf = <E extends EventBase>({ price, size, scale }: TradeOptions<E>): Metric<E> =>
  weightedMeanOf({ value: price, weight: size, scale });
