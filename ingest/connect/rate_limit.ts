/**
 * A limit of a rate that the other side enforces.
 * @module
 */
import type { Clock } from "../../core/clock.ts";

/** At most so many calls in any stretch of so long. */
export interface RateBounds {
  readonly callsMax: number;
  readonly perMs: number;
}

/**
 * Lets calls through so that no stretch of time ever holds more than allowed: stricter than a bucket that refills
 * steadily, which lets twice as many through around a burst, and right whenever the other side counts its stretches.
 */
export class RateLimit {
  readonly #bounds: RateBounds;
  readonly #clock: Clock;
  readonly #callsMs: number[] = [];
  #turn: Promise<void> = Promise.resolve();

  constructor(clock: Clock, bounds: RateBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Resolves when a call may be made, in the order of asking; false when the signal aborts before. */
  take(signal: AbortSignal): Promise<boolean> {
    const mine = this.#turn.then(() => this.#wait(signal));
    this.#turn = mine.then(() => {});
    return mine;
  }

  async #wait(signal: AbortSignal): Promise<boolean> {
    const { callsMax, perMs } = this.#bounds;
    while (!signal.aborted) {
      const nowMs = this.#clock.nowMs();
      while (this.#callsMs.length > 0 && this.#callsMs[0]! <= nowMs - perMs) this.#callsMs.shift();
      if (this.#callsMs.length < callsMax) {
        this.#callsMs.push(nowMs);
        return true;
      }
      await this.#clock.sleep(this.#callsMs[0]! + perMs - nowMs, signal);
    }
    return false;
  }
}
