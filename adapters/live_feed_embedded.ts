/**
 * The live feed in process: one ring of updates that every subscriber reads at a place of its own, so that a thousand
 * subscribers cost a thousand numbers.
 * @module
 */
import type { Clock } from "../core/clock.ts";
import type { LiveFeed, LiveMessage, LiveUpdate, SubscribeOptions } from "../core/ports.ts";
import { Notifier } from "./notifier.ts";

/** How to make an embedded feed. */
export interface EmbeddedLiveFeedOptions {
  /** Gives the ids their milliseconds. */
  readonly clock: Clock;
  /** Updates kept for a resume; also how far a subscriber may fall behind. */
  readonly historyUpdatesMax?: number;
}

/** Place of an update in the feed: milliseconds, and a count within them. */
type FeedId = readonly [ms: number, n: number];

interface Entry {
  readonly id: FeedId;
  readonly update: LiveUpdate;
}

/** Id before the first update, as in Redis Streams. */
const FIRST: FeedId = [0, 0];

const textOf = ([ms, n]: FeedId) => `${ms}-${n}`;
const compare = (a: FeedId, b: FeedId) => a[0] - b[0] || a[1] - b[1];

function parseId(text: string): FeedId | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Makes an empty feed. */
export function createEmbeddedLiveFeed(options: EmbeddedLiveFeedOptions): LiveFeed {
  return new EmbeddedLiveFeed(options.clock, options.historyUpdatesMax ?? 10_000);
}

class EmbeddedLiveFeed implements LiveFeed {
  readonly #clock: Clock;
  readonly #capacity: number;
  /** Update number i, counted from 0 for ever, stands at i % capacity while it is among the newest. */
  readonly #ring: Entry[] = [];
  readonly #published = new Notifier();
  #closed = false;
  #count = 0;
  #lastId = FIRST;
  /** Id of the newest update that is no longer in the ring: who has seen it has missed nothing. */
  #evictedId = FIRST;

  constructor(clock: Clock, capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`Cannot make a live feed: historyUpdatesMax is ${capacity}`);
    }
    this.#clock = clock;
    this.#capacity = capacity;
  }

  publish(updates: readonly LiveUpdate[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("Cannot publish: the live feed is closed"));
    const nowMs = Math.trunc(this.#clock.nowMs());
    for (const update of updates) {
      // A clock that stands still or goes back must not turn the ids back.
      this.#lastId = nowMs > this.#lastId[0] ? [nowMs, 0] : [this.#lastId[0], this.#lastId[1] + 1];
      const place = this.#count % this.#capacity;
      const evicted = this.#ring[place];
      if (evicted !== undefined) this.#evictedId = evicted.id;
      this.#ring[place] = { id: this.#lastId, update };
      this.#count++;
    }
    if (updates.length > 0) this.#published.notify();
    return Promise.resolve();
  }

  lastId(): Promise<string> {
    return Promise.resolve(textOf(this.#lastId));
  }

  /** "From now on" is the moment of this call, not that of the first read. */
  subscribe(options: SubscribeOptions): AsyncIterable<LiveMessage> {
    const from = options.afterId === undefined ? this.#count : this.#numberAfter(options.afterId);
    return this.#read(options, from);
  }

  async *#read({ channels, signal }: SubscribeOptions, from: number | undefined): AsyncGenerator<LiveMessage> {
    const wanted = channels.length === 0 ? undefined : new Set(channels);
    let next = from;
    while (!signal.aborted && !this.#closed) {
      if (next === undefined || next < this.#oldest()) {
        // Taken together: what is published while the gap is being read is not missed.
        next = this.#count;
        yield { type: "gap", id: textOf(this.#lastId) };
      } else if (next === this.#count) {
        await this.#published.wait(signal);
      } else {
        const { id, update } = this.#entry(next++);
        if (wanted === undefined || wanted.has(update.channel)) yield { type: "update", id: textOf(id), update };
      }
    }
  }

  #oldest(): number {
    return Math.max(0, this.#count - this.#capacity);
  }

  #entry(number: number): Entry {
    return this.#ring[number % this.#capacity]!;
  }

  /** Number of the first update after an id, or undefined where updates may have been missed. */
  #numberAfter(afterId: string): number | undefined {
    const id = parseId(afterId);
    if (id === undefined || compare(id, this.#lastId) > 0) return undefined;
    let [low, high] = [this.#oldest(), this.#count];
    if (compare(id, this.#evictedId) === 0) return low;
    if (low === high || compare(id, this.#entry(low).id) < 0) return undefined;
    // The first number in [low, high) whose id is beyond.
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#entry(middle).id, id) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#published.notify();
    return Promise.resolve();
  }
}
