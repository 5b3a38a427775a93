/**
 * Rekeyed pipelines: what others wrote without keys, dead letters, silence, topics made anew, and two readers of a topic.
 *
 * ```
 * events.chat (any partition) ─▶ copier ─▶ internal.rekey.events.chat.stream_id (by key) ─▶ windows
 * ```
 */
import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, type EventContract, isFault } from "../../core/events/contract.ts";
import type { DeadLetter, LateEvent } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { partitionOf } from "../../core/partitioner.ts";
import { hours, seconds } from "../../core/time.ts";
import { latenessJudge } from "../../processor/lateness.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { orderName, readCopy, tickOf } from "../../processor/engine/rekey_copy.ts";
import { SourceClocks } from "../../processor/engine/source_clocks.ts";
import { chatValue, counting, Engine, type Sent } from "../support/engine_kit.ts";

const PARTITIONS = 3;
const { topic } = chatEvents;
const rekeyed = counting({ rekey: true });

/** Record keys that have nothing to do with the events, one for each partition. */
const foreign = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let i = 0;; i++) if (partitionOf(`${i}`, PARTITIONS) === partition) return `${i}`;
});

/** Appends events, or any texts, to a partition. */
async function sendTo(engine: Engine, partition: number, ...values: (Sent | string)[]): Promise<void> {
  const records = values.map((value) => ({
    key: foreign[partition]!,
    value: typeof value === "string" ? value : JSON.stringify(chatValue(value)),
    instance: null,
    seq: 0,
    runId: "run",
  }));
  await engine.ports.log.append({ writes: [{ topic, records }] });
}

const deadOf = (engine: Engine) => engine.ports.log.valuesOf<DeadLetter>(derivedTopics.dead);
const copiesOf = (engine: Engine, of = rekeyed) =>
  engine.ports.log.recordsOf(of.topic).flat().map((record) => readCopy(record)).filter((copy) => copy?.record);
const open = () => Engine.open({ partitions: PARTITIONS });

/** Streams a, b and c in every partition. */
async function sendEverywhere(engine: Engine): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition++) {
    await sendTo(engine, partition, ...["a", "b", "c"].map((key, i) => ({ at: 1 + i * 10, key })), {
      at: 45,
      key: "a",
    });
  }
}

Deno.test("a topic without right keys gives dead letters that name rekey: true, and with it all rows", async () => {
  const engine = await open();
  await sendEverywhere(engine);
  await engine.process([counting()], { drains: true });
  const letters = deadOf(engine);
  assert.equal(letters.length, 8, "two of three partitions are wrong for each");
  for (const { reason, message } of letters) {
    assert.equal(reason, "wrong_partition");
    assert.match(message, /or set rekey: true in the pipelines of events\.chat$/);
  }

  const other = await open();
  await sendEverywhere(other);
  await other.process([rekeyed], { drains: true });
  assert.deepEqual(await other.rows(), ["a 12:00:00 3", "a 12:00:40 3", "b 12:00:10 3", "c 12:00:20 3"]);
  assert.deepEqual(deadOf(other), []);
  assert.deepEqual(await other.runCounts(), {
    accepted: 12,
    "counting.in": 12,
    "counting.accepted": 12,
    "counting.windows": 3,
  });
});

Deno.test("any field may be the key, and what has none is dead once, by its place in the source", async () => {
  const engine = await open();
  const byUser = counting({ key: "user_id", rekey: true });
  await sendTo(engine, 2, { at: 1, user: "u" }, "no JSON", { at: 2, user: "u" });
  await sendTo(engine, 1, { at: 3, user: "v" }, JSON.stringify(chatValue({ at: 4, fields: { user_id: "" } })));
  await engine.process([byUser], { drains: true });
  await engine.process([byUser]);
  assert.deepEqual(await engine.rows(), ["u 12:00:00 2", "v 12:00:00 1"]);
  const letters = deadOf(engine).map((
    { event_id, partition, offset, reason },
  ) => [event_id, partition, offset, reason]);
  assert.deepEqual(letters.sort(), [
    ["dead:events.chat:1:1", 1, 1, "schema"],
    ["dead:events.chat:2:1", 2, 1, "not_json"],
  ]);
  assert.ok(deadOf(engine).some(({ raw }) => raw === "no JSON"));
  assert.deepEqual(await engine.runCounts(), {
    accepted: 3,
    dead: 2,
    "counting.in": 5,
    "counting.accepted": 3,
    "counting.dead": 2,
  });
});

