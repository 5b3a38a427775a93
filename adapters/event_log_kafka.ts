/**
 * The event log on Kafka or Redpanda: what several processes share. docs/kafka.md says what it promises.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { KafkaConfig } from "../core/config/kafka.ts";
import { memoPartitioner } from "../core/partitioner.ts";
import type {
  AppendBatch,
  ConsumeOptions,
  EventLog,
  KnownPlace,
  RecordBatch,
  TopicPartition,
  TopicSpec,
  TopicWrite,
} from "../core/ports.ts";
import type { Troubled } from "../core/status.ts";
import { KafkaAdmin } from "./event_log_kafka_admin.ts";
import { causeOf, kafkaClient } from "./event_log_kafka_client.ts";
import { consumeKafka } from "./event_log_kafka_consumer.ts";
import type { FetcherStats } from "./event_log_kafka_fetcher.ts";
import { commitAsNobody } from "./event_log_kafka_group.ts";
import { incarnationOf } from "./event_log_kafka_incarnation.ts";
import type { GroupMember, MemberStats } from "./event_log_kafka_member.ts";
import { isBrokerAway, untilReached } from "./event_log_kafka_reach.ts";
import { KafkaPositions } from "./event_log_kafka_positions.ts";
import { KafkaProducer, type OutgoingWrite, type ProducerStats } from "./event_log_kafka_producer.ts";

/** How to open the log on Kafka. */
export interface KafkaLogOptions {
  readonly config: KafkaConfig;
  /** First part of every topic's name. */
  readonly topicPrefix: string;
  /** Retention of newly made topics. */
  readonly retentionMs: number;
  readonly clock: Clock;
  /** What people should know: a broker that is away, topics that differ from what they should be. */
  readonly onNote: (note: string) => void;
  /** How the broker's own logs name this process. Default `tidemark`. */
  readonly clientId?: string;
  /** How long a broker that is away is waited for at the start. Default 0. */
  readonly awayMsMax?: number;
}

/** What the log went through since it was opened. */
export interface KafkaLogStats {
  readonly producer: ProducerStats;
  readonly members: Readonly<MemberStats>;
  readonly fetchers: Readonly<FetcherStats>;
}

/** An event log with its counters. */
export interface KafkaLog extends EventLog, Troubled {
  stats(): KafkaLogStats;
}

/** Opens the log; throws UserError("unavailable") where Kafka cannot be reached. */
export async function openKafkaLog(options: KafkaLogOptions): Promise<KafkaLog> {
  const { config, topicPrefix: prefix, retentionMs, clock, onNote } = options;
  const kafka = await kafkaClient(config, options.clientId ?? "tidemark");
  const admin = new KafkaAdmin(kafka, { prefix, retentionMs, clock, config, onNote });
  try {
    await untilReached(() => admin.topics(), { config, clock, onNote, awayMsMax: options.awayMsMax ?? 0 });
  } catch (error) {
    await admin[Symbol.asyncDispose]();
    throw error;
  }
  return new KafkaEventLog(kafka, admin, options);
}

/** Time between tries of what must not fail for a broker that is away for a while. */
const PATIENCE_MS = 1_000;

class KafkaEventLog implements KafkaLog {
  readonly #kafka: Kafka;
  readonly #admin: KafkaAdmin;
  readonly #options: KafkaLogOptions;
  readonly #producer: KafkaProducer;
  readonly #positions: KafkaPositions;
  readonly #closing = new AbortController();
  /** Where a key goes, by topic, for the number of partitions that was found first. */
  readonly #partitioners = new Map<string, (key: string) => number>();
  readonly #members = new Map<string, GroupMember>();
  /** Readers that are ending. */
  readonly #reading = new Set<AsyncGenerator<RecordBatch>>();
  readonly #memberStats: MemberStats = { joins: 0, restarts: 0, offsetCommitFailures: 0 };
  readonly #fetcherStats: FetcherStats = { fetches: 0, retries: 0, lostPlaces: 0 };

  constructor(kafka: Kafka, admin: KafkaAdmin, options: KafkaLogOptions) {
    this.#kafka = kafka;
    this.#admin = admin;
    this.#options = options;
    const { config, clock, onNote } = options;
    this.#producer = new KafkaProducer({ kafka, config, clock, onNote });
    this.#positions = new KafkaPositions({ kafka, admin, producer: this.#producer });
  }

