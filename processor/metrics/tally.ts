import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";

/**
 * Sums of counts by name, as an object in order of the names. Exact; memory grows with the number of different names in
 * a slice, so the events must draw them from a short list.
 */
export const tallyOf = <E extends EventBase>(of: (event: E) => Readonly<Record<string, number>>): Metric<E> =>
  metric<E, Map<string, number>>({
    kind: "tally",
    version: 1,
    column: "json",
    zero: () => new Map(),
    add: (state, event) => {
      for (const [name, count] of Object.entries(of(event))) state.set(name, (state.get(name) ?? 0) + count);
    },
    merge: (into, from) => {
      for (const [name, count] of from) into.set(name, (into.get(name) ?? 0) + count);
    },
    result: (state) => Object.fromEntries([...state].sort(([a], [b]) => compareCodePoints(a, b))),
    encode: (state) => [...state],
    decode: (json) => new Map(json as [string, number][]),
  });
