import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";

/** What is shown of the highest events, and which events may be among them. */
export interface TopByOptions<E> {
  /** What the events are ranked by; undefined = the event is left out. */
  readonly score: (event: E) => number | undefined;
  /** Lower scores are left out. Default: none is. */
  readonly scoreMin?: number;
  /** What is shown of an event; asked only for those that may be among the highest. */
  readonly text: (event: E) => string;
  /** Name of the score in the result: `[{"text":"…","toxicity":0.97}]`. */
  readonly as: string;
}

/** State: texts with their highest score, highest first. */
interface Highest {
  kept: [text: string, score: number][];
}

const KEPT_MAX = 1_000;

/**
 * The `k` different texts with the highest scores, ties by code point. Exact: a text's place follows from the set of
 * events, never from their order.
 *
 * @throws {RangeError} when k is not from 1 to 1,000.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["1", "a"], ["3", "b"], ["2", "c"]].map(([size, trade_id]) => ({ size, trade_id }) as unknown as TradeEvent);
 * const largest = topBy<TradeEvent>(1, { score: ({ size }) => Number(size), text: ({ trade_id }) => String(trade_id), as: "size" });
 * if (JSON.stringify(valueOver(largest, trades)) !== '[{"text":"b","size":3}]') throw new Error("the largest is b");
 * ```
 */
export function topBy<E extends EventBase>(
  k: number,
  { score, scoreMin = -Infinity, text, as }: TopByOptions<E>,
): Metric<E> {
  if (!(k >= 1 && k <= KEPT_MAX)) {
    throw new RangeError(`Cannot rank the highest ${k}: k must be from 1 to ${KEPT_MAX.toLocaleString("en")}`);
  }
  const insert = (state: Highest, item: [text: string, score: number]) => {
    const { kept } = state;
    const known = kept.findIndex(([one]) => one === item[0]);
    if (known >= 0) {
      if (kept[known]![1] >= item[1]) return;
      kept.splice(known, 1);
    }
    let place = kept.length;
    while (place > 0 && isBefore(item, kept[place - 1]!)) place--;
    kept.splice(place, 0, item);
    if (kept.length > k) kept.pop();
  };
  return metric<E, Highest>({
    kind: `top_by(${k},${as},${scoreMin})`,
    version: 1,
    column: "json",
    zero: () => ({ kept: [] }),
    add: (state, event) => {
      const value = score(event);
      if (value === undefined || !(value >= scoreMin)) return;
      const { kept } = state;
      if (kept.length === k && value < kept[k - 1]![1]) return;
      insert(state, [text(event), value]);
    },
    merge: (into, from) => from.kept.forEach((item) => insert(into, item)),
    result: ({ kept }) => kept.map(([shown, value]) => ({ text: shown, [as]: value })),
    encode: ({ kept }) => kept.map((item) => [...item]),
    decode: (json) => ({ kept: json as [string, number][] }),
  });
}

const isBefore = (a: readonly [string, number], b: readonly [string, number]): boolean =>
  a[1] > b[1] || (a[1] === b[1] && compareCodePoints(a[0], b[0]) < 0);
