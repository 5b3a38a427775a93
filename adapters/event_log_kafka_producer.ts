/**
 * Appending to Kafka: one idempotent producer, one send in flight, so that records keep the order of their appends
 * whatever is sent again. Appends that wait are put together into one send.
 *
 * While a broker is away the same send is tried again, with the same sequence numbers, for `deliveryTimeoutMs`; after
 * that the appends in it reject, and it is not known whether they were written.
 * @module
 */
import type { Kafka, Message, Producer } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { KafkaConfig } from "../core/config/kafka.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { NewRecord } from "../core/ports.ts";
import { causeOf } from "./event_log_kafka_client.ts";
import { codecTypes } from "./event_log_kafka_codecs.ts";
import { headersOf } from "./event_log_kafka_headers.ts";

/** A record to send, by its full topic name and partition. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition: number;
  readonly record: NewRecord | { readonly key: string; readonly value: string };
}

/** What the producer went through. */
export interface ProducerStats {
  readonly sends: number;
  readonly sentRecords: number;
  /** Sends that were tried again. */
  readonly retries: number;
  /** Times that the broker no longer knew the producer, so that a new one began. */
  readonly renewals: number;
  /** Appends that had to wait for room in the queue. */
  readonly waits: number;
}

/** How to make a producer. */
export interface ProducerOptions {
  readonly kafka: Kafka;
  readonly config: Pick<KafkaConfig, "compression" | "lingerMs" | "batchBytesMax" | "deliveryTimeoutMs">;
  readonly clock: Clock;
  readonly onNote: (note: string) => void;
}

/** Bytes that wait to be sent before appends have to wait. */
const QUEUE_BYTES_MAX = 32 << 20;
/** What a record takes beside key, value and headers, at most. */
const RECORD_OVERHEAD_BYTES = 64;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

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
/** Answers after which only a new producer can go on; one that knows a topic that is gone cannot look at any other. */
const outOfStep = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
  "PRODUCER_FENCED",
]);

interface Waiting {
  readonly records: readonly OutgoingRecord[];
  readonly sizes: readonly number[];
  readonly bytes: number;
  sent: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** The producer of one log. */
export class KafkaProducer implements AsyncDisposable {
  readonly #options: ProducerOptions;
  #producer: Producer | null = null;
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #room = Promise.withResolvers<void>();
  #running: Promise<void> | null = null;
  readonly #closing = new AbortController();
  readonly #stats = { sends: 0, sentRecords: 0, retries: 0, renewals: 0, waits: 0 };

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  stats(): ProducerStats {
    return { ...this.#stats };
  }

  /** Resolves when all records are durable. Waits while the queue is full. */
  async send(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    const sizes = records.map(sizeOf);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    while (this.#queuedBytes > 0 && this.#queuedBytes + bytes > QUEUE_BYTES_MAX && !this.#closing.signal.aborted) {
      this.#stats.waits++;
      await this.#room.promise;
    }
    if (this.#closing.signal.aborted) throw new Error("Cannot append: the log is closed");
    const done = new Promise<void>((resolve, reject) => {
      this.#queue.push({ records, sizes, bytes, sent: 0, resolve, reject });
    });
    this.#queuedBytes += bytes;
    this.#running ??= this.#run().finally(() => this.#running = null);
    await done;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#makeRoom();
    await this.#running;
    await this.#producer?.disconnect();
    this.#producer = null;
  }

  async #run(): Promise<void> {
    const { lingerMs } = this.#options.config;
    while (this.#queue.length > 0) {
      if (this.#queuedBytes < this.#options.config.batchBytesMax) {
        await this.#options.clock.sleep(lingerMs, this.#closing.signal);
      }
      const { batch, members, finished } = this.#takeBatch();
      try {
        await this.#deliver(batch);
        this.#stats.sends++;
        this.#stats.sentRecords += batch.length;
        for (const waiting of finished) waiting.resolve();
      } catch (error) {
        for (const waiting of members) waiting.reject(error);
        // What is left of an append that failed must not be sent after it.
        this.#queue = this.#queue.filter((waiting) => !members.includes(waiting));
        for (const waiting of members) {
          if (!finished.includes(waiting)) this.#queuedBytes -= waiting.bytes;
        }
      }
      for (const waiting of finished) this.#queuedBytes -= waiting.bytes;
      this.#makeRoom();
    }
  }

  #makeRoom(): void {
    const { resolve } = this.#room;
    this.#room = Promise.withResolvers();
    resolve();
  }

