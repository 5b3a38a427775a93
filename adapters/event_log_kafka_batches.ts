/**
 * Kafka's record batches as bytes: their headers, and a cursor over the records of one. Format: Apache Kafka, "Record
 * Batch" (magic 2, since Kafka 0.11).
 *
 * ```
 * 0 base offset 8 | length 4 | epoch 4 | magic 1 | crc 4 | attributes 2 | last offset delta 4 | base time 8 | max time 8
 * | producer id 8 | producer epoch 2 | base sequence 4 | count 4 | records: 61 …
 * ```
 * @module
 */
import { Buffer } from "node:buffer";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { decompressLz4Frames } from "./event_log_kafka_lz4.ts";
import { decompressSnappy } from "./event_log_kafka_snappy.ts";

/** Everything before the records. */
export const HEADER_BYTES = 61;
/** Base offset and length, which the length does not count. */
export const PREFIX_BYTES = 12;
/** The only format that is read and written. */
export const MAGIC = 2;
const CODEC_MASK = 7;
const LOG_APPEND_TIME_FLAG = 8;
const TRANSACTION_FLAG = 16;
const CONTROL_FLAG = 32;
const decompressors = [null, gunzipSync, decompressSnappy, decompressLz4Frames, zstdDecompressSync] as const;

/** A batch before its records are looked at. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Offset after the batch, whatever compaction left of it. */
  readonly nextOffset: number;
  readonly producerId: bigint;
  readonly inTransaction: boolean;
  /** It holds a marker instead of records. */
  readonly isControl: boolean;
  readonly start: number;
  readonly end: number;
}

/** Headers of all whole batches in a row. Throws RangeError for another format. */
export function batchHeaders(bytes: Buffer): BatchHeader[] {
  const headers: BatchHeader[] = [];
  for (let start = 0; start + HEADER_BYTES <= bytes.length;) {
    const end = start + PREFIX_BYTES + bytes.readInt32BE(start + 8);
    const magic = bytes[start + 16];
    if (magic !== MAGIC) throw new RangeError(`Cannot read records of format ${magic}: they are older than Kafka 0.11`);
    if (end <= start || end > bytes.length) break;
    const attributes = bytes.readInt16BE(start + 21);
    const baseOffset = Number(bytes.readBigInt64BE(start));
    headers.push({
      baseOffset,
      nextOffset: baseOffset + bytes.readInt32BE(start + 23) + 1,
      producerId: bytes.readBigInt64BE(start + 43),
      inTransaction: (attributes & TRANSACTION_FLAG) !== 0,
      isControl: (attributes & CONTROL_FLAG) !== 0,
      start,
      end,
    });
    start = end;
  }
  return headers;
}

/** A place in the bytes; length −1 = null. */
export interface Span {
  start: number;
  length: number;
}

/** Walks over the records of one batch; its fields are those of the record in hand. */
export class RecordCursor {
  /** Where the spans lie. */
  readonly bytes: Buffer;
  offset = 0;
  appendTimeMs = 0;
  readonly key: Span = { start: 0, length: -1 };
  readonly value: Span = { start: 0, length: -1 };
  /** Headers by name and value, the first `headerCount` of them. */
  readonly headers: (readonly [name: Span, value: Span])[] = [];
  headerCount = 0;
  readonly #baseOffset: number;
  readonly #baseTimeMs: number;
  /** Null where each record has its own. */
  readonly #batchTimeMs: number | null;
  #left: number;
  #at = 0;

  constructor(set: Buffer, { start, end, baseOffset }: BatchHeader) {
    const attributes = set.readInt16BE(start + 21);
    this.#baseOffset = baseOffset;
    this.#baseTimeMs = Number(set.readBigInt64BE(start + 27));
    this.#batchTimeMs = (attributes & LOG_APPEND_TIME_FLAG) === 0 ? null : Number(set.readBigInt64BE(start + 35));
    this.#left = set.readInt32BE(start + 57);
    this.bytes = decompressed(set.subarray(start + HEADER_BYTES, end), attributes & CODEC_MASK);
  }

  /** Goes to the next record; false after the last. */
  next(): boolean {
    if (this.#left <= 0) return false;
    this.#left--;
    const length = this.#varint();
    const end = this.#at + length;
    // A record's attributes mean nothing yet.
    this.#at++;
    const timeDeltaMs = this.#varint();
    this.appendTimeMs = this.#batchTimeMs ?? this.#baseTimeMs + timeDeltaMs;
    this.offset = this.#baseOffset + this.#varint();
    this.#span(this.key);
    this.#span(this.value);
    this.headerCount = this.#varint();
    for (let i = 0; i < this.headerCount; i++) {
      const header = this.headers[i] ??= [{ start: 0, length: 0 }, { start: 0, length: 0 }];
      this.#span(header[0]);
      this.#span(header[1]);
    }
    if (this.#at !== end || end > this.bytes.length) {
      throw new RangeError(`Cannot read the record at offset ${this.offset}: it is damaged`);
    }
    return true;
  }

  #span(span: Span): void {
    span.length = this.#varint();
    span.start = this.#at;
    if (span.length > 0) this.#at += span.length;
  }

  /** A signed number, seven bits a byte, the lowest first, the sign in the lowest bit. */
  #varint(): number {
    const { bytes } = this;
    let byte = bytes[this.#at++]!;
    // Most numbers have one byte or two.
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
    let value = byte & 0x7f;
    byte = bytes[this.#at++]!;
    value |= (byte & 0x7f) << 7;
    if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    for (let scale = 2 ** 14; byte >= 0x80; scale *= 128) {
      byte = bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
      if (scale > 2 ** 63) throw new RangeError("Cannot read a record: a number in it is damaged");
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function decompressed(bytes: Buffer, codec: number): Buffer {
  const decompress = decompressors[codec];
  if (decompress === null) return bytes;
  if (decompress === undefined) throw new RangeError(`Cannot read records of codec ${codec}: it is not known`);
  const plain: Uint8Array = decompress(bytes);
  return Buffer.from(plain.buffer, plain.byteOffset, plain.byteLength);
}
