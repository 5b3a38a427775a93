/**
 * Where the frames of zstd data begin and end (RFC 8878, 3.1).
 *
 * The runtime's own decompressor stops after the first frame without a word, takes a frame that is cut off for a whole
 * one, and gives nothing for a skippable frame; tools that pack in parallel write many frames. So the frames are cut
 * apart here, and each is unpacked by itself.
 * @module
 */

/**
 * Bytes of a frame, in order, of no more than one block; no frame begins before the one at hand has ended.
 *
 * A block gives 128 KiB at most. The runtime tells of damage properly only in the first portion of output that a write
 * gives, and ends the process in the second; so no write may give more than one.
 */
export interface FramePart {
  readonly bytes: Uint8Array;
  readonly endsFrame: boolean;
}

/** Thrown for data that ends or breaks where a frame must go on. */
export class ZstdFormatError extends Error {
  override readonly name = "ZstdFormatError";
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** What comes next in the data. */
type Step = "magic" | "frame header" | "block header" | "block" | "checksum" | "skippable size" | "skippable";

/**
 * Cuts zstd data into the parts of its frames; skippable frames are left out.
 *
 * @throws {ZstdFormatError} when something else stands where a frame must begin, or the data ends within one.
 */
export async function* frameParts(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FramePart> {
  const cutter = new FrameCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  if (!cutter.atEnd) throw new ZstdFormatError("it ends within a frame");
}

class FrameCutter {
  #step: Step = "magic";
  /** Bytes of the step that are still to pass, for a block and a skippable frame. */
  #left = 0;
  #lastBlock = false;
  #hasChecksum = false;
  /** What the last chunk ended with, too short to be looked at. */
  #carry = new Uint8Array(0);

  get atEnd(): boolean {
    return this.#step === "magic" && this.#carry.length === 0;
  }

  *push(chunk: Uint8Array): Generator<FramePart> {
    const data = this.#carry.length === 0 ? chunk : joined(this.#carry, chunk);
    this.#carry = new Uint8Array(0);
    let start = 0;
    for (let at = 0; at < data.length;) {
      const before = this.#step;
      const wasInFrame = this.#inFrame();
      const taken = this.#take(data.subarray(at));
      if (taken === 0) {
        // Only a few bytes; those before them go on now.
        this.#carry = data.slice(at);
        if (wasInFrame && at > start) yield { bytes: data.subarray(start, at), endsFrame: false };
        return;
      }
      at += taken;
      const endsFrame = wasInFrame && this.#step === "magic";
      if (endsFrame || (before === "block" && this.#step !== "block")) {
        yield { bytes: data.subarray(start, at), endsFrame };
        start = at;
      } else if (!this.#inFrame()) start = at;
      // The magic number belongs to its frame.
      else if (!wasInFrame) start = at - taken;
    }
    if (this.#inFrame() && data.length > start) yield { bytes: data.subarray(start), endsFrame: false };
  }

  #inFrame(): boolean {
    return this.#step !== "magic" && this.#step !== "skippable size" && this.#step !== "skippable";
  }

  /** Takes the next step; how many bytes it was, 0 = more are needed. */
  #take(data: Uint8Array): number {
    switch (this.#step) {
      case "magic":
        return this.#takeMagic(data);
      case "frame header":
        return this.#takeFrameHeader(data);
      case "block header":
        return this.#takeBlockHeader(data);
      case "checksum":
        if (data.length < 4) return 0;
        this.#step = "magic";
        return 4;
      case "skippable size":
        if (data.length < 4) return 0;
        this.#left = littleEndian(data, 4);
        this.#step = this.#left === 0 ? "magic" : "skippable";
        return 4;
      case "block":
      case "skippable": {
        const taken = Math.min(this.#left, data.length);
        this.#left -= taken;
        if (this.#left === 0) this.#step = this.#step === "block" ? this.#afterBlock() : "magic";
        return taken;
      }
    }
  }

  #takeMagic(data: Uint8Array): number {
    if (data.length < 4) return 0;
    const magic = littleEndian(data, 4);
    if (magic === FRAME_MAGIC) this.#step = "frame header";
    else if (magic - (magic % 16) === SKIPPABLE_MAGIC) this.#step = "skippable size";
    else throw new ZstdFormatError("something that is no frame follows one");
    return 4;
  }

  #takeFrameHeader(data: Uint8Array): number {
    const descriptor = data[0]!;
    const single = (descriptor & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    const length = 1 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
    if (data.length < length) return 0;
    this.#hasChecksum = (descriptor & 4) !== 0;
    this.#step = "block header";
    return length;
  }

  #takeBlockHeader(data: Uint8Array): number {
    if (data.length < 3) return 0;
    const header = littleEndian(data, 3);
    this.#lastBlock = (header & 1) !== 0;
    const type = (header >> 1) & 3;
    if (type === 3) throw new ZstdFormatError("a block has a type that does not exist");
    // A block of one repeated byte holds that byte alone.
    this.#left = type === 1 ? 1 : header >>> 3;
    this.#step = this.#left === 0 ? this.#afterBlock() : "block";
    return 3;
  }

  #afterBlock(): Step {
    return !this.#lastBlock ? "block header" : this.#hasChecksum ? "checksum" : "magic";
  }
}

function littleEndian(data: Uint8Array, bytes: number): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + data[i]!;
  return value;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
