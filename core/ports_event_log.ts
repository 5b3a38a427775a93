/**
 * The port of the event log; the words used here are explained in ports.ts, by which others import it.
 * @module
 */

/** One partition of one topic. `topic` is the name below TOPIC_PREFIX, as in an event contract. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A record to append. */
export interface NewRecord {
  /** Decides the partition (murmur2); null goes to partition 0. */
  readonly key: string | null;
  /** JSON text. */
  readonly value: string;
  /** Name of a repeatable sending order, or null; with `seq` the header `producer: <instance>:<seq>` on Kafka. */
  readonly instance: string | null;
  /** Place in that order, from 0 and rising within an instance. Ignored where instance is null. */
  readonly seq: number;
  /** The run that its outcome is counted for, or null. */
  readonly runId: string | null;
}

/** A record as read. */
export interface LogRecord extends NewRecord {
  readonly offset: number;
  /** Log time: when it was appended, by the log's clock. Never its event time. */
  readonly appendTimeMs: number;
  /**
   * Set where `value` is not what another program wrote: `tombstone` = there is no value, the text is empty;
   * `not_utf8` = its bytes are no text, U+FFFD stands for those that are not.
   */
  readonly fault?: "tombstone" | "not_utf8";
}

/** Records of one topic within an append. */
export interface TopicWrite {
  readonly topic: string;
  readonly records: readonly NewRecord[];
}

/** Where a repeatable source stands; opaque to the log. */
export interface SourcePosition {
  /** Identity of the position: `<fingerprint>:<order>:<pass>` for a file. */
  readonly id: string;
  /** JSON of the source's own making. */
  readonly state: unknown;
}

/** What one `append` writes. */
export interface AppendBatch {
  readonly writes: readonly TopicWrite[];
  /** Saved with the records: embedded in the same transaction, on Kafka after them. */
  readonly positions?: readonly SourcePosition[];
}

/** A topic as it is to be. */
export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
}

/** What is known of a partition that was read before. */
export interface KnownPlace {
  readonly incarnation: string;
  readonly nextOffset: number;
  /** `witnessOf` (core/witness.ts) the last record below nextOffset that was read; null where there was none. */
  readonly witness: string | null;
}

/** Records of one partition, in offset order, without gaps that hold committed records. */
export interface RecordBatch extends TopicPartition {
  readonly records: readonly LogRecord[];
  /** The partition's end as known at this read: equal to the offset after this batch when read to the end. */
  readonly endOffset: number;
  /**
   * The offset after this batch where it is not the last record's + 1: what lies between was never committed, or marks
   * the end of a transaction. `records` may then be empty.
   */
  readonly nextOffset?: number;
}

/** How to read topics as a member of a group. */
export interface ConsumeOptions {
  readonly topics: readonly string[];
  /** Members of the same group share the partitions. */
  readonly group: string;
  /**
   * Called when a partition becomes this member's, before any record of it; answers the offset to start from.
   * An answer below the log's start begins at the log's start.
   */
  onAssign(partition: TopicPartition): Promise<number>;
  /** Called when a partition is taken away; best effort. */
  onRevoke(partition: TopicPartition): Promise<void>;
  /** Ends the iteration after the batch in hand. */
  readonly signal: AbortSignal;
}

/**
 * Append-only partitioned topics.
 *
 * Order: records of one partition keep the order of their appends; one append is in order within each partition.
 * Back pressure: `append` waits while the log is full. Lifecycle: dispose after the last call has settled.
 */
export interface EventLog extends AsyncDisposable {
  /** Makes topics that are missing. A topic that exists keeps its partitions, whatever the spec says. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** The topics with their number of partitions. */
  topics(): Promise<TopicSpec[]>;
  /** Resolves when durable. All or nothing on the embedded log. Rejects for a topic that was never ensured. */
  append(batch: AppendBatch): Promise<void>;
  /** The saved state of a position, or null. */
  loadPosition(id: string): Promise<unknown>;
  /** Batches of the partitions that are this member's, until the signal aborts. The next batch is read when asked for. */
  consume(options: ConsumeOptions): AsyncIterable<RecordBatch>;
  /** For each partition the offset after the last record. Rejects when the log cannot be reached. */
  endOffsets(topic: string): Promise<number[]>;
  /** For each partition the lowest offset still held. */
  startOffsets(topic: string): Promise<number[]>;
  /**
   * Identity of the topic's present incarnation: changes when it was deleted and made again. A log that cannot tell by
   * itself compares with what is known of the partition.
   */
  incarnation(at: TopicPartition, known: KnownPlace | null): Promise<string>;
  /** Tells tools how far a group has read; nothing of ours depends on it. */
  commitOffset(group: string, position: TopicPartition & { readonly nextOffset: number }): Promise<void>;
  /** Retention may delete records below `offset` only; without a call nothing of the partition is deleted. */
  setRetentionFloor(position: TopicPartition & { readonly offset: number }): Promise<void>;
}
