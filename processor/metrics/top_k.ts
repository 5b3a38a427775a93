import type { EventBase } from "../../core/events/contract.ts";
import { compareCodePoints } from "../../core/text.ts";
import { boundTexts, type FrequentTexts, noteOccurrences, noTexts, uniteTexts } from "./frequent_texts.ts";
import { type Metric, metric } from "./metric.ts";
import type { RunningValue } from "./running.ts";

/** How a ranking is shown, and up to where it is exact. */
export interface TopKOptions {
  /** Name of the ranked thing in the result: `[{"emote":"Kappa","count":3}]`. */
  readonly as: string;
  /** Different texts of a slice, and of a merge, up to which all are counted. Default 10,000. */
  readonly textsMax?: number;
}

const TEXTS_MAX = 10_000;

/**
 * The `k` most frequent of the texts that an event carries, each occurrence counted; ties by code point. Exact up to
 * `textsMax` different texts. Beyond it (see frequent_texts.ts) each entry says so: `{"emote":"Kappa","count":3,"error":2}`
 * = at least 3, at most 5; the error is at most n / (textsMax / 2 + 1) for n occurrences in the window, and no text more
 * frequent than that is missed.
 *
 * @throws {RangeError} when k is not from 1 to half of `textsMax`.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../../core/events/chat.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = [["Kappa"], ["LUL", "Kappa"]].map((emotes) => ({ emotes }) as unknown as ChatEvent);
 * const top = valueOver(topK((event) => event.emotes, 1, { as: "emote" }), events);
 * if (JSON.stringify(top) !== '[{"emote":"Kappa","count":2}]') throw new Error(JSON.stringify(top));
 * ```
 */
export function topK<E extends EventBase>(
  of: (event: E) => readonly string[] | undefined,
  k: number,
  { as, textsMax = TEXTS_MAX }: TopKOptions,
): Metric<E> {
  if (!(k >= 1 && k <= textsMax / 2)) {
    throw new RangeError(`Cannot rank the top ${k}: k must be from 1 to ${textsMax / 2}, half of textsMax`);
  }
  return metric<E, FrequentTexts>({
    kind: `top_k(${k},${as},${textsMax})`,
    version: 1,
    column: "json",
    zero: noTexts,
    add: (state, event) => {
      const texts = of(event);
      if (texts === undefined) return;
      for (const text of texts) noteOccurrences(state, text, 1);
      if (state.counts.size > textsMax) boundTexts(state, textsMax);
    },
    merge: (into, from) => uniteTexts(into, from, textsMax),
    result: (state) => ranking(state, k, as),
    encode: ({ counts, missingMax }) => missingMax === 0 ? [...counts] : { missingMax, counts: [...counts] },
    decode: (json) => {
      if (Array.isArray(json)) return { counts: new Map(json as [string, number][]), missingMax: 0 };
      const { missingMax, counts } = json as { missingMax: number; counts: [string, number][] };
      return { counts: new Map(counts), missingMax };
    },
    running: () => runningCounts(of, { textsMax, rank: (texts) => ranking(texts, k, as) }),
  });
}

function ranking({ counts, missingMax }: FrequentTexts, k: number, as: string): unknown[] {
  return [...counts]
    .sort((a, b) => b[1] - a[1] || compareCodePoints(a[0], b[0]))
    .slice(0, k)
    .map(([text, count]) => missingMax === 0 ? { [as]: text, count } : { [as]: text, count, error: missingMax });
}

/** Sums of the slices' counts, never cut back themselves: a window of exact slices is exact. */
function runningCounts<E extends EventBase>(
  of: (event: E) => readonly string[] | undefined,
  { textsMax, rank }: { textsMax: number; rank: (texts: FrequentTexts) => unknown },
): RunningValue<FrequentTexts, E> {
  const sum = noTexts();
  /** Slices that an event may have cut back since: their counts are taken in again when they are asked for. */
  const changing = new Set<FrequentTexts>();
  const add = (text: string, occurrences: number) => {
    const total = (sum.counts.get(text) ?? 0) + occurrences;
    if (total === 0) sum.counts.delete(text);
    else sum.counts.set(text, total);
  };
  const take = ({ counts, missingMax }: FrequentTexts, sign: 1 | -1) => {
    counts.forEach((occurrences, text) => add(text, sign * occurrences));
    sum.missingMax += sign * missingMax;
  };
  return {
    push: (state) => take(state, 1),
    evict: (state) => {
      if (!changing.delete(state)) take(state, -1);
    },
    late: (state, event) => {
      const texts = of(event);
      if (texts === undefined || changing.has(state)) return;
      if (state.counts.size + texts.length <= textsMax) return texts.forEach((text) => add(text, 1));
      take(state, -1);
      changing.add(state);
    },
    result: () => {
      for (const state of changing) take(state, 1);
      changing.clear();
      return rank(sum);
    },
  };
}
