/**
 * Events that are kept one by one: each valid one once, whatever happens to its owners.
 */
import assert from "node:assert/strict";
import type { KeptEvents } from "../../core/kept_events.ts";
import { days, hours } from "../../core/time.ts";
import { chat } from "../../processor/pipelines/chat.ts";
import { KEPT_CHARS_MAX } from "../../processor/engine/event_keeper.ts";
import { chatValue, counting, Engine, noonMs } from "../support/engine_kit.ts";
import { mortal } from "../support/mortal_ports.ts";

const keeping = (kind: KeptEvents["kind"] = "raw") => ({ keepEvents: { kind, retentionMs: days(1) } });
const often = { ...keeping(), commitRecordsMax: 1 };

const offsetsOf = (engine: Engine) => engine.ports.summaryStore.keptEvents().map(({ offset }) => offset);

Deno.test("raw events are the records as they came: late ones too, dead ones not", async () => {
  const engine = await Engine.open();
  const odd = JSON.stringify({ ...chatValue({ at: 2 }), timestamp: noonMs + 2000, extra: { b: 1 } }, null, 1);
  await engine.send({ at: 1 }, odd, "no json", { at: 200 }, { at: 3 });
  await engine.process([counting({ lateness: 0 })], keeping());
  const kept = engine.ports.summaryStore.keptEvents();
  assert.deepEqual(kept.map(({ offset }) => offset), [0, 1, 3, 4]);
  assert.deepEqual(kept[1], { offset: 1, appendTimeMs: noonMs, eventTimeMs: noonMs + 2000, key: null, value: odd });
  assert.equal((await engine.progress())?.counts.late, 1);
});

Deno.test("enriched events are written anew from the event, and without the option nothing is kept", async () => {
  const engine = await Engine.open();
  await engine.send(JSON.stringify({ ...chatValue({ at: 2 }), timestamp: noonMs + 2000, extra: 1 }, null, 1));
  await engine.process([counting({ name: "other" })]);
  assert.deepEqual(offsetsOf(engine), []);
  await engine.send({ at: 3, fields: { extra: 2 } });
  await engine.process([counting({ name: "other" })], keeping("enriched"));
  const [kept] = engine.ports.summaryStore.keptEvents();
  assert.deepEqual(JSON.parse(kept!.value), chatValue({ at: 3, fields: { extra: 2 } }));
  assert.deepEqual(offsetsOf(engine), [1]);
});

Deno.test("enriched events of the chat hold their sentiment and toxicity; what was written there is nobody's score", async () => {
  const engine = await Engine.open();
  const fields = [
    { message: "what a great song", toxicity: 1, unenriched: ["sentiment"] },
    { message: "you are trash, uninstall the game" },
  ];
  await engine.send(...fields.map((own, at) => ({ at, fields: own })));
  await engine.process([chat], keeping("enriched"));
  const kept = engine.ports.summaryStore.keptEvents().map(({ value }) => JSON.parse(value));
  assert.deepEqual(kept.map(({ message }) => message), fields.map(({ message }) => message));
  const [kind, rude] = kept;
  assert.ok(kind.sentiment > 0.2 && kind.toxicity < 0.5, JSON.stringify(kind));
  assert.ok(rude.sentiment < 0 && rude.toxicity > 0.8, JSON.stringify(rude));
  assert.ok(kept.every((event) => !("unenriched" in event)));
  assert.ok(!engine.notes.some((note) => note.includes("trash")));
});

Deno.test("whatever call an owner dies at, each event is kept once", async () => {
  const pipelines = [counting(), counting({ name: "second" })];
  for (let atCall = 1; atCall <= 40; atCall++) {
    for (const afterwards of [false, true]) {
      const engine = await Engine.open();
      await engine.send({ at: 1 }, { at: 2 }, { at: 13 });
      const { ports } = mortal(engine.ports, { atCall, afterwards, passes: false });
      const running = engine.start(pipelines, { ...often, ports });
      await Promise.race([running.caughtUp().catch(() => {}), running.ended]);
      await running.stop();
      const known = offsetsOf(engine).length;
      await engine.send({ at: 14 }, { at: 25 });
      await engine.process(pipelines, often);
      assert.deepEqual(offsetsOf(engine), [0, 1, 2, 3, 4], `call ${atCall}, ${known} kept before`);
    }
  }
});

Deno.test("a rebuild and a pipeline that starts anew keep nothing a second time", async () => {
  const engine = await Engine.open();
  await engine.send({ at: 1 }, { at: 12 });
  await engine.process([counting()], often);
  const stored = engine.ports.summaryStore.keptEvents();
  // The very objects: a second writing would have put others in their place.
  const same = () => stored.every((event, n) => engine.ports.summaryStore.keptEvents()[n] === event);
  await engine.send({ at: 13 });
  await engine.process([counting(), counting({ name: "second" })], often);
  assert.ok(same());
  await engine.process([counting({ lateness: 0 }), counting({ name: "second" })], often);
  assert.ok(same());
  assert.deepEqual(offsetsOf(engine), [0, 1, 2]);
});

Deno.test("much that is held makes a commit due before its time", async () => {
  const engine = await Engine.open();
  const message = "x".repeat(KEPT_CHARS_MAX / 4);
  await using running = engine.start([counting()], { ...keeping(), commitIntervalMs: days(1) });
  for (let at = 0; at < 3; at++) await engine.send({ at, fields: { message } });
  await running.caughtUp();
  await engine.rest();
  assert.deepEqual(offsetsOf(engine), []);
  for (let at = 3; at < 5; at++) await engine.send({ at, fields: { message } });
  await running.caughtUp();
  await engine.rest();
  assert.ok(offsetsOf(engine).length >= 4, String(offsetsOf(engine)));
});

Deno.test("days past their retention are dropped while the processor runs, and it says so", async () => {
  const engine = await Engine.open();
  await using running = engine.start([counting()], { ...often, liveIntervalMs: hours(1) });
  await engine.send({ at: 1 });
  await running.caughtUp();
  await engine.rest();
  // Appended at noon of a day that ends twelve hours later, kept for a day after that.
  await engine.clock.advance(hours(35));
  assert.deepEqual(offsetsOf(engine), [0]);
  await engine.send({ at: 2 });
  await running.caughtUp();
  await engine.clock.advance(hours(2));
  assert.deepEqual(offsetsOf(engine), [1]);
  assert.deepEqual(engine.notes.filter((note) => note.includes("raw_events")), [
    "raw_events: dropped 1 days that are past their retention",
  ]);
});
