import assert from "node:assert/strict";
import fc from "fast-check";
import { compressLz4Frame, decompressLz4Frames } from "../../adapters/event_log_kafka_lz4.ts";
import { compressSnappy, decompressSnappy } from "../../adapters/event_log_kafka_snappy.ts";

const codecs = [
  ["LZ4", compressLz4Frame, decompressLz4Frames],
  ["Snappy", compressSnappy, decompressSnappy],
] as const;

/** Bytes that repeat, as events do, and bytes that do not. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 70_000, size: "max" }),
  fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.nat(3_000)).map(([text, times]) =>
    new TextEncoder().encode(text.repeat(times))
  ),
);

for (const [name, compress, decompress] of codecs) {
  Deno.test(`${name}: any bytes come back`, () => {
    fc.assert(fc.property(bytes, (given) => assert.deepEqual(decompress(compress(given)), given)), { numRuns: 60 });
  });

  Deno.test(`${name}: more than one block, and a text that shrinks`, () => {
    const text = new TextEncoder().encode(JSON.stringify({ message: "hello world" }).repeat(300_000));
    const packed = compress(text);
    assert.ok(packed.length < text.length / 5);
    assert.ok(decompress(packed).every((byte, i) => byte === text[i]));
    assert.equal(decompress(packed).length, text.length);
  });
}

/** A frame with blocks that lean on each other, checksums and a content size, as other programs may write it. */
function frameOf(flags: number, blocks: readonly (readonly number[])[]): Uint8Array {
  const sum = (bit: number) => ((flags & bit) !== 0 ? [0, 0, 0, 0] : []);
  const header = [0x04, 0x22, 0x4d, 0x18, flags, 0x40, ...((flags & 8) !== 0 ? [9, 0, 0, 0, 0, 0, 0, 0] : []), 0];
  const packed = blocks.flatMap((block) => [block.length, 0, 0, 0, ...block, ...sum(16)]);
  return Uint8Array.from([...header, ...packed, 0, 0, 0, 0, ...sum(4)]);
}

Deno.test("LZ4: dependent blocks, checksums, content sizes, stored blocks and several frames are read", () => {
  const abc = [0x30, 97, 98, 99];
  // No literals, a match of 6 bytes 3 bytes back: it lies in the block before. A last literal ends the block.
  const again = [0x02, 3, 0, 0x10, 33];
  for (const flags of [0x40, 0x50, 0x44, 0x48, 0x5c]) {
    assert.equal(new TextDecoder().decode(decompressLz4Frames(frameOf(flags, [abc, again]))), "abcabcabc!");
  }
  const two = Uint8Array.from([...frameOf(0x60, [abc]), ...frameOf(0x60, [abc])]);
  assert.equal(new TextDecoder().decode(decompressLz4Frames(two)), "abcabc");
  for (const size of [0, 1, 5_000, 65_536]) {
    const random = crypto.getRandomValues(new Uint8Array(size));
    const packed = compressLz4Frame(random);
    assert.ok(packed.length < size + 50, "what does not shrink is stored");
    assert.deepEqual(packed.subarray(-4), Uint8Array.of(0, 0, 0, 0), "and its longer trial is not behind it");
    assert.deepEqual(decompressLz4Frames(packed), random);
  }
});

Deno.test("LZ4: bytes whose trial is longer than they are end with the end mark all the same", () => {
  const given = Uint8Array.from([1, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(decompressLz4Frames(compressLz4Frame(given)), given);
});

Deno.test("LZ4 and Snappy: damaged data is an error, not something else", () => {
  const packed = compressLz4Frame(new TextEncoder().encode("hello ".repeat(100)));
  assert.throws(() => decompressLz4Frames(packed.subarray(0, packed.length - 5)), /ends too early/);
  assert.throws(() => decompressLz4Frames(Uint8Array.of(1, 2, 3, 4, 5, 6, 7)), /does not begin with a frame/);
  const snappy = compressSnappy(new TextEncoder().encode("hello ".repeat(100)));
  assert.throws(() => decompressSnappy(snappy.subarray(0, snappy.length - 1)), /ends too early/);
});

Deno.test("Snappy: a bare block, as librdkafka writes it, is read", () => {
  // Length 11, then a literal of 3 bytes and a copy of 8 bytes from 3 back.
  const block = Uint8Array.of(11, 0x08, 97, 98, 99, 0x11, 3);
  assert.equal(new TextDecoder().decode(decompressSnappy(block)), "abcabcabcab");
});
