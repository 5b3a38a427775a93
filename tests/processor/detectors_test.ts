import assert from "node:assert/strict";
import { type PaneDetector, rateJump, threshold, volatilitySpike, zScore } from "../../processor/detectors/mod.ts";
import { testPane } from "../support/test_pane.ts";

/** Which of these values, one tumbling window of 10 s each, are anomalies: their places and scores. */
function found(detector: PaneDetector, values: readonly number[]): [place: number, score: number][] {
  const state = detector.zero();
  return values.flatMap((value, place): [number, number][] => {
    const sample = { windowStartMs: place * 10_000, windowEndMs: (place + 1) * 10_000, value };
    const verdict = testPane(detector, JSON.parse(JSON.stringify(state)), sample);
    testPane(detector, state, sample);
    return verdict === null ? [] : [[place, Number(verdict.score.toFixed(3))]];
  });
}

Deno.test("a z-score with a floor finds a step after stillness, and leaves small ripples alone", () => {
  const still = Array<number>(10).fill(5);
  assert.deepEqual(found(zScore("n", { threshold: 3 }), [...still, 50]), [], "without a floor there is no score");
  const floored = zScore("n", { threshold: 3, stdDevFloor: 1 });
  assert.deepEqual(found(floored, [...still, 7, 50]).map(([place]) => place), [11]);
});

Deno.test("a rate jump is a multiple of the mean before it, and not of next to nothing", () => {
  const jump = rateJump("n", { factor: 3, valueMin: 30 });
  assert.deepEqual(found(jump, [10, 10, 10, 30, 10]), [[3, 3]]);
  assert.deepEqual(found(jump, [10, 10, 10, 29]), [], "29 is not three times 10");
  assert.deepEqual(found(jump, [1, 1, 1, 20]), [], "20 times as much, but still few");
  assert.deepEqual(found(jump, [10, 10, 90]), [], "two windows are too few to go by");
  assert.deepEqual(found(jump, [0, 0, 0, 90]), [], "there is no multiple of nothing");
});

Deno.test("a volatility spike is a move many times the usual one, up or down", () => {
  const calm = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 100 : 101));
  const spike = volatilitySpike("close", { factor: 5 });
  // ln(101 / 100) = 0.00995 is the usual move; from 101 to 108 it is 0.06701, 6.735 times as much.
  assert.deepEqual(found(spike, [...calm, 108]), [[12, 6.735]]);
  assert.deepEqual(found(spike, [...calm, 95]).map(([place]) => place), [12]);
  assert.deepEqual(found(spike, [...calm, 102, 101]), []);
  assert.deepEqual(found(spike, [...Array<number>(20).fill(100), 105]), [], "what never moved has no usual move");
  assert.deepEqual(found(spike, [...calm, 0, -5]), [], "there is no logarithm of what is not a price");
});

/**
 * ```
 * enter 10 ┄┄┄┄┄■┄┄■┄┄■┄┄┄┄┄■┄┄┄┄┄┄■┄
 * leave  6 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄■┄┄┄┄┄┄┄┄┄┄┄┄   7 is between them: the episode goes on
 *           2   12 12 12 7 12  3   12      reported once it has lasted, and again after it has ended
 * ```
 */
Deno.test("a threshold reports an episode once, when it has lasted, and a new one after it has ended", () => {
  const values = [2, 12, 12, 12, 7, 12, 3, 12, 12, 12];
  const lasting = threshold("n", { enter: 10, leave: 6, durationMs: 20_000 });
  assert.deepEqual(found(lasting, values).map(([place]) => place), [3, 9]);
  const atOnce = threshold("n", { enter: 10, leave: 6 });
  assert.deepEqual(found(atOnce, values).map(([place]) => place), [1, 7]);
  assert.deepEqual(found(lasting, [12, 7, 12, 7, 12]), [], "values must stay up to begin an episode");
  assert.throws(() => threshold("n", { enter: 5, leave: 6 }), /leave 6 is above enter 5/);
});
