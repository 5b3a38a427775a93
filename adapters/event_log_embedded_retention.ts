/**
 * Retention of the embedded log: by age and by total size, whole rows, below the floors only, a little at a time.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { type LogStatements, offsetOf, type PartitionState, rowIdOf } from "./event_log_embedded_tables.ts";
import { transaction } from "./sqlite.ts";

/** A step deletes at most so many rows, so that no append waits for long: about 20 ms… */
const STEP_ROWS_MAX = 256;
/** …and, after the row that passes it, stops beyond so many bytes. */
const STEP_BYTES_MAX = 33_554_432;
/** A step is due after so many appends… */
const DUE_APPENDS = 64;
/** …or so many bytes appended, half of what a step deletes: retention keeps up with any rate. */
const DUE_BYTES = 16_777_216;

/** What retention goes by. */
export interface RetentionLimits {
  readonly retentionMs: number;
  readonly sizeBytesMax: number;
}

interface OldestRow {
  readonly id: number;
  readonly records: number;
  readonly bytes: number;
  readonly append_ms: number;
}

/** What a step has taken off a partition, not yet in memory. */
interface Cut {
  readonly partition: PartitionState;
  startOffset: number;
  bytes: number;
}

/** Deletes what is too old or too much. */
export class Retention {
  /** Records deleted since opening. */
  deletedRecords = 0;
  readonly #db: DatabaseSync;
  readonly #statements: LogStatements;
  readonly #limits: RetentionLimits;
  #appends = 0;
  #bytes = 0;

  constructor(db: DatabaseSync, statements: LogStatements, limits: RetentionLimits) {
    this.#db = db;
    this.#statements = statements;
    this.#limits = limits;
  }

  /** Counts an append; true when a step is due. */
  dueAfter(bytes: number): boolean {
    this.#appends++;
    this.#bytes += bytes;
    if (this.#appends < DUE_APPENDS && this.#bytes < DUE_BYTES) return false;
    this.#appends = 0;
    this.#bytes = 0;
    return true;
  }

  /** One step in one transaction; answers the bytes that it freed of `totalBytes`. */
  step(partitions: readonly PartitionState[], nowMs: number, totalBytes: number): number {
    const expiredMs = nowMs - this.#limits.retentionMs;
    const mayGo = (row: OldestRow, freed: number) =>
      row.append_ms < expiredMs || totalBytes - freed >= this.#limits.sizeBytesMax;
    const cuts = partitions.filter((p) => p.floor > p.startOffset)
      .map((partition): Cut => ({ partition, startOffset: partition.startOffset, bytes: 0 }));
    if (cuts.length === 0) return 0;
    let [freed, deleted] = [0, 0];
    transaction(this.#db, () => {
      for (let rows = 0; rows < STEP_ROWS_MAX && freed < STEP_BYTES_MAX; rows++) {
        const next = this.#oldestBelowFloor(cuts);
        if (next === undefined || !mayGo(next.row, freed)) break;
        this.#statements.deleteBatch.run(next.row.id);
        next.cut.startOffset = offsetOf(next.row.id) + next.row.records;
        next.cut.bytes += next.row.bytes;
        freed += next.row.bytes;
        deleted += next.row.records;
      }
      for (const { partition, startOffset, bytes } of cuts) {
        if (bytes > 0) this.#statements.updateStart.run(startOffset, partition.bytes - bytes, partition.id);
      }
    });
    for (const { partition, startOffset, bytes } of cuts) {
      partition.startOffset = startOffset;
      partition.bytes -= bytes;
    }
    this.deletedRecords += deleted;
    return freed;
  }

  /** Of the partitions' first rows that lie below their floors wholly, the one appended first. */
  #oldestBelowFloor(cuts: readonly Cut[]): { cut: Cut; row: OldestRow } | undefined {
    let oldest: { cut: Cut; row: OldestRow } | undefined;
    for (const cut of cuts) {
      const { id, nextOffset, floor } = cut.partition;
      const row = this.#statements.oldest.get(rowIdOf(id, cut.startOffset), rowIdOf(id, nextOffset)) as unknown as
        | OldestRow
        | undefined;
      if (row === undefined || offsetOf(row.id) + row.records > floor) continue;
      if (oldest === undefined || row.append_ms < oldest.row.append_ms) oldest = { cut, row };
    }
    return oldest;
  }
}