  /**
   * The next records in order, up to the batch size in any one partition. A record that is larger by itself goes alone,
   * so that its refusal concerns nobody else.
   */
  #takeBatch(): { batch: OutgoingRecord[]; members: Waiting[]; finished: Waiting[] } {
    const { batchBytesMax } = this.#options.config;
    const bytesOf = new Map<string, number>();
    const [batch, members, finished]: [OutgoingRecord[], Waiting[], Waiting[]] = [[], [], []];
    for (let waiting = this.#queue[0]; waiting !== undefined; waiting = this.#queue[0]) {
      const begunAt = batch.length;
      members.push(waiting);
      for (; waiting.sent < waiting.records.length; waiting.sent++) {
        const record = waiting.records[waiting.sent]!;
        const size = waiting.sizes[waiting.sent]!;
        const place = `${record.topic}/${record.partition}`;
        const bytes = (bytesOf.get(place) ?? 0) + size;
        if (bytes > batchBytesMax && batch.length > 0) {
          // The batch may be full before anything of this one is in it.
          if (batch.length === begunAt) members.pop();
          return { batch, members, finished };
        }
        bytesOf.set(place, bytes);
        batch.push(record);
        if (size > batchBytesMax) bytesOf.set(place, Infinity);
      }
      finished.push(waiting);
      this.#queue.shift();
    }
    return { batch, members, finished };
  }

  async #deliver(batch: readonly OutgoingRecord[]): Promise<void> {
    const { clock, config, onNote } = this.#options;
    const topicMessages = messagesOf(batch);
    const startMs = clock.nowMs();
    for (let attempt = 0;; attempt++) {
      try {
        const producer = await this.#connected();
        await producer.sendBatch({ topicMessages, acks: -1, compression: codecTypes[config.compression] });
        if (attempt > 0) onNote(`Kafka answers again: appends go on after ${attempt + 1} tries`);
        return;
      } catch (error) {
        const cause = causeOf(error);
        // The broker has these records: the answer to the send before was lost.
        if (cause.type === "DUPLICATE_SEQUENCE_NUMBER") return;
        if (isHopeless(cause)) throw refusal(cause, batch);
        if (outOfStep.has(cause.type ?? "")) await this.#renew();
        const awayMs = clock.nowMs() - startMs;
        if (this.#closing.signal.aborted) throw new Error(`Cannot append: the log was closed: ${cause.message}`);
        if (awayMs >= config.deliveryTimeoutMs) throw givenUp(cause, config.deliveryTimeoutMs);
        if (attempt === 0) onNote(`Kafka does not take appends (${cause.message}); they are tried again`);
        this.#stats.retries++;
        await clock.sleep(Math.min(RETRY_MS_MIN * 2 ** attempt, RETRY_MS_MAX), this.#closing.signal);
      }
    }
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== null) return this.#producer;
    const producer = this.#options.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      // Every record names its partition.
      createPartitioner: () => ({ message }) => message.partition ?? 0,
      retry: { initialRetryTime: RETRY_MS_MIN, maxRetryTime: RETRY_MS_MAX, retries: 5 },
    });
    try {
      await producer.connect();
    } catch (error) {
      await producer.disconnect().catch(() => {});
      throw error;
    }
    return this.#producer = producer;
  }

  async #renew(): Promise<void> {
    this.#stats.renewals++;
    const producer = this.#producer;
    this.#producer = null;
    await producer?.disconnect().catch(() => {});
  }
}

function sizeOf({ record }: OutgoingRecord): number {
  const { key, value } = record;
  const instance = "instance" in record ? (record.instance?.length ?? 0) + (record.runId?.length ?? 0) : 0;
  // Exact only where it matters: a text of n units has at most 3n bytes of UTF-8.
  const bytes = (text: string) => text.length < 4_096 ? text.length : encoder.encode(text).length;
  return RECORD_OVERHEAD_BYTES + bytes(value) + (key === null ? 0 : bytes(key)) + instance;
}

const encoder = new TextEncoder();

function messagesOf(batch: readonly OutgoingRecord[]): { topic: string; messages: Message[] }[] {
  const byTopic = new Map<string, Message[]>();
  for (const { topic, partition, record } of batch) {
    let messages = byTopic.get(topic);
    if (messages === undefined) byTopic.set(topic, messages = []);
    const headers = "instance" in record ? headersOf(record) : undefined;
    messages.push({ key: record.key, value: record.value, partition, ...(headers ? { headers } : {}) });
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}

const isHopeless = ({ type, name }: { type?: string; name: string }): boolean =>
  hopeless.has(type ?? "") || name === "KafkaJSSASLAuthenticationError";

function refusal(cause: Error & { type?: string }, batch: readonly OutgoingRecord[]): UserError {
  const topics = [...new Set(batch.map(({ topic }) => topic))].join(", ");
  const sizeBytes = Math.max(...batch.map(sizeOf));
  const tooLarge = cause.type === "MESSAGE_TOO_LARGE" || cause.type === "RECORD_LIST_TOO_LARGE";
  return new UserError("unavailable", {
    cause: tooLarge
      ? `Cannot append to ${topics}: a record of ${sizeBytes} bytes is more than the topic takes`
      : `Cannot append to ${topics}: the broker refuses: ${messageOf(cause)}`,
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
