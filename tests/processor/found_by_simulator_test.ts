/**
 * Faults that the simulator has found, or might have, each by itself and as small as it can be told.
 */
import assert from "node:assert/strict";
import { seconds } from "../../core/time.ts";
import type { EventLog, SummaryChange, SummaryStore } from "../../core/ports.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import { session } from "../../core/window.ts";
import { zScore } from "../../processor/detectors/mod.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { counting, Engine } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { mortal } from "../support/mortal_ports.ts";

type Commit = SummaryStore["commit"];

/** A store with one call that goes another way. */
function replacing<T extends object>(store: T, name: keyof T, call: unknown): T {
  return new Proxy<T>(store, {
    get(target, member) {
      if (member === name) return call;
      const own = Reflect.get(target, member, target);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

/** The engine's ports with commits of the SummaryStore that go another way. */
function committing(engine: Engine, other: (change: SummaryChange, commit: Commit) => ReturnType<Commit>): EnginePorts {
  const { summaryStore } = engine.ports;
  const commit: Commit = (change) => summaryStore.commit(change);
  return {
    ...engine.ports,
    summaryStore: replacing<SummaryStore>(
      summaryStore,
      "commit",
      (change: SummaryChange) => other(change, commit),
    ),
  };
}

/** The engine's ports with a WindowStore that says that it has written. */
const missingWindows = (engine: Engine): EnginePorts => ({
  ...engine.ports,
  windowStore: replacing(engine.ports.windowStore, "commit", () => Promise.resolve("committed")),
});

/** Second of the minute of each slice that the WindowStore holds. */
const heldSlices = async (engine: Engine): Promise<number[]> =>
  (await engine.ports.windowStore.open("counting")).map(({ sliceStartMs }) => sliceStartMs % 60_000 / 1_000);

/**
 * ```
 * commit 1   |──── under way ────|
 * drain A    waits ··············|commit|
 * drain B    waits ··············|      |commit|      not at the same time as A's
 * ```
 */
Deno.test("callers that waited for the same commit write one after the other", async () => {
  const engine = await Engine.open();
  let [running, most] = [0, 0];
  const ports = committing(engine, async (change, commit) => {
    most = Math.max(most, ++running);
    await engine.rest();
    const outcome = await commit(change);
    running--;
    return outcome;
  });
  await engine.send({ at: 1 }, { at: 2 });
  await using owner = engine.start([counting()], { ports });
  await owner.caughtUp();
  await Promise.all([1, 2, 3].map(() => owner.processor.drain()));
  assert.equal(most, 1, "commits under way at the same time");
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
});

Deno.test("a commit that fails with no record and no other commit after it ends the run all the same", async () => {
  const engine = await Engine.open();
  const ports = committing(engine, () => Promise.reject(new Error("the disk is full")));
  await engine.send({ at: 1 });
  await using owner = engine.start([counting()], { ports, commitRecordsMax: 1, commitIntervalMs: seconds(3_600) });
  await owner.caughtUp();
  await engine.clock.advance(seconds(1));
  const error = await Promise.race([owner.ended, engine.rest().then(() => null)]);
  assert.match(String(error), /the disk is full/);
});

/**
 * ```
 * commit 1    |─ drain ─|
 * commit 2              |── save ──|
 * drain                 takes the pane of 12:00:00, waits
 * records                  fire 12:00:00 and others, correct them, judge one of them twice
 * commit 3                         |─ that pane, and all of theirs ─|
 * ```
 */
Deno.test("a window that is drained, fires, is corrected and judged again before a commit has one row in it", async () => {
  const engine = await Engine.open();
  const twice = await betweenDrainAndCommit(engine, {
    pipelines: [counting({ detect: [zScore("events", { threshold: 1, samplesMin: 3 })] })],
    before: [[1], [2]],
    between: [11, 3, 12, 21, 22, 31, 32, 33, 34, 35, 36, 37, 41, 42, 38, 39],
  });
  assert.deepEqual(twice, []);
  assert.deepEqual(await engine.rows(), [
    "a 12:00:00 3",
    "a 12:00:10 2",
    "a 12:00:20 2",
    "a 12:00:30 9",
    "a 12:00:40 2",
  ]);
  assert.equal(engine.ports.log.valuesOf("derived.anomalies").length, 3, "the topic takes each judgement");
});

Deno.test("a session that is drained and merged before the commit has no row in it", async () => {
  const engine = await Engine.open();
  const twice = await betweenDrainAndCommit(engine, {
    pipelines: [counting({ window: session({ gapMs: seconds(10) }), outOfOrderness: 60 })],
    before: [[1], [15]],
    between: [8],
  });
  assert.deepEqual(twice, []);
  assert.deepEqual(await engine.rows(), ["a 12:00:01 3"]);
});

/** Takes the second records in between a drain and its commit; keys that are twice in one commit. */
async function betweenDrainAndCommit(
  engine: Engine,
  { pipelines, before, between }: {
    readonly pipelines: readonly Pipeline[];
    readonly before: readonly [readonly number[], readonly number[]];
    readonly between: readonly number[];
  },
): Promise<string[]> {
  const twice: string[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let commits = 0;
  const ports = committing(engine, async (change, commit) => {
    for (const { spec, rows, deleted } of change.rows) {
      const values = [...rows.map((row) => row.values.slice(0, spec.key.length)), ...deleted.map(({ key }) => key)];
      const keys = values.map((key) => JSON.stringify([spec.table, ...key]));
      twice.push(...keys.filter((key, i) => keys.indexOf(key) !== i));
    }
    await gates[commits++]?.promise;
    return await commit(change);
  });
  await using owner = engine.start(pipelines, { ports, commitIntervalMs: seconds(3_600) });
  const takesIn = async (seconds: readonly number[]) => {
    await engine.send(...seconds.map((at, i) => ({ at, id: `${at} ${i}` })));
    await owner.caughtUp();
    await engine.rest();
  };
  await takesIn(before[0]);
  const drained = owner.processor.drain();
  await engine.rest();
  await takesIn(before[1]);
  const saved = owner.processor.save();
  await engine.rest();
  gates[0]!.resolve();
  await engine.rest();
  assert.equal(commits, 2, "the drain waits for the commit of the save");
  await takesIn(between);
  gates[1]!.resolve();
  await Promise.all([drained, saved]);
  await owner.processor.drain();
  return twice;
}

/**
 * ```
 * SummaryStore   … N = 2, idling granted 12:00:12 |  (loses what acted on it: row 12:00:00)
 * WindowStore    … N = 2                          |  N = 2, slice 12:00:00 dropped
 * next owner     acts on the grant at N = 2: the window fires only from a slice that is rebuilt
 * ```
 */
Deno.test("a WindowStore that is as far as the progress, and ahead of it by a granted watermark, is not believed", async () => {
  const engine = await Engine.open();
  const pipelines = [counting({ outOfOrderness: 5, lateness: 0 })];
  let granted = false;
  const forgetful = committing(engine, (change, commit) => {
    if (granted) return Promise.resolve("committed");
    granted = change.progress.some(({ idleWatermarkMs }) => idleWatermarkMs !== null);
    return commit(change);
  });
  const { ports, kill } = mortal(forgetful, { atCall: Infinity, afterwards: false, passes: false });
  await engine.send({ at: 9 }, { at: 12 });
  const owner = engine.start(pipelines, { ports, idleTimeoutMs: seconds(30) });
  await owner.caughtUp();
  await engine.clock.advance(seconds(33));
  assert.ok(granted, "idling granted a watermark");
  assert.deepEqual(await heldSlices(engine), [10]);
  kill();
  await owner.stop();
  assert.deepEqual(await engine.rows(), [], "the row of 12:00:00 is lost with its commit");

  await engine.process(pipelines);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 1"]);
});

/**
 * ```
 * SummaryStore   N = 1 │ N = 2, the watermark passes slice 12:00:00
 * WindowStore    M = 1 │ (misses the write) holds slice 12:00:00
 * ```
 */
Deno.test("slices that a WindowStore behind the watermark still holds are gone with the next owner's first commit", async () => {
  const engine = await Engine.open();
  const pipelines = [counting({ lateness: 0 })];
  await engine.send({ at: 1 });
  await engine.process(pipelines);
  await engine.send({ at: 31 });
  await engine.process(pipelines, { ports: missingWindows(engine) });
  assert.equal((await engine.ports.windowStore.load("counting", 0))?.nextOffset, 1, "it has missed a write");

  await engine.process(pipelines);
  assert.deepEqual(await heldSlices(engine), [30]);
});

/**
 * ```
 * offsets            0    1    2
 * WindowStore        M = 1     │
 * retained slices              12:00:40       all below is no part of any: retention may delete it, and has
 * ```
 */
Deno.test("a WindowStore that is behind what retention may delete lacks nothing", async () => {
  const engine = await Engine.open();
  const pipelines = [counting({ lateness: 0 })];
  await engine.send({ at: 1 });
  await engine.process(pipelines);
  await engine.send({ at: 31 }, { at: 41 });
  await engine.process(pipelines, { ports: missingWindows(engine) });
  const offset = engine.ports.log.floors.get("events.chat/0")!;
  assert.equal(offset, 2);
  engine.ports.log.deleteBelow({ topic: "events.chat", partition: 0, offset });

  await engine.send({ at: 42 }, { at: 51 });
  await engine.process(pipelines);
  assert.deepEqual(engine.notes, []);
  assert.deepEqual((await engine.rows()).at(-1), "a 12:00:40 2");
  assert.equal((await engine.progress())?.counts.partial, undefined);
});

/**
 * ```
 * definition 1     |── 0 … 5 counted ──|
 * definition 2     |── 0, 1 ✝
 *                  |── 0 …                  5 |── 6 …        counted for the run: once each
 * ```
 */
Deno.test("records count once for their run in a pipeline whose definition changes, killed on its way or not", async () => {
  const engine = await Engine.open();
  await engine.send(...[1, 2, 12].map((at) => ({ at })), "no JSON", { at: 25 }, { at: 2 });
  await engine.process([counting({ lateness: 0 })]);
  const once = await engine.runCounts();
  assert.deepEqual(once, {
    accepted: 4,
    dead: 1,
    late: 1,
    ...{ "counting.in": 6, "counting.accepted": 4, "counting.dead": 1, "counting.late": 1, "counting.windows": 2 },
  });

  const changed = [counting({ lateness: 60 })];
  engine.ports.log.batchRecordsMax = () => 1;
  const placesOfDeath: number[] = [];
  for (let atCall = 8; atCall < 30; atCall++) {
    const { ports } = mortal(engine.ports, { atCall, afterwards: true, passes: false });
    const running = engine.start(changed, { ports, commitRecordsMax: 1 });
    await Promise.race([running.caughtUp().catch(() => {}), running.ended]);
    await running.stop();
    placesOfDeath.push((await engine.progress())!.nextOffset);
  }
  assert.ok(placesOfDeath.some((offset) => offset > 0 && offset < 6), `killed on its way, at ${placesOfDeath}`);
  await engine.process(changed);
  assert.deepEqual(await engine.runCounts(), once);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 3", "a 12:00:10 1"]);
  assert.equal((await engine.progress())!.counts.accepted, 5, "its own counts are those of the new definition");

  await engine.send({ at: 26 });
  await engine.process(changed);
  assert.equal((await engine.runCounts())["counting.in"], 7);
});

Deno.test("a pipeline that starts anew and has read nothing yet has no witness of another one's place", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.process([counting()]);
  assert.notEqual((await engine.progress())?.witness, null);

  const consume: EventLog["consume"] = async function* ({ onAssign, signal }) {
    await onAssign({ topic: "events.chat", partition: 0 });
    await engine.clock.sleep(seconds(3_600), signal);
    yield* [];
  };
  const ports = { ...engine.ports, log: replacing<EventLog>(engine.ports.log, "consume", consume) };
  const silent = engine.start([counting({ lateness: 60 })], { ports });
  await engine.clock.advance(seconds(2));
  await silent.stop();
  const { generation, nextOffset, witness } = (await engine.progress())!;
  assert.deepEqual([generation, nextOffset, witness], [1, 0, null]);
});

/**
 * ```
 * changed definition   takes over as generation 1 … reads … |fenced|     before its first commit
 * its successor        goes on with generation 0: a page that had seen 1 would never believe it again
 * ```
 */
Deno.test("nobody is told of a generation that no commit has made stand", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.process([counting()]);

  const unheard = new MemoryLiveFeed();
  const overtaken = committing(engine, () => Promise.resolve("fenced"));
  await using losing = engine.start([counting({ lateness: 60 })], { liveFeed: unheard, ports: overtaken });
  await losing.caughtUp();
  await engine.clock.advance(seconds(2));
  assert.match(String(await losing.ended), /a newer owner/);
  assert.equal(unheard.published.length, 0);

  const heard = new MemoryLiveFeed();
  await using standing = engine.start([counting({ lateness: 60 })], { liveFeed: heard });
  await standing.caughtUp();
  assert.equal(heard.published.length, 0, "not before the commit");
  await engine.clock.advance(seconds(2));
  const { generation, values } = heard.published.at(-1)!;
  assert.deepEqual([generation, values.events], [1, 2]);
});
