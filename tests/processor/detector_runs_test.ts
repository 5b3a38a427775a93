/**
 * Detectors that remember since when something lasts: a silence ends it, and a correction of the latest window leaves
 * what the right value would have left.
 *
 * ```
 * windows of 10 s; those without events are not seen
 *   |■■ 12 ■■|■■ 12 ■■|          a day          |■■ 12 ■■|
 *   since here ─────▶ |                          since here: nothing lasted for a day
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { hours, seconds } from "../../core/time.ts";
import {
  type DetectorJson,
  episode,
  type MomentDetector,
  type PaneDetector,
  peak,
  threshold,
} from "../../processor/detectors/mod.ts";

/** A window of 10 s, and the values that it had one after the other. */
interface Shown {
  readonly startS: number;
  readonly values: readonly number[];
}

/** Judges windows and their corrections as the engine does: what each is in the end, and the state that stays. */
function judgePanes(detector: PaneDetector, windows: readonly Shown[]) {
  let state = detector.zero();
  const verdicts = windows.map(({ startS, values }) => {
    state = JSON.parse(JSON.stringify(state));
    const window = { windowStartMs: seconds(startS), windowEndMs: seconds(startS + 10) };
    const baseline = detector.baseline(state, window)!;
    const judgements = values.map((value) => {
      detector.remember(state, { ...window, value });
      return detector.judge(baseline, value);
    });
    const last = judgements.at(-1)!;
    return last.anomalous ? last.verdict().explanation : "";
  });
  return { verdicts, state };
}

/** The same for a detector of moments: which windows are out of the ordinary in the end. */
function judgeMoments(detector: MomentDetector, windows: readonly Shown[]) {
  let state: DetectorJson = detector.zero();
  const hot = windows.map(({ startS, values }) => {
    state = JSON.parse(JSON.stringify(state));
    const window = { windowStartMs: seconds(startS), windowEndMs: seconds(startS + 10) };
    const baseline = detector.baseline(state, window);
    return values.map((value, i) => {
      const read = () => value;
      const anomalous = baseline !== null && detector.judge(baseline, { ...window, read, state }).anomalous;
      if (i === 0 || baseline !== null) detector.remember(state, { ...window, read, anomalous, isCorrection: i > 0 });
      return anomalous;
    }).at(-1)!;
  });
  return { hot, state };
}

const plain = (...values: readonly [startS: number, value: number][]): Shown[] =>
  values.map(([startS, value]) => ({ startS, values: [value] }));
const dayS = hours(24) / 1_000;

Deno.test("values that a silence parts did not stay up, and begin another episode", () => {
  const lasting = threshold("n", { enter: 10, leave: 6, durationMs: seconds(30) });
  assert.deepEqual(judgePanes(lasting, plain([0, 12], [dayS, 12])).verdicts, ["", ""]);
  const atOnce = threshold("n", { enter: 10, leave: 6 });
  const { verdicts } = judgePanes(atOnce, plain([0, 12], [10, 12], [dayS, 12]));
  assert.deepEqual(verdicts.map(Boolean), [true, false, true]);
  const touching = judgePanes(lasting, plain([0, 12], [5, 12], [15, 12], [25, 12], [35, 12])).verdicts;
  assert.deepEqual(touching.map(Boolean), [false, false, false, false, true], "windows that overlap or touch go on");
});

Deno.test("an episode of moments does not outlast a silence", () => {
  const toxic = episode("share", { kind: "toxicity", enter: 0.3, leave: 0.15 });
  assert.deepEqual(judgeMoments(toxic, plain([0, 0.3], [10, 0.2], [dayS, 0.2])).hot, [true, true, false]);
  assert.deepEqual(judgeMoments(toxic, plain([0, 0.3], [dayS, 0.3], [dayS + 10, 0.2])).hot, [true, true, true]);
});

Deno.test("two peaks apart in time are no new usual", () => {
  const calm = Array.from({ length: 40 }, (_, i): [number, number] => [10 * i, 10 + i % 3]);
  const peaks = peak("n", { kind: "chat", samplesMin: 10, usualAfterMs: seconds(30) });
  const { hot, state } = judgeMoments(peaks, plain(...calm, [400, 90], [dayS, 90]));
  assert.deepEqual(hot.slice(-2), [true, true]);
  const { recent } = state as unknown as { recent: [startMs: number, value: number][] };
  assert.deepEqual(recent.filter(([, value]) => value === 90), [], "neither is remembered as usual");
});

Deno.test("a correction that takes the beginning of an episode back leaves the next window to report it", () => {
  const watcher = threshold("n", { enter: 80, leave: 80 });
  const shown = (first: readonly number[]) =>
    judgePanes(watcher, [{ startS: 0, values: first }, ...plain([10, 200], [20, 300])]).verdicts.map(Boolean);
  assert.deepEqual(shown([81, 79]), [false, true, false]);
  assert.deepEqual(shown([79, 81]), [true, false, false], "and one that makes the beginning: reported once");
});

const corrected: fc.Arbitrary<Shown[]> = fc.array(
  fc.record({
    stepS: fc.constantFrom(5, 10, 10, 30),
    values: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 60 },
).map((steps) => {
  let startS = 0;
  return steps.map(({ stepS, values }) => ({ startS: startS += stepS, values }));
});
const rightAtOnce = (windows: readonly Shown[]): Shown[] =>
  windows.map(({ startS, values }) => ({ startS, values: [values.at(-1)!] }));

Deno.test("corrections of the latest window leave what its last value would have left", () => {
  const onPanes = threshold("n", { enter: 12, leave: 8, durationMs: seconds(15) });
  const moments = [
    episode("n", { kind: "k", enter: 12, leave: 8 }),
    peak("n", { kind: "k", threshold: 1, samplesMin: 3, usualAfterMs: seconds(20) }),
  ];
  fc.assert(fc.property(corrected, (windows) => {
    assert.deepEqual(judgePanes(onPanes, windows), judgePanes(onPanes, rightAtOnce(windows)));
    const [episodes, rises] = moments.map((
      one,
    ) => [judgeMoments(one, windows), judgeMoments(one, rightAtOnce(windows))]);
    assert.deepEqual(episodes![0], episodes![1]);
    // What is usual goes by what was known when a window fired; since when it lasts does not.
    const sinceOf = ({ state }: { state: unknown }) => (state as { sinceMs: number | null }).sinceMs;
    if (rises![0]!.hot.join() === rises![1]!.hot.join()) assert.equal(sinceOf(rises![0]!), sinceOf(rises![1]!));
  }));
});

Deno.test("states of the version before are read: only since when and until when is not known", () => {
  const window = { windowStartMs: seconds(20), windowEndMs: seconds(30) };
  const stored = (state: object) => structuredClone(state) as unknown as DetectorJson;
  const watcher = threshold("n", { enter: 10, leave: 6, durationMs: seconds(20) });
  const run = stored({ sinceMs: seconds(10), active: false, latestMs: seconds(20) });
  watcher.remember(run, { windowStartMs: seconds(10), windowEndMs: seconds(20), value: 3 });
  assert.equal(watcher.judge(watcher.baseline(run, window)!, 12).anomalous, true, "it goes on as it was");
  const toxic = episode("share", { kind: "toxicity", enter: 0.3, leave: 0.15 });
  const old = stored({ active: true });
  const judged = toxic.judge(toxic.baseline(old, window)!, { ...window, read: () => 0.2, state: old });
  assert.equal(judged.anomalous, false, "nobody knows whether a silence lies between");
});
