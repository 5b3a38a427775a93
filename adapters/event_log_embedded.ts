/**
 * The event log in one SQLite file: nothing to install, durable at each append, well over a million records a second.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../core/clock.ts";
import { UserError } from "../core/errors.ts";
import type { AppendBatch, ConsumeOptions, EventLog, RecordBatch, TopicPartition, TopicSpec } from "../core/ports.ts";
import { type ConsumedLog, consumeEmbedded } from "./event_log_embedded_consumer.ts";
import {
  type LogStatements,
  openLogTables,
  PARTITION_ID_MAX,
  type PartitionState,
  readTopic,
  readTopics,
  type TopicState,
} from "./event_log_embedded_tables.ts";
import { type EmbeddedLogStats, LogWriter } from "./event_log_embedded_writer.ts";
import { loopTurn, Notifier } from "./notifier.ts";
import { FREE_SPACE_OR_ELSEWHERE, SqliteFileError, storeFailure, transaction } from "./sqlite.ts";

export type { EmbeddedLogStats } from "./event_log_embedded_writer.ts";

/** How to open an embedded log. */
export interface EmbeddedLogOptions {
  /** The file; made when missing, its folder must exist. */
  readonly path: string;
  /** Gives the records their append time. */
  readonly clock: Clock;
  /** Records below the floor go when older; Infinity = never. */
  readonly retentionMs: number;
  /** At and beyond this size records below the floor go, and where there are none, appends wait; Infinity = no bound. */
  readonly sizeBytesMax: number;
  /**
   * Topics whose appends never wait: those that the engine itself writes, since it would wait for a floor that only its
   * own commit after this append can move.
   */
  readonly neverWaits?: (topic: string) => boolean;
  /** Makes the identity of a new topic's incarnation. */
  readonly newIncarnation?: () => string;
}

/** An event log with its counters. */
export interface EmbeddedLog extends EventLog {
  stats(): EmbeddedLogStats;
}

/**
 * Opens or makes the log. Throws UserError("unavailable") for a file that cannot be used. The file is locked until
 * dispose: one owner.
 */
export function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  // A promise for the port's sake: the work itself is done at once.
  return Promise.resolve().then(() => {
    try {
      const { db, statements } = openLogTables(options.path);
      return new EmbeddedEventLog(db, statements, options);
    } catch (error) {
      if (!(error instanceof SqliteFileError)) throw explain(error, options.path);
      throw new UserError("unavailable", { cause: error.message, fix: fixOf(error, options.path) }, { cause: error });
    }
  });
}

const fixCorrupt = (path: string) => `move ${path} and ${path}-wal elsewhere to start anew, or put a copy back`;
const explain = (error: unknown, path: string) => storeFailure(error, path, fixCorrupt(path));

function fixOf({ fault }: SqliteFileError, path: string): string {
  if (fault === "corrupt") return fixCorrupt(path);
  if (fault === "foreign") return `use another --data-dir, or move ${path} elsewhere`;
  if (fault === "version") return `use the program version that made it, or another --data-dir`;
  if (fault === "full") return FREE_SPACE_OR_ELSEWHERE;
  if (fault === "locked") return "stop the other process that uses the file, or use another --data-dir";
  return "make sure that the folder exists and is writable, or use another --data-dir";
}

class EmbeddedEventLog implements EmbeddedLog {
  readonly #db: DatabaseSync;
  readonly #statements: LogStatements;
  readonly #options: EmbeddedLogOptions;
  readonly #topics: Map<string, TopicState>;
  readonly #writer: LogWriter;
  readonly #appended = new Notifier();
  #closed = false;
  readonly #groups = new Set<string>();

