/**
 * Whatever is kept as numbers is what objects would hold: the states of a row are compared with plain states of the same
 * events, across the edge of 2^53 and back.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { EventBase } from "../../core/events/contract.ts";
import { layoutOf, StateRows } from "../../processor/engine/state_rows.ts";
import {
  count,
  distinct,
  maxOf,
  meanOf,
  type Metric,
  minOf,
  sumOf,
  totalOf,
  weightedMeanOf,
} from "../../processor/metrics/mod.ts";

interface Sample extends EventBase {
  readonly value: string | number | null;
  readonly weight: string;
}

const scaled = { scale: 1 };
const valueOf = (sample: Sample) => sample.value;
const inNumbers: readonly Metric<Sample>[] = [
  count(),
  sumOf(valueOf, scaled),
  meanOf(valueOf, scaled),
  minOf(valueOf, scaled),
  maxOf(valueOf, scaled),
  weightedMeanOf<Sample>({ value: valueOf, weight: ({ weight }) => weight, ...scaled }),
];
const inObjects: readonly Metric<Sample>[] = [distinct((sample) => String(sample.value)), totalOf(() => 2)];
const metrics = [...inNumbers, ...inObjects] as unknown as readonly Metric[];

/** In units of 10^-1: 2^53 − 1, beyond it, and what adds up to the edge. */
const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -999, max: 999 }).map((n) => String(n / 10)) },
  { weight: 1, arbitrary: fc.constantFrom("900719925474099.1", "900719925474099.2", "-900719925474099.1") },
  { weight: 1, arbitrary: fc.constantFrom("450359962737049.6", "-450359962737049.6", "123456789012345678901.5") },
  { weight: 1, arbitrary: fc.constantFrom(null, 0.25, -0.01, 1e15, -1e15, 1e20) },
);
const weight = fc.constantFrom("0", "1", "0.5", "-1", "3", "900719925474099.1");
const sample: fc.Arbitrary<Sample> = fc.record({ value, weight }).map((own) => ({
  event_id: "",
  timestamp: "",
  source: "",
  ...own,
}));

Deno.test("a row holds what objects would hold, also where a state outgrows its numbers, and after it was stored", () => {
  const step = fc.record({ place: fc.nat(6), sample, stores: fc.integer({ min: 0, max: 9 }).map((n) => n === 0) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
      const layout = layoutOf(metrics);
      let rows = new StateRows(layout);
      const plain = Array.from({ length: 7 }, () => metrics.map((metric) => metric.zero()));
      for (const _ of plain) rows.push();
      for (const { place, sample, stores } of steps) {
        rows.add(place, sample, 0);
        metrics.forEach((metric, i) => metric.add(plain[place]![i]!, sample, 0));
        if (!stores) continue;
        const stored = plain.map((_, i) => JSON.parse(rows.encode(i)) as unknown[]);
        rows = new StateRows(layout);
        for (const [i, states] of stored.entries()) {
          rows.push();
          rows.write(i, metrics.map((metric, m) => metric.decode(states[m])));
        }
      }
      for (const [place, states] of plain.entries()) {
        assert.deepEqual(rows.results(place), metrics.map((metric, i) => metric.result(states[i]!)));
        assert.equal(rows.encode(place), JSON.stringify(metrics.map((metric, i) => metric.encode(states[i]!))));
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("numbers that refuse an event stay as they were, and no metric touches those of its neighbours", () => {
  fc.assert(fc.property(fc.constantFrom(...inNumbers), fc.array(sample), (metric, samples) => {
    const own = metric.inNumbers!;
    const numbers = Float64Array.of(7, ...own.zeros, 7);
    for (const one of samples) {
      const before = numbers.slice();
      if (!own.add(numbers, 1, one, 0)) assert.deepEqual(numbers, before);
    }
    assert.deepEqual([numbers[0], numbers.at(-1)], [7, 7], "no neighbour is touched");
    assert.ok(numbers.every((number) => Math.abs(number) !== Infinity));
  }));
});

Deno.test("a mark is set once and taken once, and events do not touch it", () => {
  const rows = new StateRows(layoutOf(metrics));
  for (let place = 0; place < 9; place++) rows.push();
  assert.ok(rows.mark(8, 1));
  assert.ok(!rows.mark(8, 1));
  assert.ok(rows.mark(8, 2));
  rows.add(8, { event_id: "", timestamp: "", source: "", value: "1", weight: "1" } as Sample, 0);
  assert.ok(rows.unmark(8, 1));
  assert.ok(!rows.unmark(8, 1));
  assert.ok(!rows.mark(8, 2));
  assert.ok(rows.mark(7, 2));
});
