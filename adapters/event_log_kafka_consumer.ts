/**
 * Reading topics as a member of a group, batch by batch as the reader asks for them. Partitions are taken over and given
 * up only while the reader waits for its next batch, never while it has one in hand.
 *
 * ```
 * GroupMember ── session: which partitions are mine ──▶ onRevoke, onAssign ──▶ Fetcher.assign(offsets)
 * Fetcher ── what came ──▶ RecordPortions ── up to 5,000 records ──▶ reader
 * ```
 * @module
 */
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { ConsumeOptions, LogRecord, RecordBatch, TopicPartition } from "../core/ports.ts";
import { type PartitionOffsets, UnknownTopicError } from "./event_log_kafka_admin.ts";
import { Fetcher, type FetcherStats, unreadable } from "./event_log_kafka_fetcher.ts";
import type { Fetched, FetchPlace } from "./event_log_kafka_fetch.ts";
import { NameMemo } from "./event_log_kafka_headers.ts";
import { GroupMember, type MemberStats, type Session } from "./event_log_kafka_member.ts";
import { offsetAfter, RecordPortions } from "./event_log_kafka_records.ts";
import { loopTurn, Notifier } from "./notifier.ts";

/** What a consumer needs of its log. */
export interface ConsumedKafka {
  readonly kafka: Kafka;
  readonly clock: Clock;
  readonly sessionTimeoutMs: number;
  readonly memberStats: MemberStats;
  readonly fetcherStats: FetcherStats;
  readonly onNote: (note: string) => void;
  /** The topic's name on the broker. */
  fullName(topic: string): string;
  /** Offsets by the topic's short name; goes on trying while Kafka is away. */
  offsets(topic: string): Promise<PartitionOffsets>;
  /** Tells the log who commits offsets of the group; null when nobody does any more. */
  memberIs(member: GroupMember | null): void;
  /** Aborted when the log is closed. */
  readonly closing: AbortSignal;
}

/** Records and bytes of one batch of the port. */
const BATCH_RECORDS_MAX = 5_000;
const BATCH_BYTES_MAX = 4 << 20;
/** Time between looks for a topic that was deleted. */
const ABSENCE_LOOK_MS = 500;

/** Batches until `options.signal` aborts. */
export async function* consumeKafka(log: ConsumedKafka, options: ConsumeOptions): AsyncGenerator<RecordBatch> {
  const signal = AbortSignal.any([options.signal, log.closing]);
  if (signal.aborted) return;
  const reader = new GroupReader(log, options);
  try {
    while (!signal.aborted) {
      if (!reader.isCurrent) {
        await reader.follow(signal);
        continue;
      }
      const batch = reader.next();
      if (batch === null) {
        await reader.changed.wait(signal);
        continue;
      }
      yield batch;
      // Heartbeats and answers are heard between batches, however fast the reader is.
      await loopTurn();
    }
  } finally {
    await reader[Symbol.asyncDispose]();
  }
}

class GroupReader implements AsyncDisposable {
  readonly changed = new Notifier();
  readonly #log: ConsumedKafka;
  readonly #options: ConsumeOptions;
  readonly #member: GroupMember;
  readonly #fetcher: Fetcher;
  readonly #memo = new NameMemo();
  /** Short names by full ones. */
  readonly #names: ReadonlyMap<string, string>;
  #session: Session = { number: 0, partitions: [] };
  /** Assigned and not yet revoked, by short names. */
  #held: TopicPartition[] = [];
  #open: { readonly fetched: Fetched; readonly portions: RecordPortions } | null = null;

