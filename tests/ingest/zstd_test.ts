/**
 * zstd data: of one frame or many, whole or damaged. The runtime's own decompressor takes a cut frame for a whole one and
 * ends the process over a wrong checksum, so damage of each kind is tried.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { constants, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { UserError } from "../../core/errors.ts";
import { openBytes } from "../../ingest/recorded/open_bytes.ts";
import { frameParts } from "../../ingest/recorded/zstd_frames.ts";
import { inTempFolder } from "../support/temp_folder.ts";

async function unpacked(folder: string, content: Uint8Array): Promise<Buffer> {
  await Deno.writeFile(`${folder}/file`, content);
  const chunks: Buffer[] = [];
  for await (const chunk of openBytes(`${folder}/file`)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Random bytes and repeats, beyond one chunk of output. */
function sample(bytes: number): Buffer {
  const noise = Buffer.from(Array.from({ length: 60_000 }, (_, i) => (i * i * 2_654_435_761) >>> 24));
  const parts: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes; at += 160_000, i++) parts.push(noise, Buffer.from("x".repeat(100_000) + i));
  return Buffer.concat(parts).subarray(0, bytes);
}

const packed = (content: Buffer, checksum = true): Buffer =>
  zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 } });
const skippable = (bytes: number) =>
  Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, bytes, 0, 0, 0]), Buffer.alloc(bytes, 7)]);

Deno.test("frames that follow one another are read as one, skippable and empty ones in between included", () =>
  inTempFolder(async (folder) => {
    const large = sample(5_000_000);
    const [a, b, none] = [packed(large), packed(Buffer.from("two\n"), false), packed(Buffer.alloc(0))];
    const joined = Buffer.concat([skippable(3), a, none, skippable(0), b, b, skippable(250)]);
    assert.deepEqual(await unpacked(folder, joined), Buffer.concat([large, Buffer.from("two\ntwo\n")]));
    assert.deepEqual(await unpacked(folder, none), Buffer.alloc(0));
  }));

Deno.test("where the chunks break changes nothing", async () => {
  const content = Buffer.concat([
    packed(sample(300_000)),
    skippable(9),
    packed(Buffer.from("a")),
    packed(sample(9_000)),
  ]);
  const cut = async (size: number) => {
    const frames: number[] = [0];
    const chunks = Array.from(
      { length: Math.ceil(content.length / size) },
      (_, i) => content.subarray(i * size, (i + 1) * size),
    );
    for await (const { bytes, endsFrame } of frameParts(ReadableStream.from(chunks))) {
      frames[frames.length - 1]! += bytes.length;
      if (endsFrame) frames.push(0);
    }
    return frames;
  };
  const whole = await cut(content.length);
  assert.equal(whole.length, 4);
  assert.equal(whole.reduce((sum, bytes) => sum + bytes, 0), content.length - 17);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), async (size) => {
      assert.deepEqual(await cut(size), whole);
    }),
    { numRuns: 30 },
  );
});

Deno.test("data that is cut off, changed or followed by something else is an error that names the file", () =>
  inTempFolder(async (folder) => {
    const whole = packed(sample(3_000_000));
    const changed = (at: number) => {
      const copy = Buffer.from(whole);
      copy[at]! ^= 1;
      return copy;
    };
    const cases: readonly [string, Buffer, RegExp][] = [
      ["cut in a block", whole.subarray(0, whole.length - 20), /ends within a frame/],
      ["cut in the checksum", whole.subarray(0, whole.length - 1), /ends within a frame/],
      ["cut in the second frame's head", Buffer.concat([whole, whole.subarray(0, 3)]), /ends within a frame/],
      ["a wrong checksum", changed(whole.length - 1), /checksum/],
      ["another byte in the middle", changed(whole.length >> 1), /zstd data is damaged/],
      ["other data behind", Buffer.concat([whole, Buffer.from("and more")]), /no frame/],
    ];
    for (const [name, content, message] of cases) {
      await assert.rejects(unpacked(folder, content), (error) => {
        assert.ok(error instanceof UserError, `${name}: ${error}`);
        assert.match(error.message, message, name);
        return error.message.includes(`${folder}/file`);
      });
    }
  }));

Deno.test("a reader that stops early leaves nothing open", () =>
  inTempFolder(async (folder) => {
    await Deno.writeFile(`${folder}/file`, packed(sample(20_000_000)));
    for await (const chunk of openBytes(`${folder}/file`)) {
      assert.ok(chunk.length > 0);
      break;
    }
  }));
