/**
 * Lookups: which row an event sees, how long it waits for one, and what is counted.
 *
 * ```
 * events.stream_meta ──▶ rows as of each time ─┐
 * events.chat ─▶ copier, waits for them ─▶ + category ─▶ internal.rekey.events.chat.category.category_of.1 ─▶ windows
 * ```
 */
import assert from "node:assert/strict";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import type { DeadLetter } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import { minutes, seconds } from "../../core/time.ts";
import { lookup } from "../../processor/lookup.ts";
import { enricher } from "../../processor/enrichers/enricher.ts";
import { pipeline } from "../../processor/pipeline.ts";
import { latenessJudge } from "../../processor/lateness.ts";
import { count, distinct } from "../../processor/metrics/mod.ts";
import { readCopy } from "../../processor/engine/rekey_copy.ts";
import { checkEvent, type EventContract, isFault } from "../../core/events/contract.ts";
import { chatValue, counting, Engine } from "../support/engine_kit.ts";
import { byCategory, categoryOf, say, settle } from "../support/lookup_kit.ts";

const usual = byCategory();
const NAME = "by_category";

async function open({ partitions = 1 } = {}): Promise<Engine> {
  const engine = await Engine.open({ partitions });
  await engine.ports.log.ensureTopics([{ topic: streamMetaEvents.topic, partitions: 1 }]);
  return engine;
}

/** Processes everything, writes the rows of open windows, and stops. */
async function run(engine: Engine, pipelines = [usual]): Promise<void> {
  const running = engine.start(pipelines);
  await settle(engine, running);
  const error = await running.stop();
  if (error !== null) throw error;
}

const copiesOf = (engine: Engine, of = usual) =>
  engine.ports.log.recordsOf(of.topic).flat().flatMap((record) => readCopy(record)?.record ?? []);
const categories = (engine: Engine, of = usual) =>
  copiesOf(engine, of).map(({ value }) => (JSON.parse(value) as { category?: string }).category);

Deno.test("an event sees the last row up to its own time, however the rows came in, and none before the first", async () => {
  const engine = await open();
  await say(engine, { at: 20, category: "poker" }, { at: 10, category: "chess" }, { at: 10, key: "b", category: "go" });
  await engine.send({ at: 9.999 }, { at: 10 }, { at: 19.999 }, { at: 20 }, { at: 15, key: "b" }, { at: 15, key: "c" });
  await run(engine);
  assert.deepEqual(categories(engine), ["none", "chess", "chess", "poker", "go", "none"]);
  assert.deepEqual(await engine.rows(NAME), [
    "chess 12:00:10 2",
    "go 12:00:10 1",
    "none 12:00:00 1",
    "none 12:00:10 1",
    "poker 12:00:20 1",
  ]);
});

/**
 * ```
 * append time   0 event    0.9 row A (counts)    1.1 row B (does not)
 * ```
 */
Deno.test("a row counts for events that were appended up to a second before it, and is late for older ones", async () => {
  const engine = await open();
  const running = engine.start([usual]);
  await engine.send({ at: 30 });
  await engine.clock.advance(900);
  assert.deepEqual(categories(engine), [], "it waits");
  await say(engine, { at: 1, category: "chess" });
  await engine.clock.advance(200);
  await say(engine, { at: 2, category: "poker" });
  await engine.clock.advance(1_000);
  assert.deepEqual(categories(engine), ["chess"]);
  await engine.send({ at: 31 });
  await engine.clock.advance(1_500);
  assert.deepEqual(categories(engine), ["chess", "poker"]);
  assert.deepEqual(running.processor.status().lookups, [{
    lookup: "category_of",
    topic: usual.topic,
    rows: 2,
    missed: 0,
    lateRows: 1,
    failedRows: 0,
    droppedRows: 0,
  }]);
  assert.equal(await running.stop(), null);
});

Deno.test("all rows of the last moment count, in however many batches they are read", async () => {
  const engine = await open();
  engine.ports.log.batchRecordsMax = () => 1;
  await engine.send({ at: 30 });
  await engine.clock.advance(5_000);
  await engine.send({ at: 31 });
  await engine.clock.advance(1_000);
  await say(engine, { at: 1, category: "chess" }, { at: 2, category: "go" }, { at: 3, category: "poker" });
  await engine.clock.advance(1);
  await say(engine, { at: 4, category: "too late" });
  await run(engine);
  assert.deepEqual(categories(engine), ["none", "poker"]);
});

