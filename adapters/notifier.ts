/**
 * Wakes whoever waits for something to happen in this process: no polling, no events kept for later.
 * @module
 */
import { setImmediate } from "node:timers";

/** Lets any number of waiters sleep until the next `notify()`. */
export class Notifier {
  readonly #waiters = new Set<() => void>();

  /** How many wait now. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /** Wakes everyone who waits now. */
  notify(): void {
    // Each takes itself out of the set; a waiter added meanwhile belongs to the next call, hence the copy.
    for (const wake of [...this.#waiters]) wake();
  }

  /** Resolves at the next `notify()`, or when `signal` aborts (it never rejects). */
  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const wake = () => {
        this.#waiters.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      this.#waiters.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}

/**
 * Resolves after the event loop has turned once (about 3 µs). Stores that answer without waiting use it, since a loop
 * of awaits on them would otherwise run in microtasks alone and starve timers, sockets and Ctrl-C.
 */
export function loopTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
