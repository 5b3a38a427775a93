/**
 * Beyond their exact bounds: sketches hold the errors that they state, a merge is the sketch of the union, and a value
 * that slides along is that of a merge.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { hashText } from "../../core/hash.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { distinct, errorOf, Estimate, type Metric, type MetricState, topK } from "../../processor/metrics/mod.ts";
import { checkDistinct, checkQuantiles, checkTopK } from "../support/sketch_check.ts";

interface Words extends EventBase {
  readonly words: readonly string[];
}

const said = (...words: string[]) => ({ words }) as unknown as Words;
const events = fc.array(fc.array(fc.nat({ max: 30 }).map(String), { maxLength: 3 }).map((words) => said(...words)), {
  maxLength: 40,
});
const places = fc.array(fc.nat({ max: 3 }), { minLength: 40, maxLength: 40 });

const few = distinct<Words>(({ words }) => words[0], { exactMax: 5 });
const top = topK<Words>(({ words }) => words, 3, { as: "word", textsMax: 6 });

function stateOf(metric: Metric<Words>, list: readonly Words[]): MetricState {
  const state = metric.zero();
  for (const one of list) metric.add(state, one, 0);
  return state;
}

function merged(metric: Metric<Words>, states: readonly MetricState[]): MetricState {
  const into = metric.zero();
  for (const state of states) metric.merge(into, state);
  return into;
}

const cut = (list: readonly Words[], parts: readonly number[]) =>
  [0, 1, 2, 3].map((part) => list.filter((_, i) => parts[i] === part));

Deno.test("the hash is MurmurHash3 x86_32 of the UTF-16LE bytes", () => {
  // Bytes 21 43 65 87 and so on: vectors of the reference implementation.
  const vectors: readonly [text: string, seed: number, hash: number][] = [
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["\uffff\uffff", 0, 0x76293b50],
    ["\u4321\u8765", 0, 0xf55b516b],
    ["\u4321\u8765", 0x5082edee, 0x2362f9de],
    ["\u4321", 0, 0xa0f7b07a],
    ["\0\0", 0, 0x2362f9de],
    ["\0", 0, 0x30f4c306],
  ];
  for (const [text, seed, hash] of vectors) assert.equal(hashText(text, seed), hash, JSON.stringify([text, seed]));
});

Deno.test("distinct: the state of merged slices is that of all their events, exact or not, in any order", () => {
  fc.assert(fc.property(events, places, (list, parts) => {
    const whole = stateOf(few, list);
    const slices = cut(list, parts).map((part) => stateOf(few, part));
    const values = new Set(list.flatMap(({ words }) => words.slice(0, 1)));
    for (const states of [slices, slices.toReversed()]) {
      const union = merged(few, states);
      assert.deepEqual(few.result(union), few.result(whole));
      if (values.size > 5) assert.deepEqual(few.encode(union), few.encode(whole), "register by register");
    }
    const result = few.result(whole);
    assert.equal(result instanceof Estimate, values.size > 5);
    // Among so few the estimate is next to exact.
    assert.ok(Math.abs(Number(result) - values.size) <= 1);
    assert.equal(errorOf(few).of(result), values.size > 5 ? 1.04 / 128 : null);
    assert.deepEqual(few.result(few.decode(JSON.parse(JSON.stringify(few.encode(whole))))), result);
  }));
});

function assertRanking(list: readonly Words[], result: unknown, textsMax: number): void {
  const truth = new Map<string, number>();
  for (const word of list.flatMap(({ words }) => words)) truth.set(word, (truth.get(word) ?? 0) + 1);
  const n = [...truth.values()].reduce((sum, count) => sum + count, 0);
  const bound = n / (Math.floor(textsMax / 2) + 1);
  const ranked = result as { word: string; count: number; error?: number }[];
  for (const { word, count, error = 0 } of ranked) {
    const missing = (truth.get(word) ?? 0) - count;
    assert.ok(missing >= 0 && missing <= error, `${word}: ${count}, ${missing} missing, stated ${error}`);
    assert.ok(error <= bound, `stated ${error}, at most ${bound} of ${n}`);
  }
  const listed = new Set(ranked.map(({ word }) => word));
  const lowest = ranked.length < 3 ? 0 : ranked.at(-1)!.count + (ranked.at(-1)!.error ?? 0);
  for (const [word, count] of truth) {
    if (!listed.has(word)) assert.ok(count <= Math.max(bound, lowest), `${word} with ${count} is missing`);
  }
  if (truth.size <= textsMax) assert.ok(ranked.every(({ error }) => error === undefined), "exact");
}

Deno.test("topK: counts of merged slices are too low by no more than they say, and nothing frequent is missed", () => {
  fc.assert(fc.property(events, places, (list, parts) => {
    const slices = cut(list, parts).map((part) => stateOf(top, part));
    for (const states of [slices, slices.toReversed(), [stateOf(top, list)]]) {
      const union = merged(top, states);
      assertRanking(list, top.result(union), 6);
      const revived = top.decode(JSON.parse(JSON.stringify(top.encode(union))));
      assert.deepEqual(top.result(revived), top.result(union));
    }
  }));
});

/** What happens to a window: a slice comes in with its events, an event comes late to one that is in, the oldest goes. */
const moves = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("push" as const), list: fc.array(fc.nat({ max: 12 }), { maxLength: 9 }) }),
    fc.record({ kind: fc.constant("late" as const), which: fc.nat({ max: 9 }), word: fc.nat({ max: 12 }) }),
    fc.constant({ kind: "evict" as const }),
  ),
  { maxLength: 30 },
);

for (const [name, metric] of Object.entries({ few, top, exact: distinct<Words>(({ words }) => words[0]) })) {
  Deno.test(`${name}: the value that slides along is that of the slices at hand, merged`, () => {
    fc.assert(fc.property(moves, (list) => {
      const running = metric.running!();
      const slices: { state: MetricState; events: Words[]; startMs: number }[] = [];
      let startMs = 0;
      for (const move of list) {
        if (move.kind === "push") {
          const its = move.list.map((word) => said(String(word)));
          const state = stateOf(metric, its);
          slices.push({ state, events: its, startMs: ++startMs });
          running.push(state, startMs);
        } else if (move.kind === "evict") {
          const gone = slices.shift();
          if (gone !== undefined) running.evict(gone.state, gone.startMs);
        } else if (slices.length > 0) {
          const slice = slices[move.which % slices.length]!;
          const event = said(String(move.word));
          running.late(slice.state, event, slice.startMs);
          metric.add(slice.state, event, 0);
          slice.events.push(event);
        }
        const union = metric.result(merged(metric, slices.map(({ state }) => state)));
        if (metric === top) assertRanking(slices.flatMap(({ events }) => events), running.result(), 6);
        else assert.deepEqual(running.result(), union);
      }
    }));
  });
}

for (const check of [checkDistinct, checkTopK, checkQuantiles]) {
  Deno.test(`${check.name}: the stated error holds at 200,000 items in 6 slices`, () => {
    const { error, errorMax } = check(200_000, 6);
    assert.ok(error <= errorMax, `${error} is above ${errorMax}`);
  });
}

Deno.test("bounds that cannot work are refused", () => {
  assert.throws(() => topK<Words>(({ words }) => words, 4, { as: "word", textsMax: 6 }), /k must be from 1 to 3/);
  assert.throws(() => topK<Words>(({ words }) => words, 0, { as: "word" }), /top 0/);
});
