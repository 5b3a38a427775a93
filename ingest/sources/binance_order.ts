/**
 * Trades of one symbol in the order of their ids, each once: what comes again is dropped, what comes after a gap waits
 * until the gap is filled or given up.
 *
 * ```
 * last = 41     42 ─▶ released          41 ─▶ a repeat
 *               45 ─▶ held, gap 42–44   43, 42 ─▶ 42, 43 released, gap 44     44 ─▶ 44, 45 released
 * ```
 * @module
 */

/** Trades of one symbol that may wait for a gap before it is given up. */
export const HELD_TRADES_MAX = 50_000;

/** Ids that are missing, both ends included. */
export interface TradeGap {
  readonly fromId: number;
  readonly toId: number;
}

/** The order of one symbol's trades. */
export class TradeOrder<T> {
  readonly #held = new Map<number, T>();
  #lowestHeld = Infinity;
  #lastId: number | null;
  /** Trades that were given up. */
  missed = 0;

  /** @param lastId the last trade that was sent before; null begins with whichever comes first. */
  constructor(lastId: number | null) {
    this.#lastId = lastId;
  }

  /** The last trade that was released, or given up. */
  get lastId(): number | null {
    return this.#lastId;
  }

  /** Trades that wait. */
  get held(): number {
    return this.#held.size;
  }

  /** What the waiting trades wait for. */
  get gap(): TradeGap | null {
    if (this.#lastId === null || this.#held.size === 0) return null;
    return { fromId: this.#lastId + 1, toId: this.#lowestHeld - 1 };
  }

  /** Takes a trade: the ones that it releases, in order, or `repeat`. */
  take(id: number, trade: T): readonly T[] | "repeat" {
    if (this.#lastId !== null && (id <= this.#lastId || this.#held.has(id))) return "repeat";
    if (this.#lastId !== null && id > this.#lastId + 1) {
      this.#held.set(id, trade);
      this.#lowestHeld = Math.min(this.#lowestHeld, id);
      return this.#held.size > HELD_TRADES_MAX ? this.giveUp() : [];
    }
    this.#lastId = id;
    return [trade, ...this.#release()];
  }

  /** Gives the gap up, all of it or the oldest part that is beyond so many trades: those that this releases. */
  giveUp(tradesKept = 0): readonly T[] {
    const { gap } = this;
    if (gap === null) return [];
    const givenUp = Math.max(0, gap.toId - gap.fromId + 1 - tradesKept);
    this.missed += givenUp;
    this.#lastId = gap.fromId - 1 + givenUp;
    return this.#release();
  }

  #release(): T[] {
    const released: T[] = [];
    if (this.#held.size === 0) return released;
    for (let id = this.#lastId! + 1;; id++) {
      const trade = this.#held.get(id);
      if (trade === undefined) break;
      released.push(trade);
      this.#held.delete(id);
      this.#lastId = id;
    }
    if (released.length > 0) {
      this.#lowestHeld = Infinity;
      for (const id of this.#held.keys()) this.#lowestHeld = Math.min(this.#lowestHeld, id);
    }
    return released;
  }
}
