/**
 * A topic that kcat writes without keys, on a real broker: dead letters with the fix, or with `rekey: true` the tables of
 * a rightly keyed topic, whoever dies or joins while it is copied.
 */
import assert from "node:assert/strict";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import type { DeadLetter } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { hours } from "../../core/time.ts";
import { readCopy } from "../../processor/engine/rekey_copy.ts";
import { Processor } from "../../processor/processor.ts";
import { readAll } from "../contracts/event_log_support.ts";
import { chatValue, counting, Engine, type Sent } from "../support/engine_kit.ts";
import { memoryPorts } from "../support/memory_ports.ts";
import { mortal } from "../support/mortal_ports.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { findProgram, runProgram } from "../support/services/service.ts";

const kafka = kafkaCase();
const kcat = findProgram("kcat");
const { topic } = chatEvents;
const EVENTS = 6_000;
const PARTITIONS = 3;

/** Ten minutes of seven streams, in the order of their times. */
const sent: readonly Sent[] = Array.from({ length: EVENTS }, (_, i) => ({
  at: i / 10,
  key: `stream ${(i * i) % 7}`,
  user: `user ${i % 11}`,
  id: String(i),
}));
const rekeyed = counting({ rekey: true });
const byUser = counting({ name: "by_user", key: "user_id", rekey: true });

/** A log with a chat topic that kcat has filled without keys, each record anywhere. */
async function filledLog(topicPrefix: string): Promise<KafkaLog> {
  const log = await kafka.open({ topicPrefix });
  await log.ensureTopics([
    { topic, partitions: PARTITIONS },
    ...Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })),
  ]);
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, sent.map((one) => `${JSON.stringify(chatValue(one))}\n`).join(""));
    const args = ["-P", "-b", kafka.broker().bootstrap, "-t", `${topicPrefix}.${topic}`, "-l", file];
    await runProgram(kcat!, { args: [...args, "-X", "sticky.partitioning.linger.ms=0"] });
  } finally {
    await Deno.remove(file);
  }
  return log;
}

/** Rows of a rightly keyed topic with these keys. */
async function expectedRows(keyOf: (one: Sent) => string): Promise<string[]> {
  const engine = await Engine.open({ partitions: PARTITIONS });
  await engine.clock.advance(hours(1));
  await engine.send(...sent.map((one) => ({ ...one, key: keyOf(one) })));
  await engine.process([counting()], { drains: true });
  return await engine.rows();
}

interface Stores {
  readonly engine: Engine;
  readonly ports: Omit<ReturnType<typeof memoryPorts>, "log">;
}

async function stores(): Promise<Stores> {
  const engine = await Engine.open();
  return { engine, ports: { ...engine.ports, clock: systemClock } };
}

const options = { liveFeed: null, idleTimeoutMs: null, whenFenced: "leave" } as const;

kafka.testWithKcat(
  "what kcat writes without keys gives dead letters that name rekey: true, and with it every row",
  async () => {
    await using log = await filledLog("unkeyed");
    const { engine, ports } = await stores();
    for (const pipelines of [[counting({ name: "plain" })], [rekeyed, byUser]]) {
      const processor = new Processor({ ...ports, log }, { ...options, pipelines });
      const stop = new AbortController();
      const running = processor.run(stop.signal);
      await Promise.race([processor.drain(), running]);
      stop.abort();
      await running;
    }
    const [letters] = await readAll(log, derivedTopics.dead);
    const dead = letters!.map(({ value }) => JSON.parse(value) as DeadLetter);
    assert.ok(dead.length > EVENTS / 2 && dead.length < EVENTS, `${dead.length} of ${EVENTS} are misplaced`);
    assert.ok(dead.every(({ reason, message }) => reason === "wrong_partition" && /or set rekey: true/.test(message)));
    assert.deepEqual(await engine.rows(), await expectedRows(({ key }) => key!));
    assert.deepEqual(await engine.rows("by_user"), await expectedRows(({ user }) => user!));
    for (const { topic: internal } of [rekeyed, byUser]) {
      assert.equal((await log.endOffsets(internal)).length, PARTITIONS);
    }
  },
);

kafka.testWithKcat(
  "a processor that dies while it copies, and two that share the rest, count every record once",
  async () => {
    await using log = await filledLog("shared");
    await using other = await kafka.open({ topicPrefix: "shared" });
    const { engine, ports } = await stores();
    const pipelines = [rekeyed];
    const dying = mortal({ ...ports, log }, { atCall: 40, afterwards: true, passes: false });
    const first = new Processor(dying.ports, { ...options, pipelines });
    await assert.rejects(() => first.run(AbortSignal.timeout(60_000)), /died|dead/);

    const stop = new AbortController();
    const processors = [log, other].map((of) => new Processor({ ...ports, log: of }, { ...options, pipelines }));
    const running = processors.map((processor) => processor.run(stop.signal));
    const counted = async () => (await ports.summaryStore.progress()).reduce((sum, { counts }) => sum + counts.in, 0);
    for (const endMs = Date.now() + 60_000; await counted() < EVENTS && Date.now() < endMs;) {
      await systemClock.sleep(
        100,
      );
    }
    stop.abort();
    await Promise.all(running);
    assert.equal(await counted(), EVENTS);

    const last = new Processor({ ...ports, log }, { ...options, pipelines });
    const end = new AbortController();
    const ending = last.run(end.signal);
    await Promise.race([last.drain(), ending]);
    end.abort();
    await ending;
    assert.deepEqual(await engine.rows(), await expectedRows(({ key }) => key!));
    const copied = (await readAll(log, rekeyed.topic)).flat().map(readCopy).filter((copy) => copy?.record);
    assert.equal(new Set(copied.map((copy) => `${copy!.mark.partition}:${copy!.sourceOffset}`)).size, EVENTS);
  },
);
