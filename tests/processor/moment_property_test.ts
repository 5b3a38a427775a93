/**
 * Whatever comes late: a window out of the ordinary belongs to one moment and no other window does, no moment grows too
 * long, and what a moment tells is that of its strongest window.
 *
 * ```
 * one moment may last 40 s; windows of 20 s, one each 10 s, hot from 5 events on
 *   |---- first, 40 s ----|---- second …      a late event to the last window of the first changes its numbers,
 *                    ▲                        and makes no one moment of the two
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { seconds } from "../../core/time.ts";
import { type BaselineJson, type DetectorJson, episode, type MomentDetector } from "../../processor/detectors/mod.ts";
import { isMoment, type MomentFinding } from "../../processor/engine/pane.ts";
import { noonMs } from "../support/engine_kit.ts";
import { bySliding, Story } from "../support/partition_story.ts";

const [SIZE, SLIDE, LENGTH_MAX] = [20, 10, 60];

interface Kept {
  readonly own: unknown;
  readonly tested: readonly [startMs: number, baseline: unknown, anomalous: boolean][];
  readonly moments: readonly {
    readonly id: string;
    readonly hot: readonly { startMs: number; verdict: { score: number }; happened: unknown }[];
  }[];
}

const tell: MomentDetector["tell"] = (read) => ({ events: read("events") });

/** Windows with five events and more: late ones make more of them hot. */
const crowd: MomentDetector = {
  ...episode("events", { kind: "crowd", enter: 5, leave: 5, tell }),
  lengthMsMax: seconds(LENGTH_MAX),
};

/** Hot or not by a rule that any further event may turn about, and so the strongest window changes as well. */
const restless: MomentDetector = {
  ...crowd,
  name: "restless(events)",
  baseline: () => 0 as unknown as BaselineJson,
  judge: (_, { read }) => {
    const value = Number(read("events"));
    const score = (value * 7) % 11;
    return { anomalous: score >= 5, verdict: () => ({ value, baseline: 5, score, explanation: "" }) };
  },
  remember: (_: DetectorJson) => {},
};

const storyOf = (detector: MomentDetector, lateness: number) =>
  new Story({ window: bySliding(SIZE, SLIDE), outOfOrderness: 0, lateness, detect: [detector] });

/** Events, most in turn, some late by up to so many seconds. */
const feedOf = (lateMax: number) =>
  fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ stepS: fc.integer({ min: 0, max: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ stepS: fc.integer({ min: 5, max: 45 }) }) },
      { weight: 3, arbitrary: fc.record({ lateS: fc.integer({ min: 1, max: lateMax }) }) },
    ),
    { minLength: 20, maxLength: 150 },
  );

function* timesOf(feed: readonly ({ stepS: number } | { lateS: number })[]): Generator<number> {
  let now = 100;
  for (const one of feed) {
    if ("stepS" in one) yield now += one.stepS;
    else yield Math.max(0, now - one.lateS);
  }
}

const findingsOf = (story: Story): MomentFinding[] => story.state.takeOutputs(9_999).findings.filter(isMoment);

Deno.test("windows out of the ordinary and moments fit each other after any late events", () => {
  for (const detector of [crowd, restless]) {
    fc.assert(fc.property(feedOf(150), (feed) => {
      const story = storyOf(detector, 100_000);
      const shown = new Map<string, MomentFinding>();
      let kept: Kept | undefined;
      for (const time of timesOf(feed)) {
        story.take(time);
        for (const finding of findingsOf(story)) shown.set(finding.id, finding);
        const state = story.state.detectors.takeChanges().at(-1)?.state as { state: Kept } | undefined;
        kept = state?.state ?? kept;
        if (kept === undefined) continue;
        const inMoments = kept.moments.flatMap(({ hot }) => hot.map(({ startMs }) => startMs));
        const hot = kept.tested.filter(([, , anomalous]) => anomalous).map(([startMs]) => startMs);
        assert.deepEqual(inMoments.sort((a, b) => a - b), hot.sort((a, b) => a - b), "each in one moment");
        for (const moment of kept.moments) {
          const starts = moment.hot.map(({ startMs }) => startMs);
          const lengthMs = Math.max(...starts) - Math.min(...starts) + seconds(SIZE);
          assert.ok(lengthMs <= seconds(LENGTH_MAX), `${lengthMs} ms long`);
        }
        const active = [...shown.values()].filter(({ status }) => status === "active").map(({ id }) => id);
        assert.deepEqual(active.sort(), kept.moments.map(({ id }) => id).sort(), "what is shown is what there is");
      }
    }));
  }
});

