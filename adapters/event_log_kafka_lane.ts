/**
 * The appends of one topic: a queue, and one send in flight, so that records keep the order of their appends whatever is
 * sent again. Appends that wait are put together into one send. Topics do not wait for each other.
 * @module
 */
import type { NewRecord } from "../core/ports.ts";
import { BatchWriter } from "./event_log_kafka_batch_writer.ts";
import { type DeliveryOptions, type SealedBatch, TopicDelivery } from "./event_log_kafka_delivery.ts";

/** Records of one append for one topic. */
export interface OutgoingWrite {
  /** By its full name. */
  readonly topic: string;
  readonly records: readonly NewRecord[];
  partitionOf(key: string | null): number;
}

/** Bytes that wait to be sent before appends have to wait. */
const QUEUE_BYTES_MAX = 32 << 20;
/** What a record takes beside its texts, about. */
const RECORD_OVERHEAD_BYTES = 64;
/** Memory that is kept for the next send. */
const KEPT_BYTES_MAX = 16 << 20;

interface Waiting extends OutgoingWrite {
  readonly bytes: number;
  /** When it was appended. */
  readonly timeMs: number;
  sent: number;
  resolve(): void;
  reject(error: unknown): void;
}

/** What is sent at a time. */
interface Send {
  /** Appends that have records in it. */
  readonly members: readonly Waiting[];
  /** Those of them that have none left for another send. */
  readonly finished: readonly Waiting[];
  readonly count: number;
}

/** The queue of one topic. */
export class TopicLane implements AsyncDisposable {
  readonly #options: DeliveryOptions;
  readonly #delivery: TopicDelivery;
  readonly #writers = new Map<number, BatchWriter>();
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  /** Resolves when everything that came before has room. */
  #admission: Promise<void> = Promise.resolve();
  #room = Promise.withResolvers<void>();
  #running: Promise<void> | null = null;

  constructor(topic: string, options: DeliveryOptions) {
    this.#options = options;
    this.#delivery = new TopicDelivery(topic, options);
    options.closing.addEventListener("abort", () => this.#makeRoom(), { once: true });
  }

  /** Resolves when all records are durable. Waits while the queue is full. */
  async send(write: OutgoingWrite): Promise<void> {
    const bytes = write.records.reduce((sum, record) => sum + sizeOf(record), 0);
    await (this.#admission = this.#admission.then(() => this.#admit(bytes)));
    const { clock, closing } = this.#options;
    if (closing.aborted) throw new Error("Cannot append: the log is closed");
    await new Promise<void>((resolve, reject) => {
      const { topic, records, partitionOf } = write;
      const timeMs = Math.floor(clock.nowMs());
      this.#queue.push({ topic, records, partitionOf, bytes, timeMs, sent: 0, resolve, reject });
      this.#running ??= this.#run().finally(() => this.#running = null);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running;
    await this.#delivery[Symbol.asyncDispose]();
  }

  async #admit(bytes: number): Promise<void> {
    const { closing, stats } = this.#options;
    while (this.#queuedBytes > 0 && this.#queuedBytes + bytes > QUEUE_BYTES_MAX && !closing.aborted) {
      stats.waits++;
      await this.#room.promise;
    }
    this.#queuedBytes += bytes;
  }

  #makeRoom(): void {
    const { resolve } = this.#room;
    this.#room = Promise.withResolvers();
    resolve();
  }

  async #run(): Promise<void> {
    const { clock, closing, stats, config: { lingerMs, batchBytesMax } } = this.#options;
    while (this.#queue.length > 0) {
      if (this.#queuedBytes < batchBytesMax) await clock.sleep(lingerMs, closing);
      const { members, finished, count } = this.#take();
      try {
        await this.#delivery.deliver(await this.#sealed());
        stats.sends++;
        stats.sentRecords += count;
        for (const waiting of finished) this.#leave(waiting).resolve();
      } catch (error) {
        // What is left of an append that failed must not be sent after it.
        this.#queue = this.#queue.filter((waiting) => !members.includes(waiting));
        for (const waiting of members) this.#leave(waiting).reject(error);
      }
      this.#clearWriters();
      this.#makeRoom();
    }
  }

  #leave(waiting: Waiting): Waiting {
    this.#queuedBytes -= waiting.bytes;
    return waiting;
  }

  /**
   * Writes the next records in order, up to the batch size in any one partition. A record that is larger by itself goes
   * alone, so that its refusal concerns nobody else.
   */
  #take(): Send {
    const { batchBytesMax } = this.#options.config;
    const [members, finished]: [Waiting[], Waiting[]] = [[], []];
    let count = 0;
    for (let waiting = this.#queue[0]; waiting !== undefined; waiting = this.#queue[0]) {
      const { records, partitionOf, timeMs } = waiting;
      const countBefore = count;
      let isFull = false;
      while (waiting.sent < records.length && !isFull) {
        const record = records[waiting.sent]!;
        const writer = this.#writerOf(partitionOf(record.key));
        writer.add(record, timeMs);
        isFull = writer.bytes > batchBytesMax;
        if (isFull && count > 0) {
          writer.undo();
          break;
        }
        count++;
        waiting.sent++;
      }
      // The send may be full before anything of this append is in it.
      if (count > countBefore) members.push(waiting);
      if (waiting.sent === records.length) {
        finished.push(waiting);
        this.#queue.shift();
      }
      if (isFull) break;
    }
    return { members, finished, count };
  }

  #writerOf(partition: number): BatchWriter {
    let writer = this.#writers.get(partition);
    if (writer === undefined) this.#writers.set(partition, writer = new BatchWriter());
    return writer;
  }

  async #sealed(): Promise<SealedBatch[]> {
    const batches: SealedBatch[] = [];
    for (const [partition, writer] of this.#writers) {
      if (writer.count === 0) continue;
      batches.push({ partition, count: writer.count, bytes: await writer.seal(this.#options.config.compression) });
    }
    return batches;
  }

  #clearWriters(): void {
    let heldBytes = 0;
    for (const [partition, writer] of this.#writers) {
      writer.clear();
      heldBytes += writer.heldBytes;
      if (heldBytes > KEPT_BYTES_MAX) this.#writers.delete(partition);
    }
  }
}

const sizeOf = ({ key, value, instance, runId }: NewRecord): number =>
  RECORD_OVERHEAD_BYTES + value.length + (key?.length ?? 0) + (instance?.length ?? 0) + (runId?.length ?? 0);
