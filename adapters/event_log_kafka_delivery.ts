/**
 * Delivering batches to the partitions of one topic as one idempotent producer: each batch carries its partition's count,
 * so that one that is sent again is written once. A failure costs the connection, the next try begins with a new one
 * that knows who leads what now; the producer and its counts outlive it.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { KafkaConfig } from "../core/config/kafka.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { stampBatch } from "./event_log_kafka_batch_writer.ts";
import { causeOf, type Cluster, type KafkaFailure, rawCluster } from "./event_log_kafka_client.ts";
import { leadersOf, newIdentity, type ProducerIdentity, produceTo } from "./event_log_kafka_produce.ts";

/** What a producer went through; counts of all topics of one log. */
export interface ProducerStats {
  sends: number;
  sentRecords: number;
  /** Sends that were tried again. */
  retries: number;
  /** Times that a new producer began: the broker no longer knew the last one, or it was not known what became of a send. */
  renewals: number;
  /** Appends that had to wait for room in the queue of their topic. */
  waits: number;
}

/** How to deliver. */
export interface DeliveryOptions {
  readonly kafka: Kafka;
  readonly config: Pick<KafkaConfig, "compression" | "lingerMs" | "batchBytesMax" | "deliveryTimeoutMs">;
  readonly clock: Clock;
  readonly onNote: (note: string) => void;
  readonly stats: ProducerStats;
  /** Nothing is tried again any more. */
  readonly closing: AbortSignal;
}

/** A batch that is whole but for who sends it. */
export interface SealedBatch {
  readonly partition: number;
  readonly count: number;
  readonly bytes: Buffer;
}

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/** The count after so many records: it begins again at 0 after 2^31 − 1. */
export const sequenceAfter = (sequence: number, count: number): number => (sequence + count) % 2 ** 31;

/** The broker has these records: the answer to the send before was lost. */
const WRITTEN_BEFORE = "DUPLICATE_SEQUENCE_NUMBER";
/** Answers that no repetition changes. */
const hopeless = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
  "CORRUPT_MESSAGE",
  "UNSUPPORTED_COMPRESSION_TYPE",
  "INVALID_TOPIC_EXCEPTION",
  "TOPIC_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
]);
/** Answers after which only a new producer can go on. */
const outOfStep = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
  "PRODUCER_FENCED",
]);

/** The producer of one topic; one call at a time. */
export class TopicDelivery implements AsyncDisposable {
  readonly #topic: string;
  readonly #options: DeliveryOptions;
  #cluster: Cluster | null = null;
  #identity: ProducerIdentity | null = null;
  /** Count of the next record, by partition, of this identity. */
  #sequences = new Map<number, number>();

  constructor(topic: string, options: DeliveryOptions) {
    this.#topic = topic;
    this.#options = options;
  }

