/**
 * Cuts a chat message into the units that carry feeling: emotes, emoji, emoticons and words.
 * @module
 */
import { emojiValences, emoticonValences } from "./sentiment_emoji.ts";
import {
  AMUSEMENT_VALENCE,
  channelEmoteValence,
  emoteValences,
  looksLikeChannelEmote,
  lowerCaseEmotes,
  sarcasmEmotes,
} from "./sentiment_emotes.ts";
import { intensifiers, negators, type PhraseStart, phraseStarts, turns, wordValences } from "./sentiment_words.ts";
import { TokenTable } from "./token_table.ts";

/** A unit of a message. */
export interface SentimentToken {
  readonly kind: "word" | "emote";
  /** A word in lower case and without drawn-out letters, an emote as it is written. */
  readonly text: string;
  /** −4 to 4; 0 for most words. */
  readonly valence: number;
  readonly isSarcasm: boolean;
  readonly isCapitals: boolean;
  readonly isDrawnOut: boolean;
  /** A clause ends behind it. */
  readonly endsClause: boolean;
  readonly isNegator: boolean;
  readonly isTurn: boolean;
  /** What a word that strengthens or weakens multiplies the next ones by; 1 for others. */
  readonly strength: number;
  /** The phrases that start with it. */
  readonly phrases: PhraseStart | undefined;
}

/** Units of a message beyond this one are not looked at: Twitch allows 500 characters. */
export const TOKENS_MAX = 250;

