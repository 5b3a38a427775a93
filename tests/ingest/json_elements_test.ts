import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonElements } from "../../ingest/recorded/json_elements.ts";

function cut(text: string, size = text.length || 1): string[] {
  const splitter = jsonElements();
  const found: string[] = [];
  for (let at = 0; at < text.length; at += size) found.push(...splitter.push(text.slice(at, at + size)));
  return [...found, ...splitter.end()];
}

const value = fc.dictionary(fc.string(), fc.jsonValue());

Deno.test("the elements of any array come out as they stand, however it is written and read", () => {
  fc.assert(
    fc.property(fc.array(value), fc.nat(4), fc.integer({ min: 1, max: 50 }), (values, indent, size) => {
      const texts = values.map((one) => JSON.stringify(one, null, indent));
      for (const text of [JSON.stringify(values, null, indent), `[${texts.join(" ,\n")}]`, texts.join("\n")]) {
        assert.deepEqual(cut(text, size).map((element) => JSON.parse(element)), JSON.parse(JSON.stringify(values)));
      }
    }),
  );
});

Deno.test("what breaks an element costs that element", () => {
  const cases: readonly [string, string[]][] = [
    ['[{"a":1},{"b":2,\n{"c":3}]', ['{"a":1}', '{"b":2', '{"c":3}']],
    ['[{"a":1 ] {"b":2}', ['{"a":1', '{"b":2}']],
    ['[{"a":"no end\n},{"b":1}]', ['{"a":"no end\n}', '{"b":1}']],
    ['[1,"x",null,[2,{"a":3}],true]', ["1", '"x"', "null", '[2,{"a":3}]', "true"]],
    ['{"a":1} rubbish {"b":2}', ['{"a":1}', "rubbish", '{"b":2}']],
    ['[{"a":1}] [{"b":2}]', ['{"a":1}', '{"b":2}']],
    ['[{"a":"]}\\""}]', ['{"a":"]}\\""}']],
  ];
  for (const [text, expected] of cases) {
    for (const size of [1, 2, 3, 1_000]) assert.deepEqual(cut(text, size), expected, text);
  }
});

Deno.test("a file that ends too early leaves what there is of its last element, or its open bracket", () => {
  assert.deepEqual(cut('[{"a":1},{"b":'), ['{"a":1}', '{"b":']);
  assert.deepEqual(cut('[{"a":1},\n'), ['{"a":1}', "["]);
  assert.deepEqual(cut(" [] "), []);
  assert.deepEqual(cut(""), []);
});

Deno.test("an element without end is cut and its rest passes by", () => {
  const splitter = jsonElements({ unitsMax: 100, cutUnits: 11 });
  const found = Array.from({ length: 50 }, () => splitter.push('{"a":"' + "x".repeat(40) + '",')).flat();
  assert.deepEqual([...found, ...splitter.end()].map((element) => element.length), [11]);
});
