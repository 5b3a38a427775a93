/**
 * Seeded chance for the training: the same seed gives the same examples, order and first weights on every machine.
 * @module
 */

/** A stream of chance. */
export interface Chance {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  below(below: number): number;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
  /** True with this probability. */
  is(probability: number): boolean;
  /** A list in another order; the list itself stays as it is. */
  shuffled<T>(list: readonly T[]): T[];
}

/** A stream of chance from a seed (splitmix32). */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e37_79b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0_aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a_2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new RangeError("Cannot pick: the list is empty");
      return list[below(list.length)]!;
    },
    is: (probability) => next() < probability,
    shuffled: <T>(list: readonly T[]): T[] => {
      const copy = [...list];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
  };
}