Deno.test("what is decided when an event is copied late is what would have been decided in time", async () => {
  const engine = await open();
  await engine.send({ at: 30 });
  await engine.clock.advance(900);
  await say(engine, { at: 1, category: "chess" });
  await engine.clock.advance(200);
  await say(engine, { at: 2, category: "poker" });
  await engine.clock.advance(minutes(5));
  await run(engine);
  assert.deepEqual(categories(engine), ["chess"]);
});

Deno.test("the wait ends after waitMs, though the table is silent; without one an event goes at once", async () => {
  for (const [waitMs, forwardedAfterMs] of [[0, 200], [3_000, 3_200]] as const) {
    const engine = await open();
    const pipelines = [byCategory(categoryOf({ waitMs }))];
    await say(engine, { at: 0, category: "chess" });
    const running = engine.start(pipelines);
    await engine.send({ at: 5 });
    await engine.clock.advance(waitMs);
    assert.deepEqual(categories(engine, pipelines[0]), []);
    await engine.clock.advance(forwardedAfterMs - waitMs);
    assert.deepEqual(categories(engine, pipelines[0]), ["chess"]);
    assert.equal(await running.stop(), null);
  }
});

Deno.test("a tombstone ends a row from its append on, a row that says nothing from its own time on", async () => {
  const engine = await open();
  await say(engine, { at: -60, category: "chess" }, { at: -60, key: "b", category: "go" }, {
    at: 10,
    key: "b",
    category: "",
  });
  const tombstone = { key: "a", value: "", instance: null, seq: 0, runId: null, fault: "tombstone" as const };
  await engine.clock.advance(seconds(10));
  await say(engine, tombstone);
  await say(engine, { at: 20, category: "poker" });
  await engine.send({ at: 9.999 }, { at: 10 }, { at: 9, key: "b" }, { at: 10, key: "b" }, { at: 20 });
  await run(engine);
  assert.deepEqual(categories(engine), ["chess", "none", "go", "none", "poker"]);
});

Deno.test("of rows of one time the highest id counts, whichever came first; a row that comes twice is one", async () => {
  const engine = await open();
  const [low, high] = [{ at: 1, category: "low", id: "1" }, { at: 1, category: "high", id: "2" }];
  await say(engine, high, low, low, high);
  await engine.send({ at: 2 });
  const running = engine.start([usual]);
  await settle(engine, running);
  assert.deepEqual(categories(engine), ["high"]);
  assert.equal(running.processor.status().lookups?.[0]?.rows, 2);
  assert.equal(await running.stop(), null);
});

Deno.test("an event that is older than the history sees the rows as of its bound", async () => {
  const engine = await open();
  const pipelines = [byCategory(categoryOf({ historyMs: seconds(30) }), minutes(10))];
  await say(engine, { at: 0, category: "chess" }, { at: 50, category: "poker" }, { at: 90, category: "go" });
  await engine.send({ at: 100 }, { at: 71 }, { at: 40 });
  await run(engine, pipelines);
  assert.deepEqual(categories(engine, pipelines[0]), ["go", "poker", "poker"]);
});

Deno.test("records that are no rows, and functions that throw, are counted; everything else goes on", async () => {
  const engine = await open();
  const failing = lookup({
    name: "failing",
    version: 1,
    table: streamMetaEvents,
    key: (event: ChatEvent) => {
      if (event.user_id === "bad") throw new Error("no key");
      return event.stream_id;
    },
    fields: ["category"],
    as: (row) => {
      if (row.category === "bad") throw new Error("no fields");
      return { category: row.category, more: "is not named" };
    },
    otherwise: { category: "none", more: "" },
  });
  const pipelines = [byCategory(failing)];
  const bad = (value: string) => ({ key: "a", value, instance: null, seq: 0, runId: null });
  await say(engine, { at: 1, category: "chess" }, bad("no JSON"), bad("{}"), { at: 2, category: "bad" });
  await engine.send({ at: 3 }, { at: 4, user: "bad" }, "no JSON either");
  const running = engine.start(pipelines);
  await settle(engine, running);
  const [status] = running.processor.status().lookups ?? [];
  assert.deepEqual([status?.failedRows, status?.missed], [3, 1]);
  assert.equal(await running.stop(), null);
  const [joined] = copiesOf(engine, pipelines[0]);
  assert.deepEqual(JSON.parse(joined!.value), { ...chatValue({ at: 3 }), category: "chess" });
  assert.deepEqual(await engine.rows(NAME), ["chess 12:00:00 1", "none 12:00:00 1"]);
  const letters = engine.ports.log.valuesOf<DeadLetter>(derivedTopics.dead);
  assert.deepEqual(letters.map(({ event_id }) => event_id).sort(), [
    "dead:events.chat:0:2",
    ...[1, 2, 3].map((offset) => `dead:events.stream_meta:0:${offset}`),
  ]);
});

