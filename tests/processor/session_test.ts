/**
 * Sessions of one key, step by step. Gap 10 s, no out-of-orderness, 20 s of lateness, seconds after noon.
 */
import assert from "node:assert/strict";
import { seconds } from "../../core/time.ts";
import { session, sliding } from "../../core/window.ts";
import { latenessJudge } from "../../processor/lateness.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { chatValue, clockText, counting, Engine, noonMs } from "../support/engine_kit.ts";
import { SessionStory } from "../support/session_story.ts";

const bySession = (gap = 10) => session({ gapMs: seconds(gap) });

Deno.test("a gap that is no whole number of milliseconds above 0 is refused with the fix", () => {
  for (const gapMs of [0, -1, 1.5, NaN, Infinity]) assert.throws(() => session({ gapMs }), RangeError);
  assert.deepEqual(session({ gapMs: 5 }), { kind: "session", gapMs: 5 });
});

/**
 * ```
 * 0    5   9         19                  30 W
 * ▲    ▲   ▲         |                   ▲
 * |■■■■■■■■■■■■■■■■■■|                   |■■■■…
 * ```
 */
Deno.test("events less than a gap apart are one session, which ends a gap after its last and fires then", () => {
  const story = new SessionStory();
  story.take(0, 5, 9, 18.9);
  assert.deepEqual(story.commit(), []);
  story.take(28.8);
  assert.deepEqual(story.commit(), [], "the end moved with each event");
  story.take([38.8, "b"]);
  assert.deepEqual(story.commit(), ["0–38.8 a 5 on_time"]);
  assert.deepEqual(story.drained(), ["38.8–48.8 b 1 drained"]);
});

Deno.test("an event exactly a gap after another opens a session of its own", () => {
  const story = new SessionStory();
  story.take(0, 10);
  assert.deepEqual(story.commit(), ["0–10 a 1 on_time"]);
  assert.deepEqual(story.drained(), ["10–20 a 1 drained"]);
});

/**
 * ```
 * 0         10   12        22
 * ▲              ▲                 two sessions, the first has fired
 * |■■■■■■■■■|    |■■■■■■■■■|
 *      ▲ 6 bridges:  6 + 10 > 12
 * |■■■■■■■■■■■■■■■■■■■■■■■■|       one; row 12 goes, and it opens again: W = 12
 * ```
 */
Deno.test("an event between two sessions makes them one: the later row goes, the other fires again at the later end", () => {
  const story = new SessionStory();
  story.take(0, 12);
  assert.deepEqual(story.commit(), ["0–10 a 1 on_time"]);
  story.take(6);
  assert.deepEqual(story.commit(), ["gone 12"]);
  assert.deepEqual(story.drained(), ["0–22 a 3 drained"]);
  assert.equal(story.state.openPanes(0, "drained")[0]!.reopened, true);
  story.take([22, "b"]);
  assert.deepEqual(story.commit(), ["0–22 a 3 on_time"]);
  assert.equal(story.counts.windows, 1, "counted when it fired first");
  assert.deepEqual([...story.table.keys()], ["0 a"]);
});

Deno.test("a pane that was drained before a merge does not stand after it", () => {
  const story = new SessionStory();
  story.take(0, 12);
  const panes = story.state.openPanes(2, "drained");
  assert.deepEqual(panes.map((pane) => story.state.stands(pane)), [true]);
  story.take(6);
  assert.deepEqual(panes.map((pane) => story.state.stands(pane)), [false]);
});

/**
 * ```
 * 0         10        20        30  W = 35
 * ▲                   ▲             ▲ b
 * |■■■■■■■■■|         |■■■■■■■■■|      both fired; lateness 40
 *            ▲ 10.5 joins the second: it starts at 10.5
 *         ▲ 9 bridges: one row is left
 * ```
 */
