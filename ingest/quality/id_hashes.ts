/**
 * Which ids came in the present stretch of events and in the one before it, kept as hashes: a set of texts would cost
 * more than reading the event does.
 * @module
 */

const SLOTS = 16_384;
/** A table is made anew, twice as large, when it is this full. */
const FULL = 0.5;

/** A table of hashes with open addressing; 0 = a free slot. */
class HashTable {
  #slots = new Float64Array(SLOTS);
  #size = 0;

  /** Whether the hash is in it. */
  has(hash: number): boolean {
    return this.#slots[this.#slotOf(hash)] !== 0;
  }

  /** Adds a hash; whether it is new. */
  add(hash: number): boolean {
    const slot = this.#slotOf(hash);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = hash;
    if (++this.#size > this.#slots.length * FULL) this.#grow();
    return true;
  }

  /** Takes all out. */
  clear(): void {
    if (this.#slots.length > SLOTS) this.#slots = new Float64Array(SLOTS);
    else this.#slots.fill(0);
    this.#size = 0;
  }

  /** The slot that holds the hash, or the free one where it belongs. */
  #slotOf(hash: number): number {
    const mask = this.#slots.length - 1;
    let slot = (hash >>> 0) & mask;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (const hash of old) if (hash !== 0) this.#slots[this.#slotOf(hash)] = hash;
  }
}

/**
 * Ids of two stretches. Two ids of one hash are taken for one: with 10,000 ids remembered that befalls one event in
 * 2^53 / 10,000, or 900,000,000,000.
 */
export class IdHashes {
  #present = new HashTable();
  #before = new HashTable();

  /** Remembers an id; whether it is new. */
  add(id: string): boolean {
    const hash = hash53(id);
    return this.#present.add(hash) && !this.#before.has(hash);
  }

  /** Begins a stretch. */
  forget(): void {
    [this.#before, this.#present] = [this.#present, this.#before];
    this.#present.clear();
  }
}

/** A hash from 1 to 2^53: two multiplicative hashes of 32 bits over all units, each mixed by MurmurHash3's finalizer. */
function hash53(text: string): number {
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995) + i;
  }
  return (mixed(b ^ a >>> 7) >>> 11) * 0x100000000 + (mixed(a ^ b >>> 13) >>> 0) + 1;
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
