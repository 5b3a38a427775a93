/**
 * What the engine writes besides tables: dead letters, late records and anomalies, each with an id of its cause, so that
 * readers drop what a crash made it write twice.
 */
import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import {
  type Anomaly,
  type DeadLetter,
  type Derived,
  type LateEvent,
  RAW_LENGTH_MAX,
} from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { chatValue, counting, Engine, noonMs } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { mortal } from "../support/mortal_ports.ts";

const deadOf = (engine: Engine) => engine.ports.log.valuesOf<DeadLetter>(derivedTopics.dead);
const lateOf = (engine: Engine) => engine.ports.log.valuesOf<LateEvent>(derivedTopics.late);

Deno.test("a record that does not fit becomes a dead letter with its place, its reason and its text", async () => {
  const engine = await Engine.open();
  const bad = JSON.stringify({ ...chatValue({ at: 1 }), user_id: 7 });
  await engine.send({ at: 0 }, bad);
  await engine.process([counting()]);
  assert.deepEqual(deadOf(engine), [{
    event_id: "dead:events.chat:0:1",
    timestamp: "2024-01-01T12:00:00.000Z",
    source: "tidemark",
    topic: chatEvents.topic,
    partition: 0,
    offset: 1,
    origin: null,
    reason: "schema",
    path: "user_id",
    message: deadOf(engine)[0]!.message,
    raw: bad,
    raw_length: bad.length,
  }]);
  assert.match(deadOf(engine)[0]!.message, /^user_id: /);
});

Deno.test("each kind of fault has its reason, and the partition goes on", async () => {
  const engine = await Engine.open();
  const text = (fields: Record<string, unknown>) => JSON.stringify(chatValue({ at: 1, fields }));
  const cases: readonly [raw: string, reason: string, path: string][] = [
    ["no JSON", "not_json", ""],
    ["", "not_json", ""],
    ["null", "schema", ""],
    ["[1]", "schema", ""],
    [text({ emotes: [1] }), "schema", "emotes.0"],
    [text({ stream_id: "a\0" }), "schema", "stream_id"],
    [text({ stream_id: "a\ud800" }), "schema", "stream_id"],
    [text({ timestamp: "yesterday" }), "schema", "timestamp"],
    [text({ timestamp: "2099-01-01T00:00:00.000Z" }), "future", "timestamp"],
  ];
  await engine.send(...cases.map(([raw]) => raw), { at: 2 });
  await engine.process([counting()], { drains: true });
  assert.deepEqual(deadOf(engine).map(({ reason, path }) => [reason, path]), cases.map(([, ...rest]) => rest));
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1"]);
  assert.equal((await engine.runCounts()).dead, cases.length);
});

Deno.test("how far an event lies ahead is judged by the record's log time, not by the time of reading", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 301 });
  await engine.clock.advance(3_600_000);
  await engine.send({ at: 302 });
  await engine.process([counting()]);
  assert.deepEqual(deadOf(engine).map(({ offset, reason }) => [offset, reason]), [[0, "future"]]);
});

Deno.test("a dead letter keeps the beginning of a long text and says how long it was", async () => {
  const engine = await Engine.open();
  await engine.send("x".repeat(100_000));
  await engine.process([counting()]);
  const [letter] = deadOf(engine);
  assert.deepEqual([letter?.raw.length, letter?.raw_length], [RAW_LENGTH_MAX, 100_000]);
});

Deno.test("a late record names its pipeline, the windows that it missed and by how much", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 61.5 }, { at: 7 });
  await engine.process([counting(), counting({ name: "patient", lateness: 600 })], { drains: true });
  const [letter, ...others] = lateOf(engine);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [letter?.event_id, letter?.pipeline, letter?.late_by_ms, letter?.missed_windows],
    ["late:counting:events.chat:0:2", "counting", 51_500, ["2024-01-01T12:00:00.000Z"]],
  );
  assert.deepEqual(letter?.event, chatValue({ at: 7 }));
  assert.equal((await engine.runCounts()).late, 1, "late in one pipeline is late for the run");
  assert.deepEqual(await engine.rows("patient"), ["a 12:00:00 2", "a 12:01:00 1"]);
});

