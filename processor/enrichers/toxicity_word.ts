/**
 * A word as the toxicity model reads it, with what is worked out for it once.
 * @module
 */
import { lexiconKindOf } from "./toxicity_lexicon.ts";

/** A word in plain form. */
export interface ToxicityWord {
  readonly text: string;
  /** Hash of its letters. */
  readonly hash: number;
  /** Number of its kind in the lexicon; {@link NO_KIND} for a word that the lexicon does not hold. */
  readonly kind: number;
}

/** Kind of a word that the lexicon does not hold. */
export const NO_KIND = -1;

/** Works out a word. */
export function toxicityWord(text: string): ToxicityWord {
  let hash = 0x811c_9dc5 | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return { text, hash: Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d), kind: lexiconKindOf.get(text) ?? NO_KIND };
}
