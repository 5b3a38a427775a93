/**
 * Owners of a partition come and go: what the next one finds, and what the one before can no longer do.
 */
import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import { FencedError } from "../../core/errors.ts";
import { seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { chatValue, counting, Engine } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { mortal } from "../support/mortal_ports.ts";

const { topic } = chatEvents;
const often = { commitRecordsMax: 1 };

Deno.test("an owner that another one has overtaken is fenced: it stops, and its work is void", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 11 });
  await using zombie = engine.start([counting()], often);
  await zombie.caughtUp();
  await engine.rest();

  await using owner = engine.start([counting()], often);
  await owner.caughtUp();
  await engine.send({ at: 21 }, { at: 31 });
  await engine.rest();
  await engine.send({ at: 41 });

  assert.ok(await zombie.ended instanceof FencedError);
  await owner.caughtUp();
  await owner.processor.drain();
  assert.deepEqual(await engine.rows(), [
    "a 12:00:00 1",
    "a 12:00:10 1",
    "a 12:00:20 1",
    "a 12:00:30 1",
    "a 12:00:40 1",
  ]);
  assert.equal((await engine.progress())?.counts.in, 5);
});

Deno.test("an owner that is fenced at the WindowStore alone stops as well", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 });
  await using owner = engine.start([counting()], often);
  await owner.caughtUp();
  await engine.rest();
  await engine.ports.windowStore.claim("counting", 0, 99);
  await engine.send({ at: 2 });
  await engine.rest();
  await engine.send({ at: 3 });
  assert.ok(await owner.ended instanceof FencedError);
});

Deno.test("a pipeline with a changed definition starts anew: higher generation, all rows replaced, said so", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 }, { at: 35 }, { at: 3 });
  await engine.process([counting({ lateness: 0 })], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:30 1"]);
  assert.deepEqual(engine.ports.summaryStore.generations("counting_rows"), [0, 0]);
  assert.deepEqual(engine.notes, []);

  await engine.process([counting({ lateness: 60 })], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 3", "a 12:00:30 1"]);
  assert.deepEqual(engine.ports.summaryStore.generations("counting_rows"), [1, 1]);
  assert.match(engine.notes.join(), /counting starts anew .* generation 1: its windows or metrics changed/);
  assert.equal((await engine.progress())?.counts.in, 4, "its counts begin anew as well");
});

Deno.test("a topic that was deleted and made again starts the pipeline anew", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.process([counting()], { drains: true });
  engine.ports.log.deleteTopic(topic);
  await engine.ports.log.ensureTopics([{ topic, partitions: 1 }]);
  await engine.send({ at: 3 });
  await engine.process([counting()], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1"]);
  assert.deepEqual(engine.ports.summaryStore.generations("counting_rows"), [1]);
  assert.match(engine.notes.join(), /its topic was made anew/);
  assert.deepEqual(await engine.runCounts(), {
    accepted: 3,
    "counting.in": 3,
    "counting.accepted": 3,
  });
});

Deno.test("a pipeline added later catches up from the beginning, and no outcome is counted twice", async () => {
  const engine = await Engine.open();
  const second = counting({ name: "second" });
  await engine.send({ at: 1 }, "no JSON", { at: 12 });
  await engine.process([counting()]);
  assert.equal(engine.ports.log.valuesOf("dead").length, 1);

  await engine.send({ at: 13 }, { at: 25 });
  await engine.process([counting(), second], { drains: true });
  const rows = ["a 12:00:00 1", "a 12:00:10 2", "a 12:00:20 1"];
  assert.deepEqual(await engine.rows(), rows);
  assert.deepEqual(await engine.rows("second"), rows);
  assert.equal(engine.ports.log.valuesOf("dead").length, 1, "the dead letter was written once");
  const own = { in: 5, accepted: 4, dead: 1, windows: 2 };
  assert.deepEqual(await engine.runCounts(), {
    accepted: 4,
    dead: 1,
    ...Object.fromEntries(Object.entries(own).map(([counter, n]) => [`counting.${counter}`, n])),
    ...Object.fromEntries(Object.entries(own).map(([counter, n]) => [`second.${counter}`, n])),
  });
});

/**
 * ```
 * offsets           0 … 5              N = 6
 * counting               (waits)       |▶        nothing of it may be written as of 1, 2, 3 …
 * second, its windows    |▶ rebuilds ──┤
 * ```
 */