Deno.test("what an event brings under a looked-up name is taken away; without `otherwise` it stays without the field", async () => {
  const engine = await open();
  const { otherwise: _, ...plain } = categoryOf();
  const bare = lookup<ChatEvent, ChatEvent, { category: string }>({
    ...plain,
    table: chatEvents,
    fields: ["category"],
    as: () => null,
    version: 2,
  });
  const pipelines = [byCategory(bare)];
  await engine.send({ at: 1, fields: { category: "mine" } });
  await run(engine, pipelines);
  assert.deepEqual(await engine.rows(NAME), []);
  const letters = engine.ports.log.valuesOf<DeadLetter>(derivedTopics.dead);
  assert.deepEqual(letters.map(({ reason, path }) => [reason, path]), [["no_key", "category"]]);
});

Deno.test("enrichers see what was looked up, and a pipeline may keep the key of its topic", async () => {
  const engine = await open();
  const loud = enricher<ChatEvent, { readonly loud: boolean }>({
    name: "loud",
    version: 1,
    fields: ["loud"],
    enrich: (events) => events.map((event) => ({ loud: "category" in event && event.category === "chess" })),
  });
  const seen: unknown[] = [];
  const keyed = pipeline<ChatEvent, [{ readonly loud: boolean }], { readonly category: string }>({
    name: "counting",
    contract: chatEvents,
    key: "stream_id",
    lookup: categoryOf(),
    enrich: [loud],
    window: counting().window,
    metrics: {
      events: count(),
      categories: distinct((event) => {
        seen.push([event.category, event.loud]);
        return event.category;
      }),
    },
    table: "counting_rows",
  });
  await say(engine, { at: 1, category: "chess" });
  await engine.send({ at: 0 }, { at: 2 });
  await run(engine, [keyed]);
  assert.deepEqual(seen, [["none", false], ["chess", true]]);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
});

Deno.test("a new version copies anew under a new name and replaces the rows; a restart copies nothing twice", async () => {
  const engine = await open();
  await say(engine, { at: 0, category: "chess" });
  await engine.send({ at: 1 }, { at: 2 });
  await run(engine);
  await run(engine);
  assert.equal(copiesOf(engine).length, 2);
  const next = byCategory(categoryOf({ version: 2, as: () => ({ category: "game" }) }));
  await run(engine, [next]);
  assert.equal(copiesOf(engine, next).length, 2);
  assert.deepEqual((await engine.rows(NAME)).filter((row) => row.startsWith("game")), ["game 12:00:00 2"]);
});

Deno.test("the table's log keeps the rows in effect for whoever begins anew, and lets the others go", async () => {
  const engine = await open();
  const { log } = engine.ports;
  const pipelines = [byCategory(categoryOf({ historyMs: seconds(5) }))];
  const floor = () => log.floors.get(`${streamMetaEvents.topic}/0`);
  await say(engine, { at: -100, key: "b", category: "old" }, { at: -90, key: "b", category: "go" });
  await say(engine, { at: 0, category: "chess" });
  const running = engine.start(pipelines);
  await engine.rest();
  assert.equal(floor(), undefined, "nothing is read, nothing goes");
  await engine.send({ at: 1 });
  await engine.clock.advance(seconds(5));
  assert.equal(floor(), 1, "what b is now was said at offset 1");
  await say(engine, { at: -10, key: "b", category: "poker" });
  await engine.clock.advance(1);
  await engine.send({ at: 2 });
  await engine.clock.advance(seconds(5));
  assert.equal(floor(), 2, "the row of a is the oldest in effect");
  await running.stop();
  log.deleteBelow({ topic: streamMetaEvents.topic, partition: 0, offset: 2 });
  await engine.send({ at: 2 }, { at: 2, key: "b" });
  await run(engine, pipelines);
  assert.deepEqual(categories(engine, pipelines[0]), ["chess", "chess", "chess", "poker"]);
});

