/**
 * A bounded memory of what texts scored. Chat repeats itself: emotes, greetings, copypasta.
 * @module
 */

/** Texts that a cache holds at most, unless told otherwise. */
export const CACHE_TEXTS_MAX = 65_536;

/** Longer texts are not kept, so that the bound on texts bounds the memory too. */
export const CACHED_TEXT_UNITS_MAX = 512;

/** How a cache of texts does. */
export interface CacheCounts {
  readonly hits: number;
  readonly misses: number;
  /** Texts that are held now. */
  readonly texts: number;
}

/**
 * Keeps values by text in two halves: what was used lately, and what was used before that. When the first half is full
 * it becomes the second, and the old second half is forgotten. So it holds at most `textsMax` texts, a text that is in
 * use stays, and a look-up moves nothing.
 */
export class TextCache<V> {
  readonly #halfMax: number;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #hits = 0;
  #misses = 0;

  constructor({ textsMax = CACHE_TEXTS_MAX }: { textsMax?: number } = {}) {
    if (!(textsMax >= 2)) throw new RangeError(`Cannot keep texts: textsMax is ${textsMax}, at least 2 is needed`);
    this.#halfMax = Math.floor(textsMax / 2);
  }

  /** Look-ups so far, and texts held. */
  counts(): CacheCounts {
    return { hits: this.#hits, misses: this.#misses, texts: this.#young.size + this.#old.size };
  }

  /** The value of a text, or undefined. */
  get(text: string): V | undefined {
    const young = this.#young.get(text);
    if (young !== undefined) {
      this.#hits++;
      return young;
    }
    const old = this.#old.get(text);
    if (old === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    this.#old.delete(text);
    this.#put(text, old);
    return old;
  }

  /** Keeps a value. A text that is too long is left out. */
  set(text: string, value: V): void {
    if (text.length > CACHED_TEXT_UNITS_MAX) return;
    // One that is in the old half still is not looked for there: the young half is asked first.
    this.#put(text, value);
  }

  #put(text: string, value: V): void {
    if (this.#young.size >= this.#halfMax && !this.#young.has(text)) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(text, value);
  }
}