  stats(): KafkaLogStats {
    return {
      producer: this.#producer.stats(),
      members: { ...this.#memberStats },
      fetchers: { ...this.#fetcherStats },
    };
  }

  troubles(): Readonly<Record<string, number>> {
    const { producer, members, fetchers } = this.stats();
    return {
      append_retries: producer.retries,
      producer_renewals: producer.renewals,
      fetch_retries: fetchers.retries,
      lost_places: fetchers.lostPlaces,
      group_restarts: members.restarts,
      offset_commit_failures: members.offsetCommitFailures,
    };
  }

  ensureTopics(topics: readonly TopicSpec[]): Promise<void> {
    return this.#patiently(() => this.#admin.ensure(topics));
  }

  topics(): Promise<TopicSpec[]> {
    return this.#patiently(() => this.#admin.topics());
  }

  async append({ writes, positions = [] }: AppendBatch): Promise<void> {
    if (this.#closing.signal.aborted) throw new Error("Cannot append: the log is closed");
    for (const { topic, records } of writes) {
      if (records.length > 0 && !this.#partitioners.has(topic)) await this.#meet(topic);
    }
    await this.#producer.send(writes.map((write) => this.#outgoing(write)));
    await this.#positions.save(positions);
  }

  loadPosition(id: string): Promise<unknown> {
    return this.#patiently(() => this.#positions.load(id));
  }

  async *consume(options: ConsumeOptions): AsyncGenerator<RecordBatch> {
    if (options.signal.aborted || this.#closing.signal.aborted) return;
    // A topic that is not there would keep the group from ever forming.
    for (const topic of options.topics) await this.#patiently(() => this.#admin.offsets(topic));
    const { clock, config, onNote } = this.#options;
    const reading = consumeKafka({
      kafka: this.#kafka,
      clock,
      sessionTimeoutMs: config.sessionTimeoutMs,
      memberStats: this.#memberStats,
      fetcherStats: this.#fetcherStats,
      onNote,
      fullName: (topic) => this.#admin.fullName(topic),
      offsets: (topic) => this.#patiently(() => this.#admin.offsets(topic)),
      memberIs: (member) => {
        if (member === null) this.#members.delete(options.group);
        else this.#members.set(options.group, member);
      },
      closing: this.#closing.signal,
    }, options);
    this.#reading.add(reading);
    try {
      yield* reading;
    } finally {
      this.#reading.delete(reading);
    }
  }

  async endOffsets(topic: string): Promise<number[]> {
    return (await this.#admin.offsets(topic)).ends;
  }

  async startOffsets(topic: string): Promise<number[]> {
    return (await this.#patiently(() => this.#admin.offsets(topic))).starts;
  }

  incarnation(at: TopicPartition, known: KnownPlace | null): Promise<string> {
    const { clock } = this.#options;
    return this.#patiently(() => incarnationOf({ kafka: this.#kafka, admin: this.#admin, clock }, at, known));
  }

  async commitOffset(group: string, position: TopicPartition & { readonly nextOffset: number }): Promise<void> {
    const place = { ...position, topic: this.#admin.fullName(position.topic) };
    const member = this.#members.get(group);
    if (member !== undefined) return member.commitOffset(place);
    try {
      await commitAsNobody(this.#kafka, group, place);
    } catch {
      this.#memberStats.offsetCommitFailures++;
    }
  }

  /** Kafka's retention goes by age alone: nothing can be kept from it, see docs/kafka.md. */
  setRetentionFloor(): Promise<void> {
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.allSettled([...this.#reading].map((reading) => reading.return(undefined)));
    await this.#producer[Symbol.asyncDispose]();
    await this.#admin[Symbol.asyncDispose]();
  }

  /** Finds out how many partitions a topic has. */
  async #meet(topic: string): Promise<void> {
    const count = await this.#patiently(() => this.#admin.partitionCount(topic));
    if (count === null) throw new Error(`Cannot use topic ${topic}: it was never ensured`);
    this.#partitioners.set(topic, memoPartitioner(count));
  }

  #outgoing({ topic, records }: TopicWrite): OutgoingWrite {
    const partitionFor = this.#partitioners.get(topic);
    return {
      topic: this.#admin.fullName(topic),
      records,
      partitionOf: (key) => key === null ? 0 : partitionFor!(key),
    };
  }

  /** Goes on trying while Kafka is away, as long as an append would. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const { clock, config, onNote } = this.#options;
    const startMs = clock.nowMs();
    for (let attempt = 0;; attempt++) {
      try {
        return await work();
      } catch (error) {
        const { message } = causeOf(error);
        const isAway = isBrokerAway(error);
        const waitedMs = clock.nowMs() - startMs;
        if (!isAway || waitedMs >= config.deliveryTimeoutMs || this.#closing.signal.aborted) throw error;
        if (attempt === 1) onNote(`Kafka does not answer (${message}); it is asked again`);
        await clock.sleep(PATIENCE_MS, this.#closing.signal);
      }
    }
  }
}