Deno.test("while no event comes the table is read on, and its log keeps a bounded number of records", async () => {
  const engine = await open();
  const running = engine.start([usual]);
  await engine.send({ at: 1 });
  await engine.clock.advance(seconds(2));
  await say(engine, ...Array.from({ length: 25_000 }, (_, i) => ({ at: i / 1_000, category: "chess" })));
  await engine.clock.advance(seconds(10));
  assert.equal(running.processor.status().lookups?.[0]?.rows, 25_000);
  assert.equal(engine.ports.log.floors.get(`${streamMetaEvents.topic}/0`), 5_000);
  assert.equal(await running.stop(), null);
});

Deno.test("while the log is away nothing is joined, and it is said once", async () => {
  const engine = await open();
  const running = engine.start([usual]);
  await engine.send({ at: 1 });
  await engine.rest();
  engine.ports.log.away = true;
  await engine.clock.advance(seconds(20));
  assert.deepEqual(categories(engine), []);
  const notes = engine.notes.filter((note) => /lookup category_of waits for the log/.test(note));
  assert.equal(notes.length, 1);
  engine.ports.log.away = false;
  await settle(engine, running);
  assert.deepEqual(categories(engine), ["none"]);
  assert.equal(await running.stop(), null);
});

Deno.test("a slow or silent source partition does not keep the others' events waiting", async () => {
  const engine = await open({ partitions: 3 });
  const running = engine.start([usual]);
  await say(engine, { at: 0, category: "chess" });
  for (const key of ["a", "b", "c", "d", "e", "f"]) await engine.send({ at: 1, key });
  await engine.clock.advance(1_200);
  assert.equal(categories(engine).length, 6, "all of them waited at the same time");
  assert.equal(await running.stop(), null);
});

Deno.test("before a replay an event of an unknown category is late only where it would be so in every partition", async () => {
  const engine = await open({ partitions: 3 });
  await say(engine, { at: 0, category: "chess" });
  for (const key of ["a", "b", "c", "d", "e", "f"]) await engine.send({ at: 1, key }, { at: 200, key });
  await run(engine);
  const [topics, progress] = [await engine.ports.log.topics(), await engine.ports.summaryStore.progress()];
  const isLate = (at: number, places = progress) => {
    const checked = checkEvent(chatEvents, { value: chatValue({ at }), appendTimeMs: engine.clock.nowMs() });
    if (isFault(checked)) throw new Error(checked.message);
    const judge = latenessJudge({ pipelines: [usual], topics, progress: places });
    return judge(chatEvents as unknown as EventContract, checked);
  };
  assert.deepEqual([isLate(5), isLate(195)], [true, false]);
  assert.equal(isLate(5, progress.filter(({ partition }) => partition !== 1)), false);
});

Deno.test("a definition that cannot work is refused with what to do", () => {
  assert.throws(
    () => categoryOf({ name: "No Name", version: 0 }),
    /Cannot make lookup "No Name": its name.*version is 0/,
  );
  assert.throws(() => categoryOf({ fields: [] }), /it adds no field/);
  assert.throws(() => categoryOf({ waitMs: -1 }), /waitMs is -1/);
  assert.throws(
    () =>
      lookup<ChatEvent, ChatEvent, { source: string }>({
        ...categoryOf(),
        table: chatEvents,
        fields: ["source"],
        as: () => null,
        otherwise: { source: "" },
      }),
    /it adds "source", which is the event's own/,
  );
  const mood = enricher<ChatEvent, { category: string }>({
    name: "mood",
    version: 1,
    fields: ["category"],
    enrich: () => [],
  });
  const { table, window } = byCategory();
  assert.throws(() =>
    pipeline<ChatEvent, [{ category: string }], { category: string }>({
      name: "twice",
      contract: chatEvents,
      key: "stream_id",
      lookup: categoryOf(),
      enrich: [mood],
      window,
      metrics: {},
      table: table.table,
    }), /enricher mood adds "category"/);
});
