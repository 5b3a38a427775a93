import { formatScaled, parseScaled } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import type { ColumnType } from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";
import type { ScaleOptions } from "./scaled.ts";

/** Which of several events of one time counts. */
export interface TieOptions<E> {
  /** Decides between events of equal time: the lower is first. Default: the event's id, by code points. */
  readonly tie?: (event: E) => number | string;
}

/** Which of several events of one time counts, and how the decimal is shown. */
export interface FirstLastOptions<E> extends ScaleOptions, TieOptions<E> {}

/** State: the event that holds the place, or none. */
interface Place {
  held: { readonly timeMs: number; readonly tie: number | string; readonly value: string } | null;
}

type Part<E> = (event: E) => string | undefined;

/**
 * The decimal of the earliest event, by event time, then by `tie`. Exact; events without one are left out.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["2", "12:00:01"], ["1.50", "12:00:00"]].map(([price, time], trade_id) =>
 *   ({ price, trade_id, timestamp: `2024-08-08T${time}.000Z` }) as TradeEvent
 * );
 * const open = firstOf<TradeEvent>((trade) => trade.price, { tie: (trade) => trade.trade_id, scale: 2 });
 * if (valueOver(open, trades) !== "1.5") throw new Error("the first was at 1.5");
 * ```
 */
export const firstOf = <E extends EventBase>(of: Part<E>, options: FirstLastOptions<E>): Metric<E> =>
  extremeInTime(of, { ...options, ...asDecimal(options), end: "first" });

/** The decimal of the latest event, by event time, then by `tie`. Exact; events without one are left out. */
export const lastOf = <E extends EventBase>(of: Part<E>, options: FirstLastOptions<E>): Metric<E> =>
  extremeInTime(of, { ...options, ...asDecimal(options), end: "last" });

/** The text of the earliest event, by event time, then by `tie`. Exact; events without one are left out. */
export const firstTextOf = <E extends EventBase>(of: Part<E>, options: TieOptions<E> = {}): Metric<E> =>
  extremeInTime(of, { ...options, ...asText, end: "first" });

/** The text of the latest event, by event time, then by `tie`. Exact; events without one are left out. */
export const lastTextOf = <E extends EventBase>(of: Part<E>, options: TieOptions<E> = {}): Metric<E> =>
  extremeInTime(of, { ...options, ...asText, end: "last" });

interface Shape {
  readonly suffix: string;
  readonly column: ColumnType;
  readonly show: (text: string) => string;
}

const asText: Shape = { suffix: "", column: "text", show: (text) => text };

const asDecimal = ({ scale }: ScaleOptions): Shape => ({
  suffix: `(${scale})`,
  column: "numeric",
  show: (text) => formatScaled(parseScaled(text, scale), scale),
});

function compareTies(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : compareCodePoints(String(a), String(b));
}

function extremeInTime<E extends EventBase>(
  of: Part<E>,
  { end, tie = (event) => event.event_id, suffix, column, show }: TieOptions<E> & Shape & { end: "first" | "last" },
): Metric<E> {
  const sign = end === "first" ? 1 : -1;
  const take = (state: Place, candidate: NonNullable<Place["held"]>) => {
    const { held } = state;
    if (held !== null) {
      const order = (candidate.timeMs - held.timeMs || compareTies(candidate.tie, held.tie)) * sign;
      // Equal time and tie: the lower text, so that the order of merging never shows.
      if (order > 0 || (order === 0 && candidate.value >= held.value)) return;
    }
    state.held = candidate;
  };
  return metric<E, Place>({
    kind: `${end}${suffix}`,
    version: 1,
    column,
    zero: () => ({ held: null }),
    add: (state, event, timeMs) => {
      const value = of(event);
      if (value !== undefined) take(state, { timeMs, tie: tie(event), value });
    },
    merge: (into, from) => {
      if (from.held !== null) take(into, from.held);
    },
    result: ({ held }) => (held === null ? null : show(held.value)),
    encode: ({ held }) => (held === null ? null : [held.timeMs, held.tie, held.value]),
    decode: (json) => {
      if (json === null) return { held: null };
      const [timeMs, order, value] = json as [number, number | string, string];
      return { held: { timeMs, tie: order, value } };
    },
  });
}
