/**
 * Snappy as Kafka uses it: Java writes chunks with a header of their own (the format of snappy-java's streams), librdkafka
 * one bare block; both are read, the first is written since every client reads it.
 * @module
 */
import snappyjs from "snappyjs";

interface BlockCodec {
  compress(bytes: Uint8Array): Uint8Array;
  uncompress(bytes: Uint8Array): Uint8Array;
}

const blocks: BlockCodec = snappyjs;

/** `\x82SNAPPY\0`, then version 1 and the lowest version that can read it, 1. */
const HEADER = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1);
const MAGIC_BYTES = 8;
/** Bytes in a chunk; the decompressor of some clients has a buffer of this size. */
const CHUNK_BYTES = 32 << 10;

/** Puts bytes into chunks. */
export function compressSnappy(from: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [HEADER];
  for (let start = 0; start < from.length; start += CHUNK_BYTES) {
    const chunk = blocks.compress(from.subarray(start, start + CHUNK_BYTES));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, chunk.length);
    parts.push(length, chunk);
  }
  return concat(parts);
}

/** Bytes of chunks or of one bare block. Throws RangeError for a chunk that ends too early. */
export function decompressSnappy(from: Uint8Array): Uint8Array {
  if (!HEADER.subarray(0, MAGIC_BYTES).every((byte, i) => from[i] === byte)) return blocks.uncompress(from);
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = HEADER.length; at < from.length;) {
    const end = at + 4 + view.getUint32(at);
    if (end > from.length) throw new RangeError("Cannot decompress Snappy: a chunk ends too early");
    parts.push(blocks.uncompress(from.subarray(at + 4, end)));
    at = end;
  }
  return parts.length === 1 ? parts[0]! : concat(parts);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
