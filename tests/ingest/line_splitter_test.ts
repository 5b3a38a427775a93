import assert from "node:assert/strict";
import fc from "fast-check";
import {
  CUT_LINE_UNITS,
  LINE_UNITS_MAX,
  lineSplitter,
  type LineSplitterOptions,
} from "../../ingest/recorded/line_splitter.ts";

function split(chunks: readonly string[], options: LineSplitterOptions = {}): string[] {
  const splitter = lineSplitter(options);
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}

Deno.test("lines end at \\n, a \\r before it and a missing last one are tolerated", () => {
  const cases: readonly [string[], string[]][] = [
    [[], []],
    [[""], []],
    [["a"], ["a"]],
    [["a\n"], ["a"]],
    [["a\nb"], ["a", "b"]],
    [["a\r\nb\r\n"], ["a", "b"]],
    [["a\r", "\nb\r"], ["a", "b"]],
    [["\n\n"], ["", ""]],
    [["a\rb\n"], ["a\rb"]],
    [["a\u2028b\n"], ["a\u2028b"]],
  ];
  for (const [chunks, expected] of cases) assert.deepEqual(split(chunks), expected, JSON.stringify(chunks));
});

Deno.test("returns are kept on demand", () => {
  assert.deepEqual(split(["a\r\nb\r"], { keepReturns: true }), ["a\r", "b\r"]);
});

Deno.test("a line that is too long is cut, the ones around it are whole", () => {
  const options = { unitsMax: 10, cutUnits: 4 };
  const text = "before\n0123456789ABC\nafter\n0123456789\n";
  for (let size = 1; size <= text.length; size++) {
    const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
    assert.deepEqual(split(chunks, options), ["before", "0123", "after", "0123456789"], `chunks of ${size}`);
  }
  assert.deepEqual(split(["x".repeat(30)], options), ["xxxx"]);
});

Deno.test("a line of 17 Mi units comes out as 1 Mi + 1", () => {
  const chunk = "x".repeat(1_048_576);
  const lines = split([...Array<string>(17).fill(chunk), "\nnext\n"]);
  assert.deepEqual(lines.map((line) => line.length), [CUT_LINE_UNITS, 4]);
  assert.ok(LINE_UNITS_MAX > CUT_LINE_UNITS);
});

Deno.test("where the chunks break changes nothing", () => {
  const piece = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r", "é", "🔥"), maxLength: 12 });
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (chunks, keepReturns) => {
    for (const options of [{ keepReturns }, { keepReturns, unitsMax: 5, cutUnits: 3 }]) {
      assert.deepEqual(split(chunks, options), split([chunks.join("")], options));
    }
    const plain = chunks.join("").split("\n");
    if (plain.at(-1) === "") plain.pop();
    assert.deepEqual(split(chunks, { keepReturns: true }), plain);
  }));
});