  /** Resolves when every batch is durable. Rejects where one is refused, or not taken in time. */
  async deliver(batches: readonly SealedBatch[]): Promise<void> {
    const { clock, config, onNote, stats, closing } = this.#options;
    const startMs = clock.nowMs();
    let left = batches;
    for (let attempt = 0;; attempt++) {
      const failures = await this.#attempt(left);
      if (failures.size === 0) {
        if (attempt > 1) {
          onNote(`Kafka takes records of ${this.#topic} again: appends go on after ${attempt + 1} tries`);
        }
        return;
      }
      await this.#drop();
      left = left.filter(({ partition }) => failures.has(partition));
      const causes = [...failures.values()];
      const refused = left.find(({ partition }) => isHopeless(failures.get(partition)!));
      const cause = refused === undefined ? causes[0]! : failures.get(refused.partition)!;
      const awayMs = clock.nowMs() - startMs;
      const isLast = refused !== undefined || closing.aborted || awayMs >= config.deliveryTimeoutMs;
      // What was given up may have been written: its counts must not be those of other records.
      if (isLast || causes.some(({ type }) => outOfStep.has(type ?? ""))) this.#renew();
      if (refused !== undefined) throw refusal(this.#topic, cause, refused);
      if (closing.aborted) throw new Error(`Cannot append: the log was closed: ${cause.message}`);
      if (isLast) throw givenUp(cause, config.deliveryTimeoutMs);
      // The first failure may be a connection that was idle for long, or a leader that moved.
      if (attempt === 1) {
        onNote(`Kafka does not take appends to ${this.#topic} (${cause.message}); they are tried again`);
      }
      stats.retries++;
      await clock.sleep(Math.min(RETRY_MS_MIN * 2 ** attempt, RETRY_MS_MAX), closing);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop();
  }

  /** What failed, by partition. */
  async #attempt(batches: readonly SealedBatch[]): Promise<Map<number, KafkaFailure>> {
    const topic = this.#topic;
    const failures = new Map<number, KafkaFailure>();
    try {
      const cluster = this.#cluster ?? await this.#connect();
      const leaderOf = leadersOf(cluster, topic);
      const byNode = Map.groupBy(batches, ({ partition }) => leaderOf(partition));
      const identity = this.#identity ??= await newIdentity(cluster, byNode.keys().next().value!);
      for (const { partition, bytes } of batches) {
        stampBatch(bytes, { ...identity, sequence: this.#sequences.get(partition) ?? 0 });
      }
      const outcomes = await Promise.all(
        [...byNode].map(([node, ofNode]) => produceTo(cluster, { node, topic, batches: ofNode })),
      );
      for (const [partition, failure] of outcomes.flatMap((ofNode) => [...ofNode])) {
        if (failure !== null && failure.type !== WRITTEN_BEFORE) failures.set(partition, failure);
      }
    } catch (error) {
      const cause = causeOf(error);
      for (const { partition } of batches) failures.set(partition, cause);
    }
    for (const { partition, count } of batches) {
      if (failures.has(partition)) continue;
      this.#sequences.set(partition, sequenceAfter(this.#sequences.get(partition) ?? 0, count));
    }
    return failures;
  }

  async #connect(): Promise<Cluster> {
    const cluster = rawCluster(this.#options.kafka);
    // Dropped with whatever came up of it where the rest fails.
    this.#cluster = cluster;
    await cluster.connect();
    await cluster.addMultipleTargetTopics([this.#topic]);
    return cluster;
  }

  async #drop(): Promise<void> {
    const cluster = this.#cluster;
    this.#cluster = null;
    await cluster?.disconnect().catch(() => {});
  }

  #renew(): void {
    if (this.#identity !== null) this.#options.stats.renewals++;
    this.#identity = null;
    this.#sequences = new Map();
  }
}

const isHopeless = ({ type, name }: KafkaFailure): boolean =>
  hopeless.has(type ?? "") || name === "KafkaJSSASLAuthenticationError";

function refusal(topic: string, cause: KafkaFailure, { count, bytes }: SealedBatch): UserError {
  const tooLarge = cause.type === "MESSAGE_TOO_LARGE" || cause.type === "RECORD_LIST_TOO_LARGE";
  const what = count === 1 ? `a record of ${bytes.length} bytes is` : `${count} records of ${bytes.length} bytes are`;
  return new UserError("unavailable", {
    cause: tooLarge
      ? `Cannot append to ${topic}: ${what} more than the topic takes`
      : `Cannot append to ${topic}: the broker refuses: ${messageOf(cause)}`,
    fix: tooLarge
      ? "raise the topic's max.message.bytes, or lower KAFKA_BATCH_SIZE below it"
      : "see to the rights and settings of the topic and of the user, then start again",
  }, { cause });
}

const givenUp = (cause: Error, afterMs: number) =>
  new UserError("unavailable", {
    cause: `Cannot append: Kafka was away for ${Math.round(afterMs / 1_000)} s: ${messageOf(cause)}`,
    fix:
      "start the broker, or see that KAFKA_BOOTSTRAP_SERVERS names it; KAFKA_DELIVERY_TIMEOUT_MS says how long to wait",
  }, { cause });
