/**
 * A detector's states by key, no more than a stated number: one key too many, and the one that was seen least recently
 * goes. Each state is stored with its place in the order in which keys were seen, so that the keys that an owner drops
 * are those that its predecessor would have dropped: what is known is a function of the records.
 * @module
 */
import { copyJson } from "../../core/json.ts";
import type { KeyedState, PipelineCounts } from "../../core/ports.ts";

/** A state with its place in the order. */
interface Placed<S> {
  order: number;
  readonly state: S;
}

/** Plain JSON by key, the least recently seen first. */
export class RecentStates<S> {
  readonly #states: Map<string, Placed<S>>;
  readonly #changed = new Set<string>();
  readonly #keysMax: number;
  #lastOrder = 0;

  constructor(stored: readonly Pick<KeyedState, "key" | "state">[], keysMax: number) {
    const placed = stored.map(({ key, state }) => [key, state as Placed<S>] as const);
    this.#states = new Map(placed.sort(([, a], [, b]) => a.order - b.order));
    this.#lastOrder = placed.at(-1)?.[1].order ?? 0;
    this.#keysMax = keysMax;
  }

  /** The state of a key that is seen; a new one where there is none. Whoever asks changes it. */
  take(key: string, counts: PipelineCounts, zero: () => S): S {
    const known = this.takeKnown(key);
    if (known !== undefined) return known;
    const state = zero();
    this.#states.set(key, { order: ++this.#lastOrder, state });
    while (this.#states.size > this.#keysMax) {
      this.#drop();
      counts.detector_keys_dropped = (counts.detector_keys_dropped ?? 0) + 1;
    }
    return state;
  }

  /** The state of a key that is seen, if there is one. Whoever asks changes it. */
  takeKnown(key: string): S | undefined {
    this.#changed.add(key);
    const placed = this.#states.get(key);
    if (placed === undefined) return undefined;
    // A feed often sends one key after the other.
    if (placed.order === this.#lastOrder) return placed.state;
    placed.order = ++this.#lastOrder;
    this.#states.delete(key);
    this.#states.set(key, placed);
    return placed.state;
  }

  /** What changed since the last time: null for what was dropped. Copied: states go on changing. */
  takeChanges(): [key: string, state: unknown][] {
    const changes = [...this.#changed].map((key): [string, unknown] => [
      key,
      copyJson(this.#states.get(key) ?? null),
    ]);
    this.#changed.clear();
    return changes;
  }

  #drop(): void {
    for (const oldest of this.#states.keys()) {
      this.#states.delete(oldest);
      this.#changed.add(oldest);
      return;
    }
  }
}
