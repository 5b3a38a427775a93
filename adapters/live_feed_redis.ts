/**
 * The live feed on a Redis stream: any number of processors publish, any number of dashboards follow, and an id that a
 * browser got from one dashboard is good at every other.
 * @module
 */
import type { LiveFeed, LiveMessage, LiveUpdate, SubscribeOptions } from "../core/ports.ts";
import type { Troubled } from "../core/status.ts";
import { type EntryPlace, parseStreamId, textOfId } from "./live_feed_redis_ring.ts";
import { lastPlace, StreamReader, type StreamReaderCounts } from "./live_feed_redis_reader.ts";
import { AWAY_MS_MAX, RedisClient, type RedisClientOptions, type RedisCounts, redisTroubles } from "./redis_client.ts";
import { RedisScript } from "./redis_script.ts";
import { checkRedisServer } from "./redis_server_check.ts";

/** How to open a live feed on Redis. */
export interface RedisLiveFeedOptions extends Omit<RedisClientOptions, "name"> {
  /** First part of every key's name: TOPIC_PREFIX. */
  readonly prefix: string;
  /** Updates kept for a resume, in Redis and in each process that follows; default 10,000. */
  readonly historyUpdatesMax?: number;
}

/** A live feed that tells what it went through. */
export interface RedisLiveFeed extends LiveFeed, Troubled {
  readonly counts: RedisLiveCounts;
}

/** What a feed did, since it was opened. */
export interface RedisLiveCounts {
  readonly publishing: Readonly<RedisCounts>;
  /** Null until somebody subscribes. */
  readonly reading: Readonly<StreamReaderCounts> | null;
}

const HISTORY_UPDATES_MAX = 10_000;

/** What one script appends at most: about 3 µs an update. */
const SCRIPT_UPDATES_MAX = 500;

/** UTF-16 units of JSON in one script, unless one update alone is more. */
const SCRIPT_UNITS_MAX = 1_048_576;

/** Publishes that wait for the one before; one more is refused. */
const PUBLISHES_MAX = 1_000;

/** How long Redis remembers what a process published last, in seconds. */
const WRITER_TTL_SEC = 3_600;

/**
 * Appends updates and trims the stream. A batch that was appended before, its answer lost, is left out.
 * KEYS: 1 stream, 2 number of the writer's last batch. ARGV: 1 number of this batch, 2 name of a run, taken where the
 * stream is empty, 3 entries to keep, 4 seconds to remember the writer, from 5 the updates.
 */
const publishScript = new RedisScript(`
if tonumber(redis.call('GET', KEYS[2]) or 0) >= tonumber(ARGV[1]) then return 0 end
local run, n = ARGV[2], 0
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if last and last[2][1] == 'run' and last[2][3] == 'n' then
  run, n = last[2][2], tonumber(last[2][4]) or 0
end
for i = 5, #ARGV do
  n = n + 1
  redis.call('XADD', KEYS[1], '*', 'run', run, 'n', n, 'update', ARGV[i])
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[4])
return #ARGV - 4
`);

/**
 * Opens a live feed on Redis.
 *
 * @throws {UserError} when the server cannot be reached, is too old, or may evict keys.
 */
