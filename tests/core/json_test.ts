import assert from "node:assert/strict";
import fc from "fast-check";
import { stringifyOrNull } from "../../core/json.ts";

Deno.test("the text of a value is that of JSON.stringify", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => assert.equal(stringifyOrNull(value), JSON.stringify(value))));
});

Deno.test("a value that is nested too deeply has no text", () => {
  // A member that is named by a number keeps V8 from a fast way of writing that bears any depth.
  const deep = { 1: "", deep: JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) };
  assert.equal(stringifyOrNull(deep), null);
});

Deno.test("any other failure is not swallowed", () => {
  const round: Record<string, unknown> = {};
  round.self = round;
  assert.throws(() => stringifyOrNull(round), TypeError);
  assert.throws(() => stringifyOrNull(1n), TypeError);
});
