/**
 * The answer to a fetch with its records left as bytes. kafkajs would make some ten objects of every record before anyone
 * asks for it, and fails for a batch of more records than a function takes arguments; so its decoder of this one answer
 * (Fetch, version 11: Kafka 2.3 and later, Redpanda) is replaced. Nothing else of it fetches: its consumers are paused.
 * @module
 */
import type { Buffer } from "node:buffer";
import fetchResponse from "kafkajs/src/protocol/requests/fetch/v11/response.js";

/** A transaction that was taken back: its producer's records from here to its marker do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** What an answer holds of one partition. */
export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches one after the other; the last may be cut off. Absent where another decoder was at work. */
  readonly recordSet?: Buffer;
}

/** An answer. */
export interface FetchResponse {
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly FetchedPartition[];
  }[];
}

/** What kafkajs asks of a response's decoder. */
interface ResponseModule {
  decode(bytes: Buffer): Promise<unknown>;
}

/** Replaces the decoder; to be called again does no harm. */
export function installFetchDecoder(): void {
  const module: ResponseModule = fetchResponse;
  module.decode = (bytes) => Promise.resolve(bytes).then(decodeFetch);
}

/** Decodes an answer of version 11. */
export function decodeFetch(bytes: Buffer): FetchResponse {
  const reader = new ResponseReader(bytes);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses = reader.array(() => ({
    topicName: reader.text(),
    partitions: reader.array(() => partitionOf(reader)),
  }));
  // The fields beside the answers are those that kafkajs itself looks at.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses } as FetchResponse;
}

function partitionOf(reader: ResponseReader): FetchedPartition {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = Number(reader.int64());
  // Last stable offset and start of the log.
  reader.int64();
  reader.int64();
  const aborted = reader.array(() => ({ producerId: reader.int64(), firstOffset: Number(reader.int64()) }));
  // Preferred read replica.
  reader.int32();
  return { partition, errorCode, highWatermark, aborted, recordSet: reader.bytes(Math.max(0, reader.int32())) };
}

/** Reads an answer of the broker from its beginning to its end. */
export class ResponseReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  int16(): number {
    this.#at += 2;
    return this.#buffer.readInt16BE(this.#at - 2);
  }

  int32(): number {
    this.#at += 4;
    return this.#buffer.readInt32BE(this.#at - 4);
  }

  int64(): bigint {
    this.#at += 8;
    return this.#buffer.readBigInt64BE(this.#at - 8);
  }

  text(): string {
    return this.bytes(this.int16()).toString("utf8");
  }

  bytes(length: number): Buffer {
    this.#at += length;
    return this.#buffer.subarray(this.#at - length, this.#at);
  }

  /** An array; one that is null has no items. */
  array<T>(item: () => T): T[] {
    const length = Math.max(0, this.int32());
    const items: T[] = [];
    for (let i = 0; i < length; i++) items.push(item());
    return items;
  }
}