export async function openRedisLiveFeed(options: RedisLiveFeedOptions): Promise<RedisLiveFeed> {
  const historyUpdatesMax = options.historyUpdatesMax ?? HISTORY_UPDATES_MAX;
  if (!Number.isInteger(historyUpdatesMax) || historyUpdatesMax < 1) {
    throw new RangeError(`Cannot open a live feed: historyUpdatesMax is ${historyUpdatesMax}`);
  }
  const client = await RedisClient.connect({ ...options, name: "live" });
  try {
    // A note would be the window store's again.
    await checkRedisServer(client, () => {});
    const readerClient = await RedisClient.create({ ...options, name: "live-reader" });
    return new Feed({ ...options, historyUpdatesMax }, client, readerClient);
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

class Feed implements RedisLiveFeed {
  readonly #options: RedisLiveFeedOptions & { readonly historyUpdatesMax: number };
  readonly #client: RedisClient;
  readonly #readerClient: RedisClient;
  readonly #key: string;
  /** Name of this feed among all that publish. */
  readonly #writer = crypto.randomUUID();
  #batches = 0;
  /** The publish before, so that batches reach the stream in the order of their numbers. */
  #publishing: Promise<void> = Promise.resolve();
  #publishesWaiting = 0;
  /** Made for the first subscriber. */
  #reader: StreamReader | null = null;
  #closed = false;

  constructor(
    options: RedisLiveFeedOptions & { readonly historyUpdatesMax: number },
    client: RedisClient,
    readerClient: RedisClient,
  ) {
    this.#options = options;
    this.#client = client;
    this.#readerClient = readerClient;
    this.#key = `${options.prefix}:live`;
  }

  get counts(): RedisLiveCounts {
    return { publishing: this.#client.counts, reading: this.#reader?.counts ?? null };
  }

  troubles(): Readonly<Record<string, number>> {
    const { publishing, reading } = this.counts;
    const { failures = 0, missed = 0, unreadable = 0 } = reading ?? {};
    return { ...redisTroubles(publishing), read_failures: failures, missed_updates: missed, unreadable };
  }

  publish(updates: readonly LiveUpdate[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("Cannot publish: the live feed is closed"));
    if (updates.length === 0) return Promise.resolve();
    if (this.#publishesWaiting >= PUBLISHES_MAX) {
      return Promise.reject(new Error(`Cannot publish: ${PUBLISHES_MAX} publishes wait for Redis`));
    }
    this.#publishesWaiting++;
    // Its text is taken now: the caller may go on with its objects.
    const batches = batchesOf(updates);
    const calledMs = this.#options.clock.nowMs();
    const publish = this.#publishing.then(() => this.#append(batches, calledMs)).finally(() =>
      this.#publishesWaiting--
    );
    this.#publishing = publish.catch(() => {}); // told to the one who asked for it
    return publish;
  }

  async #append(batches: readonly (readonly string[])[], calledMs: number): Promise<void> {
    const { awayMsMax = AWAY_MS_MAX, clock } = this.#options;
    for (const texts of batches) {
      const batch = ++this.#batches;
      const keys = [this.#key, `${this.#key}:writer:${this.#writer}`];
      const args = [batch, `${this.#writer}.${batch}`, this.#options.historyUpdatesMax, WRITER_TTL_SEC, ...texts];
      // What was spent on waiting for the publishes before counts.
      const limits = { awayMsMax: Math.max(0, calledMs + awayMsMax - clock.nowMs()) };
      await this.#client.run("publish updates", (redis) => publishScript.run(redis, keys, args), limits);
    }
  }

  async lastId(): Promise<string> {
    return textOfId((await this.#newest()).id);
  }

  /** "From now on" is the moment when Redis gets the question that this call sends, not that of the first read. */
  subscribe(options: SubscribeOptions): AsyncIterable<LiveMessage> {
    if (options.signal.aborted || this.#closed) return nothing();
    this.#reader ??= new StreamReader({
      client: this.#readerClient,
      key: this.#key,
      clock: this.#options.clock,
      historyUpdatesMax: this.#options.historyUpdatesMax,
      onNote: this.#options.onNote,
    });
    const began = this.#newest();
    // Whoever reads hears of it; without anybody it must not end the process from here.
    began.catch(() => {});
    return this.#read(this.#reader, options, began);
  }

  async *#read(
    reader: StreamReader,
    { channels, afterId, signal }: SubscribeOptions,
    began: Promise<EntryPlace>,
  ): AsyncGenerator<LiveMessage> {
    const { ring } = reader;
    const wanted = channels.length === 0 ? undefined : new Set(channels);
    const place = await this.#unlessEnded(began, signal);
    if (place === undefined) return;
    await reader.reach(place, signal);
    const id = afterId === undefined ? undefined : parseStreamId(afterId);
    let next = afterId === undefined ? ring.numberAfter(place) : id && ring.numberAfterId(id);
    while (!signal.aborted && !this.#closed) {
      if (next === undefined || next < ring.oldest) {
        const newest = await this.#unlessEnded(this.#newest(), signal);
        if (newest === undefined) return;
        await reader.reach(newest, signal);
        if (signal.aborted || this.#closed) return;
        // Taken together: what comes in while the gap is being read is not missed.
        next = ring.count;
        yield { type: "gap", id: textOfId(ring.last.id) };
      } else if (next === ring.count) {
        await reader.changed.wait(signal);
      } else {
        const { id, update } = ring.at(next++);
        if (wanted === undefined || wanted.has(update.channel)) yield { type: "update", id: textOfId(id), update };
      }
    }
  }

  #newest(): Promise<EntryPlace> {
    return this.#client.run("read the live feed", (redis) => lastPlace(redis, this.#key));
  }

  /** What was asked for; undefined when the subscription ends first. */
  async #unlessEnded(asked: Promise<EntryPlace>, signal: AbortSignal): Promise<EntryPlace | undefined> {
    const ended = Promise.withResolvers<undefined>();
    const end = () => ended.resolve(undefined);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    try {
      return await Promise.race([asked, ended.promise]);
    } catch (error) {
      if (signal.aborted || this.#closed) return undefined;
      throw error;
    } finally {
      signal.removeEventListener("abort", end);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#reader?.[Symbol.asyncDispose]();
    await this.#readerClient[Symbol.asyncDispose]();
    await this.#client[Symbol.asyncDispose]();
  }
}

async function* nothing(): AsyncGenerator<never> {}

/** The updates as JSON, cut into what one script takes. */
function batchesOf(updates: readonly LiveUpdate[]): string[][] {
  const batches: string[][] = [];
  let units = 0;
  for (const text of updates.map((update) => JSON.stringify(update))) {
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === SCRIPT_UPDATES_MAX || units + text.length > SCRIPT_UNITS_MAX) {
      batches.push([text]);
      units = text.length;
    } else {
      batch.push(text);
      units += text.length;
    }
  }
  return batches;
}
