/**
 * The newest updates of a stream as one process knows them: read once from Redis, then by any number of subscribers, each
 * at a place of its own, so that a thousand subscribers cost a thousand numbers.
 * @module
 */
import type { LiveUpdate } from "../core/ports.ts";

/** Place in a stream: milliseconds, and a count within them. */
export type StreamId = readonly [ms: number, n: number];

/**
 * An entry's name and place. `run` names the stream's life since it was last empty, `n` counts its entries from 1: a hole
 * in the numbers, or another run, tells that updates were trimmed or lost before they were read.
 */
export interface EntryPlace {
  readonly id: StreamId;
  readonly run: string;
  readonly n: number;
}

/** An update with its place. */
export interface FeedEntry extends EntryPlace {
  readonly update: LiveUpdate;
}

/** Place before the first entry. */
export const START: EntryPlace = { id: [0, 0], run: "", n: 0 };

/** The id as text, `<ms>-<n>`. */
export const textOfId = ([ms, n]: StreamId): string => `${ms}-${n}`;

/** Reads an id; undefined where the text is none. */
export function parseStreamId(text: string): StreamId | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Below 0, 0, above 0. */
export const compareIds = (a: StreamId, b: StreamId): number => a[0] - b[0] || a[1] - b[1];

/** Whether an entry is the very next one after a place: nothing between was lost. */
const follows = (entry: EntryPlace, before: EntryPlace): boolean =>
  entry.n === before.n + 1 && (before.n === 0 || entry.run === before.run);

/** The newest entries, numbered from 0 for ever; a number without an entry stands for what was missed. */
export class FeedRing {
  /** Entry number i stands at i % capacity while it is among the newest. */
  readonly #entries: FeedEntry[] = [];
  readonly #capacity: number;
  #count = 0;
  /** Numbers below are void. */
  #floor = 0;
  #last: EntryPlace = START;
  /** Times that the stream was found to be another one. */
  #resets = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Number after the newest entry. */
  get count(): number {
    return this.#count;
  }

  /** Number of the oldest entry. */
  get oldest(): number {
    return Math.max(this.#floor, this.#count - this.#capacity);
  }

  /** Place of the newest entry; {@link START} before the first. */
  get last(): EntryPlace {
    return this.#last;
  }

  /** How often {@link reset} was called. */
  get resets(): number {
    return this.#resets;
  }

  /** The entry of a number from {@link oldest} to {@link count}, exclusive. */
  at(number: number): FeedEntry {
    return this.#entries[number % this.#capacity]!;
  }

  /** Takes the next entry in; answers whether something between was missed. */
  push(entry: FeedEntry): boolean {
    const missed = !follows(entry, this.#last);
    if (missed) this.#floor = ++this.#count;
    this.#entries[this.#count++ % this.#capacity] = entry;
    this.#last = entry;
    return missed;
  }

  /** The stream is another one than before, or empty again: nothing that was read counts any more. */
  reset(): void {
    this.#floor = ++this.#count;
    this.#last = START;
    this.#resets++;
  }

  /** Number of the first entry after a place that the stream is known to have had; undefined where some were missed. */
  numberAfter(place: EntryPlace): number | undefined {
    const number = this.#firstBeyond(place.id);
    if (number > this.oldest && compareIds(this.at(number - 1).id, place.id) === 0) return number;
    if (number === this.#count) return compareIds(this.#last.id, place.id) === 0 ? number : undefined;
    return follows(this.at(number), place) ? number : undefined;
  }

  /** The same for an id that somebody comes with: it must be that of an entry which is still held, or `0-0`. */
  numberAfterId(id: StreamId): number | undefined {
    return this.numberAfter(compareIds(id, START.id) === 0 ? START : { id, run: "", n: -1 });
  }

  /** The first number from {@link oldest} on whose entry has a higher id. */
  #firstBeyond(id: StreamId): number {
    let [low, high] = [this.oldest, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareIds(this.at(middle).id, id) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
