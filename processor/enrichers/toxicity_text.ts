/**
 * Brings a message to the form that the toxicity model reads: lower-case words, with the usual disguises taken off.
 * Training and scoring use the same function, so a change here asks for a new training.
 * @module
 */
import { emoteValences } from "./sentiment_emotes.ts";
import { TokenTable } from "./token_table.ts";
import { disguises, lexiconKindOf } from "./toxicity_lexicon.ts";
import { type ToxicityWord, toxicityWord } from "./toxicity_word.ts";

/** A message as the model reads it. */
export interface PlainMessage {
  readonly words: readonly ToxicityWord[];
  /** Words that had to be uncovered. */
  readonly disguisedCount: number;
  readonly mentionCount: number;
  readonly linkCount: number;
  readonly emoteCount: number;
  /** Share of the letters that are capitals, 0 to 1. */
  readonly capitalShare: number;
}

/** Units of a message that are read; Twitch allows 500. */
export const TEXT_UNITS_MAX = 1_000;

/** Stands for a mention and for a link; no word can be equal to it. */
const MENTION = toxicityWord("@");
const LINK = toxicityWord("&");

/** Letters of other scripts that look like Latin ones. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  [..."аaвbеeкkмmнhоoрpсcтtуyхxѕsіiјjԁdԛqԝwҽeңhӏlүyһhαaβbεeιiκkνvοoρpτtυuχxωwηnγyσoɡgıiłløoßsđdæaœo"].reduce<
    [string, string][]
  >((pairs, letter, i, all) => (i % 2 === 0 ? [...pairs, [letter, all[i + 1]!]] : pairs), []),
);

const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]|\u{e0000}|[\u{e0020}-\u{e007f}]/gu;
const MARKS = /\p{M}+/gu;
const BEYOND_ASCII = /[\u0080-\uffff]/;
/** Letters in boxes, circles and flags: three alphabets, each of which starts at one of these code points. */
const BOXED_STARTS = [0x1f1e6, 0x1f130, 0x1f150, 0x1f170] as const;

/** Undoes what Unicode offers for hiding Latin letters. */
function latin(text: string): string {
  const bare = text.normalize("NFKC").replace(INVISIBLE, "").normalize("NFD").replace(MARKS, "").toLowerCase();
  let out = "";
  for (const symbol of bare) {
    const code = symbol.codePointAt(0)!;
    const start = code < 0x1f130 ? undefined : BOXED_STARTS.find((first) => code >= first && code < first + 26);
    out += start === undefined ? lookAlikes.get(symbol) ?? symbol : String.fromCharCode(97 + code - start);
  }
  return out;
}

const WIDE_GAP = /\S\s{2,}\S\s\S/;

/** The plain form of a message. */
export function plainMessage(text: string): PlainMessage {
  const cut = text.length > TEXT_UNITS_MAX ? text.slice(0, TEXT_UNITS_MAX) : text;
  const counts = { disguisedCount: 0, mentionCount: 0, linkCount: 0, emoteCount: 0 };
  const words: ToxicityWord[] = [];
  // "t h i s   w a y": letters with a space between, words with more.
  const pieces = WIDE_GAP.test(cut) ? cut.split(/\s{2,}/) : [cut];
  for (const piece of pieces) addPiece(piece, { words, counts });
  return { words, ...counts, capitalShare: capitalShare(cut) };
}

/** The name of a channel's emote: its prefix, then words with a capital each. */
const CHANNEL_EMOTE = /^[a-z][a-z0-9]{2,12}(?:[A-Z][a-z0-9]{2,}){1,3}$/;

function isEmote(token: string): boolean {
  if (!emoteValences.has(token) && !CHANNEL_EMOTE.test(token)) return false;
  const lower = token.toLowerCase();
  return !lexiconKindOf.has(lower) && !disguises.has(lower);
}

interface Collected {
  readonly words: ToxicityWord[];
  readonly counts: { disguisedCount: number; mentionCount: number; linkCount: number; emoteCount: number };
}

function addPiece(piece: string, { words, counts }: Collected): void {
  let single = "";
  let singles = 0;
  const flush = () => {
    if (singles >= 3) {
      counts.disguisedCount++;
      words.push(toxicityWord(uncover(squeezed(single))));
    } else for (const letter of single) words.push(toxicityWord(letter));
    single = "";
    singles = 0;
  };
  const count = tokens.read(piece, piecesTokens);
  for (let i = 0; i < count; i++) {
    const token = piecesTokens[i]!;
    if (token.kind === "emote") counts.emoteCount++;
    else if (token.kind === "mention") {
      counts.mentionCount++;
      if (words.at(-1) !== MENTION) words.push(MENTION);
    } else if (token.kind === "link") {
      counts.linkCount++;
      words.push(LINK);
    } else if (token.isLetter) {
      single += token.words[0]!.text;
      singles++;
    } else {
      flush();
      if (token.wasDisguised) counts.disguisedCount++;
      for (const word of token.words) words.push(word);
    }
  }
  flush();
}

/** What stands between two spaces. */
interface Token {
  readonly kind: "emote" | "mention" | "link" | "words";
  /** None, one, or several that a sign held together. */
  readonly words: readonly ToxicityWord[];
  readonly isLetter: boolean;
  readonly wasDisguised: boolean;
}

