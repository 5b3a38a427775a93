/**
 * Moments: of windows out of the ordinary that touch one moment is made, whose id stays, which grows by later windows,
 * follows corrections and is taken back by them.
 *
 * ```
 * windows of 20 s, one each 10 s, hot from 5 events on:
 *   0 s      10 s     20 s     30 s     40 s
 *   |        |■■■■■   |        |        |          five events at 12 s
 *   |---- hot 0–20 ---|
 *            |---- hot 10–30 --|                   one moment: from 10 s (0 + 20 − 10) to 20 s (10 + 10)
 * ```
 */
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Moment } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { KeyedState } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";
import { type BaselineJson, type DetectorJson, episode, type MomentDetector } from "../../processor/detectors/mod.ts";
import { isMoment } from "../../processor/engine/pane.ts";
import { clockText, counting, Engine, noonMs } from "../support/engine_kit.ts";
import { mortal } from "../support/mortal_ports.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { bySliding, Story } from "../support/partition_story.ts";

/** Windows with five events and more. */
const crowd = (change: Partial<MomentDetector> = {}): MomentDetector => ({
  ...episode("events", { kind: "crowd", enter: 5, leave: 5, tell: (read) => ({ events: read("events") }) }),
  ...change,
});

const windows = { window: bySliding(20, 10), outOfOrderness: 0, lateness: 100 };
const start = (change: Partial<MomentDetector> = {}) => new Story({ ...windows, detect: [crowd(change)] });
const at = (ms: number) => (ms - noonMs) / 1000;

/** `[id's window, start, peak, end, value, status]` in seconds after noon. */
const found = (story: Story) =>
  story.state.takeOutputs(99).findings.filter(isMoment).map((
    { id, windowStartMs, windowEndMs, moment, verdict, status },
  ) => [
    (Date.parse(id.slice(-24)) - noonMs) / 1000,
    at(windowStartMs),
    at(moment.peakMs),
    at(windowEndMs),
    verdict.value,
    status,
  ]);

Deno.test("windows that touch are one moment: its id stays, its end moves on", () => {
  const story = start();
  story.take(1, 12, 13, 14, 15, 16, 20);
  assert.deepEqual(found(story), [[0, 0, 10, 20, 6, "active"]], "seen by one window, it is somewhere in it");
  story.take(30, 41);
  assert.deepEqual(found(story), [[0, 10, 10, 20, 6, "active"]], "by two: where they overlap");
  story.take(60, 100);
  assert.deepEqual(found(story), [], "what follows is quiet");
});

Deno.test("the strongest window is the peak and tells what happened", () => {
  const story = start();
  story.take(1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 21, 31, 50);
  const findings = story.state.takeOutputs(99).findings.filter(isMoment);
  assert.deepEqual(findings.map(({ verdict }) => verdict.value), [5, 12, 12]);
  assert.deepEqual(findings.map(({ moment }) => moment.happened), [{ events: 5 }, { events: 12 }, { events: 12 }]);
  assert.equal(new Set(findings.map(({ id }) => id)).size, 1);
  assert.ok(findings.every(({ revision }, i) => i === 0 || revision > findings[i - 1]!.revision));
});

Deno.test("apart in time they are two moments, and one that lasts too long goes on as another", () => {
  const story = start();
  story.take(1, 2, 3, 4, 5, 61, 62, 63, 64, 65, 100);
  assert.deepEqual(found(story).map(([id]) => id), [-10, -10, 50, 50]);
  const short = start({ lengthMsMax: seconds(30) });
  short.take(...Array.from({ length: 60 }, (_, second) => second), 100);
  const ids = found(short).map(([id]) => id);
  assert.deepEqual([...new Set(ids)], [-10, 10, 30, 50].filter((id) => ids.includes(id)));
  assert.ok(new Set(ids).size >= 3, ids.join());
});

Deno.test("a late event that makes a window hot joins its moments to one, and takes the later id back", () => {
  const story = start();
  story.take(1, 2, 3, 4, 5, 21, 22, 23, 41, 42, 43, 44, 45, 70);
  const ids = new Set(found(story).map(([id]) => id));
  assert.deepEqual([...ids], [-10, 30]);
  story.take(24, 25);
  const later = found(story);
  assert.deepEqual(later.find(([, , , , , status]) => status === "retracted")?.[0], 30);
  assert.deepEqual(later.at(-1), [-10, 0, 0, 50, 5, "active"]);
});

/** Windows with fewer than three events: late ones make them usual. */
const lull = (): MomentDetector => ({
  ...crowd(),
  name: "lull(events)",
  baseline: () => 1 as unknown as BaselineJson,
  judge: (_, { read }) => {
    const value = Number(read("events"));
    return { anomalous: value < 3, verdict: () => ({ value, baseline: 3, score: 3 - value, explanation: "" }) };
  },
  remember: (_: DetectorJson) => {},
});

