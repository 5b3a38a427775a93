import assert from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { UserError } from "../../core/errors.ts";
import { readRecords } from "../../ingest/recorded/open_lines.ts";
import { recordedFormOf } from "../../ingest/recorded/recorded_form.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string, { big = false, mark = true } = {}) => {
  const units = (mark ? "\ufeff" : "") + text;
  const view = new DataView(new ArrayBuffer(2 * units.length));
  for (let i = 0; i < units.length; i++) view.setUint16(2 * i, units.charCodeAt(i), !big);
  return new Uint8Array(view.buffer);
};

async function formOf(folder: string, name: string, content: Uint8Array) {
  await Deno.writeFile(`${folder}/${name}`, content);
  return await recordedFormOf(`${folder}/${name}`, { form: "table" });
}

Deno.test("a file's format is told by what it holds, then by its name", () =>
  inTempFolder(async (folder) => {
    const pretty = JSON.stringify([{ a: 1 }, { a: 2 }], null, 2);
    const cases: readonly [string, string, string][] = [
      ["a.jsonl", '{"a":1}\n{"a":2}\n', "lines"],
      ["a.jsonl", "rubbish\n", "lines"],
      ["a.jsonl", "[1,2]\n", "lines"],
      ["a.json", '{"a":1}\n{"a":2}\n', "lines"],
      ["a.json", pretty, "json"],
      ["a.csv", pretty, "json"],
      ["a", `[${" ".repeat(70_000)}{}]`, "json"],
      ["a.json", '{\n  "a": 1\n}\n{\n  "a": 2\n}\n', "json"],
      ["a.txt", '{"a":1}', "lines"],
      ["a.csv", "a,b\n1,2\n", "csv"],
      ["a.txt", "a;b\n1;2\n", "csv"],
      ["a.csv", "[a],[b]\n1,2\n", "csv"],
      ["a.tsv.gz", "a\tb\n", "csv"],
      ["a", "", "lines"],
    ];
    for (const [name, text, format] of cases) {
      for (const content of [bytes(text), gzipSync(bytes(text)), zstdCompressSync(bytes(text))]) {
        assert.equal((await formOf(folder, name, content)).format, format, `${name}: ${text.slice(0, 20)}`);
      }
    }
  }));

Deno.test("the encoding is told by a byte order mark, by the zeros of UTF-16, or for a table by not being UTF-8", () =>
  inTempFolder(async (folder) => {
    const text = "name,message\nJosé,grüße €\n";
    const latin = Uint8Array.from(text, (char) => (char === "€" ? 0x80 : char.charCodeAt(0)));
    const cases: readonly [Uint8Array, string][] = [
      [bytes(text), "utf-8"],
      [bytes("\ufeff" + text), "utf-8"],
      [utf16(text), "utf-16le"],
      [utf16(text, { big: true }), "utf-16be"],
      [utf16(text, { mark: false }), "utf-16le"],
      [utf16(text, { big: true, mark: false }), "utf-16be"],
      [latin, "windows-1252"],
    ];
    for (const [content, encoding] of cases) {
      const form = await formOf(folder, "t.csv", content);
      assert.equal(form.encoding, encoding);
      assert.equal(form.note !== null, encoding === "windows-1252");
      const records: string[] = [];
      for await (const portion of readRecords(`${folder}/t.csv`, form)) records.push(...portion);
      assert.deepEqual(records, ["name,message", "José,grüße €"], encoding);
    }
  }));

Deno.test("one damaged byte in UTF-8 makes no other encoding, and the user's word is final", () =>
  inTempFolder(async (folder) => {
    const damaged = new Uint8Array([...bytes("name\ngrüße\n"), 0xff, 10]);
    assert.equal((await formOf(folder, "t.csv", damaged)).encoding, "utf-8");
    const told = await recordedFormOf(`${folder}/t.csv`, { form: "table", encoding: "shift_jis" });
    assert.deepEqual(told, { format: "csv", encoding: "shift_jis", note: null });
    // JSON is UTF-8 whatever it holds.
    const json = await formOf(folder, "t.jsonl", new Uint8Array([...bytes('{"a":"'), 0xe9, ...bytes('"}\n')]));
    assert.equal(json.encoding, "utf-8");
  }));

Deno.test("texts of people are lines, or a CSV table, whatever they look like, and in their encoding", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/t`;
    for (const [form, format] of [["text", "lines"], ["csv", "csv"]] as const) {
      await Deno.writeFile(path, bytes('[{"a":1}]\n'));
      assert.deepEqual(await recordedFormOf(path, { form }), { format, encoding: "utf-8", note: null });
      await Deno.writeFile(path, new Uint8Array([0x68, 0xe9, 10]));
      assert.equal((await recordedFormOf(path, { form })).encoding, "windows-1252");
      assert.equal((await recordedFormOf(path, { form, encoding: "utf-8" })).encoding, "utf-8");
      await Deno.writeFile(path, bytes("a\rb\r"));
      await assert.rejects(recordedFormOf(path, { form }), /carriage return alone/);
      await Deno.writeFile(path, bytes("PAR1 PAR1"));
      await assert.rejects(recordedFormOf(path, { form }), /it is a Parquet file, and .* read here/);
    }
  }));

Deno.test("frames are lines whatever they look like, and a table of lone carriage returns is refused", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/t.csv`, '[{"a":1}]');
    assert.equal((await recordedFormOf(`${folder}/t.csv`, { form: "lines" })).format, "lines");
    await assert.rejects(
      formOf(folder, "t.csv", bytes("a,b\r1,2\r")),
      (error) => error instanceof UserError && /carriage return alone/.test(error.message) && /tr /.test(error.fix),
    );
  }));
