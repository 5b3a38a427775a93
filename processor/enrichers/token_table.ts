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

/** Tokens with what they mean. Open addressing, at most half full. */
export class TokenTable<V> {
  readonly #meaningOf: (token: string) => V;
  readonly #tokensMax: number;
  readonly #mask: number;
  readonly #hashes: Int32Array;
  #tokens: string[] = [];
  #values: V[] = [];
  /** Place in the lists of tokens and values, by slot; 0 for an empty slot. */
  readonly #places: Int32Array;

  /** `meaningOf` is asked once for each token that is kept; it must depend on the token alone. */
  constructor(meaningOf: (token: string) => V, { tokensMax = TABLE_TOKENS_MAX }: { tokensMax?: number } = {}) {
    if (!(tokensMax >= 1)) throw new RangeError(`Cannot keep tokens: tokensMax is ${tokensMax}, at least 1 is needed`);
    this.#meaningOf = meaningOf;
    this.#tokensMax = tokensMax;
    const slots = 2 ** Math.ceil(Math.log2(tokensMax * 2));
    this.#mask = slots - 1;
    this.#hashes = new Int32Array(slots);
    this.#places = new Int32Array(slots);
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
    let slot = hash & this.#mask;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const place = this.#places[slot]!;
      if (place === 0) return this.#keep(text.slice(from, to), { slot, hash });
      if (this.#hashes[slot] === hash && standsAt(this.#tokens[place - 1]!, text, from, to)) {
        return this.#values[place - 1]!;
      }
      slot = (slot + 1) & this.#mask;
    }
    return this.#meaningOf(text.slice(from, to));
  }

  #keep(token: string, { slot, hash }: { slot: number; hash: number }): V {
    const value = this.#meaningOf(token);
    if (token.length > TABLE_TOKEN_UNITS_MAX) return value;
    if (this.#tokens.length >= this.#tokensMax) {
      this.#clear();
      slot = hash & this.#mask;
    }
    this.#hashes[slot] = hash;
    this.#places[slot] = this.#tokens.push(token);
    this.#values.push(value);
    return value;
  }

  #clear(): void {
    this.#places.fill(0);
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
