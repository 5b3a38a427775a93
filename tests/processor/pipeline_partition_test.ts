/**
 * Clock, lateness, firing and corrections of one pipeline on one partition. Times are seconds after noon; ▲ is an event,
 * W the watermark after it (the highest event time, since these pipelines have no patience for disorder unless said).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { LateEvent } from "../../core/events/derived.ts";
import { seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { zScore } from "../../processor/detectors/mod.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import type { Pane } from "../../processor/engine/pane.ts";
import { PipelinePartition } from "../../processor/engine/pipeline_partition.ts";
import { chatValue, clockText, counting, type CountingOptions, noonMs } from "../support/engine_kit.ts";

const bySliding = (size: number, slide: number) => sliding({ sizeMs: seconds(size), slideMs: seconds(slide) });

/** A partition under test. */
class Story {
  readonly state: PipelinePartition;
  readonly counts = noCounts();
  /** The newest pane of each window and key, as a table would hold it. */
  readonly table = new Map<string, unknown>();
  #offset = 0;
  #late: LateEvent[] = [];

  constructor(options: CountingOptions = {}, readonly originMs = noonMs) {
    this.state = new PipelinePartition({
      pipeline: counting(options),
      watermarkMs: null,
      eventTimeMsMax: null,
      detectorStates: [],
      tracksLive: true,
    });
  }