Deno.test("what happened is that of the strongest window, also of one that can change no more", () => {
  fc.assert(fc.property(feedOf(60), (feed) => {
    const story = storyOf(restless, 30);
    for (const time of timesOf(feed)) {
      story.take(time);
      for (const { moment, verdict, status } of findingsOf(story)) {
        if (status === "active") assert.deepEqual(moment.happened, { events: verdict.value });
      }
      const [changed] = story.state.detectors.takeChanges();
      const kept = (changed?.state as { state: Kept } | undefined)?.state;
      if (kept === undefined) continue;
      const told = kept.moments.flatMap(({ hot }) => hot.filter(({ happened }) => happened !== null));
      // One for each window that can still change, and one for each moment.
      assert.ok(told.length <= kept.tested.length + kept.moments.length, `${told.length} windows are told of`);
    }
  }));
});

const at = (ms: number) => (ms - noonMs) / 1000;
const briefly = ({ id, windowStartMs, windowEndMs, verdict, status }: MomentFinding) =>
  [at(Date.parse(id.slice(-24))), at(windowStartMs), at(windowEndMs), verdict.value, status] as const;

Deno.test("a late event at the cut between two moments changes the numbers of one, and no more", () => {
  const story = storyOf({ ...crowd, lengthMsMax: seconds(40) }, 100);
  story.take(...Array.from({ length: 40 }, (_, second) => second), 100);
  const before = new Map(findingsOf(story).map((finding) => [finding.id, briefly(finding)]));
  story.take(29, 29, 29, 29, 29);
  const later = findingsOf(story).map(briefly);
  assert.ok(before.size === 2 && later.length > 0);
  assert.deepEqual(later.filter(([, , , , status]) => status === "retracted"), []);
  for (const [start, from, to] of later) {
    const known = [...before.values()].find(([one]) => one === start);
    assert.deepEqual(known?.slice(1, 3), [from, to], "the stretch of each stays as it was");
  }
});

Deno.test("a moment that takes in a stronger one tells what happened in that one's strongest window", () => {
  const story = storyOf({ ...crowd, lengthMsMax: seconds(600) }, 100);
  story.take(1, 2, 3, 4, 5, 21, 22, 23, 41, 42, 43, 44, 45, 46, 47, 48, 70);
  findingsOf(story);
  story.take(24, 25);
  const last = findingsOf(story).findLast(({ status }) => status === "active")!;
  assert.deepEqual([last.verdict.value, last.moment.happened], [8, { events: 8 }]);
});

Deno.test("when the strongest window is corrected away, the next one tells what happened", () => {
  const story = new Story({ window: bySliding(10, 10), outOfOrderness: 0, lateness: 100, detect: [restless] });
  // 3 events score 10, 1 event scores 7; a fourth event makes the first window usual: 28 % 11 = 6, a fifth 2.
  story.take(1, 2, 3, 11, 25);
  assert.deepEqual(findingsOf(story).at(-1)?.moment.happened, { events: 3 });
  story.take(4, 5);
  const last = findingsOf(story).at(-1)!;
  assert.deepEqual([last.verdict.value, last.moment.happened], [1, { events: 1 }]);
});