Deno.test("fired sessions that a late event moves or merges are corrected under their new start", () => {
  const story = new SessionStory({ lateness: 40 });
  story.take(0, 20, [35, "b"]);
  assert.deepEqual(story.commit(), ["0–10 a 1 on_time", "20–30 a 1 on_time"]);
  story.take(10.5);
  assert.deepEqual(story.commit(), ["gone 20", "10.5–30 a 2 late"]);
  story.take(9);
  assert.deepEqual(story.commit(), ["gone 10.5", "0–30 a 4 late"]);
  assert.deepEqual([...story.table], [["0 a", 4]]);
  assert.equal(story.counts.windows, 2, "what was counted stays counted");
});

Deno.test("merges and firings of one commit leave one row, whatever they were in between", () => {
  const story = new SessionStory({ lateness: 40 });
  story.take(0, 20, [35, "b"], 10.5, 9);
  assert.deepEqual(story.commit(), ["gone 20", "gone 10.5", "0–30 a 4 late"]);
});

/**
 * ```
 * 0         10            W = 30: an event at t misses the session that it would open where t + 10 + 20 ≤ 30
 * ▲ (b at 30)
 *           ▲ 0: late     ▲ 0.1: a session of its own, ended at 10.1: fires at once
 * ```
 */
Deno.test("an event is late when the session that it would open is missed; one that is not fires at once if it has ended", () => {
  const story = new SessionStory();
  story.take([30, "b"]);
  assert.equal(story.take(0), "late");
  assert.equal(story.take(0.1), "accepted");
  assert.deepEqual(story.commit(), ["0.1–10.1 a 1 on_time"]);
  const [letter] = story.late;
  assert.deepEqual([letter?.late_by_ms, letter?.missed_windows], [20_000, ["2024-01-01T12:00:00.000Z"]]);
  assert.deepEqual([story.counts.late, story.counts.accepted, story.counts.late_partial], [1, 2, 0]);
});

/**
 * ```
 * 0    8    16   24   32   40        W = 48, lateness 20
 * ▲    ▲    ▲    ▲    ▲    ▲   ▲ 48
 * |■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■■  still open
 *   ▲ 3: held by a session that is not missed: accepted, however old
 * ▲ −1: before its start, and missed by itself: late, it might touch what is forgotten
 * ```
 */
Deno.test("an old event is taken in by a session that holds its time, and late just before one", () => {
  const story = new SessionStory();
  story.take(0, 8, 16, 24, 32, 40, 48);
  assert.equal(story.take(3), "accepted");
  assert.equal(story.take(-1), "late");
  assert.deepEqual(story.drained(), ["0–58 a 8 drained"]);
});

Deno.test("a session that is missed is still there for an event that is not, until none can touch it", () => {
  const story = new SessionStory();
  story.take(0, [30, "b"]);
  assert.deepEqual(story.commit(), ["0–10 a 1 on_time"]);
  // End 10 + lateness 20 ≤ 30: an event that it holds misses it, but one at 9 ends at 19 and does not.
  assert.equal(story.take(0), "late");
  assert.equal(story.take(9), "accepted");
  assert.deepEqual(story.commit(), ["0–19 a 2 late"]);
  story.take([48, "b"]);
  assert.equal(story.stored(), 3, "one of a, two of b");
  story.take([49, "b"]);
  assert.equal(story.stored(), 2, "19 + gap + lateness ≤ 49");
});

Deno.test("before 1970 everything is as it is after it", () => {
  const events = [0, 12, 6, 40, 33, 80, 61] as const;
  const tables = [noonMs, -5_000, -3_600_000].map((originMs) => {
    const story = new SessionStory({}, originMs);
    story.take(...events);
    story.commit();
    return [[...story.table], story.counts];
  });
  assert.deepEqual(tables[1], tables[0]);
  assert.deepEqual(tables[2], tables[0]);
});

