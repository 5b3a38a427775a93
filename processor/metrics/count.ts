import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** Number of events. Exact. */
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
  });
