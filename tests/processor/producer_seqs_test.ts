import assert from "node:assert/strict";
import fc from "fast-check";
import { INSTANCES_MAX, SeqTracker } from "../../processor/engine/producer_seqs.ts";

Deno.test("a seq is new once, and so is everything above it", () => {
  const seqs = new SeqTracker();
  const cases: readonly [string, number, boolean][] = [
    ["a", 0, true],
    ["a", 0, false],
    ["a", 5, true],
    ["a", 4, false],
    ["b", 0, true],
    ["a", 5, false],
    ["a", 6, true],
    ["", 3, true],
    ["", 3, false],
  ];
  for (const [instance, seq, expected] of cases) {
    assert.equal(seqs.isNew(instance, seq), expected, `${instance}:${seq}`);
  }
});

Deno.test("what was stored is known, an instance without a name too", () => {
  const seqs = new SeqTracker([["", 7], ["a", 2]]);
  assert.equal(seqs.isNew("", 7), false);
  assert.equal(seqs.isNew("", 8), true);
  assert.equal(seqs.isNew("a", 2), false);
  assert.deepEqual(new Map(seqs.snapshot()), new Map([["", 8], ["a", 2]]));
});

Deno.test("a snapshot lists the least recently seen first and changes nothing", () => {
  const seqs = new SeqTracker();
  for (const instance of ["a", "b", "c", "a"]) seqs.isNew(instance, instance === "a" ? seqs.snapshot().length : 0);
  assert.deepEqual(seqs.snapshot().map(([instance]) => instance), ["b", "c", "a"]);
  assert.deepEqual(seqs.snapshot(), seqs.snapshot());
});

/**
 * ```
 * at most 3:   a b c   then d: a goes    b seen again, then e: c goes
 * ```
 */
Deno.test("beyond the bound the least recently seen instance goes, and that is counted", () => {
  const seqs = new SeqTracker([], 3);
  for (const instance of ["a", "b", "c", "d"]) seqs.isNew(instance, 1);
  assert.equal(seqs.dropped, 1);
  assert.equal(seqs.isNew("b", 1), false);
  seqs.isNew("e", 1);
  assert.equal(seqs.dropped, 2);
  assert.deepEqual(seqs.snapshot().map(([instance]) => instance), ["d", "b", "e"]);
  assert.equal(seqs.isNew("a", 1), true, "a repeat of a forgotten instance counts again");
});

Deno.test("never more than the bound is held, whatever comes", () => {
  const seqs = new SeqTracker();
  for (let i = 0; i < INSTANCES_MAX + 500; i++) seqs.isNew(`instance ${i}`, 0);
  assert.equal(seqs.snapshot().length, INSTANCES_MAX);
  assert.equal(seqs.dropped, 500);
});

Deno.test("it answers as a plain list in order of use does, through snapshots and restarts", () => {
  const step = fc.record({
    instance: fc.constantFrom("", "a", "b", "c", "d"),
    seq: fc.nat({ max: 9 }),
    restart: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const boundary = 3;
    let seqs = new SeqTracker([], boundary);
    let plain: [string, number][] = [];
    for (const { instance, seq, restart } of steps) {
      const held = plain.find(([name]) => name === instance)?.[1] ?? -1;
      assert.equal(seqs.isNew(instance, seq), seq > held);
      plain = [...plain.filter(([name]) => name !== instance), [instance, Math.max(held, seq)]];
      if (plain.length > boundary) plain.shift();
      if (restart) seqs = new SeqTracker(seqs.snapshot(), boundary);
    }
    assert.deepEqual(seqs.snapshot(), plain);
  }));
});