Deno.test("a late event that is too deep or too long to be written again is named without its value", async () => {
  const engine = await Engine.open();
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const late = (extra: string) => JSON.stringify(chatValue({ at: 2 })).replace(/}$/, `,"extra":${extra}}`);
  await engine.send({ at: 1 }, { at: 100 }, late(deep), late(`"${"x".repeat(262_144)}"`));
  await engine.process([counting()]);
  assert.deepEqual(lateOf(engine).map(({ offset, event }) => [offset, event]), [[2, null], [3, null]]);
});

/**
 * ```
 * append letters ─▶ ✝ ─▶ commit      the next owner reads the same records and writes the same ids
 * ```
 */
Deno.test("letters that a crash made it write twice have the same id", async () => {
  let twice = 0;
  for (let atCall = 5; atCall < 16; atCall++) {
    const engine = await Engine.open();
    await engine.send("bad", { at: 1 }, { at: 100 }, { at: 2 });
    const { ports } = mortal(engine.ports, { atCall, afterwards: true, passes: false });
    const first = engine.start([counting()], { ports, commitRecordsMax: 1 });
    await Promise.race([first.caughtUp().catch(() => {}), first.ended]);
    await first.stop();
    await engine.process([counting()]);
    for (const letters of [deadOf(engine), lateOf(engine)]) {
      assert.equal(new Set(letters.map(({ event_id }) => event_id)).size, 1, `call ${atCall}`);
      if (letters.length > 1) twice++;
      assert.deepEqual({ ...letters.at(-1) }, letters[0]);
    }
  }
  assert.ok(twice > 0, "some crash fell between the letters and the commit");
});

Deno.test("a verdict is a record, a row and a live update of one id", async () => {
  const engine = await Engine.open();
  const liveFeed = new MemoryLiveFeed();
  const detector = zScoreOfEvents("at", { value: (e) => Number(e.event_id), threshold: 3, samplesMin: 4 });
  for (const [i, value] of [1, 2, 1, 2, 1, 90].entries()) await engine.send({ at: i, id: String(value) });
  await engine.process([counting({ detect: [detector] })], { liveFeed });
  const [record, ...others] = engine.ports.log.valuesOf<Anomaly>(derivedTopics.anomalies);
  assert.deepEqual(others, []);
  assert.equal(record?.event_id, "counting:z_score(at):a:90");
  assert.deepEqual([record?.value, record?.status, record?.key], [90, "active", "a"]);
  const { columns, rows } = await engine.ports.summaryStore.query({ table: "anomalies" });
  const row = Object.fromEntries(columns.map(({ name }, i) => [name, rows[0]?.[i]]));
  assert.deepEqual([row.anomaly_id, row.event_time, row.value], [record?.event_id, noonMs + 5_000, 90]);
  const updates = liveFeed.published.filter(({ channel }) => channel === "anomalies");
  assert.deepEqual(updates.map(({ values }) => values.anomaly_id), [record?.event_id]);
});

Deno.test("a pipeline that starts anew says its verdicts again in a higher generation, under the same ids", async () => {
  const engine = await Engine.open();
  const detector = zScoreOfEvents("at", { value: (e) => Number(e.event_id), threshold: 3, samplesMin: 4 });
  for (const [i, value] of [1, 2, 1, 2, 1, 90].entries()) await engine.send({ at: i, id: String(value) });
  await engine.process([counting({ detect: [detector] })]);
  await engine.process([counting({ detect: [detector], lateness: 60 })]);
  const records = engine.ports.log.valuesOf<Derived<Anomaly>>(derivedTopics.anomalies);
  assert.deepEqual(records.map(({ event_id, generation }) => [event_id, generation]), [
    ["counting:z_score(at):a:90", 0],
    ["counting:z_score(at):a:90", 1],
  ]);
});
