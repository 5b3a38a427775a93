/**
 * The event log in memory.
 * @module
 */
import { loopTurn, Notifier } from "../../adapters/notifier.ts";
import type { Clock } from "../../core/clock.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type {
  AppendBatch,
  ConsumeOptions,
  EventLog,
  LogRecord,
  RecordBatch,
  TopicPartition,
  TopicSpec,
} from "../../core/ports.ts";

interface MemoryTopic {
  readonly incarnation: string;
  readonly partitions: LogRecord[][];
}

/** EventLog in memory; nothing is deleted by itself. */
export class MemoryLog implements EventLog {
  /** How many records the next batch holds at most; which partition comes next. */
  batchRecordsMax: () => number = () => 1_000;
  /** Whether a second reader of a group is refused, as on the embedded log; else it reads all partitions as well. */
  refusesSecondMember = false;
  /** Last retention floor by `topic/partition`. */
  readonly floors = new Map<string, number>();
  /** Whether asking for offsets fails, as on a log that cannot be reached. */
  away = false;
  readonly #clock: Clock;
  readonly #turn: () => Promise<void>;
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #starts = new Map<string, number>();
  readonly #positions = new Map<string, string>();
  readonly #appended = new Notifier();
  readonly #groups = new Set<string>();
  #incarnations = 0;

  constructor(clock: Clock, turn: () => Promise<void> = loopTurn) {
    this.#clock = clock;
    this.#turn = turn;
  }

  ensureTopics(specs: readonly TopicSpec[]): Promise<void> {
    for (const { topic, partitions } of specs) {
      if (this.#topics.has(topic)) continue;
      const incarnation = `incarnation ${++this.#incarnations}`;
      this.#topics.set(topic, { incarnation, partitions: Array.from({ length: partitions }, () => []) });
    }
    return Promise.resolve();
  }

  /** Deletes a topic with all of its records. */
  deleteTopic(topic: string): void {
    this.#topics.delete(topic);
    for (const place of this.#starts.keys()) if (place.startsWith(`${topic}/`)) this.#starts.delete(place);
  }

  /** Adds partitions to a topic. */
  addPartitions(topic: string, count: number): void {
    this.#topic(topic).partitions.push(...Array.from({ length: count }, () => []));
  }

  /** Deletes the records below an offset, as a log's own retention does. */
  deleteBelow({ topic, partition, offset }: TopicPartition & { readonly offset: number }): void {
    this.#starts.set(`${topic}/${partition}`, offset);
  }

  /** Lowest offset that is still there, and which topic of that name it is: for readers of another kind. */
  placeOf(at: TopicPartition): { readonly start: number; readonly incarnation: string } {
    return { start: this.#startOf(at), incarnation: this.#topic(at.topic).incarnation };
  }

  topics(): Promise<TopicSpec[]> {
    return Promise.resolve(
      [...this.#topics].map(([topic, { partitions }]) => ({ topic, partitions: partitions.length })),
    );
  }

  async append({ writes, positions = [] }: AppendBatch): Promise<void> {
    const targets = writes.map(({ topic, records }) => ({ partitions: this.#topic(topic).partitions, records }));
    for (const { partitions, records } of targets) {
      for (const record of records) {
        const partition = partitions[partitionOf(record.key, partitions.length)]!;
        partition.push({ ...record, offset: partition.length, appendTimeMs: this.#clock.nowMs() });
      }
    }
    for (const { id, state } of positions) this.#positions.set(id, JSON.stringify(state));
    this.#appended.notify();
    await this.#turn();
  }

  loadPosition(id: string): Promise<unknown> {
    return Promise.resolve(JSON.parse(this.#positions.get(id) ?? "null"));
  }

  async *consume(options: ConsumeOptions): AsyncGenerator<RecordBatch> {
    const { group } = options;
    if (this.refusesSecondMember && this.#groups.has(group)) throw new Error(`Cannot consume: ${group} has a reader`);
    this.#groups.add(group);
    try {
      yield* this.#read(options);
    } finally {
      this.#groups.delete(group);
    }
  }

  async *#read({ topics, onAssign, signal }: ConsumeOptions): AsyncGenerator<RecordBatch> {
    const cursors: { at: TopicPartition; records: readonly LogRecord[]; offset: number }[] = [];
    for (const topic of topics) {
      for (const [partition, records] of this.#topic(topic).partitions.entries()) {
        const at = { topic, partition };
        cursors.push({ at, records, offset: Math.max(await onAssign(at), this.#startOf(at)) });
      }
    }
    for (let turn = 0; !signal.aborted; turn++) {
      await this.#turn();
      const readable = cursors.filter(({ records, offset }) => offset < records.length);
      const cursor = readable[turn % Math.max(1, readable.length)];
      if (cursor === undefined) {
        await this.#appended.wait(signal);
        continue;
      }
      const records = cursor.records.slice(cursor.offset, cursor.offset + this.batchRecordsMax());
      cursor.offset += records.length;
      yield { ...cursor.at, records, endOffset: cursor.records.length };
    }
  }

  async endOffsets(topic: string): Promise<number[]> {
    await this.#turn();
    if (this.away) throw new Error("the log cannot be reached");
    return this.#topic(topic).partitions.map((records) => records.length);
  }

  async startOffsets(topic: string): Promise<number[]> {
    return (await this.endOffsets(topic)).map((_, partition) => this.#startOf({ topic, partition }));
  }

  incarnation({ topic }: TopicPartition): Promise<string> {
    return Promise.resolve().then(() => this.#topic(topic).incarnation);
  }

  commitOffset(): Promise<void> {
    return Promise.resolve();
  }

  setRetentionFloor({ topic, partition, offset }: TopicPartition & { readonly offset: number }): Promise<void> {
    this.floors.set(`${topic}/${partition}`, offset);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** Everything in a topic by partition, for tests. */
  recordsOf(topic: string): readonly (readonly LogRecord[])[] {
    return this.#topic(topic).partitions;
  }

  /** The values of a topic's records, for tests. */
  valuesOf<T>(topic: string): T[] {
    return this.recordsOf(topic).flat().map(({ value }) => JSON.parse(value) as T);
  }

  #startOf({ topic, partition }: TopicPartition): number {
    return this.#starts.get(`${topic}/${partition}`) ?? 0;
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw new Error(`Cannot use topic ${name}: it was never ensured`);
    return topic;
  }
}
