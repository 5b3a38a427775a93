/**
 * A log that changes behind the engine: retention that was faster, partitions that were added, values that are none, and
 * owners that are overtaken where processes share the partitions.
 */
import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import type { DeadLetter, LateEvent } from "../../core/events/derived.ts";
import { FencedError, UserError } from "../../core/errors.ts";
import type { LogRecord } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";
import { counting, Engine } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";

const { topic } = chatEvents;
const at = { topic, partition: 0 };

/**
 * ```
 * event time   0s        10s       20s       30s
 * offsets      0 1 |       2 3 W
 *              fired, kept open
 * log holds                  3 …            the WindowStore is lost: 0 to 2 cannot be read again
 * ```
 */
Deno.test("windows that cannot be rebuilt: fired ones stay, open ones go on as partial, both counted and said", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 }, { at: 12 }, { at: 13 });
  await engine.process([counting()]);
  engine.ports.windowStore.lose("counting");
  engine.ports.log.deleteBelow({ ...at, offset: 3 });

  await engine.send({ at: 3 }, { at: 14 }, { at: 25 });
  const liveFeed = new MemoryLiveFeed();
  await engine.process([counting()], { liveFeed });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 2"], "of the first, nothing is written again");
  assert.match(engine.notes.join(), /cannot be rebuilt, since .* deleted offsets 0 to 3: .*not_rebuildable.* partial/);
  const marked = liveFeed.published.filter(({ values }) => values["partial"] === true);
  assert.deepEqual(new Set(marked.map(({ window_start }) => window_start)), new Set(["2024-01-01T12:00:10.000Z"]));
  const counts = (await engine.progress())!.counts;
  assert.deepEqual([counts.in, counts.late, counts.not_rebuildable, counts.partial], [7, 1, 1, 1]);
  const [letter] = engine.ports.log.valuesOf<LateEvent>("late");
  assert.deepEqual([letter?.offset, letter?.reason], [4, "not_rebuildable"]);
  assert.deepEqual((await engine.runCounts())["counting.not_rebuildable"], 1);
});

Deno.test("what stays as it is stays so for the next owner, and no longer than its lateness", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 }, { at: 12 }, { at: 13 });
  await engine.process([counting()]);
  engine.ports.windowStore.lose("counting");
  engine.ports.log.deleteBelow({ ...at, offset: 3 });
  await engine.process([counting()]);
  await engine.send({ at: 4 }, { at: 25 });
  await engine.process([counting()]);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 1"]);
  const progress = await engine.progress();
  assert.deepEqual([progress?.counts.not_rebuildable, progress?.counts.partial], [1, 1]);
  assert.ok(progress?.frozenEndMs !== null);

  await engine.send({ at: 60 }, { at: 61 }, { at: 59 }, { at: 75 });
  await engine.process([counting()]);
  assert.deepEqual(await engine.rows(), [
    "a 12:00:00 2",
    "a 12:00:10 1",
    "a 12:00:20 1",
    "a 12:00:50 1",
    "a 12:01:00 2",
  ]);
  const later = await engine.progress();
  assert.deepEqual([later?.frozenEndMs, later?.partialStartMs, later?.counts.partial], [null, null, 1]);
});

Deno.test("records that retention deleted before they were read are counted as lost, and windows say that they lack them", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.process([counting()]);
  await engine.send({ at: 3 }, { at: 4 }, { at: 15 }, { at: 16 });
  engine.ports.log.deleteBelow({ ...at, offset: 4 });
  await engine.process([counting()]);
  await engine.send({ at: 31 }, { at: 41 });
  await engine.process([counting()]);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 2", "a 12:00:30 1"]);
  const { counts, nextOffset } = (await engine.progress())!;
  assert.deepEqual([nextOffset, counts.in, counts.lost, counts.partial], [8, 6, 2, 2]);
  assert.match(engine.notes.join(), /retention deleted offsets 2 to 4 before they were read: they are lost/);
  assert.equal(engine.notes.length, 1, "said once");
});

const changed = (error: Error | null) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /topic events.chat has 2 partitions and was read with 1: most of its keys lie elsewhere/);
  assert.match(error.fix, /make the topic anew/);
};

Deno.test("a topic with another number of partitions than it was read with stops the pipelines, at their start and at work", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 });
  await engine.process([counting()]);
  await using running = engine.start([counting()]);
  await running.caughtUp();
  engine.ports.log.addPartitions(topic, 1);
  await engine.clock.advance(seconds(31));
  await engine.rest();
  changed(await running.ended);
  changed(await engine.start([counting()]).ended);
});

Deno.test("a topic that was made anew may have any number of partitions", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 11 });
  await engine.process([counting()]);
  engine.ports.log.deleteTopic(topic);
  await engine.ports.log.ensureTopics([{ topic, partitions: 4 }]);
  await engine.send({ at: 1 });
  await engine.process([counting()], { drains: true });
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1"]);
});

Deno.test("a tombstone and bytes that are no text are dead for what they are", async () => {
  const engine = await Engine.open();
  const record = { key: "a", value: "", instance: null, seq: 0, runId: "run" };
  const faulty: (typeof record & Pick<LogRecord, "fault">)[] = [
    { ...record, fault: "tombstone" },
    { ...record, value: '{"\uFFFD', fault: "not_utf8" },
  ];
  await engine.ports.log.append({ writes: [{ topic, records: faulty }] });
  await engine.process([counting()]);
  const letters = engine.ports.log.valuesOf<DeadLetter>("dead");
  assert.deepEqual(letters.map(({ reason, raw }) => [reason, raw]), [["tombstone", ""], ["not_utf8", '{"\uFFFD']]);
  assert.match(letters[0]!.message, /tombstone/);
});

Deno.test("where processes share partitions an overtaken owner leaves its partition and goes on", async () => {
  const engine = await Engine.open();
  const often = { commitRecordsMax: 1 };
  await engine.send({ at: 1 }, { at: 11 });
  await using zombie = engine.start([counting()], { ...often, whenFenced: "leave" });
  await zombie.caughtUp();
  await engine.rest();
  await using owner = engine.start([counting()], often);
  await owner.caughtUp();
  await engine.send({ at: 21 });
  await engine.rest();
  await engine.send({ at: 31 });
  await engine.rest();
  await owner.caughtUp();
  assert.match(engine.notes.join(), /events.chat\/0: Cannot commit.* it is left to that one/);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1", "a 12:00:10 1", "a 12:00:20 1"]);

  // The log never says whose the partition is: then the process must not sit there without it for ever.
  await engine.clock.advance(seconds(91));
  await engine.rest();
  assert.ok(await zombie.ended instanceof FencedError);
});
