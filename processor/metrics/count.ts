import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/**
 * Number of events. Exact.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * if (valueOver(count(), [{} as ChatEvent, {} as ChatEvent]) !== 2) throw new Error("two events");
 * ```
 */
export const count = <E extends EventBase>(): Metric<E> =>
  metric<E, { n: number }>({
    kind: "count",
    version: 1,
    column: "bigint",
    zero: () => ({ n: 0 }),
    add: (state) => {
      state.n++;
    },
    merge: (into, from) => {
      into.n += from.n;
    },
    result: (state) => state.n,
    encode: (state) => state.n,
    decode: (json) => ({ n: json as number }),
    running: () => {
      let n = 0;
      return {
        push: (state) => {
          n += state.n;
        },
        evict: (state) => {
          n -= state.n;
        },
        late: () => {
          n++;
        },
        result: () => n,
      };
    },
    inNumbers: {
      zeros: [0],
      add: (numbers, at) => {
        numbers[at]!++;
        return true;
      },
      write: (numbers, at, { n }) => {
        numbers[at] = n;
        return true;
      },
      read: (numbers, at) => ({ n: numbers[at]! }),
    },
  });
