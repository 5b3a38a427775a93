/**
 * Simulated time: a heap of what is due, fired one after the other. Between two of them everything that was woken comes
 * to rest, so that the order of events is that of the heap alone.
 * @module
 */
import { setImmediate } from "node:timers";

interface Entry {
  readonly dueMs: number;
  /** Place in the order of calls: what is due at the same time goes in that order. */
  readonly order: number;
  readonly fire: () => void;
}

const isBefore = (a: Entry, b: Entry) => a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

/** One turn of the event loop: all microtasks have run by then. */
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Fires what is due, in order. */
export class Scheduler {
  #nowMs: number;
  #orders = 0;
  /** Events fired so far. */
  events = 0;
  /** Binary heap: the children of i are 2i + 1 and 2i + 2. */
  readonly #heap: Entry[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** The simulated time. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Calls `fire` when the time has come. */
  after(durationMs: number, fire: () => void): void {
    const entry = { dueMs: this.#nowMs + durationMs, order: this.#orders++, fire };
    const heap = this.#heap;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, entry)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Runs until `isDone`, or until the time is over. @returns whether it is done. */
  async run(isDone: () => boolean, limitMs: number): Promise<boolean> {
    const untilMs = this.#nowMs + limitMs;
    await turn();
    while (!isDone()) {
      const next = this.#heap[0];
      if (next === undefined || next.dueMs > untilMs) return false;
      this.#pop();
      this.#nowMs = next.dueMs;
      this.events++;
      next.fire();
      await turn();
    }
    return true;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
