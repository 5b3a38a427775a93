/**
 * From what kafkajs decodes to records of the port: only committed ones, in portions, each byte turned into text when its
 * portion is asked for.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { LogRecord } from "../core/ports.ts";
import { type HeaderValue, NameMemo, type ReadHeaders, readHeaders, textOf } from "./event_log_kafka_headers.ts";

/** What the records of one of Kafka's batches share. */
export interface RawBatchContext {
  readonly firstOffset: string;
  readonly lastOffsetDelta: number;
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/** A record as kafkajs decodes it; one of the format before Kafka 0.11 has neither headers nor context. */
export interface RawRecord {
  readonly offset: string;
  readonly timestamp: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
  readonly isControlRecord?: boolean;
  readonly batchContext?: RawBatchContext;
}

/** A transaction that was taken back: its producer's records from here to its marker do not count. */
export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/** What a fetch brought of one partition. */
export interface RawPartition {
  readonly records: readonly RawRecord[];
  readonly aborted: readonly AbortedTransaction[];
  readonly highWatermark: number;
}

/** Replaces a byte that is no UTF-8. */
const REPLACEMENT = "\uFFFD";
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Type of a marker: aborted or committed. */
const ABORT_MARKER = 0;

/** The offset after everything that was fetched, markers and records that compaction removed included. */
export function offsetAfter({ records }: RawPartition, fromOffset: number): number {
  const last = records.at(-1);
  if (last === undefined) return fromOffset;
  const context = last.batchContext;
  const lastOffset = context ? Number(context.firstOffset) + context.lastOffsetDelta : Number(last.offset);
  return Math.max(fromOffset, lastOffset + 1);
}

/** Turns the records of one fetch into those of the port. */
export class RecordPortions {
  readonly #raw: RawPartition;
  readonly #fromOffset: number;
  readonly #memo: NameMemo;
  readonly #aborted: AbortedTransaction[];
  /** Producers within a transaction that was taken back. */
  readonly #abortedProducers = new Set<string>();
  readonly #headers: ReadHeaders = { instance: null, seq: 0, runId: null };
  #place = 0;
  #timestamp = "";
  #appendTimeMs = 0;

  constructor(raw: RawPartition, fromOffset: number, memo: NameMemo) {
    this.#raw = raw;
    this.#fromOffset = fromOffset;
    this.#memo = memo;
    this.#aborted = raw.aborted.toSorted((a, b) => Number(a.firstOffset) - Number(b.firstOffset));
  }

  /** Whether every record was handed out. */
  get done(): boolean {
    return this.#place >= this.#raw.records.length;
  }

  /** The next records, at most so many and, beyond the first, so many bytes; none where the rest does not count. */
  take(recordsMax: number, bytesMax: number): LogRecord[] {
    const { records } = this.#raw;
    const taken: LogRecord[] = [];
    let bytes = 0;
    while (this.#place < records.length && taken.length < recordsMax && bytes < bytesMax) {
      const raw = records[this.#place++]!;
      const offset = Number(raw.offset);
      if (offset < this.#fromOffset || !this.#counts(raw, offset)) continue;
      taken.push(this.#recordOf(raw, offset));
      bytes += raw.value?.length ?? 0;
    }
    return taken;
  }

  #counts(raw: RawRecord, offset: number): boolean {
    while (this.#aborted.length > 0 && Number(this.#aborted[0]!.firstOffset) <= offset) {
      this.#abortedProducers.add(this.#aborted.shift()!.producerId);
    }
    if (raw.isControlRecord) {
      // Key of a marker: int16 version, int16 type.
      if (raw.key !== null && raw.key.length >= 4 && raw.key.readInt16BE(2) === ABORT_MARKER) {
        this.#abortedProducers.delete(raw.batchContext!.producerId);
      }
      return false;
    }
    if (this.#abortedProducers.size === 0) return true;
    const context = raw.batchContext;
    return context === undefined || !context.inTransaction || !this.#abortedProducers.has(context.producerId);
  }

  #recordOf(raw: RawRecord, offset: number): LogRecord {
    if (raw.timestamp !== this.#timestamp) {
      this.#timestamp = raw.timestamp;
      this.#appendTimeMs = Number(raw.timestamp);
    }
    const headers = this.#headers;
    readHeaders(raw.headers, this.#memo, headers);
    const value = raw.value === null ? "" : textOf(raw.value);
    const record = {
      key: raw.key === null ? null : this.#memo.text(raw.key),
      value,
      instance: headers.instance,
      seq: headers.seq,
      runId: headers.runId,
      offset,
      appendTimeMs: this.#appendTimeMs,
    };
    if (raw.value === null) return { ...record, fault: "tombstone" };
    if (value.includes(REPLACEMENT) && !isUtf8(raw.value)) return { ...record, fault: "not_utf8" };
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
