/**
 * Writes one record batch (magic 2; the layout stands in event_log_kafka_batches.ts): each record goes straight into one
 * growing array of bytes, and nothing is made for a field. Who sends the batch is written last, so that the same records
 * can be sent again by another.
 * @module
 */
import { Buffer } from "node:buffer";
import type { KafkaCodecName } from "../core/config/kafka.ts";
import type { NewRecord } from "../core/ports.ts";
import { HEADER_BYTES, MAGIC, PREFIX_BYTES } from "./event_log_kafka_batches.ts";
import { codecs } from "./event_log_kafka_codecs.ts";
import { crc32c } from "./event_log_kafka_crc32c.ts";
import { PRODUCER_HEADER, RUN_HEADER } from "./event_log_kafka_headers.ts";

/** A producer as the broker knows it, and its count of the partition's records. */
export interface BatchStamp {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Place of the batch's first record. */
  readonly sequence: number;
}

const CRC_AT = 17;
/** Where the checksum begins: it covers everything behind itself. */
const CHECKED_FROM = 21;
const PRODUCER_AT = 43;

const BYTES_MIN = 16 << 10;
/** UTF-8 takes so many bytes for a unit of a text at most. */
const UNIT_BYTES_MAX = 3;
/** What a record takes beside its texts, and the room for a longer length before it is moved into place, at most. */
const RECORD_OVERHEAD_BYTES_MAX = 128;
/** Up to here a loop over the units is faster than calling the runtime's encoder. */
const SHORT_UNITS = 48;
/** A length of up to 8,191 bytes has two bytes: most records have one. */
const LENGTH_BYTES_GUESS = 2;
const encoder = new TextEncoder();

/** Collects the records of one batch. */
export class BatchWriter {
  #bytes = new Uint8Array(BYTES_MIN);
  #at = HEADER_BYTES;
  #count = 0;
  #baseTimeMs = 0;
  #maxTimeMs = 0;
  /** What {@link undo} goes back to. */
  #before = { at: HEADER_BYTES, maxTimeMs: 0 };

  /** Records so far. */
  get count(): number {
    return this.#count;
  }

  /** Bytes so far, before compression. */
  get bytes(): number {
    return this.#at;
  }

  /** Bytes of memory that it holds. */
  get heldBytes(): number {
    return this.#bytes.length;
  }

  /** Adds a record that was made at this time. */
  add({ key, value, instance, seq, runId }: NewRecord, timeMs: number): void {
    const units = value.length + (key?.length ?? 0) + (instance?.length ?? 0) + (runId?.length ?? 0);
    this.#reserve(units * UNIT_BYTES_MAX + RECORD_OVERHEAD_BYTES_MAX);
    this.#before.at = this.#at;
    this.#before.maxTimeMs = this.#maxTimeMs;
    if (this.#count === 0) this.#baseTimeMs = this.#maxTimeMs = timeMs;
    else if (timeMs > this.#maxTimeMs) this.#maxTimeMs = timeMs;
    const lengthAt = this.#at;
    const start = this.#at += LENGTH_BYTES_GUESS;
    // A record's attributes mean nothing yet.
    this.#bytes[this.#at++] = 0;
    this.#varint(timeMs - this.#baseTimeMs);
    this.#varint(this.#count);
    if (key === null) this.#varint(-1);
    else this.#sizedText(key);
    this.#sizedText(value);
    this.#varint((instance === null ? 0 : 1) + (runId === null ? 0 : 1));
    if (instance !== null) {
      this.#sizedText(PRODUCER_HEADER);
      this.#sizedText(instance, `:${seq}`);
    }
    if (runId !== null) {
      this.#sizedText(RUN_HEADER);
      this.#sizedText(runId);
    }
    this.#setLength(lengthAt, start);
    this.#count++;
  }

  /** Takes the record back that was added last; once. */
  undo(): void {
    this.#at = this.#before.at;
    this.#maxTimeMs = this.#before.maxTimeMs;
    this.#count--;
  }

  /** Forgets the records. What {@link seal} gave is not to be used any more. */
  clear(): void {
    this.#at = HEADER_BYTES;
    this.#count = 0;
  }

  /** The whole batch, still without its producer: to be stamped before it is sent. */
  async seal(codec: KafkaCodecName): Promise<Buffer> {
    const { number, compress } = codecs[codec];
    const plain = this.#bytes.subarray(0, this.#at);
    let batch = plain;
    if (compress !== null) {
      const packed = await compress(plain.subarray(HEADER_BYTES));
      batch = new Uint8Array(HEADER_BYTES + packed.length);
      batch.set(packed, HEADER_BYTES);
    }
    const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
    // Base offset and leader's epoch are the broker's to fill in.
    bytes.fill(0, 0, HEADER_BYTES);
    bytes.writeInt32BE(bytes.length - PREFIX_BYTES, 8);
    bytes.writeInt8(MAGIC, 16);
    bytes.writeInt16BE(number, CHECKED_FROM);
    bytes.writeInt32BE(this.#count - 1, 23);
    bytes.writeBigInt64BE(BigInt(this.#baseTimeMs), 27);
    bytes.writeBigInt64BE(BigInt(this.#maxTimeMs), 35);
    bytes.writeInt32BE(this.#count, 57);
    return bytes;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + bytes));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }

  /** A text, in two parts where it has two, behind its length in bytes. */
  #sizedText(text: string, rest = ""): void {
    const lengthAt = this.#at;
    const start = this.#at += varintBytes(text.length + rest.length);
    this.#text(text);
    if (rest !== "") this.#text(rest);
    this.#setLength(lengthAt, start);
  }

  /** Writes the length of what stands from `start` on, and closes or widens the gap that was left for it. */
  #setLength(lengthAt: number, start: number): void {
    const length = this.#at - start;
    const bodyAt = lengthAt + varintBytes(length);
    if (bodyAt !== start) this.#bytes.copyWithin(bodyAt, start, this.#at);
    this.#at = lengthAt;
    this.#varint(length);
    this.#at = bodyAt + length;
  }

  #text(text: string): void {
    const bytes = this.#bytes;
    const { length } = text;
    if (length <= SHORT_UNITS) {
      let i = 0;
      for (; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 0x7f) break;
        bytes[this.#at + i] = unit;
      }
      if (i === length) {
        this.#at += length;
        return;
      }
    }
    this.#at += encoder.encodeInto(text, new Uint8Array(bytes.buffer, this.#at)).written;
  }

  /** A signed number, seven bits a byte, the lowest first, the sign in the lowest bit. */
  #varint(value: number): void {
    const bytes = this.#bytes;
    let rest = zigzag(value);
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) bytes[this.#at++] = (rest % 128) | 0x80;
    for (; rest > 0x7f; rest >>>= 7) bytes[this.#at++] = (rest & 0x7f) | 0x80;
    bytes[this.#at++] = rest;
  }
}

/** Writes who sends a sealed batch, and the checksum over it; as often as somebody else is to send it. */
export function stampBatch(batch: Buffer, { producerId, producerEpoch, sequence }: BatchStamp): void {
  batch.writeBigInt64BE(producerId, PRODUCER_AT);
  batch.writeInt16BE(producerEpoch, PRODUCER_AT + 8);
  batch.writeInt32BE(sequence, PRODUCER_AT + 10);
  batch.writeUInt32BE(crc32c(batch, CHECKED_FROM), CRC_AT);
}

/** Numbers from 0 on become even ones, those below odd ones. */
const zigzag = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

/** How many bytes a length takes. */
function varintBytes(length: number): number {
  let bytes = 1;
  for (let rest = zigzag(length); rest > 0x7f; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
