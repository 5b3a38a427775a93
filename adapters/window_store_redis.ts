/**
 * The hot state on Redis, for any number of processors and readers: losing it costs a rebuild, never a row. Each change
 * is one Lua script that refuses an older epoch; one that is too big for a script is staged in parts and switched by a
 * last script that takes no longer however big it is.
 * @module
 */
import type { Redis } from "ioredis";
import type {
  ProducerSeqs,
  StoredSlice,
  WindowChange,
  WindowCommitOutcome,
  WindowState,
  WindowStore,
} from "../core/ports.ts";
import type { Troubled } from "../core/status.ts";
import { RedisClient, type RedisClientOptions, type RedisCounts, redisTroubles } from "./redis_client.ts";
import { checkRedisServer } from "./redis_server_check.ts";
import {
  type ChunkLimits,
  chunksOf,
  keyToText,
  partitionsKey,
  type PartKeys,
  partKeys,
  type SliceChunk,
} from "./window_store_redis_layout.ts";
import { readPart } from "./window_store_redis_reading.ts";
import {
  claimScript,
  commitScript,
  mergeScript,
  readKeyScript,
  stageScript,
  switchScript,
} from "./window_store_redis_scripts.ts";

/** How to open a window store on Redis. */
export interface RedisWindowStoreOptions extends Omit<RedisClientOptions, "name"> {
  /** First part of every key's name: TOPIC_PREFIX. */
  readonly prefix: string;
  /** What one script writes, and one answer holds, at most; default {@link scriptLimits}. */
  readonly limits?: ChunkLimits;
  /** Names the database that gives the epochs: those of another one are not compared. Default: not known. */
  readonly database?: string;
}

/** A window store that tells what its connection and its commits went through. */
export interface RedisWindowStore extends WindowStore, Troubled {
  readonly counts: Readonly<RedisWindowCounts>;
}

/** What a store did, since it was opened. */
export interface RedisWindowCounts extends RedisCounts {
  /** Commits that were staged because of their size. */
  staged: number;
  /** Stagings that Redis lost and that were begun anew. */
  stagingsLost: number;
}

/**
 * What one script writes at most: it holds Redis up for about 5 ms then, at 2.5 µs a slice; a MiB of text takes 8 ms on
 * a gigabit line.
 */
export const scriptLimits: ChunkLimits = { slicesMax: 2_000, unitsMax: 1_048_576 };

/** How often one staging is begun anew. */
const STAGING_TRIES_MAX = 5;

/** Partitions whose last stamp is remembered. */
const STAMPS_MAX = 10_000;

/** A whole state may be large, and is read in portions. */
const LOAD_MS_MAX = 60_000;

/**
 * Opens a window store on Redis.
 *
 * @throws {UserError} when the server cannot be reached, is too old, or may evict keys.
 */
