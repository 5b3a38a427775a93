/**
 * Ways in which people hide words from filters. The training shows the model some of each, and the report measures how
 * much each of them costs.
 * @module
 */
import type { Chance } from "./random.ts";

const leet: Readonly<Record<string, string>> = { a: "4", e: "3", i: "1", o: "0", s: "5", t: "7", b: "8", g: "9" };
const signs: Readonly<Record<string, string>> = { a: "@", s: "$", i: "!", l: "|", e: "3", o: "0" };
const cyrillic: Readonly<Record<string, string>> = {
  a: "а",
  c: "с",
  e: "е",
  o: "о",
  p: "р",
  x: "х",
  y: "у",
  i: "і",
  s: "ѕ",
  k: "к",
  h: "һ",
  t: "т",
  m: "м",
};
const INVISIBLES = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff"];
const MARKS = ["\u0301", "\u0308", "\u0327", "\u0336", "\u0303"];
/** Marks a word that the next one is joined to; no text holds it. */
const MERGE = "\ue000";
/** Emotes that are put between words. */
export const EMOTES = [
  "Kappa",
  "KEKW",
  "LUL",
  "PogChamp",
  "OMEGALUL",
  "4Head",
  "TriHard",
  "FeelsBadMan",
  "monkaS",
  "LULW",
];

const mapped = (word: string, letters: Readonly<Record<string, string>>): string =>
  [...word].map((letter) => letters[letter.toLowerCase()] ?? letter).join("");
const middle = (word: string, chance: Chance): number => 1 + chance.below(Math.max(1, word.length - 2));

/** How one word is hidden in each way. */
const wordDisguises = {
  leet: (word) => mapped(word, leet),
  signs: (word) => mapped(word, signs),
  spaced: (word) => [...word].join(" "),
  dotted: (word, chance) => [...word].join(chance.pick([".", "-", "_", "*", ","])),
  drawn_out: (word, chance) => {
    const at = chance.below(word.length);
    return word.slice(0, at) + word[at]!.repeat(3 + chance.below(4)) + word.slice(at + 1);
  },
  look_alikes: (word) => mapped(word, cyrillic),
  invisible: (word, chance) => [...word].join(chance.pick(INVISIBLES)),
  marks: (word, chance) => [...word].map((letter) => letter + (chance.is(0.6) ? chance.pick(MARKS) : "")).join(""),
  masked: (word, chance) => {
    const vowel = word.slice(1).search(/[aeiou]/i) + 1;
    const at = vowel > 0 ? vowel : middle(word, chance);
    return word.slice(0, at) + chance.pick(["*", "*", "#", "-"]) + word.slice(at + 1);
  },
  vowelless: (word) => word[0] + word.slice(1).replace(/[aeiou]/gi, ""),
  swapped: (word, chance) => {
    const at = middle(word, chance);
    return at + 1 >= word.length ? word : word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
  },
  doubled: (word) => [...word].map((letter) => letter + letter).join(""),
  wide: (word) => word.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
  mixed_case: (word, chance) => [...word].map((letter) => (chance.is(0.5) ? letter.toUpperCase() : letter)).join(""),
  emotes: (word, chance) => `${word} ${chance.pick(EMOTES)}`,
  merged: (word) => word + MERGE,
} as const satisfies Readonly<Record<string, (word: string, chance: Chance) => string>>;

/** A way of hiding words. */
export type DisguiseFamily = keyof typeof wordDisguises;

/** The ways of hiding words. */
export const disguiseFamilies = Object.keys(wordDisguises) as readonly DisguiseFamily[];

/** Those that reading a message does not take off: what is left of a word has to be learned. */
export const lastingFamilies: readonly DisguiseFamily[] = [
  "masked",
  "vowelless",
  "swapped",
  "doubled",
  "merged",
  "spaced",
];

/** Which words of a text are hidden. */
export interface DisguiseOptions {
  readonly chance: Chance;
  /** Probability that a word is hidden. */
  readonly share: number;
  /** Whether a word may be hidden; all by default. */
  readonly only?: (word: string) => boolean;
}

/** A text with words of three or more letters hidden in one way. Mentions and links stay. */
export function disguised(text: string, family: DisguiseFamily, { chance, share, only }: DisguiseOptions): string {
  const hide: (word: string, chance: Chance) => string = wordDisguises[family];
  const words = text.split(" ").map((word) => {
    const bare = word.replace(/^[^a-z]+|[^a-z]+$/gi, "");
    if (bare.length < 3 || /^(@|http|&)/.test(word) || (only && !only(bare.toLowerCase())) || !chance.is(share)) {
      return word;
    }
    return word.replace(bare, () => hide(bare, chance));
  });
  return words.join(" ").replace(new RegExp(`${MERGE} ?`, "g"), "");
}
