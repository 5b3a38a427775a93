/**
 * From fetched bytes to records of the port: only committed ones, in portions, each batch unpacked and each byte turned
 * into text when its portion is asked for.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { LogRecord } from "../core/ports.ts";
import { type BatchHeader, batchHeaders, RecordCursor } from "./event_log_kafka_batches.ts";
import { type NameMemo, type ReadHeaders, readHeaders, textOf } from "./event_log_kafka_headers.ts";
import type { AbortedTransaction } from "./event_log_kafka_response.ts";

/** What a fetch brought of one partition. */
export interface RawPartition {
  readonly recordSet: Buffer;
  readonly batches: readonly BatchHeader[];
  readonly aborted: readonly AbortedTransaction[];
  readonly highWatermark: number;
}

/** Looks at the headers of what was fetched. */
export function rawPartition(
  recordSet: Buffer,
  rest: Pick<RawPartition, "aborted" | "highWatermark">,
): RawPartition {
  return { ...rest, recordSet, batches: batchHeaders(recordSet) };
}

/** Replaces a byte that is no UTF-8. */
const REPLACEMENT = "\uFFFD";
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Type of a marker: aborted or committed. */
const ABORT_MARKER = 0;

/** The offset after everything that was fetched, markers and records that compaction removed included. */
export function offsetAfter({ batches }: RawPartition, fromOffset: number): number {
  return Math.max(fromOffset, batches.at(-1)?.nextOffset ?? 0);
}

/** Turns the records of one fetch into those of the port. */
export class RecordPortions {
  readonly #raw: RawPartition;
  readonly #fromOffset: number;
  readonly #memo: NameMemo;
  readonly #aborted: AbortedTransaction[];
  /** Producers within a transaction that was taken back. */
  readonly #abortedProducers = new Set<bigint>();
  readonly #headers: ReadHeaders = { instance: null, seq: 0, runId: null };
  #place = 0;
  #cursor: RecordCursor | null = null;

  constructor(raw: RawPartition, fromOffset: number, memo: NameMemo) {
    this.#raw = raw;
    this.#fromOffset = fromOffset;
    this.#memo = memo;
    this.#aborted = raw.aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether every record was handed out. */
  get done(): boolean {
    return this.#cursor === null && this.#place >= this.#raw.batches.length;
  }

  /**
   * The next records, at most so many and, beyond the first, so many bytes; none where the rest does not count. Throws
   * RangeError for damaged ones.
   */
  take(recordsMax: number, bytesMax: number): LogRecord[] {
    const taken: LogRecord[] = [];
    let bytes = 0;
    while (taken.length < recordsMax && bytes < bytesMax) {
      const cursor = this.#cursor ??= this.#openBatch();
      if (cursor === null) break;
      if (!cursor.next()) {
        this.#cursor = null;
        // So that whoever asks knows at once when nothing is left.
        this.#cursor = this.#openBatch();
        continue;
      }
      if (cursor.offset < this.#fromOffset) continue;
      taken.push(this.#recordOf(cursor));
      bytes += cursor.value.length;
    }
    return taken;
  }

  /** The next batch that counts. */
  #openBatch(): RecordCursor | null {
    const { batches, recordSet } = this.#raw;
    while (this.#place < batches.length) {
      const batch = batches[this.#place++]!;
      if (batch.nextOffset > this.#fromOffset && this.#counts(batch)) return new RecordCursor(recordSet, batch);
    }
    return null;
  }

  #counts(batch: BatchHeader): boolean {
    while (this.#aborted.length > 0 && this.#aborted[0]!.firstOffset < batch.nextOffset) {
      this.#abortedProducers.add(this.#aborted.shift()!.producerId);
    }
    if (batch.isControl) {
      const cursor = new RecordCursor(this.#raw.recordSet, batch);
      // Key of a marker: int16 version, int16 type.
      if (cursor.next() && cursor.key.length >= 4 && cursor.bytes.readInt16BE(cursor.key.start + 2) === ABORT_MARKER) {
        this.#abortedProducers.delete(batch.producerId);
      }
      return false;
    }
    return !batch.inTransaction || !this.#abortedProducers.has(batch.producerId);
  }

  #recordOf(cursor: RecordCursor): LogRecord {
    const { bytes, key, value: { start, length } } = cursor;
    const headers = this.#headers;
    readHeaders(cursor, this.#memo, headers);
    const value = length <= 0 ? "" : textOf(bytes, start, start + length);
    const record = {
      key: key.length < 0 ? null : this.#memo.text(bytes, key.start, key.start + key.length),
      value,
      instance: headers.instance,
      seq: headers.seq,
      runId: headers.runId,
      offset: cursor.offset,
      appendTimeMs: cursor.appendTimeMs,
    };
    if (length < 0) return { ...record, fault: "tombstone" };
    if (value.includes(REPLACEMENT) && !isUtf8(bytes.subarray(start, start + length))) {
      return { ...record, fault: "not_utf8" };
    }
    return record;
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
