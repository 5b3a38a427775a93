/**
 * Words of the labelled texts that say nothing about abuse. The examples of game chat are filled with them, so that the
 * model sees more words in harmless company than our own lists hold.
 * @module
 */
import { lexiconKindOf, lexiconKinds } from "../../enrichers/toxicity_lexicon.ts";
import { isToxic, type LabelledText } from "./tweets.ts";

/** Words that are kept at most. */
export const VOCABULARY_WORDS_MAX = 20_000;
const WORD = /[a-z]{3,14}/g;
const MENTIONS_AND_LINKS = /@\w+|https?:\S+|&\S+;/g;
/** Kinds of words that abuse nobody. */
const harmlessKinds = new Set(
  (["friendly", "you", "self"] as const).map((kind) => lexiconKinds.indexOf(kind)),
);

/** Words that harmless texts hold at least as often as toxic ones do, which are several times as many; sorted. */
export function harmlessWords(rows: readonly LabelledText[]): string[] {
  const counts = new Map<string, { toxic: number; harmless: number }>();
  for (const row of rows) {
    const text = row.text.toLowerCase().replace(MENTIONS_AND_LINKS, " ");
    for (const word of new Set(text.match(WORD))) {
      let count = counts.get(word);
      if (count === undefined) counts.set(word, count = { toxic: 0, harmless: 0 });
      count[isToxic(row) ? "toxic" : "harmless"]++;
    }
  }
  const isHarmless = (word: string): boolean => {
    const kind = lexiconKindOf.get(word);
    return kind === undefined || harmlessKinds.has(kind);
  };
  const words = [...counts].filter(([word, { toxic, harmless }]) =>
    harmless > 0 && harmless >= toxic && isHarmless(word)
  );
  return words.map(([word]) => word).sort().slice(0, VOCABULARY_WORDS_MAX);
}
