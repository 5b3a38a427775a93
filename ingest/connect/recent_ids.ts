/**
 * Ids seen lately: where two connections overlap, the same event comes twice.
 * @module
 */

/** Ids remembered. */
const IDS_MAX = 20_000;

/** The last so many ids. */
export class RecentIds {
  readonly #idsMax: number;
  readonly #ids = new Set<string>();

  constructor(idsMax: number = IDS_MAX) {
    this.#idsMax = idsMax;
  }

  /** Whether the id was not seen lately; remembers it. */
  isNew(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > this.#idsMax) {
      for (const oldest of this.#ids) {
        this.#ids.delete(oldest);
        break;
      }
    }
    return true;
  }
}
