/**
 * Lateness and corrections: what comes after its window has fired.
 * Times are seconds after noon; ▲ is an event, W the watermark after it (the highest event time, since these pipelines
 * have no patience for disorder unless said).
 */
import assert from "node:assert/strict";
import { bySliding, shown, Story } from "../support/partition_story.ts";
import { chatValue } from "../support/engine_kit.ts";

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