Deno.test("a pipeline that is ahead keeps its place while another one catches up", async () => {
  const engine = await Engine.open();
  const both = [counting(), counting({ name: "second" })];
  await engine.send(...[1, 2, 3, 4, 5, 6].map((at) => ({ at })));
  await engine.process([counting()]);
  engine.ports.log.batchRecordsMax = () => 1;
  // Dies while the second one is on its way.
  for (let atCall = 4; atCall < 40; atCall++) {
    const { ports } = mortal(engine.ports, { atCall, afterwards: true, passes: false });
    const running = engine.start(both, { ...often, ports });
    await Promise.race([running.caughtUp().catch(() => {}), running.ended]);
    await running.stop();
    assert.equal((await engine.progress())?.nextOffset, 6, `call ${atCall}`);
  }
  await engine.process(both, { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 6"]);
  assert.deepEqual(await engine.rows("second"), ["a 12:00:00 6"]);
});

Deno.test("retention keeps what a pipeline that is behind has yet to read, and what a rebuild would need", async () => {
  const engine = await Engine.open();
  const both = [counting(), counting({ name: "second" })];
  await engine.send({ at: 1 }, { at: 100 }, { at: 101 });
  await engine.process(both);
  const floor = () => engine.ports.log.floors.get(`${topic}/0`);
  assert.equal(floor(), 1, "the slices of records 1 and 2 are retained");

  engine.ports.windowStore.lose("second");
  engine.ports.log.batchRecordsMax = () => 1;
  await using running = engine.start(both, often);
  await running.caughtUp();
  assert.equal(floor(), 1);
  await engine.send({ at: 300 });
  await running.caughtUp();
  await running.stop();
  assert.equal(floor(), 3);
});

Deno.test("a WindowStore that is further than the progress row is discarded", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.process([counting()]);
  const stored = (await engine.ports.windowStore.load("counting", 0))!;
  const state = JSON.stringify([77]);
  const beyond = {
    ...stored,
    fromOffset: null,
    nextOffset: 9,
    dropped: [],
    changed: [{ ...stored.slices[0]!, state }],
  };
  await engine.ports.windowStore.commit("counting", 0, beyond);
  await engine.process([counting()], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
  assert.match(engine.notes.join(), /open windows are rebuilt from offsets 0 to 2/);
});

/**
 * ```
 * definition 1     SummaryStore N = 3   WindowStore M = 3, slices of 10 s
 * definition 2     SummaryStore N = 4   (dies before the WindowStore hears of it)
 * ```
 */
Deno.test("a WindowStore of an earlier definition is not believed, however far it is", async () => {
  const engine = await Engine.open();
  const sized = (size: number) => [counting({ window: tumbling({ sizeMs: seconds(size) }), lateness: 60 })];
  await engine.send({ at: 1 }, { at: 12 }, { at: 13 });
  await engine.process(sized(10));
  await engine.send({ at: 14 });
  const dies = (atCall: number) => mortal(engine.ports, { atCall, afterwards: true, passes: false });
  let generation: number | undefined;
  for (let atCall = 8; generation !== 1; atCall++) {
    const owner = engine.start(sized(20), { ports: dies(atCall).ports });
    await Promise.race([owner.caughtUp().catch(() => {}), owner.ended]);
    await owner.stop();
    generation = (await engine.progress())?.generation;
  }
  assert.equal((await engine.progress())?.nextOffset, 4);
  assert.equal((await engine.ports.windowStore.load("counting", 0))?.generation, 0);
  await engine.process(sized(20), { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 4"]);
});

Deno.test("a WindowStore that forgets under a running owner is written anew as a whole", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1, key: "a" });
  await using running = engine.start([counting()], often);
  await running.caughtUp();
  await engine.rest();
  engine.ports.windowStore.lose("counting");
  for (const at of [2, 3, 4]) {
    await engine.send({ at, key: "b" });
    await engine.rest();
  }
  await running.stop();
  const { slices } = (await engine.ports.windowStore.load("counting", 0))!;
  assert.deepEqual(slices.map(({ key, state }) => [key, state]), [["a", "[1]"], ["b", "[3]"]]);
});

Deno.test("a commit that fails while nobody waits for it ends the run, and nothing is committed after it", async () => {
  const engine = await Engine.open();
  let commits = 0;
  const summaryStore = new Proxy(engine.ports.summaryStore, {
    get(target, name) {
      if (name === "commit" && commits++ === 1) return () => Promise.reject(new Error("the store was away"));
      const member = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  engine.ports.log.batchRecordsMax = () => 1;
  await engine.send(...[1, 2, 3, 14, 25, 36].map((at) => ({ at })));
  await using running = engine.start([counting()], { ...often, ports: { ...engine.ports, summaryStore } });
  assert.match(String(await running.ended), /the store was away/);
  const before = (await engine.progress())?.nextOffset ?? 0;
  assert.ok(before < 6, `progress stands at ${before}`);
  await engine.process([counting()], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 3", "a 12:00:10 1", "a 12:00:20 1", "a 12:00:30 1"]);
  assert.equal((await engine.runCounts())["counting.in"], 6);
});

Deno.test("windows that can still change are published once the restore is complete, with all that is in them", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 }, { at: 12 });
  await engine.process([counting()]);
  engine.ports.windowStore.lose("counting");
  engine.ports.log.batchRecordsMax = () => 1;
  const liveFeed = new MemoryLiveFeed();
  await using running = engine.start([counting()], { liveFeed });
  await running.caughtUp();
  const shown = liveFeed.published.map(({ window_start, values, revision }) => [window_start, values.events, revision]);
  assert.deepEqual(shown, [["2024-01-01T12:00:00.000Z", 2, 3], ["2024-01-01T12:00:10.000Z", 1, 3]]);
});

Deno.test("a record whose key belongs to another partition is dead, and its letter says how to mend it", async () => {
  const engine = await Engine.open({ partitions: 2 });
  const value = JSON.stringify(chatValue({ at: 1, key: "stream of partition 1?" }));
  // Keyed by something else, so that it may lie in the wrong place.
  const records = ["x", "y", "z", "v"].map((key) => ({ key, value, instance: null, seq: 0, runId: "run" }));
  await engine.ports.log.append({ writes: [{ topic, records }] });
  await engine.process([counting()], { drains: true });
  const letters = engine.ports.log.valuesOf<Record<string, unknown>>("dead");
  const counts = await engine.runCounts();
  assert.equal(letters.length, counts.dead);
  assert.ok(counts.dead! > 0 && counts.accepted! > 0, "the keys lie in both partitions");
  assert.deepEqual(
    new Set(letters.map(({ reason, path }) => `${reason} ${path}`)),
    new Set(["wrong_partition stream_id"]),
  );
  assert.match(String(letters[0]!.message), /keyed by stream_id/);
});
