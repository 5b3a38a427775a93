/**
 * A detector's states by key, no more than a stated number: one key too many, and the one that was seen least recently
 * goes. Each state is stored with its place in the order in which keys were seen, so that the keys that an owner drops
 * are those that its predecessor would have dropped: what is known is a function of the records.
 * @module
 */
import { copyJson } from "../../core/json.ts";
import type { KeyedState, PipelineCounts } from "../../core/ports.ts";
import { MinHeap } from "./min_heap.ts";

/** A state with its place in the order, as it is stored. */
interface Placed<S> {
  readonly order: number;
  readonly state: S;
  /** What it was kept by; absent in states of a version of Tidemark that did not say so. */
  readonly by?: string;
}

/** Whether a keyed state is one of these: no other has this form. */
export const isPlaced = (state: unknown): boolean =>
  typeof state === "object" && state !== null && "order" in state && "state" in state;

/** A key that is known. */
interface Known<S> {
  readonly key: string;
  readonly state: S;
  order: number;
  changed: boolean;
}

/** Plain JSON by key. */
export class RecentStates<S> {
  readonly #states = new Map<string, Known<S>>();
  readonly #changed = new Set<string>();
  readonly #keysMax: number;
  /**
   * The keys by the order in which they were seen when they were put here: none lower than it says. Made when the first
   * key has to go, since few feeds have so many.
   */
  #queue: MinHeap<Known<S>> | null = null;
  #lastOrder = 0;
  readonly #by: string;

  /**
   * @param options `by`: what states are kept by. Those that were kept by something else would be misread: they are
   * dropped, and so they are deleted with the next changes.
   */
  constructor(stored: readonly Pick<KeyedState, "key" | "state">[], keysMax: number, { by = "" } = {}) {
    this.#by = by;
    for (const { key, state: placed } of stored) {
      const { order, state, by: keptBy = by } = placed as Placed<S>;
      if (keptBy !== by) {
        this.#changed.add(key);
        continue;
      }
      this.#states.set(key, { key, state, order, changed: false });
      this.#lastOrder = Math.max(this.#lastOrder, order);
    }
    this.#keysMax = keysMax;
  }

  /** All states. */
  *values(): Generator<S> {
    for (const { state } of this.#states.values()) yield state;
  }

  /** The state of a key that is seen; a new one where there is none. Whoever asks changes it. */
  take(key: string, counts: PipelineCounts, zero: () => S): S {
    const state = this.takeKnown(key);
    if (state !== undefined) return state;
    const known = { key, state: zero(), order: ++this.#lastOrder, changed: true };
    this.#states.set(key, known);
    this.#changed.add(key);
    this.#queue?.add({ rank: known.order, item: known });
    while (this.#states.size > this.#keysMax) {
      this.#drop();
      counts.detector_keys_dropped = (counts.detector_keys_dropped ?? 0) + 1;
    }
    return known.state;
  }

  /** The state of a key that is seen, if there is one. Whoever asks changes it. */
  takeKnown(key: string): S | undefined {
    const known = this.#states.get(key);
    if (known === undefined) return undefined;
    if (known.order < this.#lastOrder) known.order = ++this.#lastOrder;
    if (!known.changed) {
      known.changed = true;
      this.#changed.add(key);
    }
    return known.state;
  }

  /** What changed since the last time: null for what was dropped. Copied: states go on changing. */
  takeChanges(): [key: string, state: unknown][] {
    const changes = [...this.#changed].map((key): [string, Placed<S> | null] => {
      const known = this.#states.get(key);
      if (known === undefined) return [key, null];
      known.changed = false;
      return [key, { order: known.order, state: copyJson(known.state), by: this.#by }];
    });
    this.#changed.clear();
    return changes;
  }

  /** Drops the key that was seen least recently. */
  #drop(): void {
    if (this.#queue === null) {
      this.#queue = new MinHeap();
      for (const known of this.#states.values()) this.#queue.add({ rank: known.order, item: known });
    }
    for (;;) {
      const { rank, item } = this.#queue.take()!;
      if (item.order === rank) {
        this.#states.delete(item.key);
        this.#changed.add(item.key);
        return;
      }
      // Seen since: it waits at its new place.
      this.#queue.add({ rank: item.order, item });
    }
  }
}
