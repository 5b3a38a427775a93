import assert from "node:assert/strict";
import fc from "fast-check";
import { exportFormats } from "../../cli/export/formats.ts";
import { isBookkeeping, plainNumber, textOf } from "../../cli/export/values.ts";
import type { ColumnSpec, ColumnType } from "../../core/ports.ts";

const column = (name: string, type: ColumnType): ColumnSpec => ({ name, type });

const columns = [
  column("key", "text"),
  column("at", "timestamptz"),
  column("n", "bigint"),
  column("score", "double precision"),
  column("price", "numeric"),
  column("top", "json"),
];
const AT = Date.UTC(2024, 7, 8, 23, 54);

async function exported(format: string, ...portions: unknown[][][]): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of exportFormats[format]!(columns, ReadableStream.from(portions))) {
    text += decoder.decode(bytes);
  }
  return text;
}

Deno.test("numbers are written without exponent", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0"],
    [-0, "0"],
    [1.5, "1.5"],
    [-2, "-2"],
    [1e-7, "0.0000001"],
    [-1.25e-9, "-0.00000000125"],
    [1e21, "1000000000000000000000"],
    [1.2345e22, "12345000000000000000000"],
    [-1.5e300, "-15" + "0".repeat(299)],
    [5e-324, "0." + "0".repeat(323) + "5"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
  ];
  for (const [value, text] of cases) assert.equal(plainNumber(value), text);
});

Deno.test("any number reads back as itself from its plain text", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
    const text = plainNumber(value);
    assert.match(text, /^-?\d+(\.\d+)?$/);
    assert.equal(Number(text) + 0, value + 0);
  }));
});

Deno.test("values as text: times in ISO 8601 UTC with milliseconds, decimals as they are, null stays null", () => {
  const cases: readonly (readonly [unknown, ColumnType, string | null])[] = [
    [AT, "timestamptz", "2024-08-08T23:54:00.000Z"],
    [-1, "timestamptz", "1969-12-31T23:59:59.999Z"],
    ["61837.63", "numeric", "61837.63"],
    ["12345678901234567890.00000001", "numeric", "12345678901234567890.00000001"],
    [12, "bigint", "12"],
    [1e-7, "double precision", "0.0000001"],
    [[{ emote: "Kappa", count: 3 }], "json", '[{"emote":"Kappa","count":3}]'],
    ["", "text", ""],
    [null, "text", null],
    [undefined, "numeric", null],
    [null, "json", null],
  ];
  for (const [value, type, text] of cases) assert.equal(textOf(value, column("c", type)), text);
});

Deno.test("when and by what a row was written is not exported", () => {
  const kept = ["window_end", "chat_count", "generation_count", "processed"];
  const left = ["processed_at", "updated_at", "chat_generation", "candles_revision"];
  for (const name of kept) assert.ok(!isBookkeeping(column(name, "bigint")), name);
  for (const name of left) assert.ok(isBookkeeping(column(name, "bigint")), name);
});

Deno.test("CSV: a cell is quoted where it holds a comma, a quote or a line break, and null is empty", async () => {
  assert.equal(
    await exported(
      "csv",
      [["plain", AT, 1, 0.5, "61837.63", []], ['a "b", c', AT, 2, 1e-7, "0.00000001", [{ emote: "LUL", count: 1 }]]],
      [],
      [["two\nlines", AT, 3, null, null, null], ["cr\r", AT, 4, -1, "1", null], [" spaced ", AT, 5, 2, "2", null]],
    ),
    [
      "key,at,n,score,price,top",
      "plain,2024-08-08T23:54:00.000Z,1,0.5,61837.63,[]",
      '"a ""b"", c",2024-08-08T23:54:00.000Z,2,0.0000001,0.00000001,"[{""emote"":""LUL"",""count"":1}]"',
      '"two\nlines",2024-08-08T23:54:00.000Z,3,,,',
      '"cr\r",2024-08-08T23:54:00.000Z,4,-1,1,',
      " spaced ,2024-08-08T23:54:00.000Z,5,2,2,",
      "",
    ].join("\n"),
  );
});

Deno.test("JSON: one row a line, decimals with all digits, numbers without exponent", async () => {
  const text = await exported(
    "json",
    [['a "b"\n', AT, 1, 1e-7, "12345678901234567890.00000001", [{ emote: "LUL", count: 1 }]]],
    [[null, AT, 2, null, null, null]],
  );
  assert.equal(
    text,
    '[\n{"key":"a \\"b\\"\\n","at":"2024-08-08T23:54:00.000Z","n":1,"score":0.0000001,' +
      '"price":12345678901234567890.00000001,"top":[{"emote":"LUL","count":1}]},\n' +
      '{"key":null,"at":"2024-08-08T23:54:00.000Z","n":2,"score":null,"price":null,"top":null}\n]\n',
  );
});

Deno.test("JSON: what JSON has no number for is null", async () => {
  for (const score of [NaN, Infinity, -Infinity]) {
    const [row] = JSON.parse(await exported("json", [["k", AT, 1, score, "1", null]]));
    assert.equal(row.score, null);
  }
});

Deno.test("a table without rows is a header in CSV and an empty array in JSON", async () => {
  assert.equal(await exported("csv"), "key,at,n,score,price,top\n");
  assert.equal(await exported("json"), "[]\n");
  assert.equal(await exported("json", [], []), "[]\n");
});

const rows = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.nat(), fc.constant(null)), { maxLength: 8 });

Deno.test("JSON: whatever the texts and the portions, the rows read back", async () => {
  await fc.assert(fc.asyncProperty(fc.array(rows, { maxLength: 4 }), async (portions) => {
    const text = await exported("json", ...portions.map((some) => some.map(([key, n]) => [key, AT, n, 0, "1", null])));
    const read = (JSON.parse(text) as { key: string; n: number }[]).map(({ key, n }) => [key, n]);
    // Lone surrogates are escaped by JSON.stringify, so they survive UTF-8.
    assert.deepEqual(read, portions.flat().map(([key, n]) => [key, n]));
  }));
});
