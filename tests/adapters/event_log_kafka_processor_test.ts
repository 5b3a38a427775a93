/**
 * The engine on a real Kafka, with stores in memory: what only the two together show.
 */
import assert from "node:assert/strict";
import { systemClock } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import type { DeadLetter } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { NewRecord } from "../../core/ports.ts";
import { Processor, type ProcessorOptions } from "../../processor/processor.ts";
import { readAll } from "../contracts/event_log_support.ts";
import { chatValue, clockText, counting } from "../support/engine_kit.ts";
import { MemorySummaryStore, MemoryWindowStore } from "../support/memory_ports.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { pause, waitUntil } from "../support/services/service.ts";

const kafka = kafkaCase();
const { topic } = chatEvents;
const hex = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const eventOf = (at: number, key = "a") => JSON.stringify(chatValue({ at, key, id: `${key}@${at}` }));
const record = (at: number, key = "a"): NewRecord => ({
  key,
  value: eventOf(at, key),
  instance: null,
  seq: 0,
  runId: "run",
});

/** A world with a prefix of its own: topics, stores, processors that share them. */
async function world(partitions: number) {
  const topicPrefix = `w${crypto.randomUUID().slice(0, 8)}`;
  const open = () => kafka.open({ topicPrefix });
  const log = await open();
  const topics = [
    { topic, partitions },
    ...Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })),
  ];
  await log.ensureTopics(topics);
  const stores = { windowStore: new MemoryWindowStore(), summaryStore: new MemorySummaryStore(), clock: systemClock };
  const notes: string[] = [];
  const start = (ports: { log: typeof log } = { log }, options: Partial<ProcessorOptions> = {}) => {
    const processor = new Processor({ ...stores, ...ports }, {
      pipelines: [counting({ lateness: 600 })],
      liveFeed: null,
      idleTimeoutMs: null,
      commitIntervalMs: 100,
      onNote: (note) => void notes.push(note),
      ...options,
    });
    const stop = new AbortController();
    const ended = processor.run(stop.signal).then(() => null, (error) => error as Error);
    return { processor, ended, stop: () => (stop.abort(), ended) };
  };
  const process = async () => {
    const running = start();
    await running.processor.caughtUp();
    await running.processor.drain();
    assert.equal(await running.stop(), null);
  };
  const rows = async () => {
    const { rows } = await stores.summaryStore.query({ table: "counting_rows" });
    return rows.map(([key, startMs, , events]) => `${key} ${clockText(startMs as number)} ${events}`);
  };
  return { topicPrefix, open, log, topics, stores, notes, start, process, rows };
}

kafka.test("engine on Kafka: transactions, tombstones and records of nobody's making go where they belong", async () => {
  const { topicPrefix, log, stores, process, rows } = await world(1);
  await using _log = log;
  const sent = (at: number) => `${hex("a")}=${hex(eventOf(at))}`;
  const steps = ["begin", sent(1), sent(2), "commit", `${hex("a")}=-`, "-=7b22c3287d"];
  const rest = ["begin", sent(3), "abort", "begin", sent(4), "commit"];
  // A tombstone outside of a transaction cannot be sent by this producer: each runs by itself.
  await kafka.broker().produce(`${topicPrefix}.${topic}`, "zstd", ...steps.slice(0, 4));
  await kafka.broker().produce(`${topicPrefix}.${topic}`, "zstd", ...steps.slice(4));
  await kafka.broker().produce(`${topicPrefix}.${topic}`, "zstd", ...rest);
  await process();
  assert.deepEqual(await rows(), ["a 12:00:00 3"]);
  const [progress] = await stores.summaryStore.progress();
  assert.deepEqual([progress?.nextOffset, progress?.counts.in, progress?.counts.dead], [9, 5, 2], "markers are passed");
  const [letters] = await readAll(log, derivedTopics.dead);
  assert.deepEqual(letters!.map(({ value }) => (JSON.parse(value) as DeadLetter).reason), ["tombstone", "not_utf8"]);
});

kafka.test("engine on Kafka: a topic made anew begins a new generation, however much it holds by then", async () => {
  const { topicPrefix, log, topics, stores, notes, process, rows } = await world(1);
  await using _log = log;
  await log.append({ writes: [{ topic, records: [record(1), record(2)] }] });
  await process();
  await process();
  assert.deepEqual(notes, []);
  await kafka.broker().tool("org.apache.kafka.tools.TopicCommand", "--delete", "--topic", `${topicPrefix}.${topic}`);
  await waitUntil(async () => !(await log.topics()).some((spec) => spec.topic === topic), {
    timeoutMs: 20_000,
    what: "the topic to go",
  });
  await log.ensureTopics(topics);
  await log.append({ writes: [{ topic, records: [1, 2, 3, 4, 5].map((at) => record(at)) }] });
  await process();
  assert.deepEqual(await rows(), ["a 12:00:00 5"]);
  assert.match(notes.join("\n"), /its topic was made anew/);
  assert.equal((await stores.summaryStore.progress())[0]?.counts.in, 5);
});

kafka.test("engine on Kafka: processors come and go, and every event is counted once", async () => {
  const { open, log, stores, notes, start, rows } = await world(6);
  await using _log = log;
  const logs = [await open(), await open(), await open()];
  const keys = Array.from({ length: 30 }, (_, i) => `k${i}`);
  let seq = 0;
  const sending = new AbortController();
  const sender = (async () => {
    while (!sending.signal.aborted) {
      const records = keys.map((key) => ({ ...record(seq % 600, key), instance: "feed", seq: seq++ }));
      await log.append({ writes: [{ topic, records }] });
      await pause(20);
    }
  })();
  const running = logs.map((own) => start({ log: own }, { whenFenced: "leave" }));
  await pause(3_000);
  assert.equal(await running[0]!.stop(), null);
  await pause(1_500);
  running[0] = start({ log: logs[0]! }, { whenFenced: "leave" });
  await pause(1_500);
  assert.equal(await running[1]!.stop(), null);
  sending.abort();
  await sender;
  const counted = async () => (await stores.summaryStore.progress()).reduce((sum, { counts }) => sum + counts.in, 0);
  await waitUntil(async () => await counted() === seq, {
    timeoutMs: 60_000,
    what: `${seq} events to be counted`,
    explain: () => notes.join("\n"),
  });
  for (const each of [running[0]!, running[2]!]) assert.equal(await each.stop(), null);
  for (const own of logs) await own[Symbol.asyncDispose]();
  const progress = await stores.summaryStore.progress();
  assert.equal(progress.reduce((sum, { counts }) => sum + counts.accepted + counts.late, 0), seq);
  assert.ok((await rows()).length > 0);
});
