/**
 * The codecs of what is appended, by their names in Kafka's `compression.type`; event_log_kafka_batches.ts reads them
 * all, whichever is chosen.
 * @module
 */
import { promisify } from "node:util";
import { constants, gzip, zstdCompressSync } from "node:zlib";
import type { KafkaCodecName } from "../core/config/kafka.ts";
import { compressLz4Frame } from "./event_log_kafka_lz4.ts";
import { compressSnappy } from "./event_log_kafka_snappy.ts";

/** A codec of record batches. */
export interface KafkaCodec {
  /** Its number in a batch's attributes. */
  readonly number: number;
  /** Null = the records stay as they are. */
  readonly compress: ((records: Uint8Array) => Uint8Array | Promise<Uint8Array>) | null;
}

/** Fast above all: records are short-lived, and the level costs time for every one of them. */
const ZSTD_LEVEL = 1;
const zstdParams = { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } };

/** Gzip alone is slow enough to be worth another thread. */
export const codecs: Readonly<Record<KafkaCodecName, KafkaCodec>> = {
  none: { number: 0, compress: null },
  gzip: { number: 1, compress: promisify(gzip) as (records: Uint8Array) => Promise<Uint8Array> },
  snappy: { number: 2, compress: compressSnappy },
  lz4: { number: 3, compress: compressLz4Frame },
  zstd: { number: 4, compress: (records) => zstdCompressSync(records, zstdParams) },
};