const tokens = new TokenTable<Token>(tokenOf);
/** The tokens of the piece that is read now. */
const piecesTokens: Token[] = [];

function tokenOf(text: string): Token {
  const bare = { words: [], isLetter: false, wasDisguised: false };
  if (isEmote(text)) return { kind: "emote", ...bare };
  if (text.startsWith("@") && text.length > 2) return { kind: "mention", ...bare };
  if (text.startsWith("http")) return { kind: "link", ...bare };
  const { word, wasDisguised } = plainWord(BEYOND_ASCII.test(text) ? latin(text) : text.toLowerCase());
  const words = word.split(" ").filter((part) => part !== "").map(toxicityWord);
  return { kind: "words", words, isLetter: word.length === 1, wasDisguised };
}

function capitalShare(text: string): number {
  let capitals = 0;
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 65 && unit <= 90) {
      capitals++;
      letters++;
    } else if (unit >= 97 && unit <= 122) letters++;
  }
  return letters === 0 ? 0 : capitals / letters;
}

const LETTERS = /^[a-z]+$/;
const QUESTIONS = /^[?!]+$/;
/** Counts and measures keep their figures: `2k`, `10min`, `1v1`, `3rd`. */
const MEASURE = /^\d+(?:k|m|s|x|h|hp|mmr|min|mins|sec|secs|ms|fps|st|nd|rd|th|v\d+|am|pm|px|gb|mb|ping|lvl|p)$/;
const FIGURES = /^\d+$/;
/** Single letters held apart by signs: `f.u.c.k`, `n-o-o-b`. */
const HELD_APART = /^[^a-z0-9]*(?:[a-z0-9@$][^a-z0-9@$\s]+){2,}[a-z0-9@$][^a-z0-9]*$/;
const EDGES = /^[^a-z0-9@$*\u00a1-\uffff]+|[^a-z0-9@$*\u00a1-\uffff]+$/g;
const leetLetters: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "6": "g",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  "$": "s",
  "!": "i",
  "|": "l",
  "+": "t",
  "(": "c",
  "€": "e",
  "£": "l",
};
const MASK = /[*#%^&~_]/;
const LEET = /[0-9@$!|+(€£]/g;

/** The plain form of one word in lower case; "" when nothing is left. */
function plainWord(lower: string): { word: string; wasDisguised: boolean } {
  if (LETTERS.test(lower)) {
    if (lexiconKindOf.has(lower)) return { word: lower, wasDisguised: false };
    const word = uncover(squeezed(lower));
    return { word, wasDisguised: word !== lower };
  }
  if (QUESTIONS.test(lower)) return { word: lower.includes("?") ? "?" : "!", wasDisguised: false };
  const bare = lower.replace("’", "'").replace(EDGES, "");
  if (bare === "" || FIGURES.test(bare) || MEASURE.test(bare)) return { word: bare, wasDisguised: false };
  if (LETTERS.test(bare)) return plainWord(bare);
  if (HELD_APART.test(bare)) {
    return { word: uncover(squeezed(unleet(bare).replace(/[^a-z]/g, ""))), wasDisguised: true };
  }
  return mixedWord(bare);
}

const unleet = (text: string): string => text.replace(LEET, (sign) => leetLetters[sign] ?? sign);

/** A word with figures or signs in it. */
function mixedWord(bare: string): { word: string; wasDisguised: boolean } {
  if (/^[a-z]+'[a-z]+$/.test(bare)) return { word: bare, wasDisguised: false };
  const letters = unleet(bare);
  const masked = letters.replace(/[*#%^&~_]/g, "*");
  if (MASK.test(letters)) {
    const known = disguises.get(masked) ?? disguises.get(masked.replace(/\*/g, ""));
    if (known !== undefined) return { word: known, wasDisguised: true };
  }
  // `noob,trash` and `gg/wp` are two words; `wh!re` and `a$$` are one.
  const parts = letters.split(/[^a-z0-9'\u00a1-\uffff]+/).filter((part) => part !== "");
  if (parts.length > 1 && parts.every((part) => part.length >= 2)) {
    return { word: parts.map((part) => uncover(squeezed(part))).join(" "), wasDisguised: letters !== bare };
  }
  return { word: uncover(squeezed(parts.join(""))), wasDisguised: true };
}

const RUN = /([a-z])\1/;
const LONG_RUNS = /([a-z])\1{2,}/g;
const ALL_RUNS = /([a-z])\1+/g;

/** Takes drawn-out letters back, to a word of the lexicon where there is one. */
function squeezed(word: string): string {
  if (!RUN.test(word) || lexiconKindOf.has(word)) return word;
  const doubled = word.replace(LONG_RUNS, "$1$1");
  if (lexiconKindOf.has(doubled)) return doubled;
  const single = word.replace(LONG_RUNS, "$1");
  if (lexiconKindOf.has(single)) return single;
  const flat = word.replace(ALL_RUNS, "$1");
  if (flat.length >= 4 && lexiconKindOf.has(flat)) return flat;
  return single;
}

const uncover = (word: string): string => (lexiconKindOf.has(word) ? word : disguises.get(word) ?? word);
