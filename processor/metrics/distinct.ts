import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";
import type { RunningValue } from "./running.ts";

/**
 * Number of different values of a text; events without one are left out. Exact; memory grows with the number of
 * different values in a slice.
 */
export const distinct = <E extends EventBase>(of: (event: E) => string | undefined): Metric<E> =>
  metric<E, Set<string>>({
    kind: "distinct",
    version: 1,
    column: "bigint",
    zero: () => new Set(),
    add: (state, event) => {
      const value = of(event);
      if (value !== undefined) state.add(value);
    },
    merge: (into, from) => {
      for (const value of from) into.add(value);
    },
    result: (state) => state.size,
    encode: (state) => [...state],
    decode: (json) => new Set(json as string[]),
    running: () => slicesByValue(of),
  });

/** In how many slices of the window each value is. */
function slicesByValue<E extends EventBase>(of: (event: E) => string | undefined): RunningValue<Set<string>, E> {
  const slices = new Map<string, number>();
  const add = (value: string) => slices.set(value, (slices.get(value) ?? 0) + 1);
  return {
    push: (state) => state.forEach(add),
    evict: (state) => {
      for (const value of state) {
        const left = slices.get(value)! - 1;
        if (left === 0) slices.delete(value);
        else slices.set(value, left);
      }
    },
    late: (state, event) => {
      const value = of(event);
      if (value !== undefined && !state.has(value)) add(value);
    },
    result: () => slices.size,
  };
}
