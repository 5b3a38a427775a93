/**
 * A clock that stands still until a test moves it.
 * @module
 */
import { setImmediate } from "node:timers";
import type { Clock } from "../../core/clock.ts";

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Turns of the event loop within which everything that was woken has come to rest. */
const SETTLING_TURNS = 50;

/** Time by hand. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();

  /** A clock that stands at a time. */
  constructor(startMs = Date.UTC(2024, 0, 1)) {
    this.#nowMs = startMs;
  }

  /** The time at which it stands. */
  nowMs(): number {
    return this.#nowMs;
  }

  /** Resolves when it was moved on so far. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      if (durationMs === 0) return void setImmediate(resolve);
      const sleeper: Sleeper = {
        dueMs: this.#nowMs + durationMs,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", sleeper.wake, { once: true });
    });
  }

  /** Moves the time on, waking sleepers one after the other when they are due, and lets each of them come to rest. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await turns(SETTLING_TURNS);
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (next === undefined || next.dueMs > untilMs) break;
      this.#nowMs = next.dueMs;
      next.wake();
      await turns(SETTLING_TURNS);
    }
    this.#nowMs = untilMs;
  }
}

/** Lets the event loop turn so many times. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise<void>((resolve) => void setImmediate(resolve));
}
