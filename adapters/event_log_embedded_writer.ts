/**
 * Writing the embedded log: packing an append, its one transaction, and what happens when the log is full.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Clock } from "../core/clock.ts";
import type { AppendBatch, SourcePosition } from "../core/ports.ts";
import { BatchPacker, type PackedBatch } from "./event_log_embedded_batch.ts";
import { Retention, type RetentionLimits } from "./event_log_embedded_retention.ts";
import { type LogStatements, type PartitionState, rowIdOf, type TopicState } from "./event_log_embedded_tables.ts";
import type { Notifier } from "./notifier.ts";
import { transaction } from "./sqlite.ts";

/** Counters of an embedded log since it was opened. */
export interface EmbeddedLogStats {
  /** Appends that had to wait because the log was full. */
  readonly appendWaits: number;
  /** Appends that wait now. */
  readonly appendsWaiting: number;
  /** Records deleted by retention. */
  readonly deletedRecords: number;
  /** Size of what is held; the file keeps freed pages for reuse and may be larger. */
  readonly bytes: number;
}

/** What the writer needs of its log. */
export interface WrittenLog {
  readonly db: DatabaseSync;
  readonly statements: LogStatements;
  readonly clock: Clock;
  readonly limits: RetentionLimits;
  readonly topics: ReadonlyMap<string, TopicState>;
  /** Notified after each append. */
  readonly appended: Notifier;
  /** Whether appends to a topic get in though the log is full. */
  neverWaits(topic: string): boolean;
  /** Throws for a topic that was never ensured. */
  topic(name: string): TopicState;
}

/** An append made ready to be written. */
interface PackedAppend {
  readonly rows: readonly { readonly partition: PartitionState; readonly batch: PackedBatch }[];
  readonly positions: readonly SourcePosition[];
  readonly bytes: number;
}

/** An append that waits for room. */
interface WaitingAppend {
  readonly packed: PackedAppend;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Appends, one transaction each, in the order of their calls. */
export class LogWriter {
  readonly #log: WrittenLog;
  readonly #retention: Retention;
  readonly #waiting: WaitingAppend[] = [];
  #bytes = 0;
  #appendWaits = 0;

  constructor(log: WrittenLog) {
    this.#log = log;
    this.#retention = new Retention(log.db, log.statements, log.limits);
    for (const { partitions } of log.topics.values()) {
      for (const partition of partitions) this.#bytes += partition.bytes;
    }
  }

  stats(): EmbeddedLogStats {
    return {
      appendWaits: this.#appendWaits,
      appendsWaiting: this.#waiting.length,
      deletedRecords: this.#retention.deletedRecords,
      bytes: this.#bytes,
    };
  }

  /** Writes at once, or answers a promise where the log is full. Throws, with nothing written, when the file fails. */
  append(batch: AppendBatch): Promise<void> | undefined {
    const packed = this.#pack(batch);
    const mayWait = batch.writes.some(({ topic, records }) => records.length > 0 && !this.#log.neverWaits(topic));
    if (mayWait && (this.#waiting.length > 0 || this.#isFullAfterRetention())) {
      this.#appendWaits++;
      return new Promise((resolve, reject) => this.#waiting.push({ packed, resolve, reject }));
    }
    this.#write(packed);
    return undefined;
  }

  /** Writes the appends that wait, in their order, as long as there is room. */
  writeWaiting(): void {
    while (this.#waiting.length > 0) {
      try {
        if (this.#isFullAfterRetention()) return;
        this.#write(this.#waiting[0]!.packed);
        this.#waiting.shift()!.resolve();
      } catch (error) {
        this.#waiting.shift()!.reject(error);
      }
    }
  }

  /** Rejects the appends that wait. */
  close(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error("Cannot append: the log was closed meanwhile"));
  }

  #pack({ writes, positions = [] }: AppendBatch): PackedAppend {
    const rows: { partition: PartitionState; batch: PackedBatch }[] = [];
    const packers = new Map<PartitionState, BatchPacker>();
    for (const { topic, records } of writes) {
      const { partitions, partitionOf } = this.#log.topic(topic);
      for (const record of records) {
        const partition = partitions[record.key === null ? 0 : partitionOf(record.key)]!;
        let packer = packers.get(partition);
        if (packer === undefined || !packer.hasRoomFor(record)) {
          if (packer !== undefined) rows.push({ partition, batch: packer.pack() });
          packers.set(partition, packer = new BatchPacker());
        }
        packer.add(record);
      }
    }
    for (const [partition, packer] of packers) rows.push({ partition, batch: packer.pack() });
    return { rows, positions, bytes: rows.reduce((sum, { batch }) => sum + batch.bytes, 0) };
  }

  /** A bound that is passed by one append at most: an append larger than the bound itself gets in, too. */
  #isFullAfterRetention(): boolean {
    while (this.#bytes >= this.#log.limits.sizeBytesMax) {
      if (this.#stepRetention() === 0) return true;
    }
    return false;
  }

  #stepRetention(): number {
    const partitions = [...this.#log.topics.values()].flatMap((topic) => topic.partitions);
    const freed = this.#retention.step(partitions, this.#log.clock.nowMs(), this.#bytes);
    this.#bytes -= freed;
    return freed;
  }

  #write({ rows, positions, bytes }: PackedAppend): void {
    if (rows.length === 0 && positions.length === 0) return;
    // Before the write, not after it: what it throws must mean that nothing was appended.
    if (this.#retention.dueAfter(bytes)) this.#stepRetention();
    const { db, statements, clock, appended } = this.#log;
    const nowMs = Math.trunc(clock.nowMs());
    const ends = new Map<PartitionState, { nextOffset: number; bytes: number; appendMs: number }>();
    transaction(db, () => {
      for (const { partition, batch } of rows) {
        const end = ends.get(partition) ?? partition;
        const appendMs = Math.max(nowMs, partition.lastAppendMs);
        const { records, dictionary, columns, text } = batch;
        statements.insertBatch
          .run(rowIdOf(partition.id, end.nextOffset), records, batch.bytes, appendMs, dictionary, columns, text);
        ends.set(partition, { nextOffset: end.nextOffset + records, bytes: end.bytes + batch.bytes, appendMs });
      }
      for (const [{ id }, end] of ends) statements.updateEnd.run(end.nextOffset, end.appendMs, end.bytes, id);
      for (const { id, state } of positions) statements.savePosition.run(id, JSON.stringify(state) ?? "null");
    });
    // Memory follows the file only when the file has it.
    for (const [partition, end] of ends) {
      partition.nextOffset = end.nextOffset;
      partition.bytes = end.bytes;
      partition.lastAppendMs = end.appendMs;
    }
    this.#bytes += bytes;
    appended.notify();
  }
}
