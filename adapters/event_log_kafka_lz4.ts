/**
 * LZ4 as Kafka uses it: the LZ4 frame format around lz4js's blocks. Written frames have independent blocks, since
 * Kafka's own reader refuses others; read ones may have anything that the format allows, several frames in a row too.
 * Format: LZ4 Frame Format Description 1.6.x.
 * @module
 */
import lz4js from "lz4js";

interface BlockCodec {
  compressBlock(from: Uint8Array, to: Uint8Array, start: number, length: number, table: Uint32Array): number;
  decompressBlock(from: Uint8Array, to: Uint8Array, start: number, length: number, toStart: number): number;
}

const blocks: BlockCodec = lz4js;

const MAGIC = 0x184d2204;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Magic; version 1 with independent blocks; blocks of up to 4 MiB; the second byte of the xxHash-32 of those two. */
const HEADER = Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0x73);
const BLOCK_BYTES_MAX = 4 << 20;
const STORED_FLAG = 0x80000000;
const END_MARK_BYTES = 4;

/** Size of lz4js's hash table. */
const TABLE_ENTRIES = 1 << 16;
const table = new Uint32Array(TABLE_ENTRIES);

/** Puts bytes into one frame. */
export function compressLz4Frame(from: Uint8Array): Uint8Array {
  const blockCount = Math.ceil(from.length / BLOCK_BYTES_MAX);
  // A block that does not shrink is stored: it may be longer than its input only while it is tried.
  const boundBytes = from.length + Math.ceil(Math.min(from.length, BLOCK_BYTES_MAX) / 255) + 16;
  const to = new Uint8Array(HEADER.length + boundBytes + blockCount * 4 + END_MARK_BYTES);
  const view = new DataView(to.buffer);
  to.set(HEADER);
  let at = HEADER.length;
  for (let start = 0; start < from.length; start += BLOCK_BYTES_MAX) {
    const block = from.subarray(start, start + BLOCK_BYTES_MAX);
    table.fill(0);
    const size = blocks.compressBlock(block, to.subarray(at + 4), 0, block.length, table);
    const shrinks = size > 0 && size < block.length;
    if (!shrinks) to.set(block, at + 4);
    view.setUint32(at, shrinks ? size : (block.length | STORED_FLAG) >>> 0, true);
    at += 4 + (shrinks ? size : block.length);
  }
  // A block that did not shrink has left its longer trial behind it.
  view.setUint32(at, 0, true);
  return to.subarray(0, at + END_MARK_BYTES);
}

/** Bytes of all frames in a row. Throws RangeError for what is no LZ4 frame or ends too early. */
export function decompressLz4Frames(from: Uint8Array): Uint8Array {
  const reader = new FrameReader(from);
  while (!reader.done) reader.readFrame();
  return reader.written();
}

class FrameReader {
  readonly #from: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #to: Uint8Array;
  #end = 0;

  constructor(from: Uint8Array) {
    this.#from = from;
    this.#view = new DataView(from.buffer, from.byteOffset, from.byteLength);
    this.#to = new Uint8Array(Math.max(64 << 10, from.length * 4));
  }

  get done(): boolean {
    return this.#at >= this.#from.length;
  }

  written(): Uint8Array {
    return this.#to.subarray(0, this.#end);
  }

  readFrame(): void {
    const magic = this.#uint32();
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC) return this.#skip(this.#uint32());
    if (magic !== MAGIC) throw new RangeError("Cannot decompress LZ4: the data does not begin with a frame");
    const [flags, sizes] = [this.#byte(), this.#byte()];
    if (flags >>> 6 !== 1) throw new RangeError(`Cannot decompress LZ4: the frame's version is ${flags >>> 6}`);
    const blockBytesMax = 1 << (8 + 2 * ((sizes >>> 4) & 7));
    const has = (bit: number) => (flags & bit) !== 0;
    // Content size, dictionary id, and the checksum of the header.
    this.#skip((has(8) ? 8 : 0) + (has(1) ? 4 : 0) + 1);
    const checksumBytes = has(16) ? 4 : 0;
    for (let size = this.#uint32(); size !== 0; size = this.#uint32()) {
      this.#readBlock(size, blockBytesMax);
      this.#skip(checksumBytes);
    }
    if (has(4)) this.#skip(4);
  }

  #readBlock(size: number, blockBytesMax: number): void {
    const bytes = size & ~STORED_FLAG;
    const start = this.#at;
    this.#skip(bytes);
    if ((size & STORED_FLAG) !== 0) {
      this.#reserve(bytes);
      this.#to.set(this.#from.subarray(start, start + bytes), this.#end);
      this.#end += bytes;
      return;
    }
    this.#reserve(blockBytesMax);
    // Matches of a dependent block reach back into what is written already.
    const end = blocks.decompressBlock(this.#from, this.#to, start, bytes, this.#end);
    if (end > this.#end + blockBytesMax) {
      throw new RangeError("Cannot decompress LZ4: a block is longer than it may be");
    }
    this.#end = end;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#to.length) return;
    const grown = new Uint8Array(Math.max(this.#to.length * 2, this.#end + bytes));
    grown.set(this.#to.subarray(0, this.#end));
    this.#to = grown;
  }

  #byte(): number {
    this.#skip(1);
    return this.#from[this.#at - 1]!;
  }

  #uint32(): number {
    this.#skip(4);
    return this.#view.getUint32(this.#at - 4, true);
  }

  #skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#from.length) throw new RangeError("Cannot decompress LZ4: the frame ends too early");
  }
}
