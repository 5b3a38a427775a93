import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** Sum of whole numbers from 0 up. Exact up to 2^53. */
export const totalOf = <E extends EventBase>(of: (event: E) => number): Metric<E> =>
  metric<E, { total: number }>({
    kind: "total",
    version: 1,
    column: "bigint",
    zero: () => ({ total: 0 }),
    add: (state, event) => {
      state.total += of(event);
    },
    merge: (into, from) => {
      into.total += from.total;
    },
    result: (state) => state.total,
    encode: (state) => state.total,
    decode: (json) => ({ total: json as number }),
  });
