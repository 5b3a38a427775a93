import assert from "node:assert/strict";
import fc from "fast-check";
import type { EventBase } from "../../core/events/contract.ts";
import { firstWindowEnd, lastWindowEnd, sliceStart, sliding, tumbling } from "../../core/window.ts";
import { SliceTable } from "../../processor/engine/slice_table.ts";
import { count, distinct, type Metric, sumOf, topK } from "../../processor/metrics/mod.ts";

interface Word extends EventBase {
  readonly word: string;
}

const event = (word = "w"): Word => ({ event_id: "", timestamp: "", source: "", word });

/** size 30, slide 20, so slices of 10. */
const window = sliding({ sizeMs: 30, slideMs: 20 });
const counts = [count()] as unknown as readonly Metric[];
const table = (tracksLive = false) => new SliceTable({ window, metrics: counts, tracksLive, ordersKeys: true });

function add(slices: SliceTable, key: string, timeMs: number, offset = 0, word = "w"): void {
  const startMs = sliceStart(window, timeMs);
  const group = slices.group(startMs) ?? slices.open(startMs);
  slices.add(group, { key, event: event(word), eventTimeMs: timeMs, offset });
}

Deno.test("a change is handed over once, as the slice is at that moment", () => {
  const slices = table();
  add(slices, "a", 1);
  add(slices, "a", 2);
  add(slices, "b", 11);
  assert.deepEqual(slices.takeChanges(), {
    changed: [{ key: "a", sliceStartMs: 0, state: "[2]" }, { key: "b", sliceStartMs: 10, state: "[1]" }],
    dropped: [],
  });
  assert.deepEqual(slices.takeChanges(), { changed: [], dropped: [] });
  add(slices, "a", 3);
  assert.deepEqual(slices.takeChanges().changed, [{ key: "a", sliceStartMs: 0, state: "[3]" }]);
});

Deno.test("a dropped slice is named, and what had changed in it is not", () => {
  const slices = table();
  add(slices, "a", 1);
  add(slices, "b", 1);
  add(slices, "a", 45);
  slices.takeChanges();
  add(slices, "a", 2);
  slices.dropUpTo(lastWindowEnd(window, 0));
  assert.deepEqual(slices.takeChanges(), {
    changed: [],
    dropped: [{ key: "a", sliceStartMs: 0 }, { key: "b", sliceStartMs: 0 }],
  });
  assert.equal(slices.group(0), undefined);
  assert.equal(slices.size, 1);
});

Deno.test("a snapshot holds everything and leaves no change behind", () => {
  const slices = table();
  add(slices, "a", 1);
  slices.takeChanges();
  add(slices, "b", 11);
  assert.equal(slices.takeAll().changed.length, 2);
  assert.deepEqual(slices.takeChanges(), { changed: [], dropped: [] });
});

Deno.test("a slice that was stored and put back goes on counting, and stands for the lowest offset it may hold", () => {
  const [before, after] = [table(), table()];
  add(before, "a", 1, 7);
  add(before, "a", 2, 8);
  for (const slice of before.takeAll().changed) after.restore(slice, 5);
  assert.equal(after.offsetMin(), 5);
  assert.deepEqual(after.takeChanges(), { changed: [], dropped: [] }, "it is as the store has it");
  add(after, "a", 3, 9);
  assert.deepEqual(after.takeChanges().changed, [{ key: "a", sliceStartMs: 0, state: "[3]" }]);
});

Deno.test("the lowest offset is that of the events in retained slices", () => {
  const slices = table();
  assert.equal(slices.offsetMin(), Infinity);
  add(slices, "a", 45, 3);
  add(slices, "a", 1, 9);
  add(slices, "a", 46, 2);
  assert.equal(slices.offsetMin(), 2);
  slices.dropUpTo(lastWindowEnd(window, 40));
  assert.equal(slices.offsetMin(), Infinity);
});

Deno.test("the next end is the first one of a window that holds events", () => {
  const at = fc.integer({ min: -200, max: 200 });
  fc.assert(fc.property(fc.array(at, { maxLength: 8 }), at, (times, afterMs) => {
    const slices = table();
    for (const time of times) add(slices, "a", time);
    const ends = times.flatMap((time) => {
      const own: number[] = [];
      const last = lastWindowEnd(window, sliceStart(window, time));
      for (let end = firstWindowEnd(window, sliceStart(window, time)); end <= last; end += 20) own.push(end);
      return own;
    });
    const later = ends.filter((end) => end > afterMs);
    assert.equal(slices.nextEndAfter(afterMs), Math.min(Infinity, ...later));
  }));
});

