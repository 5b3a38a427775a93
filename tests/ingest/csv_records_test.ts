import assert from "node:assert/strict";
import fc from "fast-check";
import { csvCells, delimiterOf } from "../../ingest/recorded/csv_cells.ts";
import { csvRecords, RECORD_UNITS_MAX } from "../../ingest/recorded/csv_records.ts";

function records(...portions: string[][]): string[] {
  const splitter = csvRecords();
  return [...portions.flatMap((lines) => splitter.push(lines)), ...splitter.end()];
}

Deno.test("a quoted cell may go over lines", () => {
  assert.deepEqual(records(["a,b", '1,"x\r', 'y"\r'], ["2,z"]), ["a,b", '1,"x\r\ny"', "2,z"]);
  assert.deepEqual(records(["a,b", '1,"""x'], ["", 'y""",2']), ["a,b", '1,"""x\n\ny""",2']);
});

Deno.test("the header is the first record: blank lines above it are none", () => {
  assert.deepEqual(records(["", " \r"], ["\r", "a,b", "", "1,2"]), ["a,b", "", "1,2"]);
});

Deno.test("a quote within an unquoted cell opens nothing", () => {
  assert.deepEqual(records(["a,b", '1,5" wide', "2,x"]), ["a,b", '1,5" wide', "2,x"]);
});

Deno.test("a quote that is never closed costs its own line only", () => {
  assert.deepEqual(records(["a,b", '1,"open', "2,x", '3,"fine"', '4,"also', "5,y"]), [
    "a,b",
    '1,"open',
    "2,x",
    '3,"fine"',
    '4,"also',
    "5,y",
  ]);
  assert.deepEqual(records(['1,"a"b,"c', "2,x"]), ['1,"a"b,"c', "2,x"]);
  const many = Array.from({ length: 3 * RECORD_UNITS_MAX / 100 }, (_, i) => `${i},${"x".repeat(100)}`);
  const found = records(["a,b", '1,"open'], many);
  assert.equal(found.length, many.length + 2);
  assert.deepEqual(found.slice(0, 3), ["a,b", '1,"open', many[0]]);
});

Deno.test("the delimiter is the header's most frequent one outside of quotes", () => {
  const cases: readonly [string, string][] = [
    ["a,b", ","],
    ["a", ","],
    ["a;b;c,d", ";"],
    ["a\tb", "\t"],
    ['"a;b;c",d', ","],
    ["a|b", "|"],
  ];
  for (const [header, expected] of cases) assert.equal(delimiterOf(header), expected, header);
});

Deno.test("cells come back as they were written, wherever the portions break", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " ", "é"), maxLength: 6 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { maxLength: 6 });
  fc.assert(fc.property(table, fc.infiniteStream(fc.nat(3)), (rows, sizes) => {
    const quoted = (text: string) => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    const lines = [["h", "i"], ...rows].map((cells) => cells.map(quoted).join(",")).join("\n").split("\n");
    const portions: string[][] = [];
    for (let at = 0; at < lines.length;) {
      const size = sizes.next().value + 1;
      portions.push(lines.slice(at, at + size));
      at += size;
    }
    assert.deepEqual(records(...portions).slice(1).map((record) => csvCells(record, ",")), rows);
  }));
});
