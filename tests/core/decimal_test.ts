import assert from "node:assert/strict";
import fc from "fast-check";
import {
  addScaled,
  compareScaled,
  divideScaled,
  formatScaled,
  multiplyScaled,
  narrow,
  parseScaled,
} from "../../core/decimal.ts";

/** Whole numbers around every limit that matters: 0, 2^53, and far beyond. */
const integers = fc.oneof(
  fc.bigInt({ min: -1_000n, max: 1_000n }),
  fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n - 1n, 2n ** 53n + 1n, -(2n ** 53n), 1n - 2n ** 53n),
);

/** As the functions take and give them: numbers where that is exact. */
const scaled = integers.map(narrow);
const scales = fc.nat({ max: 15 });

function assertNarrow(value: number | bigint): void {
  const safe = BigInt(value) >= -(2n ** 53n) + 1n && BigInt(value) <= 2n ** 53n - 1n;
  assert.equal(typeof value, safe ? "number" : "bigint");
}

Deno.test("decimals are parsed into whole numbers of the scale", () => {
  const cases: readonly (readonly [string, number, number | bigint])[] = [
    ["61837.63000000", 8, 6_183_763_000_000],
    ["0.00000001", 8, 1],
    ["1", 0, 1],
    ["-1.5", 1, -15],
    ["+1.5", 3, 1_500],
    ["007", 2, 700],
    ["-0.0", 2, 0],
    ["1.2300000000000000000000", 2, 123],
    ["9007199254740991", 0, 9_007_199_254_740_991],
    ["9007199254740992", 0, 9_007_199_254_740_992n],
    ["-9007199254740993", 0, -9_007_199_254_740_993n],
    ["123456789012345678.12345678", 8, 12_345_678_901_234_567_812_345_678n],
  ];
  for (const [text, scale, units] of cases) assert.equal(parseScaled(text, scale), units, text);
});

Deno.test("what is no decimal is refused, and so are more fraction digits than the scale has", () => {
  for (const text of ["", ".5", "5.", "1e5", "1,5", " 1", "NaN", "Infinity", "0x10", "--1", "1.2.3", "١"]) {
    assert.throws(
      () => parseScaled(text, 8),
      { name: "SyntaxError", message: /^Cannot parse decimal: value is "/ },
      text,
    );
  }
  assert.throws(() => parseScaled("0.123", 2), {
    name: "RangeError",
    message: /"0\.123" has more than 2 fraction digits/,
  });
});

Deno.test("any decimal equals its digits as a BigInt, and comes back without zeros at its end", () => {
  fc.assert(fc.property(integers, scales, fc.nat({ max: 4 }), (units, scale, zeros) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale);
    const fraction = digits.slice(digits.length - scale);
    const padded = fraction + "0".repeat(zeros);
    const text = (units < 0n ? "-" : "") + whole + (padded === "" ? "" : "." + padded);
    const parsed = parseScaled(text, scale);
    assert.equal(BigInt(parsed), units);
    assertNarrow(parsed);
    const bare = fraction.replace(/0+$/, "");
    assert.equal(formatScaled(parsed, scale), (units < 0n ? "-" : "") + whole + (bare === "" ? "" : "." + bare));
  }));
});

Deno.test("sum, product and order are those of BigInt", () => {
  fc.assert(fc.property(scaled, scaled, (a, b) => {
    const sum = addScaled(a, b);
    assert.equal(BigInt(sum), BigInt(a) + BigInt(b));
    assertNarrow(sum);
    assert.equal(BigInt(multiplyScaled(a, b)), BigInt(a) * BigInt(b));
    assert.equal(Math.sign(compareScaled(a, b)), BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0);
  }));
});

Deno.test("the order in which decimals are added never shows", () => {
  const texts = fc.array(fc.tuple(fc.nat({ max: 10 ** 9 }), fc.nat({ max: 99_999_999 })), { maxLength: 30 });
  fc.assert(fc.property(texts, fc.infiniteStream(fc.nat()), (parts, order) => {
    const units = parts.map(([whole, fraction]) => parseScaled(`${whole}.${String(fraction).padStart(8, "0")}`, 8));
    const shuffled = units.map((value) => [order.next().value, value] as const).sort(([a], [b]) => a - b);
    const sum = (all: readonly (number | bigint)[]) => all.reduce(addScaled, 0);
    assert.equal(sum(units), sum(shuffled.map(([, value]) => value)));
  }));
});

Deno.test("a quotient is rounded once, half to even", () => {
  const cases: readonly (readonly [number | bigint, number | bigint, number, number | bigint])[] = [
    [1, 2, 0, 0],
    [3, 2, 0, 2],
    [5, 2, 0, 2],
    [-1, 2, 0, 0],
    [-3, 2, 0, -2],
    [-5, 2, 0, -2],
    [5, -2, 0, -2],
    [1, 3, 8, 33_333_333],
    [2, 3, 8, 66_666_667],
    [25, 1_000, 2, 2],
    [35, 1_000, 2, 4],
    [0, 5, 3, 0],
    [10n ** 40n, 3, 0, (10n ** 40n - 1n) / 3n],
  ];
  for (const [dividend, divisor, scale, quotient] of cases) {
    assert.equal(divideScaled(dividend, divisor, { scale }) || 0, quotient, `${dividend} / ${divisor}`);
  }
  assert.throws(() => divideScaled(1, 0, { scale: 2 }), { name: "RangeError", message: "Cannot divide: divisor is 0" });
});

Deno.test("any quotient is the nearest whole number of its scale, the even one of two", () => {
  const small = fc.bigInt({ min: -20n, max: 20n });
  fc.assert(
    fc.property(fc.oneof(small, integers), fc.oneof(small, integers), scales, (n, d, scale) => {
      fc.pre(d !== 0n);
      const quotient = divideScaled(narrow(n), narrow(d), { scale });
      assertNarrow(quotient);
      const exact = n * 10n ** BigInt(scale);
      const abs = (value: bigint) => (value < 0n ? -value : value);
      const offBy2 = abs(exact - BigInt(quotient) * d) * 2n;
      assert.ok(offBy2 <= abs(d), "another one is nearer");
      if (offBy2 === abs(d)) assert.equal(BigInt(quotient) % 2n, 0n, "of two equally near ones the odd one");
    }),
    { numRuns: 1_000 },
  );
});
