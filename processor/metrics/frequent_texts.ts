/**
 * Counts of texts in bounded memory: exact while there are few different ones, beyond that too low by a known bound.
 *
 * Misra–Gries: when there are more than `textsMax` different texts, the count that stands at place `textsMax / 2 + 1` is
 * taken off all of them and those at 0 go. Each such cut of d takes at least d · (textsMax / 2 + 1) occurrences away, so
 * that after n occurrences no count is too low by more than n / (textsMax / 2 + 1), in whatever order they were added
 * and merged. Sources: Misra, Gries, "Finding repeated elements", 1982; Agarwal et al., "Mergeable summaries", 2012.
 * @module
 */

/** Counts with their bound. */
export interface FrequentTexts {
  readonly counts: Map<string, number>;
  /** Occurrences of any one text that may be missing from its count; 0 = all counts are exact, and all texts are there. */
  missingMax: number;
}

/** Counts of no texts. */
export const noTexts = (): FrequentTexts => ({ counts: new Map(), missingMax: 0 });

/** Takes occurrences of a text in; {@link boundTexts} is to follow. */
export function noteOccurrences({ counts }: FrequentTexts, text: string, occurrences: number): void {
  counts.set(text, (counts.get(text) ?? 0) + occurrences);
}

/** Takes in all that another one has counted. */
export function uniteTexts(into: FrequentTexts, from: FrequentTexts, textsMax: number): void {
  for (const [text, occurrences] of from.counts) noteOccurrences(into, text, occurrences);
  into.missingMax += from.missingMax;
  boundTexts(into, textsMax);
}

/** Cuts the counts back where there are too many texts. */
export function boundTexts(texts: FrequentTexts, textsMax: number): void {
  const { counts } = texts;
  if (counts.size <= textsMax) return;
  const highestFirst = Float64Array.from(counts.values()).sort().reverse();
  const cut = highestFirst[Math.floor(textsMax / 2)]!;
  for (const [text, occurrences] of counts) {
    if (occurrences <= cut) counts.delete(text);
    else counts.set(text, occurrences - cut);
  }
  texts.missingMax += cut;
}
