/**
 * Time and chance as arguments: nothing below the entries reads the wall clock or `Math.random` by itself, so that the
 * whole engine runs under a simulated clock.
 * @module
 */
import { setImmediate } from "node:timers";

/** Reads the time and waits. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
  /**
   * Resolves after `durationMs`, or at once when `signal` aborts (it never rejects). With 0 the event loop takes one
   * turn.
   */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** The longest that a timer takes: it counts in 32 bits, and a longer one would end at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      // Timers have a resolution of a millisecond; one turn of the event loop takes microseconds.
      if (durationMs === 0) return void setImmediate(resolve);
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const wait = (leftMs: number) => {
        const sliceMs = Math.min(leftMs, TIMER_MS_MAX);
        return setTimeout(() => {
          if (leftMs > sliceMs) timer = wait(leftMs - sliceMs);
          else done();
        }, sliceMs);
      };
      let timer = wait(durationMs);
      signal?.addEventListener("abort", done, { once: true });
    }),
};

/** A stream of pseudo-random numbers. */
export interface Random {
  /** The next number, uniform in [0, 1). */
  next(): number;
}

/**
 * A seeded generator (mulberry32: 32-bit state, period 2^32; Tommy Ettinger, public domain): the same seed gives the
 * same numbers on every machine.
 *
 * @example
 * ```ts
 * import { seededRandom } from "./clock.ts";
 * const [a, b] = [seededRandom(7), seededRandom(7)];
 * if (a.next() !== b.next()) throw new Error("not deterministic");
 * ```
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
  };
}