  constructor(log: ConsumedKafka, options: ConsumeOptions) {
    this.#log = log;
    this.#options = options;
    this.#names = new Map(options.topics.map((topic) => [log.fullName(topic), topic]));
    const { kafka, clock, onNote, sessionTimeoutMs } = log;
    const onChange = () => this.changed.notify();
    const { group } = options;
    this.#member = new GroupMember(
      { kafka, group, topics: [...this.#names.keys()], sessionTimeoutMs, clock, onNote, onChange },
      log.memberStats,
    );
    const onLost = (cause: string) => {
      onNote(`${[...this.#names.values()].join(", ")}: read from anew: ${cause}`);
      this.#member.renew();
    };
    this.#fetcher = new Fetcher({ kafka, clock, onNote, onReady: onChange, onLost }, log.fetcherStats);
    log.memberIs(this.#member);
  }

  /** Whether the partitions in hand are those of the group's last word. */
  get isCurrent(): boolean {
    return this.#session.number === this.#member.session.number;
  }

  /** Gives up what was held and takes over what the group says. Rejects as the callbacks do. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#fetcher.assign([]);
    this.#open = null;
    await this.#revoke();
    // What has changed meanwhile is taken over at once.
    const session = this.#member.session;
    const places: FetchPlace[] = [];
    const isValid = () => session.number === this.#member.session.number && !signal.aborted;
    for (const { topic: fullName, partition } of session.partitions) {
      if (!isValid()) break;
      const at = { topic: this.#names.get(fullName)!, partition };
      if (!(await this.#isThere(at.topic, isValid))) break;
      this.#held.push(at);
      const offset = await this.#startOf(at, await this.#options.onAssign(at));
      places.push({ topic: fullName, partition, offset });
    }
    this.#session = session;
    if (isValid()) this.#fetcher.assign(places);
  }

  /** The next batch, if one is there. */
  next(): RecordBatch | null {
    if (this.#fetcher.failure !== null) throw this.#fetcher.failure;
    // After a long halt others may have taken over: nothing is handed out until the group has answered.
    if (!this.#member.trusted) return null;
    if (this.#open === null) {
      const fetched = this.#fetcher.take();
      if (fetched === null) return null;
      this.#open = { fetched, portions: new RecordPortions(fetched.raw, fetched.offset, this.#memo) };
    }
    const { fetched, portions } = this.#open;
    const { partition, raw } = fetched;
    const records = this.#take(portions, fetched);
    const at = { topic: this.#names.get(fetched.topic)!, partition, records, endOffset: raw.highWatermark };
    if (!portions.done) return records.length > 0 ? at : null;
    this.#open = null;
    this.#fetcher.read();
    const nextOffset = offsetAfter(raw, fetched.offset);
    const last = records.at(-1);
    return last !== undefined && last.offset + 1 === nextOffset ? at : { ...at, nextOffset };
  }

  #take(portions: RecordPortions, { topic, partition, offset }: Fetched): LogRecord[] {
    try {
      return portions.take(BATCH_RECORDS_MAX, BATCH_BYTES_MAX);
    } catch (error) {
      throw unreadable(error, [{ topic, partition, offset }]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Nothing is handed out any more: the holder may commit what it has before others take over.
    try {
      await this.#revoke();
    } finally {
      this.#log.memberIs(null);
      await Promise.all([this.#member[Symbol.asyncDispose](), this.#fetcher[Symbol.asyncDispose]()]);
    }
  }

  async #revoke(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const at of held) await this.#options.onRevoke(at);
  }

  /** Waits for a topic that was deleted while it was read; false when it need not be waited for any longer. */
  async #isThere(topic: string, isValid: () => boolean): Promise<boolean> {
    for (let look = 0; isValid(); look++) {
      try {
        await this.#log.offsets(topic);
        return true;
      } catch (error) {
        if (!(error instanceof UnknownTopicError)) throw error;
        if (look === 0) this.#log.onNote(`topic ${topic} was deleted; it is read on when it is made again`);
        await this.#log.clock.sleep(ABSENCE_LOOK_MS, this.#options.signal);
      }
    }
    return false;
  }

  /** The offset to read from: not before what the log still holds, and never beyond its end. */
  async #startOf(at: TopicPartition, offset: number): Promise<number> {
    const { starts, ends } = await this.#log.offsets(at.topic);
    const [start = 0, end = 0] = [starts[at.partition], ends[at.partition]];
    if (!Number.isSafeInteger(offset) || offset > end) {
      // Records appended up to there would be passed over in silence.
      throw new RangeError(`Cannot start ${at.topic}/${at.partition} at offset ${offset}: its end is ${end}`);
    }
    return Math.max(offset, start);
  }
}
