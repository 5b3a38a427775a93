/**
 * A map by key for the hot loop. Up to a few keys it is a list that is looked through; beyond, an open-addressing table of
 * (hash, place) pairs in one Int32Array: an event touches a third of the memory that it would touch in a Map of a million
 * keys, a growing table is no work for the garbage collector, and the values stay in the order in which they came.
 * Hash: FNV-1a over UTF-16 units (Fowler, Noll, Vo; 32 bits), folded.
 * @module
 */

/** Entries that are looked through one by one. */
const LIST_MAX = 8;

/** What has a key of its own. */
export interface Keyed {
  readonly key: string;
}

/** Values by their key. There is no way to take one out: the map goes as a whole. */
export class KeyMap<T extends Keyed> {
  readonly #values: T[] = [];
  #table: Int32Array | null = null;
  #mask = 0;

  /** Number of values. */
  get size(): number {
    return this.#values.length;
  }

  /** All values in the order in which they were added. */
  values(): readonly T[] {
    return this.#values;
  }

  /** The value of a key. */
  get(key: string): T | undefined {
    return this.#table === null ? this.#find(key) : this.#lookUp(key, this.#table);
  }

  /** Adds a value whose key is not there yet. */
  add(value: T): void {
    const size = this.#values.push(value);
    if (this.#table === null) {
      if (size > LIST_MAX) this.#resize(LIST_MAX * 4);
    } else if (size * 2 > this.#mask) this.#resize((this.#mask + 1) * 2);
    else this.#put(hashOf(value.key), size);
  }

  #find(key: string): T | undefined {
    const values = this.#values;
    for (let i = 0; i < values.length; i++) if (values[i]!.key === key) return values[i];
    return undefined;
  }

  #lookUp(key: string, table: Int32Array): T | undefined {
    const hash = hashOf(key);
    for (let slot = hash & this.#mask;; slot = (slot + 1) & this.#mask) {
      const place = table[2 * slot + 1]!;
      if (place === 0) return undefined;
      if (table[2 * slot] !== hash) continue;
      const value = this.#values[place - 1]!;
      if (value.key === key) return value;
    }
  }

  /** Notes the place (from 1) of a key with this hash. */
  #put(hash: number, place: number): void {
    const table = this.#table!;
    let slot = hash & this.#mask;
    while (table[2 * slot + 1] !== 0) slot = (slot + 1) & this.#mask;
    table[2 * slot] = hash;
    table[2 * slot + 1] = place;
  }

  #resize(slots: number): void {
    const old = this.#table;
    this.#table = new Int32Array(2 * slots);
    this.#mask = slots - 1;
    if (old === null) return this.#values.forEach(({ key }, i) => this.#put(hashOf(key), i + 1));
    let placed = 0;
    for (let at = 0; at < old.length; at += 2) {
      const place = old[at + 1]!;
      if (place === 0) continue;
      this.#put(old[at]!, place);
      placed++;
    }
    for (let i = placed; i < this.#values.length; i++) this.#put(hashOf(this.#values[i]!.key), i + 1);
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}
