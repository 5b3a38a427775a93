/**
 * Makes examples of game chat from the templates, written as carelessly as people write there.
 * @module
 */
import { englishDataset } from "obscenity";
import { benignGroups } from "./chat_benign_templates.ts";
import { doubleMeaningGroups } from "./chat_double_meaning_templates.ts";
import { mockeryGroups } from "./chat_mockery_templates.ts";
import { type TemplateGroup, toxicGroups, unclearGroups } from "./chat_templates.ts";
import { slots as firstSlots } from "./chat_words.ts";
import { moreSlots } from "./chat_words_more.ts";
import { disguised, disguiseFamilies, EMOTES } from "./disguise.ts";
import type { Chance } from "./random.ts";

/** A text to learn from. */
export interface Example {
  readonly text: string;
  /** Probability that a reader calls it toxic. */
  readonly target: number;
  /** How much it counts. */
  readonly weight: number;
  /** Where it is from: a group of templates, or `tweets`. */
  readonly origin: string;
  /** Examples that share it are learned from together or not at all when the model is checked on unseen ones. */
  readonly kin: string;
}

/** Words of obscenity's list that are frank rather than abusive. */
const frank = new Set([
  "anal",
  "anus",
  "ass",
  "boob",
  "cum",
  "ejaculate",
  "incest",
  "orgasm",
  "penis",
  "porn",
  "semen",
  "sex",
  "tit",
  "vagina",
]);

/** The words of the list of npm obscenity (MIT). */
function obscenityGroup(): TemplateGroup {
  return {
    name: "word_list",
    target: 0.9,
    count: 500,
    weight: 1,
    templates: obscenityWords().flatMap((
      word,
    ) => [word, `{fing} ${word}`, `you ${word}`, `{ur} a ${word}`, `${word} {role}`, `{hero} ${word}`]),
  };
}

function obscenityWords(): string[] {
  const words: string[] = [];
  // The data set tells its words only through the metadata of its phrases.
  englishDataset.removePhrasesIf(({ metadata }) => {
    if (metadata?.originalWord !== undefined && !frank.has(metadata.originalWord)) words.push(metadata.originalWord);
    return false;
  });
  return words;
}

/** All groups of templates. */
export const templateGroups: readonly TemplateGroup[] = [
  ...toxicGroups,
  ...unclearGroups,
  ...mockeryGroups,
  ...benignGroups,
  ...doubleMeaningGroups,
  obscenityGroup(),
];

const slots: Readonly<Record<string, readonly string[]>> = { ...firstSlots, ...moreSlots };

/** Names of heroes that are made up: each game has its own, and what is said of them is said of all. */
const UNKNOWN_HERO_SHARE = 0.25;

/** Fills the slots of a template; `{word}` from `vocabulary`. */
export function filled(template: string, chance: Chance, vocabulary: readonly string[] = slots.noun!): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => {
    if (slot === "name" || (slot === "hero" && chance.is(UNKNOWN_HERO_SHARE))) return madeUpName(chance);
    if (slot === "word") return chance.pick(vocabulary);
    const fillers = slots[slot];
    if (fillers === undefined) throw new RangeError(`Cannot fill "${template}": there is no slot ${slot}`);
    return filled(chance.pick(fillers), chance, vocabulary);
  });
}

const ONSETS = "b c d f g h j k l m n p r s t v w y z br ch cl dr fl gr kr pl pr sh sk sl st th tr".split(" ");
const VOWELS = "a e i o u a e i o ai ee ou ia".split(" ");
const CODAS = ["", "", "", "n", "r", "s", "l", "m", "t", "k", "x", "ng", "ck", "nd", "sh"];

/** A word that nobody knows: names of players, places and emotes are no abuse for being strange. */
function madeUpName(chance: Chance): string {
  let name = "";
  const syllables = 1 + chance.below(3);
  for (let i = 0; i < syllables; i++) name += chance.pick(ONSETS) + chance.pick(VOWELS) + chance.pick(CODAS);
  return chance.is(0.15) ? `${name}${chance.below(100)}` : name;
}

