import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { UserError } from "../../core/errors.ts";
import { fingerprintOf } from "../../ingest/recorded/fingerprint.ts";
import { type ReadOptions, readRecords } from "../../ingest/recorded/open_lines.ts";

async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await fn(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function read(path: string, options: ReadOptions = { format: "lines" }): Promise<string[]> {
  const records: string[] = [];
  for await (const portion of readRecords(path, options)) {
    assert.ok(portion.length > 0);
    for (const record of portion) records.push(record);
  }
  return records;
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("plain and packed files give the same lines, whatever their names", () =>
  inFolder(async (folder) => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `${i} grüße 🔥 ${"x".repeat(i % 90)}`);
    const text = "\ufeff" + lines.join("\r\n");
    await Deno.writeFile(`${folder}/plain.gz`, bytes(text));
    await Deno.writeFile(`${folder}/packed.txt`, gzipSync(bytes(text)));
    const half = bytes(text).length >> 1;
    const parts = [bytes(text).subarray(0, half), bytes(text).subarray(half)].map((part) => gzipSync(part));
    await Deno.writeFile(`${folder}/joined.gz`, Buffer.concat(parts));
    for (const name of ["plain.gz", "packed.txt", "joined.gz"]) {
      assert.deepEqual(await read(`${folder}/${name}`), lines);
    }
  }));

Deno.test("short and empty files are read too", () =>
  inFolder(async (folder) => {
    const cases: readonly [Uint8Array, string[]][] = [
      [bytes(""), []],
      [bytes("\ufeff"), []],
      [bytes("a"), ["a"]],
      [bytes("\n"), [""]],
      [gzipSync(bytes("")), []],
      [gzipSync(bytes("a\n")), ["a"]],
      [new Uint8Array([0x1f]), ["\u001f"]],
    ];
    for (const [content, expected] of cases) {
      await Deno.writeFile(`${folder}/file`, content);
      assert.deepEqual(await read(`${folder}/file`), expected);
    }
  }));

Deno.test("invalid UTF-8 becomes U+FFFD and its line goes on", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/file`, new Uint8Array([0x61, 0xff, 0x62, 0x0a, 0x63, 0x0a, 0xe2, 0x82]));
    assert.deepEqual(await read(`${folder}/file`), ["a\ufffdb", "c", "\ufffd"]);
  }));

Deno.test("reading goes on after the records that were read before", () =>
  inFolder(async (folder) => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i},"${"x".repeat(60)}\nsecond"`);
    await Deno.writeTextFile(`${folder}/t.csv`, ["id,text", ...lines].join("\n") + "\n");
    for (const startAfter of [0, 1, 29_999, 30_000, 40_000]) {
      const found = await read(`${folder}/t.csv`, { format: "csv", startAfter });
      assert.deepEqual(found, ["id,text", ...lines.slice(startAfter)], `after ${startAfter}`);
    }
    await Deno.writeTextFile(`${folder}/t.jsonl`, "a\nb\nc");
    assert.deepEqual(await read(`${folder}/t.jsonl`, { format: "lines", startAfter: 2 }), ["c"]);
    assert.deepEqual(await read(`${folder}/t.jsonl`, { format: "lines", startAfter: 3 }), []);
  }));

Deno.test("a reader that stops early leaves nothing open", () =>
  inFolder(async (folder) => {
    const content = bytes("line\n".repeat(2_000_000));
    await Deno.writeFile(`${folder}/plain`, content);
    await Deno.writeFile(`${folder}/packed`, gzipSync(content, { level: 1 }));
    for (const name of ["plain", "packed"]) {
      for await (const portion of readRecords(`${folder}/${name}`, { format: "lines" })) {
        assert.equal(portion[0], "line");
        break;
      }
    }
  }));

Deno.test("a file that cannot be read is an error with a fix", () =>
  inFolder(async (folder) => {
    const packed = gzipSync(bytes("some text\n".repeat(1_000)));
    await Deno.writeFile(`${folder}/short.gz`, packed.subarray(0, packed.length - 20));
    await Deno.writeFile(`${folder}/odd.gz`, Buffer.concat([packed.subarray(0, 10), bytes("no deflate data here")]));
    await Deno.writeFile(`${folder}/table.zip`, bytes("PK\u0003\u0004"));
    // Nobody writes to it: who opened it would wait forever.
    await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
    const cases: readonly [string, RegExp][] = [
      [`${folder}/none`, /no such file/],
      [folder, /is a folder/],
      [`${folder}/pipe`, /a pipe or a device, which cannot be read twice/],
      [`${folder}/short.gz`, /gzip data is damaged/],
      [`${folder}/odd.gz`, /gzip data is damaged/],
      [`${folder}/table.zip`, /zip archive/],
    ];
    for (const [path, cause] of cases) {
      await assert.rejects(read(path), (error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.equal(error.code, "usage");
        assert.ok(error.message.includes(path) && cause.test(error.message), error.message);
        return error.fix !== "";
      });
    }
  }));

Deno.test("a fingerprint is of the bytes, not of the name", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a`, "abc");
    await Deno.writeTextFile(`${folder}/b`, "abc");
    await Deno.writeTextFile(`${folder}/c`, "abd");
    // FIPS 180-2, appendix B.1.
    assert.equal(await fingerprintOf(`${folder}/a`), "ba7816bf8f01cfea414140de5dae2223");
    assert.equal(await fingerprintOf(`${folder}/b`), await fingerprintOf(`${folder}/a`));
    assert.notEqual(await fingerprintOf(`${folder}/c`), await fingerprintOf(`${folder}/a`));
    for (const path of [`${folder}/none`, folder]) {
      await assert.rejects(fingerprintOf(path), (error) => error instanceof UserError && error.code === "usage");
    }
  }));
