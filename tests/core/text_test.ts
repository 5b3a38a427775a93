import assert from "node:assert/strict";
import fc from "fast-check";
import { compareCodePoints, printable, printableNames } from "../../core/text.ts";

/** Texts whose characters lie on both sides of the surrogates, with common beginnings. */
const texts = fc.array(
  fc.constantFrom("a", "b", "A", "é", "\ud7ff", "\ue000", "\uffee", "\uffff", "😀", "🔥", "\u{10000}", "\u{10ffff}"),
  { maxLength: 5 },
).map((parts) => parts.join(""));

/** By the definition: code point after code point, the shorter of two first. */
function byCodePoints(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Array.from(text, (character) => character.codePointAt(0)!)) as [
    number[],
    number[],
  ];
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return x.length - y.length;
}

Deno.test("texts are ordered by code point, not by UTF-16 unit", () => {
  fc.assert(
    fc.property(
      fc.oneof(texts, fc.string({ unit: "binary" })),
      fc.oneof(texts, fc.string({ unit: "binary" })),
      (a, b) => {
        assert.equal(Math.sign(compareCodePoints(a, b)), Math.sign(byCodePoints(a, b)));
      },
    ),
    { numRuns: 1_000 },
  );
  assert.ok("\uffee" > "😀" && compareCodePoints("\uffee", "😀") < 0);
});

Deno.test("the order is that of UTF-8 bytes, as in PostgreSQL's collation C", () => {
  const hex = (text: string) =>
    Array.from(new TextEncoder().encode(text), (b) => b.toString(16).padStart(2, "0")).join("");
  fc.assert(fc.property(texts, texts, (a, b) => {
    const [x, y] = [hex(a), hex(b)];
    assert.equal(Math.sign(compareCodePoints(a, b)), x < y ? -1 : x > y ? 1 : 0);
  }));
});

Deno.test("a beginning comes before what it begins, and equal texts are equal", () => {
  assert.ok(compareCodePoints("Kappa", "KappaPride") < 0);
  assert.ok(compareCodePoints("KappaPride", "Kappa") > 0);
  assert.equal(compareCodePoints("Kappa", "Kappa"), 0);
  assert.equal(compareCodePoints("", ""), 0);
});

Deno.test("texts with halves of surrogate pairs still have one order", () => {
  const broken = fc.array(fc.constantFrom("a", "\ud83d", "\ude00", "😀", "\uffff"), { maxLength: 4 }).map((p) =>
    p.join("")
  );
  fc.assert(fc.property(broken, broken, broken, (a, b, c) => {
    assert.equal(Math.sign(compareCodePoints(a, b)) + Math.sign(compareCodePoints(b, a)), 0);
    assert.equal(compareCodePoints(a, b) === 0, a === b);
    if (compareCodePoints(a, b) < 0 && compareCodePoints(b, c) < 0) assert.ok(compareCodePoints(a, c) < 0);
  }));
});

Deno.test("a text of others is printed without what moves a cursor, and cut", () => {
  assert.equal(printable("a\x1b[2Jb\r\n\t\x7f\u009b1mc\u202e\u2028é🔥"), "a[2Jb1mcé🔥");
  assert.equal(printable("x".repeat(40)), "x".repeat(40));
  assert.equal(printable("x".repeat(39) + "🔥y"), "x".repeat(39) + "\ufffd…");
  assert.equal(printable("abc", 2), "ab…");
  assert.equal(printableNames(["a", "\x00b"]), "a, b");
  assert.equal(printableNames(Array.from({ length: 21 }, () => "a")), "a, ".repeat(20) + "…");
});
