/**
 * The codecs of Kafka's record batches that kafkajs lacks: it comes with gzip only and cannot read a topic that another
 * program has written with one of the others. Registered once per process, before the first connection.
 * @module
 */
import { Buffer } from "node:buffer";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { CompressionCodecs, CompressionTypes } from "kafkajs";
import type { KafkaCodecName } from "../core/config/kafka.ts";
import { compressLz4Frame, decompressLz4Frames } from "./event_log_kafka_lz4.ts";
import { compressSnappy, decompressSnappy } from "./event_log_kafka_snappy.ts";

/** What kafkajs asks of a codec. */
interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/** Fast above all: records are short-lived, and the level costs time for every one of them. */
const ZSTD_LEVEL = 1;
const zstdParams = { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } };

/** A batch is small enough that handing it to another thread would cost more than the work. */
function codecOf(compress: (bytes: Uint8Array) => Uint8Array, decompress: (bytes: Uint8Array) => Uint8Array): Codec {
  const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    compress: ({ buffer }) => Promise.resolve(buffer).then(compress).then(asBuffer),
    decompress: (buffer) => Promise.resolve(buffer).then(decompress).then(asBuffer),
  };
}

/** kafkajs's numbers of the codecs. */
export const codecTypes: Readonly<Record<KafkaCodecName, CompressionTypes>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/** Makes kafkajs read and write every codec; to be called again does no harm. */
export function registerCodecs(): void {
  const [snappy, lz4, zstd] = [
    codecOf(compressSnappy, decompressSnappy),
    codecOf(compressLz4Frame, decompressLz4Frames),
    codecOf((bytes) => zstdCompressSync(bytes, zstdParams), (bytes) => zstdDecompressSync(bytes)),
  ];
  CompressionCodecs[CompressionTypes.Snappy] = () => snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => lz4;
  CompressionCodecs[CompressionTypes.ZSTD] = () => zstd;
}
