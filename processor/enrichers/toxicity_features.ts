/**
 * What the toxicity model sees of a message: hashed n-grams of its letters and words, and counts of a few things.
 *
 * The n-grams are a sparse vector over 2^18 places, so large that it is summed up here and not in the network: each place
 * has one weight per head, and the sums go into the network beside the counts.
 * @module
 */
import { lexiconKinds } from "./toxicity_lexicon.ts";
import { plainMessage } from "./toxicity_text.ts";
import { NO_KIND, type ToxicityWord } from "./toxicity_word.ts";

/** Places of the hashed n-grams. */
export const PLACE_BITS = 18;
/** Number of places. */
export const PLACES = 1 << PLACE_BITS;
/** Letters of a char n-gram. */
export const CHAR_GRAM_LENGTHS = { min: 2, max: 5 } as const;
/** Words of a word n-gram. */
export const WORD_GRAM_LENGTHS = { min: 1, max: 3 } as const;

/** Counts beside the n-grams, in the order of {@link readMessage}. */
export const countNames = [
  ...lexiconKinds,
  "abuse_at_you",
  "words",
  "capitals",
  "disguised",
  "mentions",
  "links",
  "emotes",
] as const;

/** Number of counts. */
export const COUNTS = countNames.length;

/** The largest number of n-grams that a message of the longest length can have. */
const GRAMS_MAX = 8_192;
const MASK = PLACES - 1;
const YOU = lexiconKinds.indexOf("you");
const ABUSE_KINDS_MAX = lexiconKinds.indexOf("animal");

/** Reads messages; holds buffers that the next message overwrites. */
export class MessageReader {
  /** Places of the n-grams of letters, then of words; each once. */
  readonly places = new Int32Array(GRAMS_MAX);
  /** How many of them are of letters. */
  charCount = 0;
  /** How many there are. */
  gramCount = 0;
  /** The counts. */
  readonly counts = new Float32Array(COUNTS);
  /** Stamp of the message that used a place last, so that each counts once without a set. */
  readonly #stamps = new Uint16Array(PLACES);
  #stamp = 0;
  #units = new Uint16Array(4_096);

  /** Reads a message into {@link places} and {@link counts}. */
  read(text: string): void {
    const message = plainMessage(text);
    this.#stamp++;
    if (this.#stamp === 0xffff) {
      this.#stamps.fill(0);
      this.#stamp = 1;
    }
    this.gramCount = 0;
    this.#readChars(message.words);
    this.charCount = this.gramCount;
    this.#readWords(message.words);
    this.#count(message.words);
    const counts = this.counts;
    const from = lexiconKinds.length + 1;
    counts[from] = Math.log2(1 + message.words.length) / 4;
    counts[from + 1] = message.capitalShare;
    counts[from + 2] = Math.min(2, message.disguisedCount) / 2;
    counts[from + 3] = Math.min(2, message.mentionCount) / 2;
    counts[from + 4] = Math.min(1, message.linkCount);
    counts[from + 5] = Math.min(2, message.emoteCount) / 2;
  }

  #add(hash: number): void {
    const place = (hash ^ (hash >>> 15)) & MASK;
    if (this.#stamps[place] === this.#stamp || this.gramCount >= GRAMS_MAX) return;
    this.#stamps[place] = this.#stamp;
    this.places[this.gramCount++] = place;
  }

  #readChars(words: readonly ToxicityWord[]): void {
    const units = this.#units;
    let length = 0;
    units[length++] = 32;
    for (const { text: word } of words) {
      for (let i = 0; i < word.length && length < units.length - 1; i++) units[length++] = word.charCodeAt(i);
      if (length < units.length) units[length++] = 32;
    }
    for (let at = 0; at < length; at++) {
      let hash = 0x9e37_79b9 | 0;
      const end = Math.min(length, at + CHAR_GRAM_LENGTHS.max);
      for (let i = at; i < end; i++) {
        hash = Math.imul(hash ^ units[i]!, 0x0100_0193);
        hash ^= hash >>> 13;
        if (i - at + 1 >= CHAR_GRAM_LENGTHS.min) this.#add(Math.imul(hash, 0x85eb_ca6b));
      }
    }
  }

  #readWords(words: readonly ToxicityWord[]): void {
    let before = 0;
    let beforeThat = 0;
    for (const { hash } of words) {
      this.#add(hash);
      if (before !== 0) {
        const pair = Math.imul(before, 31) + hash | 0;
        this.#add(Math.imul(pair ^ (pair >>> 16), 0x297a_2d39));
        if (beforeThat !== 0) {
          const three = Math.imul(beforeThat, 961) + pair | 0;
          this.#add(Math.imul(three ^ (three >>> 14), 0x4c1b_3c6d));
        }
      }
      beforeThat = before;
      before = hash;
    }
    // A message of one or two words means what it says as a whole: "trash" is not "the trash".
    if (words.length <= 2 && words.length > 0) this.#add(Math.imul(before ^ 0x5bd1_e995, 0x7feb_352d) + words.length);
  }

  #count(words: readonly ToxicityWord[]): void {
    const counts = this.counts.fill(0);
    let abuse = 0;
    for (const { kind } of words) {
      if (kind === NO_KIND) continue;
      if (counts[kind]! < 1) counts[kind]! += 0.5;
      if (kind <= ABUSE_KINDS_MAX) abuse++;
    }
    counts[lexiconKinds.length] = abuse > 0 && counts[YOU]! > 0 ? 1 : 0;
  }
}
