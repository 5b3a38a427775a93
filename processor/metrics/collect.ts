import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";

/** How much is collected. */
export interface CollectOptions {
  /** Texts that are kept, the earliest ones. At most 1,000. */
  readonly max: number;
}

type Collected = readonly [timeMs: number, eventId: string, text: string];

/** State: the earliest texts in order, and how many there were. */
interface Collection {
  kept: Collected[];
  n: number;
}

const COLLECTED_MAX = 1_000;

const compare = (a: Collected, b: Collected): number =>
  a[0] - b[0] || compareCodePoints(a[1], b[1]) || compareCodePoints(a[2], b[2]);

/**
 * The texts of the `max` earliest events, by event time, then by the event's id; events without one are left out. Exact;
 * the row says how many there were beyond: `{"texts":["first","second"],"left_out":3}`.
 *
 * @throws {RangeError} when `max` is not from 1 to 1,000.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = ["b", "a", "c"].map((message, i) =>
 *   ({ event_id: message, message, timestamp: `2024-08-08T12:00:0${3 - i}.000Z` }) as ChatEvent
 * );
 * const first = valueOver(collect((event) => event.message, { max: 2 }), events);
 * if (JSON.stringify(first) !== '{"texts":["c","a"],"left_out":1}') throw new Error(JSON.stringify(first));
 * ```
 */
export function collect<E extends EventBase>(
  of: (event: E) => string | undefined,
  { max }: CollectOptions,
): Metric<E> {
  if (!(max >= 1 && max <= COLLECTED_MAX)) {
    throw new RangeError(`Cannot collect ${max} texts: max must be from 1 to ${COLLECTED_MAX}`);
  }
  return metric<E, Collection>({
    kind: `collect(${max})`,
    version: 1,
    column: "json",
    zero: () => ({ kept: [], n: 0 }),
    add: (state, event, timeMs) => {
      const text = of(event);
      if (text === undefined) return;
      state.n++;
      const item: Collected = [timeMs, event.event_id, text];
      if (state.kept.length === max && compare(item, state.kept[max - 1]!) >= 0) return;
      let place = state.kept.length;
      while (place > 0 && compare(state.kept[place - 1]!, item) > 0) place--;
      state.kept.splice(place, 0, item);
      if (state.kept.length > max) state.kept.pop();
    },
    merge: (into, from) => {
      into.kept = [...into.kept, ...from.kept].sort(compare).slice(0, max);
      into.n += from.n;
    },
    result: ({ kept, n }) => ({ texts: kept.map(([, , text]) => text), left_out: n - kept.length }),
    encode: ({ kept, n }) => [n, ...kept],
    decode: (json) => {
      const [n, ...kept] = json as [number, ...Collected[]];
      return { kept, n };
    },
  });
}
