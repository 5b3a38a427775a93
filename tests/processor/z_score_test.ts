import assert from "node:assert/strict";
import fc from "fast-check";
import type { DetectorJson, EventDetector, PaneDetector, Verdict } from "../../processor/detectors/mod.ts";
import { zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { testPane } from "../support/test_pane.ts";

/** Mean 5; squares of the distances 9 1 1 1 0 0 4 16 = 32; sample variance 32 / 7. */
const eight = [2, 4, 4, 4, 5, 5, 7, 9] as const;
const stdDev = Math.sqrt(32 / 7); // 2.1380899…

const value = () => 0;
/** The value alone counts here. */
const seen = { event: { event_id: "1", timestamp: "", source: "test" }, eventTimeMs: 0 };

function feed(detector: EventDetector, values: readonly number[], state = detector.zero()): (Verdict | null)[] {
  return values.map((one) => detector.test(state, one, seen));
}

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? NaN) - expected) < 1e-12, `${actual} is not ${expected}`);

Deno.test("the score of a value is its distance from the mean in sample standard deviations", () => {
  const cases: readonly [value: number, score: number | null][] = [
    [12, 7 / stdDev], // 3.274
    [11, null], // 2.806 is not above 3
    [-2, -7 / stdDev],
    [5, null],
  ];
  for (const [tested, score] of cases) {
    const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 8 });
    const verdicts = feed(detector, [...eight, tested]);
    assert.deepEqual(verdicts.slice(0, 8), Array(8).fill(null), "the baseline itself gives no verdict");
    const verdict = verdicts[8]!;
    if (score === null) assert.equal(verdict, null, String(tested));
    else {
      near(verdict?.score, score);
      assert.equal(verdict?.baseline, 5);
      assert.equal(verdict?.value, tested);
    }
  }
});

Deno.test("a value at the threshold is no anomaly, one above it is", () => {
  // Mean 0, squares 8, sample variance 8 / 8.
  const nine = [1, -1, 1, -1, 1, -1, 1, -1, 0];
  for (const [tested, found] of [[3, false], [-3, false], [3.001, true], [-3.001, true]] as const) {
    const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 9 });
    assert.equal(feed(detector, [...nine, tested])[9] !== null, found, String(tested));
  }
});

Deno.test("the explanation is a sentence with the value, the mean and how far apart they are", () => {
  const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 8 });
  const verdict = feed(detector, [...eight, 12])[8];
  assert.equal(verdict?.explanation, "12 is 3.3 standard deviations above the mean of 5 over the 8 values before it");
});

Deno.test("there is no verdict before the baseline has samplesMin values", () => {
  for (const samplesMin of [8, 9]) {
    const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin });
    assert.equal(feed(detector, [...eight, 100])[8] !== null, samplesMin === 8);
  }
});

Deno.test("a baseline that hardly moves gives no verdict: its standard deviation must be above stdDevMin", () => {
  const flat = Array(30).fill(7);
  const still = zScoreOfEvents("price", { value, threshold: 3 });
  assert.equal(feed(still, [...flat, 1_000])[30], null, "a deviation of 0 has no score at all");
  for (const [stdDevMin, found] of [[stdDev - 0.01, true], [stdDev + 0.01, false]] as const) {
    const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 8, stdDevMin });
    assert.equal(feed(detector, [...eight, 1_000])[8] !== null, found);
  }
});

Deno.test("a baseline of events holds the latest samplesMax values", () => {
  const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 8, samplesMax: 8 });
  const state = detector.zero();
  feed(detector, [900, 1_000, 1_100, ...eight], state);
  const verdict = detector.test(state, 12, seen);
  assert.equal(verdict?.baseline, 5, "what lies further back is forgotten");
  near(verdict?.score, 7 / stdDev);
});

Deno.test("a value that was an anomaly is part of the next baseline", () => {
  const detector = zScoreOfEvents("price", { value, threshold: 3, samplesMin: 8 });
  const [, second] = feed(detector, [...eight, 12, 12]).slice(8);
  assert.equal(second, null);
});

/** Windows of 60 s, one starting every 20 s, with these values. */
function slide(detector: PaneDetector, values: readonly number[], state = detector.zero()): (Verdict | null)[] {
  return values.map((one, i) => {
    const windowStartMs = i * 20_000;
    return testPane(detector, state, { windowStartMs, windowEndMs: windowStartMs + 60_000, value: one });
  });
}

/**
 * ```
 * start   0   20   40   60   80  100  120  140  160  180  200
 * value   2    4    4    4    5    5    7    9   50   50   12
 *         └────────────── baseline ───────────┘            ▲ tested: [200, 260)
 *                                            start 140 ends at 200: apart; 160 and 180 overlap it: skipped
 * ```
 */
Deno.test("windows that overlap the tested one are no part of its baseline", () => {
  const detector = zScore("chat_count", { threshold: 3, samplesMin: 8 });
  const verdicts = slide(detector, [...eight, 50, 50, 12]);
  near(verdicts[10]?.score, 7 / stdDev);
  assert.equal(verdicts[10]?.baseline, 5);
});

Deno.test("samplesMin counts the windows apart, not those that overlap", () => {
  const detector = zScore("chat_count", { threshold: 3, samplesMin: 8 });
  // The window of 50 at place 9 has seven windows apart before it, the one at place 10 has eight.
  const found = slide(detector, [...eight, 5, 50, 50]).map((verdict) => verdict !== null);
  assert.deepEqual(found.slice(8), [false, false, true]);
});

Deno.test("a baseline of windows holds the latest samplesMax windows apart", () => {
  const detector = zScore("chat_count", { threshold: 3, samplesMin: 8, samplesMax: 8 });
  const verdicts = slide(detector, [900, 1_000, 1_100, ...eight, 50, 50, 12]);
  assert.equal(verdicts[13]?.baseline, 5);
});

Deno.test("a detector that was written as JSON and read again goes on as if nothing had been", () => {
  const revived = (state: DetectorJson): DetectorJson => JSON.parse(JSON.stringify(state));
  const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { maxLength: 40 });
  const options = { threshold: 1.5, samplesMin: 3, samplesMax: 5 };
  fc.assert(fc.property(numbers, numbers, (before, after) => {
    const [events, panes] = [zScoreOfEvents("m", { ...options, value }), zScore("m", options)];
    const state = events.zero();
    feed(events, before, state);
    const copy = revived(state);
    assert.deepEqual(feed(events, after, copy), feed(events, after, state));
    const paneState = panes.zero();
    slide(panes, before, paneState);
    const paneCopy = revived(paneState);
    assert.deepEqual(slide(panes, after, paneCopy), slide(panes, after, paneState));
  }));
});

Deno.test("a detector's state stays bounded", () => {
  const detector = zScore("chat_count", { threshold: 3, samplesMax: 10 });
  const state = detector.zero();
  for (let i = 0; i < 5_000; i++) testPane(detector, state, { windowStartMs: i, windowEndMs: i + 100_000, value: i });
  assert.ok(JSON.stringify(state).length < 20_000);
});
