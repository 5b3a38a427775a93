/**
 * Enrichers in the engine: what they add reaches metrics, detectors and restored slices; what they cannot score passes,
 * marked and counted; how records come in batches shows nowhere.
 */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { enricher } from "../../processor/enrichers/enricher.ts";
import { enrichReadings } from "../../processor/engine/enrichment.ts";
import { count, distinct, meanOf, sumOf } from "../../processor/metrics/mod.ts";
import { pipeline } from "../../processor/pipeline.ts";
import { chatValue, Engine, type Sent } from "../support/engine_kit.ts";
import { recordsOf } from "../support/read_topic.ts";

interface Mood {
  readonly mood: number;
}

interface Words {
  readonly words: number;
}

const log: number[] = [];

/** Length of the message; "?" cannot be scored, and "!" makes the whole batch fail. */
const mood = enricher<ChatEvent, Mood>({
  name: "mood",
  version: 1,
  fields: ["mood"],
  enrich(events) {
    log.push(events.length);
    if (events.some(({ message }) => message === "!")) throw new Error("bad luck");
    return events.map(({ message }) => message === "?" ? null : { mood: message.length });
  },
});

const words = enricher<ChatEvent, Words>({
  name: "words",
  version: 1,
  fields: ["words"],
  enrich: (events) => events.map(({ message }) => ({ words: message.split(" ").length })),
});

const moods = pipeline<ChatEvent, [Mood]>({
  name: "moods",
  contract: chatEvents,
  key: "stream_id",
  enrich: [mood],
  window: tumbling({ sizeMs: seconds(10) }),
  outOfOrdernessMs: 0,
  allowedLatenessMs: seconds(20),
  metrics: {
    events: count(),
    sum: sumOf((event) => event.mood, { scale: 0 }),
    mean: meanOf((event) => event.mood, { scale: 3 }),
    unscored: distinct((event) => event.unenriched?.join()),
  },
  detect: [zScoreOfEvents("mood", { value: (event) => event.mood, threshold: 3, samplesMin: 3, stdDevFloor: 1 })],
  table: "moods_rows",
});

const both = pipeline<ChatEvent, [Words, Mood]>({
  name: "both",
  contract: chatEvents,
  key: "stream_id",
  enrich: [words, mood],
  window: sliding({ sizeMs: seconds(20), slideMs: seconds(10) }),
  outOfOrdernessMs: 0,
  metrics: { words: sumOf((event) => event.words, { scale: 0 }), mood: sumOf((event) => event.mood, { scale: 0 }) },
  table: "both_rows",
});

const said = (at: number, message: string, fields = {}): Sent => ({ at, fields: { message, ...fields } });

const valuesOf = async (engine: Engine, table: string) => {
  const { rows } = await engine.ports.summaryStore.query({ table });
  return rows.map(([, , , ...values]) => values);
};

Deno.test("fields reach metrics; an event without its score passes, is left out by them, marked and counted", async () => {
  const engine = await Engine.open();
  await engine.send(said(1, "four"), said(2, "?"), said(3, "!"), said(4, "ok"), "no JSON");
  await engine.process([moods], { drains: true });
  assert.deepEqual(await valuesOf(engine, "moods_rows"), [[4, "6", "3", 1]]);
  assert.equal((await engine.progress("moods"))!.counts.unenriched, 2);
  assert.equal((await engine.runCounts())["moods.unenriched"], 2);
  assert.equal((await engine.runCounts())["moods.accepted"], 4);
});

Deno.test("each enricher sees an event once, however many pipelines want it, and a repeat is counted once", async () => {
  const engine = await Engine.open();
  await engine.send(said(1, "a b"), said(12, "c"), said(25, "?"));
  log.length = 0;
  const running = engine.start([moods, both]);
  await running.caughtUp();
  assert.deepEqual(log, [3]);
  assert.deepEqual(running.processor.status().partitions.map((one) => [one.pipeline, one.unenriched]), [
    ["moods", 1],
    ["both", 1],
  ]);
  await running.processor.drain();
  await running.stop();
  assert.deepEqual(await valuesOf(engine, "both_rows"), [["2", "3"], ["3", "4"], ["2", "1"], ["1", "0"]]);
});

Deno.test("what a producer writes into an enricher's fields is no score", async () => {
  const engine = await Engine.open();
  await engine.send(said(1, "?", { mood: 900, unenriched: ["all"] }), said(2, "abc", { mood: 900, unenriched: [] }));
  await engine.process([moods], { drains: true });
  assert.deepEqual(await valuesOf(engine, "moods_rows"), [[2, "3", "3", 1]]);
});

Deno.test("a detector on events passes over an event without its value", async () => {
  const engine = await Engine.open();
  const usual = ["aaaa", "aaaaa", "aaaa", "?", "!", "aaaaa"].map((message, i) => said(i, message));
  await engine.send(...usual, said(7, "a".repeat(60)));
  await engine.process([moods], { drains: true });
  const anomalies = await engine.ports.summaryStore.query({ table: "anomalies" });
  assert.equal(anomalies.rows.length, 1);
  assert.match(String(anomalies.rows[0]!.at(-1)), /over the 4 values before it/);
});

Deno.test("a late record is written as it came, without the fields of enrichers", async () => {
  const engine = await Engine.open();
  await engine.send(said(1, "early"), said(100, "now"), said(2, "late"));
  await engine.process([moods]);
  const [late] = await recordsOf(engine.ports.log, derivedTopics.late);
  assert.deepEqual(JSON.parse(late!.value).event, chatValue(said(2, "late")));
});

