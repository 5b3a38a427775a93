/**
 * Chance in words, from one seeded generator.
 * @module
 */
import { type Random, seededRandom } from "../../core/clock.ts";

/** A seed made of two, so that streams of numbers do not disturb each other. */
export const mixedSeed = (seed: number, part: number): number =>
  (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(part + 1, 0xc2b2ae35)) >>> 0;

/** Draws from a seed. */
export class Chance {
  readonly #random: Random;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number in [min, max]. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.#random.next() * (max - min + 1));
  }

  /** True in so many of a hundred cases. */
  percent(share: number): boolean {
    return this.#random.next() * 100 < share;
  }

  /** One of these. */
  oneOf<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random.next() * choices.length)]!;
  }

  /** One of these by weight. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.#random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return choices.at(-1)![1];
  }
}
