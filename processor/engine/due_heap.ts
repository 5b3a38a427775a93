/**
 * What is due when: a binary heap by time. An entry is never moved; whoever changes its mind adds another one, and the
 * owner tells the outdated ones by what he expects.
 * @module
 */

/** Something that falls due. */
export interface Due<T> {
  readonly dueMs: number;
  readonly item: T;
}

/** The earliest first; adding and taking cost O(log n). */
export class DueHeap<T> {
  readonly #entries: Due<T>[] = [];

  /** The earliest entry. */
  get first(): Due<T> | undefined {
    return this.#entries[0];
  }

  /** Adds an entry. */
  add(entry: Due<T>): void {
    const entries = this.#entries;
    let at = entries.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (entries[parent]!.dueMs <= entry.dueMs) break;
      entries[at] = entries[parent]!;
      at = parent;
    }
    entries[at] = entry;
  }

  /** Takes the earliest entry out. */
  take(): Due<T> | undefined {
    const entries = this.#entries;
    const [first] = entries;
    const last = entries.pop();
    if (last === undefined || entries.length === 0) return first;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && entries[child + 1]!.dueMs < entries[child]!.dueMs) child++;
      if (entries[child]!.dueMs >= last.dueMs) break;
      entries[at] = entries[child]!;
      at = child;
    }
    entries[at] = last;
    return first;
  }
}