  /** Takes events in; what became of the last one. */
  take(...events: (number | readonly [at: number, key: string])[]): string {
    let outcome = "";
    for (const one of events) {
      const [at, key] = typeof one === "number" ? [one, "a"] : one;
      const event = chatValue({ at, key }) as never;
      const eventTimeMs = this.originMs + seconds(at);
      const place = { topic: "events.chat", partition: 0, offset: this.#offset++ };
      outcome = this.state.accept({ event, eventTimeMs, key, ...place }, this.counts);
    }
    return outcome;
  }

  /** Commits: the panes that come out, as `12:00:10 a 3 on_time`. */
  commit(): string[] {
    const { panes, late } = this.state.takeOutputs(this.#offset);
    this.#late.push(...late);
    for (const pane of panes) this.table.set(`${pane.windowStartMs - this.originMs} ${pane.key}`, pane.values[0]);
    return panes.map(shown);
  }

  get late(): readonly LateEvent[] {
    this.commit();
    return this.#late;
  }

  get watermark(): number {
    return (this.state.watermarkMs - this.originMs) / 1000;
  }
}

const shown = ({ windowStartMs, key, values, timing }: Pane) =>
  `${clockText(windowStartMs)} ${key} ${values[0]} ${timing}`;

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

/**
 * ```
 * 0         10        20        30
 * |■■■■■■■■■|···lateness 20·····|
 *  ▲1         ▲12 fires   ▲3 ▲4 correct
 * ```
 */
Deno.test("events that come after the firing and within the lateness make one late pane a commit", () => {
  const story = new Story();
  story.take(1, 12);
  assert.deepEqual(story.commit(), ["12:00:00 a 1 on_time"]);
  assert.equal(story.take(3), "accepted");
  story.take(4);
  assert.deepEqual(story.commit(), ["12:00:00 a 3 late"]);
  assert.deepEqual(story.commit(), [], "nothing has changed since");
  assert.deepEqual([story.counts.accepted, story.counts.late_partial, story.counts.windows], [4, 0, 1]);
});

Deno.test("a late pane of a key that the window had not held counts no window", () => {
  const story = new Story();
  story.take(1, 12, [3, "b"]);
  assert.deepEqual(story.commit(), ["12:00:00 a 1 on_time", "12:00:00 b 1 late"]);
  assert.equal(story.counts.windows, 1);
});

/**
 * ```
 * 0         10                  30
 * |■■■■■■■■■|···lateness 20·····|       W 29.999: the event of 5 corrects; W 30: it is late
 * ```
 */
Deno.test("an event is late from the moment on when window end + lateness ≤ watermark", () => {
  for (const [newest, outcome] of [[29.999, "accepted"], [30, "late"], [45.5, "late"]] as const) {
    const story = new Story();
    story.take(1, newest);
    assert.equal(story.take(5), outcome, String(newest));
  }
  const story = new Story();
  story.take(1, 45.5, 5);
  const [letter] = story.late;
  assert.deepEqual({ ...letter, event: null }, {
    event_id: "late:counting:events.chat:0:2",
    timestamp: "2024-01-01T12:00:05.000Z",
    source: "tidemark",
    pipeline: "counting",
    topic: "events.chat",
    partition: 0,
    offset: 2,
    late_by_ms: 35_500,
    missed_windows: ["2024-01-01T12:00:00.000Z"],
    event: null,
  });
  assert.deepEqual(letter?.event, chatValue({ at: 5 }));
  assert.deepEqual(story.table.get("0 a"), 1, "the row stays as it was");
});

/**
 * ```
 * -20   -10    0     10    20    30    40      size 30, slide 10, lateness 5
 *        |■■■■■■■■■■■■■■■■■|                   [-10, 20) missed at W 25
 *              |■■■■■■■■■■■■■■■■■|             [0, 30)   open
 *                    |■■■■■■■■■■■■■■■■■|       [10, 40)  open
 *                       ▲14 at W 26
 * ```
 */
Deno.test("an event that misses some of its windows enters the others and is partly late", () => {
  const story = new Story({ window: bySliding(30, 10), lateness: 5 });
  story.take(1, 26);
  assert.equal(story.take(14), "accepted");
  assert.equal(story.counts.late_partial, 1);
  assert.deepEqual(story.late, [], "no letter for it");
  story.take(100);
  story.commit();
  assert.deepEqual(Object.fromEntries(story.table), {
    "-20000 a": 1,
    "-10000 a": 1,
    "0 a": 3,
    "10000 a": 2,
    "20000 a": 1,
  });
});

Deno.test("a late event of sliding windows names every window that it missed", () => {
  const story = new Story({ window: bySliding(30, 10), lateness: 0 });
  story.take(1, 60, 14);
  assert.deepEqual(story.late.map(({ missed_windows }) => missed_windows), [[
    "2024-01-01T11:59:50.000Z",
    "2024-01-01T12:00:00.000Z",
    "2024-01-01T12:00:10.000Z",
  ]]);
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

Deno.test("detectors see on-time panes in the order of their ends, and neither corrections nor drained panes", () => {
  const seen: number[] = [];
  const spy = { ...zScore("events", { threshold: 3 }), name: "spy" };
  const detector = { ...spy, test: (_: unknown, { value }: { value: number }) => (seen.push(value), null) };
  const story = new Story({ window: bySliding(20, 10), detect: [detector as typeof spy] });
  story.take(1, 2, 3, 12, 47);
  assert.deepEqual(seen, [3, 4, 1]);
  story.take(28);
  story.commit();
  story.state.openPanes(9, "drained");
  assert.deepEqual(seen, [3, 4, 1]);
});

/**
 * ```
 * -10   0     10    20    30    40      size 20, slide 10, lateness 10
 *  |■■■■■■■■■■■|
 *       |■■■■■■■■■■■|··10·|             [0, 20) fires at W 25 with ▲5, is corrected by ▲6, is missed at W 35
 *             |■■■■■■■■■■■|··10·|
 *        ▲5   ▲25   ▲6    ▲35  ▲14      ▲14 shares a slice with [0, 20) but has missed it
 * ```
 */
Deno.test("a corrected window takes no event that has missed it, wherever commits fall", () => {
  const events = [5, 25, 6, 35, 14] as const;
  for (let commits = 0; commits < 2 ** events.length; commits++) {
    const story = new Story({ window: bySliding(20, 10), lateness: 10 });
    for (const [i, at] of events.entries()) {
      story.take(at);
      if (commits & (1 << i)) story.commit();
    }
    story.commit();
    const drained = story.state.openPanes(9, "drained").map(shown);
    const table = Object.fromEntries(story.table);
    assert.deepEqual(table, { "-10000 a": 1, "0 a": 2, "10000 a": 2 }, `commits ${commits.toString(2)}`);
    assert.deepEqual(drained, ["12:00:20 a 2 drained", "12:00:30 a 1 drained"]);
    assert.equal(story.counts.late_partial, 2);
  }
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
  assert.deepEqual(story.commit(), ["12:00:10 a 2 on_time", "12:00:10 b 1 on_time"]);
});

Deno.test("early panes are those of open windows that changed, each time of a bounded number of slices", () => {
  const story = new Story({ window: bySliding(20, 10), lateness: 60 });
  story.take(1, [2, "b"], 25);
  assert.deepEqual(story.state.takeEarlyPanes(3, 100).map(shown), ["12:00:10 a 1 early", "12:00:20 a 1 early"]);
  assert.deepEqual(story.state.takeEarlyPanes(3, 100), [], "nothing has changed since");
  story.take([26, "c"], [27, "d"], [36, "c"]);
  const rounds = [1, 2, 3].map(() => story.state.takeEarlyPanes(6, 1).map(({ key }) => key));
  assert.deepEqual(rounds.map(([key]) => key), ["c", "d", "c"]);
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