export async function openRedisWindowStore(options: RedisWindowStoreOptions): Promise<RedisWindowStore> {
  const client = await RedisClient.connect({ ...options, name: "windows" });
  try {
    await checkRedisServer(client, options.onNote);
    return new Store(client, options);
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}

/** One commit on its way: what all of its scripts are given. */
interface Commit {
  readonly keys: PartKeys;
  readonly change: WindowChange;
  /** Epoch with database, fromOffset, base stamp, writer, number. */
  readonly stamp: readonly (string | number)[];
  /** nextOffset, incarnation, generation, seqs. */
  readonly saved: readonly (string | number)[];
  readonly chunks: readonly SliceChunk[];
}

class Store implements RedisWindowStore {
  readonly counts: RedisWindowCounts;
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #limits: ChunkLimits;
  readonly #database: string;
  /** Name of this store among all that write. */
  readonly #writer = crypto.randomUUID();
  #writes = 0;
  /** By meta key the stamp of the state that the caller builds on. */
  readonly #stamps = new Map<string, string>();

  constructor(client: RedisClient, { prefix, limits = scriptLimits, database = "" }: RedisWindowStoreOptions) {
    this.#client = client;
    this.#prefix = prefix;
    this.#limits = limits;
    this.#database = database;
    this.counts = Object.assign(client.counts, { staged: 0, stagingsLost: 0 });
  }

  troubles(): Readonly<Record<string, number>> {
    return { ...redisTroubles(this.counts), stagings_lost: this.counts.stagingsLost };
  }

  async claim(pipeline: string, partition: number, epoch: number): Promise<boolean> {
    const keys = partKeys(this.#prefix, pipeline, partition);
    return await this.#client.run(`claim ${pipeline}/${partition}`, async (redis) => {
      await redis.sadd(partitionsKey(this.#prefix, pipeline), partition);
      return await claimScript.run(redis, [keys.meta, keys.slices, keys.keys], [this.#owner(epoch)]) === 1;
    });
  }

  async load(pipeline: string, partition: number): Promise<WindowState | null> {
    const keys = partKeys(this.#prefix, pipeline, partition);
    const names = ["epoch", "nextOffset", "incarnation", "generation", "seqs", "writer", "write"] as const;
    const { fields, slices } = await this.#client.run(
      `load ${pipeline}/${partition}`,
      (redis) => readPart(redis, keys, { names, portionSlices: this.#limits.slicesMax }),
      { answerMsMax: LOAD_MS_MAX },
    );
    if (fields.nextOffset === null) return null;
    this.#remember(keys, `${fields.writer} ${fields.write}`);
    return {
      epoch: Number(fields.epoch),
      nextOffset: Number(fields.nextOffset),
      incarnation: fields.incarnation ?? "",
      generation: Number(fields.generation),
      seqs: JSON.parse(fields.seqs ?? "[]") as ProducerSeqs,
      slices,
    };
  }

  async commit(pipeline: string, partition: number, change: WindowChange): Promise<WindowCommitOutcome> {
    const keys = partKeys(this.#prefix, pipeline, partition);
    const write = ++this.#writes;
    const { epoch, fromOffset, nextOffset, incarnation, generation, seqs } = change;
    const base = fromOffset === null ? "" : this.#stamps.get(keys.meta) ?? "";
    const commit: Commit = {
      keys,
      change,
      stamp: [this.#owner(epoch), fromOffset ?? "", base, this.#writer, write],
      saved: [nextOffset, incarnation, generation, JSON.stringify(seqs)],
      // A snapshot takes the place of all: there is nothing to drop.
      chunks: chunksOf(fromOffset === null ? { ...change, dropped: [] } : change, this.#limits),
    };
    const what = `commit ${pipeline}/${partition}`;
    const outcome = commit.chunks.length <= 1
      ? await this.#commitAtOnce(what, commit)
      : await this.#commitStaged(what, commit, `${epoch}:${nextOffset}:${write}`);
    if (outcome !== "committed") return outcome;
    this.#remember(keys, `${this.#writer} ${write}`);
    // Again with each snapshot: what lost the state has lost this as well.
    if (fromOffset === null) {
      await this.#client.run(what, (redis) => redis.sadd(partitionsKey(this.#prefix, pipeline), partition));
    }
    return outcome;
  }

  async open(pipeline: string, key?: string): Promise<StoredSlice[]> {
    const slices = await this.#client.run(`read open windows of ${pipeline}`, async (redis) => {
      const partitions = await redis.smembers(partitionsKey(this.#prefix, pipeline));
      const read = (keys: PartKeys) =>
        key === undefined ? slicesOf(redis, keys, this.#limits.slicesMax) : slicesOfKey(redis, keys, key);
      return await Promise.all(partitions.map((part) => read(partKeys(this.#prefix, pipeline, part))));
    }, { answerMsMax: LOAD_MS_MAX });
    return slices.flat();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#client[Symbol.asyncDispose]();
  }

  async #commitAtOnce(what: string, commit: Commit): Promise<WindowCommitOutcome> {
    const { keys, stamp, saved, chunks } = commit;
    for (;;) {
      const answer = await this.#client.run(
        what,
        (redis) =>
          commitScript.run(redis, [keys.meta, keys.slices, keys.keys], [...stamp, ...saved, ...chunks[0]?.args ?? []]),
      );
      const outcome = await this.#mergedOr(what, keys, answer);
      if (outcome !== "merged") return outcome;
    }
  }

  async #commitStaged(what: string, commit: Commit, name: string): Promise<WindowCommitOutcome> {
    this.counts.staged++;
    for (let tries = 0; tries < STAGING_TRIES_MAX;) {
      const answer = await this.#stage(what, commit, name);
      if (answer === "lost") {
        tries++;
        this.counts.stagingsLost++;
        continue;
      }
      const outcome = await this.#mergedOr(what, commit.keys, answer);
      if (outcome === "merged") continue;
      // The overlay is small or gone before the next commit; where this fails, that one does it first.
      if (outcome === "committed" && commit.change.fromOffset !== null) await this.#merge(what, commit.keys, name);
      return outcome;
    }
    throw new Error(`Cannot ${what} on Redis: what was staged was lost ${STAGING_TRIES_MAX} times`);
  }

  /** Stages all chunks and switches; answers as the scripts do. */
  async #stage(what: string, { keys, stamp, saved, chunks }: Commit, name: string): Promise<unknown> {
    const all = [keys.meta, keys.slices, keys.keys, `${keys.slices}:${name}`, `${keys.keys}:${name}`];
    for (const [i, { args }] of chunks.entries()) {
      const answer = await this.#client.run(
        what,
        (redis) => stageScript.run(redis, all, [...stamp, name, i === 0 ? "first" : "", ...args]),
      );
      if (answer !== "staged") return answer;
    }
    const slices = chunks.reduce((sum, chunk) => sum + chunk.slices, 0);
    return await this.#client.run(what, (redis) => switchScript.run(redis, all, [...stamp, ...saved, name, slices]));
  }

  /** The outcome that a script answered; where an overlay is in the way, it is merged. */
  async #mergedOr(what: string, keys: PartKeys, answer: unknown): Promise<WindowCommitOutcome | "merged"> {
    const text = String(answer);
    if (!text.startsWith("merge ")) return text as WindowCommitOutcome;
    await this.#merge(what, keys, text.slice("merge ".length));
    return "merged";
  }

  async #merge(what: string, keys: PartKeys, name: string): Promise<void> {
    const all = [keys.meta, keys.slices, keys.keys, `${keys.slices}:${name}`, `${keys.keys}:${name}`];
    let left = 1;
    while (left > 0) {
      left = Number(
        await this.#client.run(what, (redis) => mergeScript.run(redis, all, [name, this.#limits.slicesMax])),
      );
    }
  }

  /** An epoch with the database that it is of. */
  #owner(epoch: number): string {
    return this.#database === "" ? String(epoch) : `${epoch}|${this.#database}`;
  }

  #remember({ meta }: PartKeys, stamp: string): void {
    if (this.#stamps.size >= STAMPS_MAX && !this.#stamps.has(meta)) {
      // A forgotten stamp costs a check, no more: the offset is still compared.
      for (const oldest of this.#stamps.keys()) {
        this.#stamps.delete(oldest);
        break;
      }
    }
    this.#stamps.set(meta, stamp);
  }
}

async function slicesOf(redis: Redis, keys: PartKeys, portionSlices: number): Promise<readonly StoredSlice[]> {
  return (await readPart(redis, keys, { names: [], portionSlices })).slices;
}

async function slicesOfKey(redis: Redis, { meta, slices, keys }: PartKeys, key: string): Promise<StoredSlice[]> {
  const answer = await readKeyScript.run(redis, [meta, slices, keys], [keyToText(key)]) as string[];
  const found: StoredSlice[] = [];
  for (let i = 0; i < answer.length; i += 2) {
    found.push({ key, sliceStartMs: Number(answer[i]), state: answer[i + 1]! });
  }
  return found;
}
