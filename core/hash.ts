/**
 * Hashes for sketches: the same text gives the same number on every machine and in every version, since sketches are
 * stored. Formula: MurmurHash3 x86_32 (Austin Appleby, SMHasher) over the UTF-16LE bytes of the text.
 * @module
 */

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function scramble(block: number): number {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

/** 32-bit hash of a text, from 0 to 2^32 − 1; another seed gives another, independent one. */
export function hashText(text: string, seed: number): number {
  const { length } = text;
  let h = seed | 0;
  for (let i = 1; i < length; i += 2) {
    h ^= scramble(text.charCodeAt(i - 1) | (text.charCodeAt(i) << 16));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  if (length % 2 === 1) h ^= scramble(text.charCodeAt(length - 1));
  h ^= length * 2;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
