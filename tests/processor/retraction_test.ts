/**
 * A window that fired may be changed by late records: its own verdict follows, by the baseline that it was judged by.
 *
 * ```
 * tumbling windows of 10 s, events per window, one watcher that expects at least 5:
 *   0 s      10 s     20 s     30 s
 *   |■■■■■■■■|■■      |■■■■■■■■|
 *     8        2  ▲ anomaly      late records bring it to 5: retracted, the id stays
 * ```
 */
import assert from "node:assert/strict";
import type { BaselineJson, DetectorJson, PaneDetector } from "../../processor/detectors/mod.ts";
import { bySliding, Story } from "../support/partition_story.ts";

/** Windows with fewer events than the window before them had, less 3, are anomalies. */
const drop: PaneDetector = {
  on: "pane",
  name: "drop(events)",
  metric: "events",
  zero: () => ({ last: 0 }) as unknown as DetectorJson,
  baseline: (state) => ({ ...(state as unknown as { last: number }) }) as unknown as BaselineJson,
  judge: (baseline, value) => {
    const { last } = baseline as unknown as { last: number };
    const verdict = () => ({ value, baseline: last, score: value - last, explanation: "" });
    return { verdict, anomalous: value < last - 3 };
  },
  remember: (state, { value }) => {
    (state as unknown as { last: number }).last = value;
  },
};

const start = () => new Story({ window: bySliding(10, 10), outOfOrderness: 0, lateness: 100, detect: [drop] });
const found = (story: Story) =>
  story.state.takeOutputs(99).findings.map((
    { id, status, verdict, revision },
  ) => [id, status, verdict.value, revision]);

Deno.test("a correction that makes the value usual retracts the anomaly under its own id", () => {
  const story = start();
  story.take(0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 20);
  assert.deepEqual(found(story).map(([, ...rest]) => rest), [["active", 2, 11]]);
  story.take(13, 14, 15);
  const later = found(story);
  assert.deepEqual(later.map(([, ...rest]) => rest), [["active", 3, 12], ["active", 4, 13], ["retracted", 5, 14]]);
  const ids = [...new Set(later.map(([one]) => String(one)))];
  assert.equal(ids.length, 1);
  assert.match(ids[0]!, /:drop\(events\):a:.*T12:00:10\.000Z$/);
});

Deno.test("a correction may make a usual window an anomaly, and never touches the verdicts of later windows", () => {
  const story = start();
  story.take(0, 1, 2, 11, 12, 20, 21, 30);
  assert.deepEqual(found(story), [], "3, then 2, then 2: nothing unusual");
  story.take(3, 4, 5, 6);
  assert.deepEqual(found(story), [], "7 in the first window: the second was judged by 3 and stays");
});

Deno.test("a window that can change no more is forgotten by its detectors", () => {
  const story = start();
  for (let second = 0; second < 1_000; second += 5) story.take(second);
  const [saved] = story.state.detectors.takeChanges();
  const { tested } = (saved!.state as { state: { tested: unknown[] } }).state;
  assert.ok(tested.length <= 12, `${tested.length} windows are kept for 100 s of lateness`);
});
