import assert from "node:assert/strict";
import fc from "fast-check";
import { errorOf, failureOf } from "../../cli/failure.ts";
import { packAppend, unpackAppend } from "../../cli/replay/protocol.ts";
import { UserError } from "../../core/errors.ts";
import type { AppendBatch, NewRecord } from "../../core/ports.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
/** Sending orders and runs are named by us: they hold no line break. */
const name = fc.stringMatching(/^[a-z]{1,3}:\d$/);

const plain = { noNullPrototype: true } as const;
const state = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const record: fc.Arbitrary<NewRecord> = fc.record({
  key: fc.option(fc.oneof(text, fc.constantFrom("a", "b", "null", "__proto__"))),
  value: text,
  instance: fc.option(name),
  seq: fc.oneof(fc.nat(), fc.maxSafeNat()),
  runId: fc.option(name),
}, plain);

const batches: fc.Arbitrary<AppendBatch> = fc.record({
  writes: fc.array(
    fc.record({ topic: fc.constantFrom("events.chat", "dead"), records: fc.array(record, { maxLength: 30 }) }, plain),
    { maxLength: 3 },
  ),
  positions: fc.array(fc.record({ id: text, state }, plain), { maxLength: 3 }),
}, plain);

Deno.test("an append crosses between threads unchanged, whatever its records hold", () => {
  fc.assert(fc.property(batches, (append) => {
    const { batch, moved } = packAppend(append);
    const crossed = unpackAppend(structuredClone(batch, { transfer: moved }));
    assert.deepEqual(crossed, append);
  }));
});

Deno.test("an append without positions crosses as one with none", () => {
  assert.deepEqual(unpackAppend(packAppend({ writes: [] }).batch), { writes: [], positions: [] });
});

Deno.test("keys and producers that repeat cross once", () => {
  const records = Array.from({ length: 100 }, (_, seq): NewRecord => {
    return { key: `k${seq % 3}`, value: "{}", instance: "file:0", seq, runId: seq % 2 === 0 ? "run" : null };
  });
  const [packed] = packAppend({ writes: [{ topic: "events.chat", records }] }).batch.writes;
  assert.deepEqual(packed!.keys, ["k0", "k1", "k2"]);
  assert.deepEqual(packed!.producers, [["file:0", "run"], ["file:0", null]]);
});

Deno.test("a failure that the user can mend crosses with its fix and its exit code", () => {
  const error = new UserError("unavailable", { cause: "Cannot read x", fix: "make it readable" });
  const crossed = errorOf(structuredClone(failureOf(error)));
  assert.ok(crossed instanceof UserError);
  assert.deepEqual([crossed.message, crossed.fix, crossed.exitCode], ["Cannot read x", "make it readable", 4]);
  assert.equal(crossed.stack, error.stack);
});

Deno.test("a fault of ours crosses with its message and stack, and anything thrown with its text", () => {
  const error = new TypeError("odd");
  const crossed = errorOf(structuredClone(failureOf(error)));
  assert.ok(!(crossed instanceof UserError));
  assert.deepEqual([crossed.message, crossed.stack], ["odd", error.stack]);
  assert.equal(errorOf(failureOf("just text")).message, "just text");
});
