import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { type Metric, metric } from "./metric.ts";
import type { RunningValue } from "./running.ts";

/** How a ranking is shown. */
export interface TopKOptions {
  /** Name of the ranked thing in the result: `[{"emote":"Kappa","count":3}]`. */
  readonly as: string;
}

/**
 * The `k` most frequent of the texts that an event carries, each occurrence counted; ties by code point. Exact; memory
 * grows with the number of different texts in a slice.
 */
export const topK = <E extends EventBase>(
  of: (event: E) => readonly string[],
  k: number,
  { as }: TopKOptions,
): Metric<E> =>
  metric<E, Map<string, number>>({
    kind: `top_k(${k},${as})`,
    version: 1,
    column: "json",
    zero: () => new Map(),
    add: (state, event) => {
      for (const text of of(event)) state.set(text, (state.get(text) ?? 0) + 1);
    },
    merge: (into, from) => {
      for (const [text, occurrences] of from) into.set(text, (into.get(text) ?? 0) + occurrences);
    },
    result: (state) => ranking(state, k, as),
    encode: (state) => [...state],
    decode: (json) => new Map(json as [string, number][]),
    running: () => runningCounts(of, (counts) => ranking(counts, k, as)),
  });

function ranking(counts: ReadonlyMap<string, number>, k: number, as: string): unknown[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || compareCodePoints(a[0], b[0]))
    .slice(0, k)
    .map(([text, occurrences]) => ({ [as]: text, count: occurrences }));
}

function runningCounts<E extends EventBase>(
  of: (event: E) => readonly string[],
  rank: (counts: ReadonlyMap<string, number>) => unknown,
): RunningValue<Map<string, number>, E> {
  const counts = new Map<string, number>();
  const add = (text: string, occurrences: number) => {
    const sum = (counts.get(text) ?? 0) + occurrences;
    if (sum === 0) counts.delete(text);
    else counts.set(text, sum);
  };
  return {
    push: (state) => state.forEach((occurrences, text) => add(text, occurrences)),
    evict: (state) => state.forEach((occurrences, text) => add(text, -occurrences)),
    late: (_state, event) => of(event).forEach((text) => add(text, 1)),
    result: () => rank(counts),
  };
}
