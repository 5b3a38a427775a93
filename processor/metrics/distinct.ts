import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** Number of different values of a text. Exact; memory grows with the number of different values in a slice. */
export const distinct = <E extends EventBase>(of: (event: E) => string): Metric<E> =>
  metric<E, Set<string>>({
    kind: "distinct",
    version: 1,
    column: "bigint",
    zero: () => new Set(),
    add: (state, event) => {
      state.add(of(event));
    },
    merge: (into, from) => {
      for (const value of from) into.add(value);
    },
    result: (state) => state.size,
    encode: (state) => [...state],
    decode: (json) => new Set(json as string[]),
  });