Deno.test("slices are refilled with their fields after a restart, with and without the WindowStore", async () => {
  for (const keepsWindows of [true, false]) {
    const engine = await Engine.open();
    await engine.send(said(1, "one"), said(2, "?"), said(3, "three"));
    await engine.process([moods]);
    await engine.send(said(4, "four"));
    const windowStore = keepsWindows ? engine.ports.windowStore : (await Engine.open()).ports.windowStore;
    await engine.process([moods], { drains: true, ports: { ...engine.ports, windowStore } } as never);
    assert.deepEqual(await valuesOf(engine, "moods_rows"), [[4, "12", "4", 1]], `keepsWindows: ${keepsWindows}`);
    assert.equal((await engine.progress("moods"))!.counts.unenriched, 1);
  }
});

Deno.test("enrichers are ready before the first record, and one that cannot be made ready stops the processor", async () => {
  const engine = await Engine.open();
  await engine.send(said(1, "four"));
  let weight = 0;
  const weighed = { ...mood, prepare: () => Promise.resolve(void (weight = 2)) };
  const scaled = {
    ...weighed,
    enrich: (events: readonly ChatEvent[]) => events.map(({ message }) => ({ mood: message.length * weight })),
  };
  await engine.process([{ ...moods, enrichers: [scaled as never] }], { drains: true });
  assert.deepEqual(await valuesOf(engine, "moods_rows"), [[1, "8", "8", 0]]);

  const broken = { ...mood, prepare: () => Promise.reject(new Error("no weights")) };
  const running = engine.start([{ ...moods, enrichers: [broken as never] }]);
  assert.match(String(await running.ended), /no weights/);
});

Deno.test("however records are cut into batches, each event gets the same", () => {
  const messages = fc.array(fc.constantFrom("a", "bb", "?", "!", "ccc"), { maxLength: 40 });
  const cut = fc.array(fc.nat({ max: 40 }), { maxLength: 5 });
  fc.assert(fc.property(messages, cut, (texts, cuts) => {
    const readings = texts.map((message, i) => ({ event: chatValue(said(i, message)) as never, eventTimeMs: i }));
    const whole = enrichReadings([mood as never, words as never], readings);
    const ends = [...cuts, texts.length].sort((a, b) => a - b);
    const parts = ends.flatMap((end, i) =>
      enrichReadings([mood as never, words as never], readings.slice(ends[i - 1] ?? 0, end))
    );
    assert.deepEqual(parts, whole);
    assert.deepEqual(
      whole.map((one) => "unenriched" in one ? one.unenriched.join() : "fault"),
      texts.map((message) => "?!".includes(message) ? "mood" : ""),
    );
  }));
});

Deno.test("an enricher and its version are part of the definition; names and fields are refused twice", () => {
  const make = (change: object) => pipeline<ChatEvent, [Mood]>({ ...base, ...change });
  const base = {
    name: "moods",
    contract: chatEvents,
    key: "stream_id",
    enrich: [mood],
    window: tumbling({ sizeMs: seconds(10) }),
    metrics: { events: count() },
    table: "moods_rows",
  } as const;
  assert.notEqual(make({}).definition, make({ enrich: [{ ...mood, version: 2 }] }).definition);
  assert.notEqual(make({}).definition, make({ enrich: [{ ...mood, name: "temper" }] }).definition);
  assert.notEqual(make({}).definition, make({ enrich: [] }).definition);
  assert.throws(() => make({ enrich: [mood, { ...mood }] }), /enricher mood is there twice/);
  assert.throws(
    () => make({ enrich: [mood, { ...words, fields: ["mood"] }] }),
    /field mood is there twice, by mood and/,
  );
  assert.throws(
    () => make({ enrich: [{ ...mood, fields: ["stream_id"] }] }),
    /mood adds "stream_id", which is the event/,
  );
});

// Never called: it is the compiler that judges.
export function typed(): void {
  const base = {
    name: "typed",
    contract: chatEvents,
    key: "stream_id",
    window: tumbling({ sizeMs: seconds(10) }),
    table: "typed_rows",
  } as const;
  const scale = { scale: 0 };
  pipeline<ChatEvent, [Mood, Words]>({
    ...base,
    enrich: [mood, words],
    metrics: { good: sumOf((event) => event.words, scale), also: distinct((event) => event.user_id) },
  });
  const enriched = { ...base, enrich: [mood] } as const;
  // @ts-expect-error a field that no enricher adds
  pipeline<ChatEvent, [Mood]>({ ...enriched, metrics: { bad: sumOf((event) => event.words, scale) } });
  // @ts-expect-error a field that the event does not have
  pipeline<ChatEvent>({ ...base, metrics: { bad: distinct((event) => event.user) } });
  // @ts-expect-error a field may be absent
  pipeline<ChatEvent, [Mood]>({ ...enriched, metrics: { bad: distinct((event) => event.mood.toFixed()) } });
  // @ts-expect-error fields are named, and what adds them is not
  pipeline<ChatEvent, [Mood]>({ ...base, metrics: { events: count() } });
  // @ts-expect-error another enricher than the one whose fields are named
  pipeline<ChatEvent, [Mood]>({ ...base, enrich: [words], metrics: { events: count() } });
  // @ts-expect-error a key that is no field
  pipeline<ChatEvent>({ ...base, key: "stream", metrics: { events: count() } });
}
