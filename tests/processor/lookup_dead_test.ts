/**
 * What does not fit in the table of a lookup: dead letters by the pipeline that reads the topic, else by the copier.
 */
import assert from "node:assert/strict";
import type { DeadLetter } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { type StreamMetaEvent, streamMetaEvents } from "../../core/events/stream_meta.ts";
import { minutes } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { count } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import { Engine } from "../support/engine_kit.ts";
import { byCategory, categoryOf, say, settle } from "../support/lookup_kit.ts";

const failing = byCategory(categoryOf({
  as: ({ category }) => {
    if (category === "bad") throw new Error("no such game");
    return { category };
  },
}));
/** Reads the table as its own topic. */
const metas = pipeline<StreamMetaEvent>({
  name: "metas",
  contract: streamMetaEvents,
  key: "stream_id",
  window: tumbling({ sizeMs: minutes(1) }),
  metrics: { said: count() },
  table: "metas_rows",
});

const raw = (value: string) => ({ key: "a", value, instance: null, seq: 0, runId: null });

async function open(): Promise<Engine> {
  const engine = await Engine.open({ partitions: 3 });
  await say(engine, raw("no JSON"), { at: 1, category: "chess" }, raw("{}"), { at: 2, category: "bad" });
  await engine.send({ at: 3 }, { at: 3, key: "b" }, { at: 3, key: "c" }, { at: 3, key: "d" });
  return engine;
}

async function run(engine: Engine, pipelines: readonly Pipeline[]): Promise<void> {
  const running = engine.start(pipelines);
  await settle(engine, running);
  assert.equal(await running.stop(), null);
}

const lettersOf = (engine: Engine) =>
  engine.ports.log.valuesOf<DeadLetter>(derivedTopics.dead).map(({ offset, reason, message }) => [
    offset,
    reason,
    reason === "lookup" ? message : "",
  ]);

Deno.test("of a table that is only looked up, each faulty record is one letter, however many partitions read it", async () => {
  const engine = await open();
  await run(engine, [failing]);
  const letters = [
    [0, "not_json", ""],
    [2, "schema", ""],
    [3, "lookup", "its fields could not be made: no such game"],
  ];
  assert.deepEqual(lettersOf(engine), letters);
  await say(engine, raw("[]"));
  await engine.send({ at: 4 });
  await run(engine, [failing]);
  assert.deepEqual(lettersOf(engine), [...letters, [4, "schema", ""]], "a new start reads all, and writes what is new");
});

Deno.test("a table that was deleted and made again has letters of its own", async () => {
  const engine = await open();
  await run(engine, [failing]);
  engine.ports.log.deleteTopic(streamMetaEvents.topic);
  await say(engine, raw("else"));
  await engine.send({ at: 5 });
  await run(engine, [failing]);
  assert.deepEqual(lettersOf(engine).at(-1), [0, "not_json", ""]);
  assert.equal(lettersOf(engine).length, 4);
});

Deno.test("of a table that a pipeline reads, that one writes the letters", async () => {
  const engine = await open();
  await run(engine, [failing, metas]);
  assert.deepEqual(lettersOf(engine), [[0, "not_json", ""], [2, "schema", ""]]);
});
