/**
 * Partitions that move between copiers while their events wait for rows.
 */
import assert from "node:assert/strict";
import { chatEvents } from "../../core/events/chat.ts";
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import type { ConsumeOptions, EventLog } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";
import { RekeyCopier } from "../../processor/engine/rekey_copier.ts";
import { readCopy } from "../../processor/engine/rekey_copy.ts";
import { ensureRekeyTopics, rekeyTargets } from "../../processor/rekey_targets.ts";
import { Engine } from "../support/engine_kit.ts";
import { byCategory, say } from "../support/lookup_kit.ts";

const pipelines = [byCategory()];
const [target] = rekeyTargets(pipelines);
const { topic } = chatEvents;

/** Copies until stopped, as one of several processes. */
function copyIn(engine: Engine, group: string, log: EventLog = engine.ports.log) {
  const stop = new AbortController();
  const floors = { set: () => Promise.resolve() };
  const rest = { idleTimeoutMs: null, onNote: () => {}, onProgress: () => {} };
  const copier = new RekeyCopier({ log, clock: engine.clock, floors, target: target!, group, ...rest });
  const ended = copier.run(stop.signal).then(() => null, (error) => error as Error);
  return { copier, ended, stop: () => (stop.abort(), ended) };
}

type Consume = EventLog["consume"];

/** A log that is read in another way. */
const readBy = (log: EventLog, consume: Consume): EventLog =>
  new Proxy(log, {
    get(of, name) {
      const member = Reflect.get(of, name, of);
      if (name === "consume") return consume;
      return typeof member === "function" ? member.bind(of) : member;
    },
  });

/** A log that takes the source's partition away when a test says so, and hands it out again. */
function movable(log: EventLog) {
  let options: ConsumeOptions | null = null;
  const consume = (asked: ConsumeOptions) => {
    if (asked.topics[0] === topic) options = asked;
    return log.consume(asked);
  };
  const at = { topic, partition: 0 };
  return {
    log: readBy(log, consume),
    revoke: () => options!.onRevoke(at),
    assign: () => options!.onAssign(at),
  };
}

async function open(): Promise<Engine> {
  const engine = await Engine.open();
  await engine.ports.log.ensureTopics([{ topic: streamMetaEvents.topic, partitions: 1 }]);
  await ensureRekeyTopics(engine.ports.log, pipelines);
  return engine;
}

const copiesOf = (engine: Engine) =>
  engine.ports.log.recordsOf(target!.topic).flat().flatMap((stored) => {
    const copy = readCopy(stored);
    return copy?.record ? [[copy.sourceOffset, (JSON.parse(copy.record.value) as { category: string }).category]] : [];
  });

Deno.test("what waits when its partition moves away is copied by the next owner alone, with the same rows", async () => {
  const engine = await open();
  await say(engine, { at: 0, category: "chess" });
  const place = movable(engine.ports.log);
  const first = copyIn(engine, "first", place.log);
  await engine.rest();
  await engine.send({ at: 1 }, { at: 2 });
  await engine.clock.advance(500);
  await place.revoke();
  await say(engine, { at: 2, category: "poker" });
  await engine.clock.advance(seconds(5));
  assert.deepEqual(copiesOf(engine), [], "it is not the owner any more");
  const second = copyIn(engine, "second");
  await engine.clock.advance(seconds(1));
  assert.deepEqual(copiesOf(engine), [[0, "chess"], [1, "poker"]]);
  assert.deepEqual([await first.stop(), await second.stop()], [null, null]);
});

Deno.test("a partition that comes back is read from its saved position, with a table of its own from the beginning", async () => {
  const engine = await open();
  await say(engine, { at: 0, category: "chess" });
  engine.ports.log.refusesSecondMember = true;
  const place = movable(engine.ports.log);
  const { copier, stop } = copyIn(engine, "group", place.log);
  await engine.send({ at: 1 });
  await engine.clock.advance(seconds(2));
  assert.deepEqual(copiesOf(engine), [[0, "chess"]]);
  await place.revoke();
  assert.equal(copier.lookupStatus?.rows, 0);
  assert.equal(await place.assign(), 1);
  await engine.send({ at: 2 });
  await engine.clock.advance(seconds(2));
  assert.deepEqual(copiesOf(engine), [[0, "chess"], [1, "chess"]]);
  assert.equal(copier.lookupStatus?.rows, 1);
  assert.equal(await stop(), null);
});

Deno.test("a table that cannot be read ends the copier with the reason", async () => {
  const engine = await open();
  const { log } = engine.ports;
  const consume = (asked: ConsumeOptions) => {
    if (asked.topics[0] === streamMetaEvents.topic) throw new Error("the table is broken");
    return log.consume(asked);
  };
  const { ended } = copyIn(engine, "group", readBy(log, consume));
  await engine.send({ at: 1 });
  await engine.rest();
  assert.equal((await ended)?.message, "the table is broken");
});