  constructor(db: DatabaseSync, statements: LogStatements, options: EmbeddedLogOptions) {
    this.#db = db;
    this.#statements = statements;
    this.#options = options;
    this.#topics = readTopics(statements);
    this.#writer = new LogWriter({
      db,
      statements,
      clock: options.clock,
      limits: options,
      topics: this.#topics,
      appended: this.#appended,
      neverWaits: options.neverWaits ?? (() => false),
      topic: (name) => this.#topic(name),
    });
  }

  stats(): EmbeddedLogStats {
    return this.#writer.stats();
  }

  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    const missing = new Map<string, number>();
    for (const { topic, partitions } of specs) {
      if (!Number.isInteger(partitions) || partitions < 1) {
        throw new RangeError(`Cannot make topic ${topic}: partitions is ${partitions}`);
      }
      if (!this.#topics.has(topic) && !missing.has(topic)) missing.set(topic, partitions);
    }
    if (missing.size === 0) return;
    const made = this.#guarded(() => transaction(this.#db, () => [...missing].map((spec) => this.#makeTopic(...spec))));
    for (const topic of made) this.#topics.set(topic.topic, topic);
  }

  #makeTopic(topic: string, partitions: number): TopicState {
    const incarnation = (this.#options.newIncarnation ?? (() => crypto.randomUUID()))();
    const id = Number(this.#statements.insertTopic.run(topic, incarnation).lastInsertRowid);
    for (let partition = 0; partition < partitions; partition++) this.#statements.insertPartition.run(id, partition);
    const made = readTopic(this.#statements, id, topic, incarnation);
    if (made.partitions.some((partition) => partition.id > PARTITION_ID_MAX)) {
      throw new RangeError(`Cannot make topic ${topic}: an embedded log has at most ${PARTITION_ID_MAX} partitions`);
    }
    return made;
  }

  topics(): Promise<TopicSpec[]> {
    return Promise.resolve(
      [...this.#topics.values()].map(({ topic, partitions }) => ({ topic, partitions: partitions.length })),
    );
  }

  async append(batch: AppendBatch): Promise<void> {
    if (this.#closed) throw new Error("Cannot append: the log is closed");
    // Nothing is awaited before the write: appends are written in the order of their calls.
    try {
      await this.#writer.append(batch);
    } catch (error) {
      throw explain(error, this.#options.path);
    }
    await loopTurn();
  }

  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async loadPosition(id: string): Promise<unknown> {
    const row = this.#guarded(() => this.#statements.loadPosition.get(id)) as { state: string } | undefined;
    return row === undefined ? null : JSON.parse(row.state);
  }

  async *consume(options: ConsumeOptions): AsyncGenerator<RecordBatch> {
    const { group } = options;
    if (this.#groups.has(group)) {
      throw new Error(`Cannot consume as group ${group}: it has a reader, and an embedded log has one per group`);
    }
    this.#groups.add(group);
    try {
      const log: ConsumedLog = {
        statements: this.#statements,
        appended: this.#appended,
        isClosed: () => this.#closed,
        topic: (name) => this.#topic(name),
        explain: (error) => explain(error, this.#options.path),
      };
      yield* consumeEmbedded(log, options);
    } finally {
      this.#groups.delete(group);
    }
  }

  endOffsets(topic: string): Promise<number[]> {
    return this.#ofPartitions(topic, (partition) => partition.nextOffset);
  }

  startOffsets(topic: string): Promise<number[]> {
    return this.#ofPartitions(topic, (partition) => partition.startOffset);
  }

  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async #ofPartitions(topic: string, offset: (partition: PartitionState) => number): Promise<number[]> {
    if (this.#closed) throw new Error(`Cannot read offsets of ${topic}: the log is closed`);
    return this.#topic(topic).partitions.map(offset);
  }

  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async incarnation({ topic }: TopicPartition): Promise<string> {
    return this.#topic(topic).incarnation;
  }

  /** Does nothing: no tool can read the file beside its owner, and lag comes from the progress rows. */
  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async commitOffset(_group: string, position: TopicPartition & { readonly nextOffset: number }): Promise<void> {
    this.#partition(position);
  }

  // deno-lint-ignore require-await -- async, so that what it throws is a rejection
  async setRetentionFloor(position: TopicPartition & { readonly offset: number }): Promise<void> {
    this.#partition(position).floor = position.offset;
    this.#writer.writeWaiting();
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#closed = true;
    this.#writer.close();
    this.#appended.notify();
    this.#db.close();
    return Promise.resolve();
  }

  #topic(name: string): TopicState {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Error(`Cannot use topic ${name}: it was never ensured`);
    return topic;
  }

  #partition({ topic, partition }: TopicPartition): PartitionState {
    const state = this.#topic(topic).partitions[partition];
    if (state === undefined) throw new RangeError(`Cannot use partition ${partition} of ${topic}: there is none`);
    return state;
  }

  #guarded<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      throw explain(error, this.#options.path);
    }
  }
}
