/**
 * Keys and their places, for the hot loop: the first key has place 0, the next 1, and so on. Up to a few keys it is a
 * list that is looked through; beyond, an open-addressing table of (hash, place) pairs in one Int32Array: an event touches
 * a third of the memory that it would touch in a Map of a million keys, and a growing table is no work for the garbage
 * collector. Hash: FNV-1a over UTF-16 units (Fowler, Noll, Vo; 32 bits), folded.
 * @module
 */

/** Keys that are looked through one by one. */
const LIST_MAX = 8;

/** Places by key. There is no way to take one out: the map goes as a whole. */
export class KeyMap {
  readonly #keys: string[] = [];
  #table: Int32Array | null = null;
  #mask = 0;

  /** @param keysExpected How many there is room for before the table grows. */
  constructor(keysExpected = 0) {
    if (keysExpected > LIST_MAX) this.#resize(2 ** Math.ceil(Math.log2(2 * keysExpected)));
  }

  /** All keys in the order of their places. */
  get keys(): readonly string[] {
    return this.#keys;
  }

  /** The place of a key, −1 where it has none. */
  placeOf(key: string): number {
    return this.#table === null ? this.#keys.indexOf(key) : this.#lookUp(key, this.#table);
  }

  /** Adds a key that is not there yet, and gives its place. */
  add(key: string): number {
    const place = this.#keys.push(key) - 1;
    if (this.#table === null) {
      if (place >= LIST_MAX) this.#resize(LIST_MAX * 4);
    } else if (place * 2 > this.#mask) this.#resize((this.#mask + 1) * 2);
    else this.#put(hashOf(key), place);
    return place;
  }

  #lookUp(key: string, table: Int32Array): number {
    const hash = hashOf(key);
    for (let slot = hash & this.#mask;; slot = (slot + 1) & this.#mask) {
      const place = table[2 * slot + 1]! - 1;
      if (place < 0 || (table[2 * slot] === hash && this.#keys[place] === key)) return place;
    }
  }

  /** Notes the place of a key with this hash; in the table they count from 1, as 0 is empty. */
  #put(hash: number, place: number): void {
    const table = this.#table!;
    let slot = hash & this.#mask;
    while (table[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
    table[2 * slot] = hash;
    table[2 * slot + 1] = place + 1;
  }

  #resize(slots: number): void {
    const old = this.#table;
    this.#table = new Int32Array(2 * slots);
    this.#mask = slots - 1;
    if (old === null) return this.#keys.forEach((key, place) => this.#put(hashOf(key), place));
    for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) this.#put(old[at]!, old[at + 1]! - 1);
    const last = this.#keys.length - 1;
    this.#put(hashOf(this.#keys[last]!), last);
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