Deno.test("corrections that leave no window of a moment retract it, under its own id", () => {
  const story = new Story({ ...windows, window: bySliding(10, 10), detect: [lull()] });
  story.take(1, 2, 3, 4, 11, 12, 21, 22, 23, 24, 31);
  assert.deepEqual(found(story), [[10, 10, 15, 20, 2, "active"]]);
  story.take(13);
  assert.deepEqual(found(story), [[10, 10, 15, 20, 3, "retracted"]]);
  story.take(14, 40, 41, 42, 43, 50);
  assert.deepEqual(found(story).map(([id, , , , , status]) => [id, status]), [[30, "active"]], "gone is gone");
});

/** What is kept of a key. */
const stateOf = (row: KeyedState | undefined) =>
  (row?.state as { state: { tested: unknown[]; moments: { hot: unknown[] }[] } }).state;

Deno.test("a moment's state is bounded, and what can change no more is forgotten", () => {
  const story = start();
  for (let second = 0; second < 2_000; second++) story.take(second);
  const [state] = story.state.detectors.takeChanges();
  const { tested, moments } = stateOf(state);
  assert.ok(tested.length <= 13, `${tested.length} windows are kept for 100 s of lateness`);
  assert.ok(moments.length <= 3 && moments.every(({ hot }) => hot.length <= 180), JSON.stringify(moments.length));
  story.take(4_000, 4_100);
  const [later] = story.state.detectors.takeChanges();
  assert.deepEqual(stateOf(later).moments, []);
});

const told = { window: windows.window, outOfOrderness: 0, lateness: 100, detect: [crowd()] };
const sent = [1, 12, 13, 14, 15, 16, 20, 30, 41, 60, 100].map((at) => ({ at }));

Deno.test("a moment is a row and records of a topic, and an owner that dies at any call changes neither", async () => {
  const pipelines = [counting(told)];
  const calm = await Engine.open();
  await calm.send(...sent);
  await calm.process(pipelines, { commitRecordsMax: 1 });
  const rowsOf = async (engine: Engine) => {
    const { columns, rows } = await engine.ports.summaryStore.query({ table: "moments" });
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  };
  const [row, ...others] = await rowsOf(calm);
  assert.equal(others.length, 0, "one row");
  const { moment_id, kind, key, window_start, window_end, value, baseline, intensity, status, happened } = row!;
  assert.deepEqual(
    { moment_id, kind, key, value, baseline, intensity, status, happened },
    {
      moment_id: "counting:episode(events):a:2024-01-01T12:00:00.000Z",
      kind: "crowd",
      key: "a",
      value: 6,
      baseline: 5,
      intensity: 1.2,
      status: "active",
      happened: { events: 6 },
    },
  );
  assert.deepEqual([window_start, window_end].map((ms) => clockText(ms as number)), ["12:00:10", "12:00:20"]);
  const records = calm.ports.log.valuesOf<Moment>(derivedTopics.moments);
  assert.deepEqual(records.map(({ window_start }) => window_start.slice(11, 19)), ["12:00:00", "12:00:10"]);
  assert.equal(new Set(records.map(({ event_id }) => event_id)).size, 1);
  assert.deepEqual((await calm.ports.summaryStore.query({ table: "anomalies" })).rows, [], "a moment is no anomaly");

  for (let atCall = 1; atCall <= 60; atCall += 3) {
    const engine = await Engine.open();
    await engine.send(...sent);
    const { ports } = mortal(engine.ports, { atCall, afterwards: atCall % 2 === 0, passes: false });
    const running = engine.start(pipelines, { ports, commitRecordsMax: 1 });
    await Promise.race([running.caughtUp().catch(() => {}), running.ended]);
    await running.stop();
    await engine.process(pipelines, { commitRecordsMax: 1 });
    assert.deepEqual(await rowsOf(engine), [row], `call ${atCall}`);
  }
});

Deno.test("a moment goes to the live feed by its id, with the revision and the values of its record", async () => {
  const engine = await Engine.open();
  const liveFeed = new MemoryLiveFeed();
  await engine.send(...sent);
  await engine.process([counting(told)], { liveFeed, commitRecordsMax: 1 });
  const records = engine.ports.log.valuesOf<Moment>(derivedTopics.moments);
  const updates = liveFeed.published.filter(({ channel }) => channel === "moments");
  // Of two that one commit holds the feed gets the later one.
  const known = records.map((
    { event_id, window_end, happened, revision },
  ) => [event_id, window_end, happened, revision]);
  const given = updates.map(({ values, revision }) => [values.moment_id, values.window_end, values.happened, revision]);
  assert.ok(given.length > 0);
  for (const one of given) assert.ok(known.some((record) => isDeepStrictEqual(record, one)), JSON.stringify(one));
  assert.deepEqual(given.at(-1), known.at(-1));
});
