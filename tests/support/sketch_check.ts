/**
 * Whether sketches hold the errors that they state, over so many items in so many slices: in a test with some, in the
 * benchmark with ten million.
 * @module
 */
import assert from "node:assert/strict";
import type { EventBase } from "../../core/events/contract.ts";
import { distinct, Estimate, type Metric, quantileOf, topK } from "../../processor/metrics/mod.ts";
import { seededRandom } from "../../core/clock.ts";

/** An item of a stream: a text for distinct and top-k, a number for quantiles. */
interface Item extends EventBase {
  readonly text: string;
  readonly value: number;
}

/** What was found for one metric. */
export interface SketchFinding {
  readonly metric: string;
  /** The error that was found. */
  readonly error: number;
  /** The one that is stated: three standard errors for distinct. */
  readonly errorMax: number;
  readonly itemsPerSecond: number;
  /** Bytes of the merged state as it is stored. */
  readonly stateBytes: number;
}

/** Numbers by which the texts are made: as many different ones as items, or few that are frequent among many that are rare. */
const wide = (i: number) => `user ${i}`;
const skewed = (i: number, random: number) => (random < 0.5 ? `hot ${Math.floor(40 * random * random)}` : `rare ${i}`);

const event = (text: string, value: number) => ({ text, value }) as Item;

function fill(metric: Metric<Item>, items: number, slices: number, itemAt: (i: number) => Item) {
  const states = Array.from({ length: slices }, () => metric.zero());
  const startMs = performance.now();
  for (let i = 0; i < items; i++) metric.add(states[i % slices]!, itemAt(i), 0);
  const tookMs = performance.now() - startMs;
  const merged = metric.zero();
  for (const state of states) metric.merge(merged, metric.decode(JSON.parse(JSON.stringify(metric.encode(state)))));
  const stateBytes = JSON.stringify(metric.encode(merged)).length;
  return { merged, cost: { itemsPerSecond: Math.round(items / tookMs * 1000), stateBytes } };
}

/** Different texts, each once. */
export function checkDistinct(items: number, slices: number): SketchFinding {
  const metric = distinct<Item>((item) => item.text);
  const { merged, cost } = fill(metric, items, slices, (i) => event(wide(i), 0));
  const found = metric.result(merged);
  assert.ok(found instanceof Estimate, "so many are estimated");
  return { metric: "distinct", error: Math.abs(found.value - items) / items, errorMax: 3 * found.error, ...cost };
}

/** Half of the items are a few frequent texts, the other half are all different. */
export function checkTopK(items: number, slices: number): SketchFinding {
  const random = seededRandom(7);
  const truth = new Map<string, number>();
  const metric = topK<Item>((item) => [item.text], 10, { as: "text" });
  const { merged, cost } = fill(metric, items, slices, (i) => {
    const text = skewed(i, random.next());
    if (text.startsWith("hot")) truth.set(text, (truth.get(text) ?? 0) + 1);
    return event(text, 0);
  });
  const top = metric.result(merged) as { text: string; count: number; error: number }[];
  const expected = [...truth].sort((a, b) => b[1] - a[1]).slice(0, 10).map(([text]) => text);
  assert.deepEqual(top.map(({ text }) => text), expected);
  let error = 0;
  for (const { text, count, error: stated } of top) {
    const missing = truth.get(text)! - count;
    assert.ok(missing >= 0 && missing <= stated, `${text}: ${count} of ${truth.get(text)}, stated ${stated}`);
    error = Math.max(error, stated);
  }
  return { metric: "topK", error: error / items, errorMax: 1 / 5_001, ...cost };
}

/** Values over nine powers of ten, negative ones among them. */
export function checkQuantiles(items: number, slices: number): SketchFinding {
  const random = seededRandom(11);
  const values = Float64Array.from(
    { length: items },
    () => (random.next() < 0.2 ? -1 : 1) * 10 ** (random.next() * 9 - 3),
  );
  const metric = (q: number) => quantileOf<Item>((item) => item.value, q);
  const { merged, cost } = fill(metric(0.5), items, slices, (i) => event("", values[i]!));
  values.sort();
  let error = 0;
  for (const q of [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1]) {
    const exactly = values[Math.floor(q * (items - 1))]!;
    error = Math.max(error, Math.abs(Number(metric(q).result(merged)) - exactly) / Math.abs(exactly));
  }
  return { metric: "quantileOf", error, errorMax: 0.01, ...cost };
}
