/** The table of tokens: finds what was read before, within its bounds, whatever the tokens are. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { TABLE_TOKEN_UNITS_MAX, TokenTable } from "../../../processor/enrichers/token_table.ts";

function read<V>(table: TokenTable<V>, text: string): V[] {
  const out: V[] = [];
  out.length = table.read(text, out);
  return out;
}

Deno.test("the tokens of any text are those between white space, read for the first time or again", () => {
  const table = new TokenTable((token) => `<${token}>`, { tokensMax: 40 });
  const pieces = fc.array(
    fc.constantFrom("a", "b", "gg", "wp", "é", "😀", "\t", " ", "  ", "\u00a0", "\u2003", "\ufeff", "\n"),
  );
  const texts = fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), pieces.map((list) => list.join("")));
  fc.assert(fc.property(texts, (text) => {
    const expected = text.split(/\s+/).filter((token) => token !== "").map((token) => `<${token}>`);
    assert.deepEqual(read(table, text), expected);
    assert.deepEqual(read(table, text), expected);
    assert.ok(table.size <= 40);
  }));
});

Deno.test("a token is worked out once, a long one each time", () => {
  const asked: string[] = [];
  const table = new TokenTable((token) => asked.push(token));
  const long = "x".repeat(TABLE_TOKEN_UNITS_MAX + 1);
  for (let i = 0; i < 3; i++) read(table, `gg ${long} gg`);
  assert.deepEqual(asked, ["gg", long, long, long]);
  assert.equal(table.size, 1);
});

Deno.test("a table grows to its bound, keeps all until then, and starts anew", () => {
  const asked = new Map<string, number>();
  const table = new TokenTable((token) => asked.set(token, (asked.get(token) ?? 0) + 1).size, { tokensMax: 5_000 });
  const tokens = Array.from({ length: 5_000 }, (_, i) => `t${i}`);
  for (let time = 0; time < 2; time++) for (const token of tokens) read(table, token);
  assert.ok([...asked.values()].filter((count) => count > 1).length <= 5, "few find no slot");
  read(table, "one more than that");
  assert.ok(table.size <= 4);
});

/** The hash of the table: FNV-1a over UTF-16 units, its upper half folded in. */
function hashOf(token: string): number {
  let hash = 0x811c_9dc5 | 0;
  for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ token.charCodeAt(i), 0x0100_0193);
  return hash ^ (hash >>> 15);
}

Deno.test("tokens that collide are read right, and no more of them are kept than are looked for", () => {
  const colliding: string[] = [];
  for (let i = 0; colliding.length < 200; i++) if ((hashOf(`t${i}`) & 0x7ff) === 7) colliding.push(`t${i}`);
  const table = new TokenTable((token) => token, { tokensMax: 400 });
  for (let time = 0; time < 2; time++) assert.deepEqual(read(table, colliding.join(" ")), colliding);
  assert.equal(table.size, 32);
  assert.deepEqual(read(table, "gg wp"), ["gg", "wp"]);
});

Deno.test("a table without room is refused", () => {
  assert.throws(() => new TokenTable((token) => token, { tokensMax: 0 }), /Cannot keep tokens: tokensMax is 0/);
});
