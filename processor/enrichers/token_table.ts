/**
 * What the tokens of texts mean, remembered by their letters: a token that is known is found in the text itself, without
 * cutting it out. Chat is made of a few thousand tokens, and most messages hold no other.
 * @module
 */

/** Tokens that a table holds at most, unless told otherwise. When it is full it starts anew. */
export const TABLE_TOKENS_MAX = 65_536;
/** Longer tokens are not kept, so that the bound on tokens bounds the memory too. */
export const TABLE_TOKEN_UNITS_MAX = 32;

/** Places that a token is looked for at: whoever makes tokens that collide gets them read anew, and slows nobody down. */
const PROBES_MAX = 32;

const SPACE = 32;
const ODD_SPACE = /\s/;
/** FNV-1a over UTF-16 units. */
const HASH_START = 0x811c_9dc5 | 0;
const HASH_FACTOR = 0x0100_0193;

/** Whether a unit is white space, as `\s` of a regular expression has it. */
function isSpace(unit: number): boolean {
  if (unit > SPACE && unit < 0xa0) return false;
  return unit === SPACE || (unit >= 9 && unit <= 13) || (unit >= 0xa0 && ODD_SPACE.test(String.fromCharCode(unit)));
}

/** Slots of an empty table. It grows with what it holds: the fewer slots, the more of them stay near the processor. */
const SLOTS_MIN = 1_024;

/** Tokens with what they mean. Open addressing, at most half full. */
export class TokenTable<V> {
  readonly #meaningOf: (token: string) => V;
  readonly #tokensMax: number;
  #mask = SLOTS_MIN - 1;
  /** Of each slot the hash and, from 1 on, the place in the lists; place 0 for an empty slot. */
  #slots = new Int32Array(2 * SLOTS_MIN);
  #tokens: string[] = [];
  #values: V[] = [];

  /** `meaningOf` is asked once for each token that is kept; it must depend on the token alone. */
  constructor(meaningOf: (token: string) => V, { tokensMax = TABLE_TOKENS_MAX }: { tokensMax?: number } = {}) {
    if (!(tokensMax >= 1)) throw new RangeError(`Cannot keep tokens: tokensMax is ${tokensMax}, at least 1 is needed`);
    this.#meaningOf = meaningOf;
    this.#tokensMax = tokensMax;
  }

  /** Tokens that are held now. */
  get size(): number {
    return this.#tokens.length;
  }

  /**
   * Writes what the tokens of a text mean to the start of `out`, in order, and returns how many there are. White space
   * separates tokens.
   */
  read(text: string, out: V[]): number {
    const length = text.length;
    let count = 0;
    let from = 0;
    let hash = HASH_START;
    for (let at = 0; at <= length; at++) {
      const unit = at < length ? text.charCodeAt(at) : SPACE;
      if (unit > SPACE && unit < 0xa0 || !isSpace(unit)) {
        hash = Math.imul(hash ^ unit, HASH_FACTOR);
        continue;
      }
      if (at > from) out[count++] = this.#find(text, { from, to: at, hash: hash ^ (hash >>> 15) });
      from = at + 1;
      hash = HASH_START;
    }
    return count;
  }

  #find(text: string, { from, to, hash }: { from: number; to: number; hash: number }): V {
    const slots = this.#slots;
    let slot = hash & this.#mask;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const place = slots[2 * slot + 1]!;
      if (place === 0) break;
      if (slots[2 * slot] === hash && standsAt(this.#tokens[place - 1]!, text, from, to)) {
        return this.#values[place - 1]!;
      }
      slot = (slot + 1) & this.#mask;
    }
    const token = text.slice(from, to);
    const value = this.#meaningOf(token);
    if (token.length <= TABLE_TOKEN_UNITS_MAX) this.#keep(token, { value, hash });
    return value;
  }

  #keep(token: string, { value, hash }: { value: V; hash: number }): void {
    if (this.#tokens.length >= this.#tokensMax) this.#clear();
    else if (4 * this.#tokens.length >= this.#slots.length) this.#grow();
    const slot = this.#emptySlot(hash);
    if (slot === undefined) return;
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = this.#tokens.push(token);
    this.#values.push(value);
  }

  #emptySlot(hash: number): number | undefined {
    let slot = hash & this.#mask;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      if (this.#slots[2 * slot + 1] === 0) return slot;
      slot = (slot + 1) & this.#mask;
    }
    return undefined;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(2 * old.length);
    this.#mask = old.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      // Whoever finds no slot is read anew from now on.
      const slot = old[i + 1] === 0 ? undefined : this.#emptySlot(old[i]!);
      if (slot !== undefined) this.#slots.set(old.subarray(i, i + 2), 2 * slot);
    }
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#tokens = [];
    this.#values = [];
  }
}

function standsAt(token: string, text: string, from: number, to: number): boolean {
  const length = token.length;
  if (length !== to - from) return false;
  for (let i = 0; i < length; i++) if (token.charCodeAt(i) !== text.charCodeAt(from + i)) return false;
  return true;
}
