/**
 * Clock and firing: when windows are written, in which order, and what is shown before.
 * Times are seconds after noon; ▲ is an event, W the watermark after it (the highest event time, since these pipelines
 * have no patience for disorder unless said).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { zScore } from "../../processor/detectors/mod.ts";
import { noonMs } from "../support/engine_kit.ts";
import { bySliding, shown, Story } from "../support/partition_story.ts";

/**
 * ```
 * 0         10        20
 * |■■■■■■■■■|■■■■■■■■■|
 *  ▲1     ▲8 ▲10              W 10: [0, 10) fires with what it holds
 * ```
 */
Deno.test("a window fires on time when the watermark reaches its end, with every key's own pane", () => {
  const story = new Story();
  story.take(1, [2, "b"], 8, 9.999);
  assert.deepEqual(story.commit(), []);
  story.take(10);
  assert.deepEqual(story.commit(), ["12:00:00 a 3 on_time", "12:00:00 b 1 on_time"]);
  assert.equal(story.counts.windows, 2);
});

/**
 * ```
 * 0         10   12
 * |■■■■■■■■■|····|             out of orderness 2: W stays 2 behind the highest event time
 *     ▲4  ▲11 ▲9  ▲12          the event of 9 comes after that of 11 and is in time all the same
 * ```
 */
Deno.test("out-of-orderness keeps the watermark behind, so that disorder within it corrects nothing", () => {
  const story = new Story({ outOfOrderness: 2 });
  story.take(4, 11, 9);
  assert.deepEqual([story.watermark, story.commit()], [9, []]);
  story.take(12);
  assert.deepEqual(story.commit(), ["12:00:00 a 2 on_time"]);
});

Deno.test("the watermark never goes back", () => {
  const story = new Story({ outOfOrderness: 3 });
  const seen = [20, 5, 19, 22, 0].map((at) => {
    story.take(at);
    return story.watermark;
  });
  assert.deepEqual(seen, [17, 17, 17, 19, 19]);
  story.state.advance(noonMs, 9, story.counts);
  assert.equal(story.watermark, 19);
});

/**
 * ```
 * 0     10    20    30    40    50    60    70      one event moves W from 5 to 65
 * |■▲1■■|     |■▲21■|                 |■▲65
 *  fires       fires                               windows without events give no row
 * ```
 */
Deno.test("a jump of the watermark fires the windows that it passes in the order of their ends, empty ones not", () => {
  const story = new Story({ outOfOrderness: 60 });
  story.take([21, "b"], 1, [11, "c"], 125);
  assert.deepEqual(story.commit(), ["12:00:00 a 1 on_time", "12:00:10 c 1 on_time", "12:00:20 b 1 on_time"]);
  assert.equal(story.counts.windows, 3);
});

Deno.test("detectors see on-time panes in the order of their ends, then each correction, and no drained pane", () => {
  const seen: number[] = [];
  const detector = zScore("events", { threshold: 3 });
  const spy = { ...detector, remember: (_: unknown, { value }: { value: number }) => void seen.push(value) };
  const story = new Story({ window: bySliding(20, 10), lateness: 100, detect: [spy as typeof detector] });
  story.take(1, 2, 3, 12, 47);
  assert.deepEqual(seen.splice(0), [3, 4, 1]);
  story.take(13, 14);
  assert.deepEqual(seen.splice(0), [5, 2, 6, 3], "each record changes the windows from 0 and from 10");
  story.commit();
  story.state.openPanes(9, "drained");
  assert.deepEqual(seen, []);
});

Deno.test("before 1970 everything is as it is after it", () => {
  const at = fc.integer({ min: -100, max: 100 });
  fc.assert(fc.property(fc.array(at, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (events, minutesBack) => {
    const options = { window: bySliding(60, 20), outOfOrderness: 5, lateness: 30 };
    const [after, before] = [new Story(options), new Story(options, -minutesBack * 60_000)];
    for (const story of [after, before]) {
      story.take(...events);
      story.commit();
    }
    assert.deepEqual(before.table, after.table);
    assert.deepEqual(before.counts, after.counts);
  }));
});

Deno.test("draining shows every open window and changes nothing: what comes later corrects it", () => {
  const story = new Story();
  story.take(1, [12, "b"], 13);
  story.commit();
  const drained = () => story.state.openPanes(3, "drained").map(shown);
  assert.deepEqual(drained(), ["12:00:10 a 1 drained", "12:00:10 b 1 drained"].toSorted());
  assert.deepEqual([drained().length, story.watermark, story.counts.windows], [2, 13, 1]);
  story.take(15, 20);
  assert.deepEqual(story.commit().sort(), ["12:00:10 a 2 on_time", "12:00:10 b 1 on_time"]);
});

Deno.test("early panes are those of open windows that changed, each time of a bounded number of slices", () => {
  const story = new Story({ window: bySliding(20, 10), lateness: 60 });
  story.take(1, [2, "b"], 25);
  assert.deepEqual(story.state.takeEarlyPanes(3, 100).map(shown), ["12:00:10 a 1 early", "12:00:20 a 1 early"]);
  assert.deepEqual(story.state.takeEarlyPanes(3, 100), [], "nothing has changed since");
  story.take([26, "c"], [27, "d"], [36, "c"]);
  const rounds = [1, 2, 3].map(() => story.state.takeEarlyPanes(6, 1).map(({ key }) => key));
  assert.deepEqual(rounds.map(([key]) => key), ["c", "c", "d"], "the newest slice first");
});

Deno.test("the windows that can still change are the open ones and the fired ones that are not missed yet", () => {
  const story = new Story();
  story.take(1, 12, 22, 35);
  assert.deepEqual(story.state.retainedPanes(4).map(shown), [
    "12:00:10 a 1 late",
    "12:00:20 a 1 late",
    "12:00:30 a 1 early",
  ]);
});

Deno.test("a partition put together from stored slices and its watermark goes on as the one it was stored from", () => {
  const seconds100 = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 30 });
  const options = { window: bySliding(30, 10), outOfOrderness: 5, lateness: 20 };
  fc.assert(fc.property(seconds100, seconds100, (before, after) => {
    const story = new Story(options);
    story.take(...before);
    story.commit();
    const revived = new Story(options);
    const { watermarkMs, eventTimeMsMax } = story.state;
    Object.assign(revived.state, { watermarkMs, eventTimeMsMax });
    for (const slice of story.state.slices.takeAll().changed) revived.state.restoreSlice(slice, 0);
    revived.state.resume();
    story.table.clear();
    for (const one of [story, revived]) {
      one.take(...after.map((at) => at + 40));
      one.commit();
    }
    assert.deepEqual(revived.table, story.table);
    assert.deepEqual(revived.state.openPanes(0, "drained"), story.state.openPanes(0, "drained"));
  }));
});

Deno.test("side by side or overlapping, a window without events gives no pane at all", () => {
  for (const window of [tumbling({ sizeMs: seconds(10) }), bySliding(20, 10)]) {
    const story = new Story({ window });
    story.take(1, 1_000);
    assert.equal(story.commit().length, window.sizeMs / window.slideMs);
  }
});