/** Starts and ends of what may be an emoji; cheap to test, and plain text never fits. */
const BEYOND_LETTERS = /[\u203c-\u3299\ud83c-\ud83e]/;
const EDGES = /^[^\p{L}\p{N}<@#!]+|[^\p{L}\p{N}]+$/gu;
const PLAIN = /^[A-Za-z0-9']+$/;
/** A single word in quotation marks. */
const QUOTED = /^["“][A-Za-z]+["”][.,!?]*$/;
/** What somebody calls a "balanced" hero is none. */
const QUOTED_PRAISE_FACTOR = -0.5;
const LAUGHTER =
  /^(?:[bm]?w?a*(?:h+[aeiou]+){2,}h*|h*(?:a+h+){2,}a*|(?:j+[aei]+){2,}j*|x+d+|l+o+l+(?:o+l+)*|l+m+f*a+o+|k{3,}|r+o+f+l+|ke+k+w*|l+u+l+w*)$/;
const HYPE =
  /^(?:l+e+t'?s*g+o+|p+o+g+(?:g+(?:e+r+s*|ies))?u?|g{2,}|y+e+s{2,}|w+o+w+|w+o{2,}(?:h*o*)*|y+a{2,}y+|n+i+c+e+|y+o{2,})$/;
const DISMAY = /^(?:n+o{2,}|b+o{2,}|u+g+h+|a+r+g+h+|e+w+|o{2,}f+|z{3,}|f{2,})$/;
const HYPE_VALENCE = 2.2;
const DISMAY_VALENCE = -1.3;

/** Units of a message. `emotes` names those of its words that the platform showed as pictures. */
export function sentimentTokens(text: string, emotes: readonly string[]): SentimentToken[] {
  const tokens: SentimentToken[] = [];
  const count = parts.read(text, textsParts);
  for (let i = 0; i < count && tokens.length < TOKENS_MAX; i++) {
    const { part, tokens: read } = textsParts[i]!;
    if (emotes.length > 0 && !emoteValences.has(part) && emotes.includes(part)) {
      tokens.push(emoteToken(part, channelEmoteValence(part)));
    } else for (let n = 0; n < read.length; n++) tokens.push(read[n]!);
  }
  return tokens;
}

/** What stands between two spaces, with the tokens in it. */
interface Part {
  readonly part: string;
  readonly tokens: readonly SentimentToken[];
}

const parts = new TokenTable<Part>(readPart);
/** The parts of the text that is read now. */
const textsParts: Part[] = [];

function readPart(part: string): Part {
  const tokens: SentimentToken[] = [];
  const valence = emoteValences.get(part);
  if (valence !== undefined) tokens.push(emoteToken(part, valence));
  else if (BEYOND_LETTERS.test(part)) addMixed(part, tokens);
  else addPlain(part, tokens);
  return { part, tokens };
}

const emoteToken = (text: string, valence: number): SentimentToken => ({
  kind: "emote",
  text,
  valence,
  isSarcasm: sarcasmEmotes.has(text),
  isCapitals: false,
  isDrawnOut: false,
  endsClause: false,
  isNegator: false,
  isTurn: false,
  strength: 1,
  phrases: undefined,
});

/** Emoji may stand together and at words: `nice🔥🔥`. */
function addMixed(part: string, tokens: SentimentToken[]): void {
  let letters = "";
  for (const symbol of part) {
    const valence = emojiValences.get(symbol.codePointAt(0)!);
    if (valence === undefined) letters += symbol;
    else {
      if (letters !== "") addPlain(letters, tokens);
      letters = "";
      tokens.push(emoteToken(symbol, valence));
    }
  }
  if (letters !== "") addPlain(letters, tokens);
}

function addPlain(part: string, tokens: SentimentToken[]): void {
  const emoticon = emoticonValences.get(part);
  if (emoticon !== undefined) {
    tokens.push(emoteToken(part, emoticon));
    return;
  }
  const first = part.charCodeAt(0);
  // Mentions, commands, tags and addresses are about something and feel nothing.
  if (first === 64 || (first === 33 && part.length > 1 && isLetter(part.charCodeAt(1))) || part.startsWith("http")) {
    return;
  }
  const bare = PLAIN.test(part) ? part : part.replaceAll("’", "'").replace(EDGES, "");
  if (bare === "") return;
  const emote = emoteValences.has(bare) ? bare : wordValences.has(bare) ? undefined : lowerCaseEmotes.get(bare);
  if (emote !== undefined) tokens.push(emoteToken(emote, emoteValences.get(emote)!));
  else if (looksLikeChannelEmote(bare)) tokens.push(emoteToken(bare, channelEmoteValence(bare)));
  else tokens.push(wordToken(bare, { endsClause: /[.,!?;:)]$/.test(part), isQuoted: QUOTED.test(part) }));
}

const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122;

function wordToken(
  bare: string,
  { endsClause, isQuoted }: { readonly endsClause: boolean; readonly isQuoted: boolean },
): SentimentToken {
  const lower = bare.toLowerCase();
  const { text, valence, isDrawnOut } = knownForm(lower);
  const isCapitals = bare.length >= 3 && bare !== lower && bare === bare.toUpperCase();
  return {
    kind: "word",
    text,
    valence: isQuoted && valence > 0 ? valence * QUOTED_PRAISE_FACTOR : valence,
    isSarcasm: false,
    isCapitals,
    isDrawnOut,
    endsClause,
    isNegator: negators.has(text),
    isTurn: turns.has(text),
    strength: intensifiers.get(text) ?? 1,
    phrases: phraseStarts.get(text),
  };
}

const isKnown = (word: string): boolean => wordValences.has(word) || negators.has(word) || intensifiers.has(word);
const RUN_OF_2 = /([a-z])\1/;
const RUN_OF_3 = /([a-z])\1\1/;

/** The lexicon's form of a word: as it is, or with drawn-out letters taken back. */
function knownForm(lower: string): { text: string; valence: number; isDrawnOut: boolean } {
  const valence = wordValences.get(lower);
  if (valence !== undefined) return { text: lower, valence, isDrawnOut: false };
  if (RUN_OF_2.test(lower)) {
    const isDrawnOut = RUN_OF_3.test(lower);
    if (/^k{4,}$/.test(lower)) return { text: "haha", valence: AMUSEMENT_VALENCE, isDrawnOut: false };
    // `cooool` is cool, `goood` is good, `niceee` is nice.
    const forms = isDrawnOut ? [lower.replace(/([a-z])\1{2,}/g, "$1$1"), lower.replace(/([a-z])\1{2,}/g, "$1")] : [];
    if (/^n+o{3,}$/.test(lower)) return { text: "nooo", valence: DISMAY_VALENCE, isDrawnOut };
    forms.push(lower.replace(/([a-z])\1+/g, "$1"));
    // A long word that is no exclamation loses its meaning rarely; a short one often (`ass` and `as`).
    for (const form of forms) {
      if (isKnown(form) && (isDrawnOut || form.length >= 4)) {
        return { text: form, valence: wordValences.get(form) ?? 0, isDrawnOut };
      }
    }
  }
  if (LAUGHTER.test(lower)) return { text: "haha", valence: AMUSEMENT_VALENCE, isDrawnOut: false };
  if (HYPE.test(lower)) return { text: "hype", valence: HYPE_VALENCE, isDrawnOut: false };
  if (DISMAY.test(lower)) return { text: "ugh", valence: DISMAY_VALENCE, isDrawnOut: false };
  // Phrases are made of unknown words as well: `lets gooo`.
  return { text: RUN_OF_3.test(lower) ? lower.replace(/([a-z])\1{2,}/g, "$1") : lower, valence: 0, isDrawnOut: false };
}
