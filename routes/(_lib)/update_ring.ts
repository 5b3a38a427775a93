/**
 * The newest updates of the feed, each encoded once; every client reads them at a place of its own, so that what a client
 * has still to get costs a number, not a queue.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";

/** An update ready to be sent. */
export interface RingEntry {
  readonly id: string;
  readonly channel: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Bytes of all updates from the first ever to this one. */
  readonly endBytes: number;
}

/** Updates joined. */
export interface RingPiece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly end: number;
}

/** Bounds of the ring. */
export interface RingLimits {
  readonly updatesMax: number;
  readonly bytesMax: number;
}

const encoder = new TextEncoder();

/** One event of the protocol; `id` and `name` as far as they are given. */
export function encodeEvent(event: { id?: string; name: string; data: unknown }): Uint8Array<ArrayBuffer> {
  const id = event.id === undefined ? "" : `id: ${event.id}\n`;
  // JSON has no raw line breaks, so that one data line is enough.
  return encoder.encode(`${id}event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`);
}

/** Order of two ids `<ms>-<n>`; NaN where one is not an id. */
export function compareIds(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  return left === null || right === null ? NaN : left[0] - right[0] || left[1] - right[1];
}

function parse(id: string): readonly [number, number] | null {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(id);
  return match === null ? null : [Number(match[1]), Number(match[2])];
}

/** A ring of updates; number i is the i-th update since the start. */
export class UpdateRing {
  readonly #limits: RingLimits;
  readonly #entries: (RingEntry | undefined)[];
  #oldest = 0;
  #end = 0;
  #endBytes = 0;
  #evictedBytes = 0;
  /** Who has seen this id has missed nothing that the ring does not hold. */
  #evictedId = "0-0";
  #lastId = "0-0";

  constructor(limits: RingLimits) {
    this.#limits = limits;
    this.#entries = new Array(limits.updatesMax);
  }

  /** Number of the oldest update held. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Number that the next update will have. */
  get end(): number {
    return this.#end;
  }

  /** Id of the newest update, held or not. */
  get lastId(): string {
    return this.#lastId;
  }

  /** Adds an update. */
  push(id: string, update: LiveUpdate): void {
    const { channel, key, window_start, generation = 0, revision, values } = update;
    const data = { channel, key, window_start, generation, revision, values };
    const bytes = encodeEvent({ id, name: "update", data });
    if (this.#end - this.#oldest >= this.#limits.updatesMax) this.#evict();
    this.#endBytes += bytes.length;
    this.#entries[this.#end % this.#limits.updatesMax] = { id, channel, bytes, endBytes: this.#endBytes };
    this.#end++;
    this.#lastId = id;
    while (this.#endBytes - this.#evictedBytes > this.#limits.bytesMax) this.#evict();
  }

  /** Updates up to this id were missed: nothing before it can be resumed from. */
  restart(id: string): void {
    while (this.#oldest < this.#end) this.#evict();
    this.#end++; // whoever stands at the old end has missed something
    this.#oldest = this.#end;
    this.#evictedId = id;
    this.#lastId = id;
  }

  /** The update with this number; it must be held. */
  at(number: number): RingEntry {
    return this.#entries[number % this.#limits.updatesMax]!;
  }

  /** Bytes from this number to the end. */
  bytesFrom(number: number): number {
    const before = number === this.#oldest ? this.#evictedBytes : this.at(number - 1).endBytes;
    return this.#endBytes - before;
  }

  /** The updates of some channels from a number on in one piece of about `bytesMax`, and the number to go on from. */
  join(from: number, { channels, bytesMax }: { channels: ReadonlySet<string>; bytesMax: number }): RingPiece {
    const parts: Uint8Array[] = [];
    let length = 0;
    let end = from;
    for (; end < this.#end && length < bytesMax; end++) {
      const { channel, bytes } = this.at(end);
      if (!channels.has(channel)) continue;
      parts.push(bytes);
      length += bytes.length;
    }
    const joined = new Uint8Array(length);
    let place = 0;
    for (const part of parts) {
      joined.set(part, place);
      place += part.length;
    }
    return { bytes: joined, end };
  }

  /** Number of the first update after an id, or null where updates may have been missed. */
  numberAfter(id: string): number | null {
    if (compareIds(id, this.#evictedId) === 0) return this.#oldest;
    let [low, high] = [this.#oldest, this.#end];
    if (low === high || !(compareIds(this.at(low).id, id) <= 0) || !(compareIds(id, this.#lastId) <= 0)) return null;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareIds(this.at(middle).id, id) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #evict(): void {
    const place = this.#oldest % this.#limits.updatesMax;
    const entry = this.#entries[place]!;
    this.#evictedBytes = entry.endBytes;
    this.#evictedId = entry.id;
    this.#entries[place] = undefined;
    this.#oldest++;
  }
}