Deno.test("an event without the field is dead for want of a key, and only for the pipelines of that key", async () => {
  const engine = await open();
  const byTeam = counting({ name: "by_team", key: "team" as "user_id", rekey: true });
  const home = partitionOf("a", PARTITIONS);
  await sendTo(engine, home, { at: 1, fields: { team: "red" } }, { at: 2 }, { at: 3, fields: { team: 7 } });
  await engine.process([counting(), byTeam], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 3"]);
  assert.deepEqual(await engine.rows("by_team"), ["7 12:00:00 1", "red 12:00:00 1"]);
  assert.deepEqual(deadOf(engine).map(({ event_id, reason }) => [event_id, reason]), [
    [`dead:events.chat:${home}:1:team`, "no_key"],
  ]);
  const { accepted, dead } = await engine.runCounts();
  assert.deepEqual([accepted, dead], [3, undefined], "lines are counted by the reader of the topic itself");
});

Deno.test("where a topic is read by itself and by two keys, each line and letter is counted once", async () => {
  const engine = await open();
  const pipelines = [
    rekeyed,
    counting({ name: "by_user", key: "user_id", rekey: true }),
    counting({ name: "plain" }),
  ];
  await sendEverywhere(engine);
  await sendTo(engine, 0, "bad");
  await engine.process(pipelines, { drains: true });
  const counts = await engine.runCounts();
  assert.deepEqual([counts.accepted, counts.dead], [4, 9], "plain finds what is misplaced dead");
  assert.deepEqual([counts["counting.accepted"], counts["counting.dead"]], [12, 1]);
  assert.deepEqual([counts["by_user.accepted"], counts["by_user.dead"]], [12, 1]);
  assert.equal(deadOf(engine).length, 9);
});

Deno.test("how far ahead an event may be goes by its own append, not by that of its copy", async () => {
  const engine = await open();
  await sendTo(engine, 0, { at: 301, id: "ahead" });
  await engine.clock.advance(hours(1));
  await sendTo(engine, 0, { at: 302 });
  await engine.process([rekeyed], { drains: true });
  assert.deepEqual(deadOf(engine).map(({ offset, reason, timestamp }) => [offset, reason, timestamp]), [
    [0, "future", "2024-01-01T12:00:00.000Z"],
  ]);
  assert.deepEqual(await engine.rows(), ["a 12:05:00 1"]);
});

/**
 * ```
 * source 0   1 ─────────▶ 100 ─────▶ 5: 10 + 20 ≤ 100: late
 * source 1   2 ─────────▶ 100        source 2 stays at 3 until 90: nothing fires before
 * ```
 */
Deno.test("a partition that is behind holds the clock; what is late then is named by its place in the source", async () => {
  const engine = await open();
  await sendTo(engine, 0, { at: 1 }, { at: 100 });
  await sendTo(engine, 1, { at: 2 }, { at: 100 });
  await sendTo(engine, 2, { at: 3 });
  const running = engine.start([rekeyed]);
  const clocks = async () => {
    await running.processor.save();
    return running.processor.status().partitions.map(({ watermarkMs }) => (watermarkMs ?? NaN) % 1_000_000);
  };
  const at = (second: number) => Array(PARTITIONS).fill((Date.UTC(2024, 0, 1, 12) + seconds(second)) % 1_000_000);
  assert.deepEqual(await clocks(), at(3));
  await sendTo(engine, 2, { at: 2.5 }, { at: 90 });
  assert.deepEqual(await clocks(), at(90));
  await sendTo(engine, 0, { at: 5, id: "late" });
  assert.deepEqual(await clocks(), at(90));
  await running.stop();
  const [late, ...others] = engine.ports.log.valuesOf<LateEvent>(derivedTopics.late);
  assert.deepEqual([late?.event_id, late?.late_by_ms, others], ["late:counting:events.chat:0:2", 80_000, []]);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 4"]);
  assert.equal((await engine.runCounts())["counting.windows"], 1, "it fired for the run of the record that moved it");
});

Deno.test("a silent partition does not hold the others for ever, and when all are silent their windows close", async () => {
  const engine = await open();
  await sendTo(engine, 0, { at: 1 }, { at: 35 });
  await sendTo(engine, 1, { at: 2 });
  const running = engine.start([rekeyed], { idleTimeoutMs: seconds(30) });
  await running.caughtUp();
  await engine.clock.advance(seconds(20));
  await sendTo(engine, 0, { at: 36 });
  await engine.clock.advance(seconds(9));
  assert.deepEqual(await engine.rows(), [], "partition 1 is at 12:00:02, and of 2 nothing is known");
  await engine.clock.advance(seconds(5));
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"], "only partition 0 counts now");
  await engine.clock.advance(seconds(60));
  assert.deepEqual(
    await engine.rows(),
    ["a 12:00:00 2", "a 12:00:30 2"],
    "all are silent: time goes on with the clock",
  );
  await sendTo(engine, 1, { at: 37 });
  await engine.clock.advance(seconds(2));
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:30 3"], "it is heard again, and corrects");
  assert.equal(await running.stop(), null);
});

Deno.test("silence is not judged while the log is away, nor while records wait to be copied", async () => {
  const engine = await open();
  for (let partition = 0; partition < PARTITIONS; partition++) await sendTo(engine, partition, { at: 1 });
  const running = engine.start([rekeyed], { idleTimeoutMs: seconds(30) });
  await running.caughtUp();
  const before = engine.ports.log.recordsOf(rekeyed.topic).flat().length;
  engine.ports.log.away = true;
  await engine.clock.advance(seconds(100));
  assert.equal(engine.ports.log.recordsOf(rekeyed.topic).flat().length, before);
  assert.equal(engine.notes.filter((note) => /the log is away/.test(note)).length, 1);
  engine.ports.log.away = false;
  await engine.clock.advance(seconds(1));
  assert.equal(engine.ports.log.recordsOf(rekeyed.topic).flat().length, before + PARTITIONS * PARTITIONS);
  assert.equal(await running.stop(), null);
});

Deno.test("a new start copies nothing twice; a lost internal topic is filled anew, and its pipeline starts anew", async () => {
  const engine = await open();
  await sendEverywhere(engine);
  await engine.process([rekeyed], { drains: true });
  await sendTo(engine, 1, { at: 46, key: "b" });
  await engine.process([rekeyed], { drains: true });
  assert.equal(copiesOf(engine).length, 13);
  const rows = await engine.rows();
  engine.ports.log.deleteTopic(rekeyed.topic);
  engine.notes.length = 0;
  await engine.process([rekeyed], { drains: true });
  assert.equal(copiesOf(engine).length, 13);
  assert.deepEqual(await engine.rows(), rows);
  assert.equal((await engine.ports.summaryStore.generations("counting_rows"))[0], 1);
  assert.match(
    engine.notes.join("\n"),
    /events\.chat\/0: it is copied into internal\.\S+ from its beginning: that was/,
  );
  assert.match(engine.notes.join("\n"), /starts anew.*its topic was made anew/);
});

Deno.test("a source topic that was deleted and made again goes on: its records are new ones", async () => {
  const engine = await open();
  await sendEverywhere(engine);
  await engine.process([rekeyed], { drains: true });
  engine.ports.log.deleteTopic(topic);
  await engine.ports.log.ensureTopics([{ topic, partitions: PARTITIONS }]);
  await sendTo(engine, 1, { at: 46, key: "b" });
  await engine.process([rekeyed], { drains: true });
  assert.ok((await engine.rows()).includes("b 12:00:40 1"));
  assert.match(engine.notes.join("\n"), /events\.chat\/1: it is copied into internal\.\S+ from its beginning: it was/);
});

Deno.test("a pipeline that gets rekey: true, and loses it again, replaces its rows each time", async () => {
  const engine = await open();
  await sendEverywhere(engine);
  const rows = ["a 12:00:00 3", "a 12:00:40 3", "b 12:00:10 3", "c 12:00:20 3"];
  const alone = rows.map((row) => row.replace(/3$/, "1"));
  for (
    const [pipeline, expected] of [[counting(), alone], [rekeyed, rows], [counting(), alone], [rekeyed, rows]] as const
  ) {
    await engine.process([pipeline], { drains: true });
    assert.deepEqual(await engine.rows(), expected);
  }
  assert.deepEqual([...new Set(engine.ports.summaryStore.generations("counting_rows"))], [3]);
  assert.match(engine.notes.join("\n"), /starts anew.*it read another topic in between/);
});

Deno.test("before a replay and for readers, a rekeyed pipeline is where its own key lies", async () => {
  const engine = await open();
  const byUser = counting({ key: "user_id", rekey: true });
  for (let partition = 0; partition < PARTITIONS; partition++) {
    await sendTo(engine, partition, { at: 1, user: "v" }, { at: 100, user: "v" });
  }
  await engine.process([byUser]);
  const { log, summaryStore, windowStore } = engine.ports;
  const [topics, progress] = [await log.topics(), await summaryStore.progress()];
  const judge = latenessJudge({ pipelines: [byUser], topics, progress });
  const isLate = (at: number) => {
    const checked = checkEvent(chatEvents, { value: chatValue({ at, user: "v" }), appendTimeMs: engine.clock.nowMs() });
    if (isFault(checked)) throw new Error(checked.message);
    return judge(chatEvents as unknown as EventContract, checked);
  };
  assert.deepEqual([isLate(5), isLate(95)], [true, false]);
  const opened = await openWindows(byUser, { windowStore, summaryStore, partitionCount: PARTITIONS });
  assert.deepEqual(opened.map(({ key, window_start, values }) => [key, window_start, values.events]), [
    ["v", "2024-01-01T12:01:40.000Z", 3],
  ]);
  assert.deepEqual(opened.map(({ revision }) => revision), [0], "whatever the live feed says of it is newer");
});

Deno.test("what somebody else writes to an internal topic is dead, and nothing is counted by it", async () => {
  const engine = await open();
  await sendEverywhere(engine);
  await engine.process([rekeyed]);
  const value = JSON.stringify(chatValue({ at: 1 }));
  const records = ["null", "{}", value].map((text) => ({
    key: "a",
    value: text,
    instance: null,
    seq: 0,
    runId: "run",
  }));
  await engine.ports.log.append({ writes: [{ topic: rekeyed.topic, records }] });
  await engine.process([rekeyed], { drains: true });
  assert.deepEqual(deadOf(engine).map(({ topic: name, reason }) => [name, reason]), [
    [rekeyed.topic, "not_a_copy"],
    [rekeyed.topic, "not_a_copy"],
    [rekeyed.topic, "not_a_copy"],
  ]);
  assert.deepEqual((await engine.runCounts()).accepted, 12);
  assert.ok((await engine.rows()).includes("a 12:00:00 3"));
});

Deno.test("retention of the source waits for the windows and for the copier", async () => {
  const engine = await open();
  const home = partitionOf("a", PARTITIONS);
  await sendTo(engine, home, { at: 1 }, { at: 200 });
  await engine.process([counting(), counting({ name: "by_user", key: "user_id", rekey: true })]);
  assert.equal(engine.ports.log.floors.get(`${topic}/${home}`), 1, "the window of the second event is open");
  await engine.process([counting({ name: "by_user", key: "user_id", rekey: true })]);
  assert.equal(engine.ports.log.floors.get(`${topic}/${home}`), 2, "all is copied");
});

Deno.test("the clock of sources: the least far that is not idle, the farthest when all are; it survives as JSON", () => {
  const mark = { partitionCount: 2, appendTimeMs: 0, idle: false };
  const clocks = new SourceClocks();
  const leadingMs = () => clocks.leading?.eventTimeMsMax;
  clocks.see({ ...mark, partition: 0, eventTimeMsMax: 50 });
  assert.equal(leadingMs(), undefined, "of partition 1 nothing is known");
  clocks.see({ ...mark, partition: 1, eventTimeMsMax: 20 });
  assert.equal(leadingMs(), 20);
  clocks.see({ ...mark, partition: 1, eventTimeMsMax: 20, idle: true });
  assert.deepEqual([leadingMs(), clocks.allIdle], [50, false]);
  clocks.see({ ...mark, partition: 0, eventTimeMsMax: 10, idle: true });
  assert.deepEqual([leadingMs(), clocks.allIdle], [50, true], "a time never goes back");
  const states = clocks.takeChanges("p");
  assert.deepEqual(clocks.takeChanges("p"), []);
  const again = new SourceClocks(JSON.parse(JSON.stringify(states)));
  assert.deepEqual([again.leading, again.allIdle], [clocks.leading, true]);
});

Deno.test("a tick of a copier that was overtaken says nothing any more", async () => {
  const engine = await open();
  for (let partition = 0; partition < PARTITIONS; partition++) await sendTo(engine, partition, { at: 1 }, { at: 2 });
  await sendTo(engine, 0, { at: 100 });
  await sendTo(engine, 1, { at: 100 });
  await engine.process([rekeyed]);
  const incarnation = await engine.ports.log.incarnation({ topic, partition: 2 });
  const order = orderName({ topic, partition: 2 }, incarnation);
  const mark = { partition: 2, partitionCount: PARTITIONS, eventTimeMsMax: 0, appendTimeMs: 0, idle: true };
  const tick = (nextOffset: number) => foreign.map((key) => tickOf(mark, { order, key, nextOffset, runId: null }));
  await engine.ports.log.append({ writes: [{ topic: rekeyed.topic, records: tick(1) }] });
  await engine.process([rekeyed]);
  assert.deepEqual(await engine.rows(), [], "partition 2 holds the clock");
  await engine.ports.log.append({ writes: [{ topic: rekeyed.topic, records: tick(2) }] });
  const running = engine.start([rekeyed]);
  await running.processor.save();
  await running.stop();
  assert.deepEqual(await engine.rows(), ["a 12:00:00 6"]);
});