/** What examples are made of. */
export interface ChatExampleOptions {
  /** How many times as many as the groups ask for. */
  readonly scale?: number;
  /** Words of the slot `{word}`; a few nouns by default. */
  readonly vocabulary?: readonly string[] | undefined;
}

/** Share of harmless messages that go on for several sentences: length is no sign of abuse. */
const LONG_SHARE = 0.06;

/** Examples of game chat. */
export function chatExamples(chance: Chance, { scale = 1, vocabulary }: ChatExampleOptions = {}): Example[] {
  const words = vocabulary === undefined || vocabulary.length === 0 ? slots.noun! : vocabulary;
  const harmless = benignGroups.filter(({ name }) => name !== "friendly_swearing").flatMap(({ templates }) =>
    templates
  );
  const examples: Example[] = [];
  for (const { name, target, count, weight, templates } of templateGroups) {
    const total = Math.max(1, Math.round(count * scale));
    for (let i = 0; i < total; i++) {
      const template = i < templates.length ? templates[i]! : chance.pick(templates);
      let text = filled(template, chance, words);
      // The bounds of several messages in one text differ from log to log.
      if (chance.is(0.18)) {
        const other = filled(chance.pick(harmless), chance, words);
        const between = chance.pick([" ", ", ", " . ", " [SEPA] ", " / ", "\n"]);
        text = chance.is(0.5) ? `${text}${between}${other}` : `${other}${between}${text}`;
      } else if (target < 0.1 && chance.is(LONG_SHARE)) {
        const more = Array.from({ length: 1 + chance.below(4) }, () => filled(chance.pick(harmless), chance, words));
        text = [text, ...more].join(chance.pick([" ", ". ", ", ", " and ", " but "]));
      }
      examples.push({
        text: careless(text, { chance, target }),
        target,
        weight,
        origin: name,
        kin: `${name}:${template}`,
      });
    }
  }
  return examples;
}

const TAILS = [
  "lol",
  "xd",
  "lmao",
  "haha",
  "man",
  "bro",
  "pls",
  "?",
  "??",
  "!",
  "!!",
  "...",
  ":)",
  "omg",
  "guys",
  "now",
  "again",
  "ok",
];
const HEADS = ["lol", "omg", "bro", "guys", "man", "ok", "and", "so", "but", "haha", "oh"];

function careless(text: string, { chance, target }: { chance: Chance; target: number }): string {
  let out = text;
  if (chance.is(0.13)) out = `${out} ${chance.pick(TAILS)}`;
  if (chance.is(0.07)) out = `${chance.pick(HEADS)} ${out}`;
  if (chance.is(0.14)) out = mistyped(out, chance);
  const hidden = target > 0.5 ? 0.16 : 0.06;
  if (chance.is(hidden)) out = disguised(out, chance.pick(disguiseFamilies), { chance, share: 0.7 });
  if (chance.is(0.07)) out = `${out} ${chance.pick(EMOTES)}`;
  // Pasted over and over: what is said often is not worse.
  if (chance.is(0.03)) out = Array(2 + chance.below(4)).fill(out).join(" ");
  if (chance.is(0.07)) out = out.toUpperCase();
  else if (chance.is(0.1)) out = out[0]!.toUpperCase() + out.slice(1);
  return out;
}

const NEIGHBOURS = "qwertyuiopasdfghjklzxcvbnm";

/** One slip of the keyboard. */
function mistyped(text: string, chance: Chance): string {
  const at = 1 + chance.below(Math.max(1, text.length - 1));
  const [before, letter = "", after] = [text.slice(0, at), text[at], text.slice(at + 1)];
  if (!/[a-z]/.test(letter)) return text;
  switch (chance.below(4)) {
    case 0:
      return before + after;
    case 1:
      return before + letter + letter + after;
    case 2:
      return before + (after[0] ?? "") + letter + after.slice(1);
    default:
      return before + NEIGHBOURS[(NEIGHBOURS.indexOf(letter) + 1) % NEIGHBOURS.length] + after;
  }
}
