/**
 * Distributions for the mock sources, and random numbers that belong to one event.
 * @module
 */
import { type Random, seededRandom } from "../../core/clock.ts";

/**
 * Random numbers of event `k` of a seed, so that each event can be made without the ones before it. `salt` tells
 * sequences of one seed apart.
 */
export function eventRandom(seed: number, k: number, salt = 0): Random {
  // Finalizer of MurmurHash3: neighbouring k must not start at neighbouring states.
  let h = (seed ^ Math.imul(salt + 1, 0x9e3779b1) ^ Math.imul(k | 0, 0x85ebca6b) ^ Math.floor(k / 0x100000000)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return seededRandom(h ^ (h >>> 16));
}

/** A standard normal number (Box–Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}

/** Shares of the ranks 1…count under Zipf's law: the share of rank r is proportional to 1 / r^exponent. */
export function zipfShares(count: number, exponent = 1): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Draws an index by its share. */
export function byShare(shares: readonly number[]): (random: Random) => number {
  let sum = 0;
  const upTo = shares.map((share) => (sum += share));
  return (random) => {
    const drawn = random.next() * sum;
    let [low, high] = [0, upTo.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Draws one of a list, each alike. */
export function oneOf<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random.next() * list.length)]!;
}

/** Share of the events that come late enough to be out of order. */
const LATE_SHARE = 0.02;

/** How late an event may be. */
export const JITTER_MS_MAX = 1_500;

/** How much earlier an event happened than it came in: mostly some milliseconds, now and then up to 1.5 s. */
export function jitterMs(random: Random): number {
  const drawn = random.next();
  const late = random.next() < LATE_SHARE;
  return late ? Math.floor(drawn * JITTER_MS_MAX) : Math.floor(drawn * 10);
}
