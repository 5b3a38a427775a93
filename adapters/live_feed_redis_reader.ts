/**
 * The one reader of the live stream in a process: a connection of its own that waits for new entries, and puts them where
 * all subscribers find them.
 * @module
 */
import type { Redis } from "ioredis";
import type { Clock } from "../core/clock.ts";
import { messageOf } from "../core/errors.ts";
import type { LiveUpdate } from "../core/ports.ts";
import {
  compareIds,
  type EntryPlace,
  type FeedEntry,
  FeedRing,
  parseStreamId,
  START,
  type StreamId,
  textOfId,
} from "./live_feed_redis_ring.ts";
import { Notifier } from "./notifier.ts";
import type { RedisClient } from "./redis_client.ts";

/** How long one wait for entries lasts; after it the reader looks whether the stream is still the same. */
const BLOCK_MS = 5_000;

/** A wait that is not over by then has lost its server. */
const ANSWER_MS_MAX = 3 * BLOCK_MS;

/** Entries of one answer. */
const ENTRIES_MAX = 1_000;

/** Pause after a failure. */
const RETRY_MS = 500;

/** Failures in a row that are worth a note. */
const FAILURES_BEFORE_NOTE = 4;

/** An entry as Redis gives it. */
type RawEntry = readonly [id: string, fields: readonly string[]];

/** What to read, and how. */
export interface StreamReaderOptions {
  /** The reader's own: a connection that waits for entries can do nothing else. It is disposed of with the reader. */
  readonly client: RedisClient;
  /** The stream's key. */
  readonly key: string;
  readonly clock: Clock;
  readonly historyUpdatesMax: number;
  /** Told of an entry that is none of ours, and when the stream cannot be read for long. */
  readonly onNote: (note: string) => void;
}

/** What a reader went through, since it began. */
export interface StreamReaderCounts {
  /** Times that updates were lost or trimmed before this process had read them: each subscriber got a gap. */
  missed: number;
  /** Entries that could not be read. */
  unreadable: number;
  /** Reads that failed. */
  failures: number;
}

/** Follows a stream from its oldest entry on. Disposing ends it and wakes whoever waits. */
export class StreamReader implements AsyncDisposable {
  readonly ring: FeedRing;
  /** Notified when the ring changed. */
  readonly changed = new Notifier();
  readonly counts: StreamReaderCounts = { missed: 0, unreadable: 0, failures: 0 };
  readonly #options: StreamReaderOptions;
  readonly #closed = new AbortController();
  readonly #done: Promise<void>;
  /** Id of the newest entry seen. */
  #position: StreamId = START.id;
  /** Reads in a row that failed. */
  #failing = 0;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
    this.ring = new FeedRing(options.historyUpdatesMax);
    this.#done = this.#follow();
  }

  /** Whether it was disposed of. */
  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** Waits until the ring holds what the stream held at `place`, or the stream turned out to be another one. */
  async reach(place: EntryPlace, signal: AbortSignal): Promise<void> {
    const { resets } = this.ring;
    while (!signal.aborted && !this.closed && this.ring.resets === resets) {
      if (compareIds(this.#position, place.id) >= 0) return;
      await this.changed.wait(signal);
    }
  }

  async #follow(): Promise<void> {
    const { clock } = this.#options;
    // A server that came back may have lost its end, and then gives out ids that have been there before.
    let doubt = false;
    while (!this.closed) {
      try {
        if (doubt) await this.#once((redis) => this.#check(redis));
        doubt = !(await this.#once((redis) => this.#read(redis)));
        this.#noteFailure(null);
      } catch (error) {
        if (this.closed) return;
        this.#noteFailure(error);
        doubt = true;
        await clock.sleep(RETRY_MS, this.#closed.signal);
      }
    }
  }

  /** Counts; tells people once when it lasts, and once when it is over. */
  #noteFailure(error: unknown): void {
    const lasted = this.#failing >= FAILURES_BEFORE_NOTE;
    if (error === null) {
      this.#failing = 0;
      if (lasted) this.#options.onNote("live feed: updates come in again");
      return;
    }
    this.counts.failures++;
    if (++this.#failing === FAILURES_BEFORE_NOTE) {
      this.#options.onNote(`live feed: no updates come in: ${messageOf(error)}`);
    }
  }

  /** One try without repeats: what is read goes on from the ring's end as it is then. */
  #once<T>(body: (redis: Redis) => Promise<T>): Promise<T> {
    return this.#options.client.run("follow the live feed", body, { awayMsMax: 0, answerMsMax: ANSWER_MS_MAX });
  }

  /** Takes in what came; answers whether anything did. */
  async #read(redis: Redis): Promise<boolean> {
    const from = textOfId(this.#position);
    const { key } = this.#options;
    const found = await redis.xread("COUNT", ENTRIES_MAX, "BLOCK", BLOCK_MS, "STREAMS", key, from) as
      | [key: string, entries: RawEntry[]][]
      | null;
    for (const entry of found?.[0]?.[1] ?? []) this.#take(entry);
    if (found !== null) this.changed.notify();
    return found !== null;
  }

  #take(raw: RawEntry): void {
    const entry = entryOf(raw);
    this.#position = parseStreamId(raw[0]) ?? this.#position;
    if (entry === null) {
      // Its place is passed over; the numbers tell whether one of ours was lost with it.
      if (this.counts.unreadable++ === 0) this.#options.onNote(`live feed: entry ${raw[0]} is none of ours, skipped`);
    } else if (this.ring.push(entry)) this.counts.missed++;
  }

  /** Begins anew where the stream ends before what was read: it was deleted, or went back to an earlier state. */
  async #check(redis: Redis): Promise<void> {
    const last = await lastPlace(redis, this.#options.key);
    if (compareIds(last.id, this.#position) >= 0) return;
    this.ring.reset();
    this.#position = START.id;
    this.counts.missed++;
    this.changed.notify();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    await this.#options.client[Symbol.asyncDispose]();
    this.changed.notify();
    await this.#done;
  }
}

/** Place of the newest entry; {@link START} where the stream is empty. */
export async function lastPlace(redis: Redis, key: string): Promise<EntryPlace> {
  const [raw] = await redis.xrevrange(key, "+", "-", "COUNT", 1);
  return raw === undefined ? START : placeOf(raw);
}

function placeOf([id, fields]: RawEntry): EntryPlace {
  return { id: parseStreamId(id) ?? START.id, run: fieldOf(fields, "run") ?? "", n: Number(fieldOf(fields, "n")) };
}

function entryOf(raw: RawEntry): FeedEntry | null {
  const place = placeOf(raw);
  const text = fieldOf(raw[1], "update");
  if (text === undefined || !Number.isSafeInteger(place.n)) return null;
  try {
    return { ...place, update: JSON.parse(text) as LiveUpdate };
  } catch {
    return null;
  }
}

function fieldOf(fields: readonly string[], name: string): string | undefined {
  for (let i = 0; i < fields.length; i += 2) if (fields[i] === name) return fields[i + 1];
  return undefined;
}
