/**
 * What comes first by a number (a time, a place in an order): a binary heap. An entry is never moved; whoever changes its
 * mind adds another one, and the owner tells the outdated ones by what he expects.
 * @module
 */

/** Something with its rank. */
export interface Ranked<T> {
  readonly rank: number;
  readonly item: T;
}

/** The lowest first; adding and taking cost O(log n). */
export class MinHeap<T> {
  readonly #entries: Ranked<T>[] = [];

  /** The lowest entry. */
  get first(): Ranked<T> | undefined {
    return this.#entries[0];
  }

  /** Adds an entry. */
  add(entry: Ranked<T>): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent]!.rank <= entry.rank) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  /** Takes the lowest entry out. */
  take(): Ranked<T> | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && entries[child + 1]!.rank < entries[child]!.rank) child++;
      if (entries[child]!.rank >= last.rank) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return first;
  }
}