Deno.test("live changes come in portions, each once, and not at all where nobody looks", () => {
  const slices = table(true);
  for (const [i, key] of ["a", "b", "c"].entries()) add(slices, key, i);
  assert.deepEqual(slices.takeLive(2).map(({ key }) => key), ["a", "b"]);
  add(slices, "a", 3);
  assert.deepEqual(slices.takeLive(9).map(({ key }) => key), ["c", "a"]);
  assert.deepEqual(slices.takeLive(9), []);
  const blind = table();
  add(blind, "a", 1);
  assert.deepEqual(blind.takeLive(9), []);
});

Deno.test("where more changes than is shown, the newest slices come first, and what was not shown goes with its slice", () => {
  const slices = table(true);
  const sizeMs = slices.windowEnds(0, -Infinity).at(-1)!;
  const starts = [0, 1, 2, 3].map((n) => n * sizeMs);
  const shown = starts.map((startMs, round) => {
    for (let i = 0; i < 5; i++) add(slices, `${round}${i}`, startMs);
    return slices.takeLive(3).map(({ key }) => key).join();
  });
  assert.deepEqual(shown, ["00,01,02", "10,11,12", "20,21,22", "30,31,32"]);
  slices.dropUpTo(starts[2]!);
  assert.deepEqual(slices.takeLive(99).map(({ key }) => key), ["33", "34", "23", "24"]);
  assert.deepEqual(slices.takeLive(99), []);
});

/** Metrics with and without a running value of their own. */
const metrics = [
  count(),
  distinct<Word>(({ word }) => word),
  topK<Word>(({ word }) => [word, word[0]!], 2, { as: "word" }),
  sumOf<Word>(({ word }) => `${word.length}.5`, { scale: 1 }),
] as unknown as readonly Metric[];

interface Kept {
  readonly key: string;
  readonly timeMs: number;
  readonly event: Word;
}

/** Values of a window by merging nothing: all of its events go into one state. */
function recount(kept: readonly Kept[], endMs: number, sizeMs: number): [string, unknown[]][] {
  const inside = kept.filter(({ timeMs }) => timeMs >= endMs - sizeMs && timeMs < endMs);
  return [...Map.groupBy(inside, ({ key }) => key)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, own]) => [
    key,
    metrics.map((metric) => {
      const state = metric.zero();
      for (const { event: one, timeMs } of own) metric.add(state, one, timeMs);
      return metric.result(state);
    }),
  ]);
}

type Move =
  | { readonly kind: "add"; readonly key: string; readonly back: number; readonly word: string }
  | { readonly kind: "slide"; readonly steps: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      key: fc.constantFrom("a", "b"),
      back: fc.integer({ min: -25, max: 60 }),
      word: fc.constantFrom("x", "xy", "yz"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("slide" as const), steps: fc.integer({ min: 1, max: 3 }) }) },
);

/**
 * ```
 * adds fall anywhere around the window that slid last: before it, in it, after it
 *      ▲      |■■■■▲■■■■▲■■■■| ▲
 *                  ── slides by one to three steps ──▶   and every value is that of a recount
 * ```
 */
Deno.test("windows that slide on have the values of a recount, whatever comes late between two slides", () => {
  const specs = [
    sliding({ sizeMs: 30, slideMs: 20 }),
    sliding({ sizeMs: 40, slideMs: 10 }),
    sliding({ sizeMs: 20, slideMs: 15 }),
    tumbling({ sizeMs: 10 }),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...specs), fc.array(move, { maxLength: 60, size: "max" }), (spec, moves) => {
      const slices = new SliceTable({ window: spec, metrics, tracksLive: false, ordersKeys: true });
      const kept: Kept[] = [];
      let endMs = spec.sizeMs;
      for (const one of moves) {
        if (one.kind === "add") {
          const timeMs = endMs - one.back;
          const startMs = sliceStart(spec, timeMs);
          const group = slices.group(startMs) ?? slices.open(startMs);
          slices.add(group, { key: one.key, event: event(one.word), eventTimeMs: timeMs, offset: 0 });
          kept.push({ key: one.key, timeMs, event: event(one.word) });
        } else {
          endMs += one.steps * spec.slideMs;
          const values: [string, unknown[]][] = [];
          slices.slideTo(endMs, (key, own) => values.push([key, own]));
          assert.deepEqual(values, recount(kept, endMs, spec.sizeMs));
        }
      }
      const ends = [endMs - spec.slideMs, endMs, endMs + spec.slideMs, endMs + 4 * spec.slideMs];
      for (const key of ["a", "b"]) {
        const expected = ends.flatMap((end) =>
          recount(kept, end, spec.sizeMs).filter(([k]) => k === key).map(([, values]) => [end, values])
        );
        assert.deepEqual(slices.valuesOf(key, ends), expected);
      }
    }),
    { numRuns: 500 },
  );
});
