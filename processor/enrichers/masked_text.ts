/**
 * Messages as they may be shown to everybody: short, without slurs and obscenities, without the names of those who are
 * addressed. Nothing can be read from a stretch of stars but its length and its first letter.
 * @module
 */
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from "obscenity";
import { lexiconKinds } from "./toxicity_lexicon.ts";
import { plainMessage } from "./toxicity_text.ts";

/** Units of a message that are shown. */
export const MASKED_UNITS_MAX = 160;

const maskedKinds = new Set(
  ["slur", "obscene", "foreign"].map((kind) => lexiconKinds.findIndex((one) => one === kind)),
);

let matcher: RegExpMatcher | undefined;

/** Made on demand: its patterns cost a few milliseconds. */
const obscenityMatcher = (): RegExpMatcher =>
  matcher ??= new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });

/** Whether the words of a text, disguises taken off, hold one that is masked. */
const holdsMaskedWord = (text: string): boolean => plainMessage(text).words.some(({ kind }) => maskedKinds.has(kind));

/** Stars for all but the first letter. */
const starred = (word: string): string => [...word].map((symbol, i) => (i === 0 ? symbol : "*")).join("");

/** Runs of single letters: "l i k e  t h i s" hides a word from whoever looks for words. */
const SPACED_LETTERS = /(?<!\S)\S(?:[\s.,_-]+\S(?!\S)){2,}/gu;
const MENTION = /(^|[^\p{L}\p{N}_])@[\p{L}\p{N}_]+/gu;

/** A message with its slurs and obscenities starred out, mentions without their names, cut to {@link MASKED_UNITS_MAX}. */
export function maskedText(text: string): string {
  const named = cut(text).replace(MENTION, "$1@…");
  const spaced = named.replace(
    SPACED_LETTERS,
    (run) => holdsMaskedWord(run.replace(/[\s.,_-]+/g, "")) || holdsMaskedWord(run) ? starred(run) : run,
  );
  const words = maskMatches(spaced).split(/(\s+)/).map((word) => (holdsMaskedWord(word) ? starred(word) : word));
  const shown = words.join("");
  // Whatever was still found over word borders is hidden as a whole.
  return holdsMaskedWord(shown)
    ? shown.split(/(\s+)/).map((word) => (/\S/.test(word) ? starred(word) : word)).join("")
    : shown;
}

/** What obscenity's list matches, starred but for its first letter. */
function maskMatches(text: string): string {
  const matches = obscenityMatcher().getAllMatches(text);
  let at = 0;
  return [...text].map((symbol) => {
    const start = at;
    at += symbol.length;
    const isHidden = matches.some(({ startIndex, endIndex }) => start > startIndex && start <= endIndex);
    return isHidden && /\S/.test(symbol) ? "*" : symbol;
  }).join("");
}

/** Not within a surrogate pair. */
function cut(text: string): string {
  if (text.length <= MASKED_UNITS_MAX) return text;
  const end = MASKED_UNITS_MAX - 1;
  const high = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800;
  return `${text.slice(0, high ? end - 1 : end)}…`;
}