Deno.test("early panes are those of open sessions that changed, each time of a bounded number of them", () => {
  const story = new SessionStory();
  story.take(0, [1, "b"], [2, "c"]);
  assert.deepEqual(story.early(2), ["0–10 a 1 early", "1–11 b 1 early"]);
  assert.deepEqual(story.early(2), ["2–12 c 1 early"]);
  assert.deepEqual(story.early(2), []);
});

Deno.test("idling closes a silent session, and makes no event late that is newer than what was seen", async () => {
  const engine = await Engine.open();
  await using running = engine.start([counting({ window: bySession(), lateness: 2 })], { idleTimeoutMs: 1_000 });
  await engine.send({ at: 0 });
  await running.caughtUp();
  const minute = async () => {
    for (let second = 0; second < 60; second++) await engine.clock.advance(1_000);
    await engine.rest();
  };
  await minute();
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1"]);
  await engine.send({ at: 0.5 });
  await running.caughtUp();
  await minute();
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"], "it opened again and was closed again");
  assert.equal((await engine.progress())?.counts.late, 0);
});

Deno.test("a pipeline of sessions starts where it stopped, with its sessions as stored and the WindowStore gone", async () => {
  const engine = await Engine.open();
  const pipeline = counting({ window: bySession() });
  await engine.send({ at: 0 }, { at: 5 }, { at: 21, key: "b" }, { at: 24 });
  await engine.process([pipeline], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:24 1", "b 12:00:21 1"]);
  assert.equal((await engine.progress())?.rebuildOffset, 4);
  const readers = { ...engine.ports, partitionCount: 1 };
  const open = (await openWindows(pipeline, readers)).map(({ key, values }) => [key, values.events]);
  assert.deepEqual(open.sort(), [["a", 1], ["b", 1]]);
  engine.ports.windowStore.lose("counting");
  await engine.send({ at: 15.5 });
  await engine.process([pipeline], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:15 2", "b 12:00:21 1"]);
  assert.equal((await openWindows(pipeline, readers)).length, 2, "the copy is made anew");
});

Deno.test("a new definition leaves nothing of the old sessions behind", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 0 }, { at: 12, key: "b" });
  await engine.process([counting({ window: bySession(10) })]);
  await engine.process([counting({ window: bySession(11) })]);
  const { keyedStates } = await engine.ports.summaryStore.acquire({ topic: chatEvents.topic, partition: 0 }, [
    "counting",
  ]);
  const sessions = keyedStates.filter(({ name }) => name === "open_sessions");
  assert.deepEqual(sessions.map(({ state }) => (state as number[])[0]), [noonMs + 11_000, noonMs + 23_000]);
  assert.match(engine.notes.join(), /as generation 1/);
});

Deno.test("a definition's fingerprint tells sessions from windows, and one gap from another", () => {
  const windows = [bySession(), bySession(11), sliding({ sizeMs: 10_000, slideMs: 10_000 })];
  assert.equal(new Set(windows.map((window) => counting({ window }).definition)).size, 3);
});

Deno.test("before a replay an event is judged by the session that it would open", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 30 });
  const pipelines = [counting({ window: bySession() })];
  await engine.process(pipelines);
  const progress = await engine.ports.summaryStore.progress();
  const judge = latenessJudge({ pipelines, topics: await engine.ports.log.topics(), progress });
  const isLate = (at: number) =>
    judge(chatEvents as never, { event: chatValue({ at }) as never, eventTimeMs: noonMs + seconds(at) });
  assert.deepEqual([isLate(0), isLate(0.1)], [true, false], clockText(noonMs));
});

Deno.test("a hundred thousand keys cost no more for each record than one", () => {
  const story = new SessionStory();
  const started = performance.now();
  for (let i = 0; i < 200_000; i++) story.take([i / 20_000, `key ${i % 100_000}`]);
  for (let i = 0; i < 1_000; i++) story.take([21 + i / 1_000, "z"]);
  assert.ok(performance.now() - started < 10_000, `${performance.now() - started} ms`);
  assert.equal(story.stored(), 100_001);
});
