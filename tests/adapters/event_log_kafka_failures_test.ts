/**
 * What goes wrong around a log on Kafka: a broker that is away, records that are refused, topics that change behind the
 * reader.
 */
import assert from "node:assert/strict";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import { UserError } from "../../core/errors.ts";
import type { LogRecord } from "../../core/ports.ts";
import { witnessOf } from "../../core/witness.ts";
import { appendTo, readAll, record, topicName, values } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { pause, waitUntil } from "../support/services/service.ts";

/** TIDEMARK_TEST_OUTAGE_SEC=60 makes the outages of this file as long as they may be. */
const outageMs = Number(Deno.env.get("TIDEMARK_TEST_OUTAGE_SEC") ?? 6) * 1_000;

const kafka = kafkaCase({ own: true });
const topicsTool = (...args: string[]) => kafka.broker().tool("org.apache.kafka.tools.TopicCommand", ...args);
const configTool = (...args: string[]) => kafka.broker().tool("kafka.admin.ConfigCommand", ...args);

/** Reads a topic on and on; what it was assigned and what it read stays to be looked at. */
function reading(log: KafkaLog, topic: string, startOf: () => number | Promise<number> = () => 0) {
  const stop = new AbortController();
  const [records, starts]: [LogRecord[], number[]] = [[], []];
  const ended = (async () => {
    for await (
      const batch of log.consume({
        topics: [topic],
        group: crypto.randomUUID(),
        async onAssign() {
          const start = await startOf();
          starts.push(start);
          return start;
        },
        onRevoke: () => Promise.resolve(),
        signal: stop.signal,
      })
    ) records.push(...batch.records);
  })();
  return {
    records,
    starts,
    ended,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended.catch(() => {});
    },
  };
}

const arrival = (what: string, look: () => boolean) => waitUntil(look, { timeoutMs: 60_000 + outageMs, what });

for (const fault of ["killed and restarted", "halted and woken"] as const) {
  kafka.test(`a broker that is ${fault} after ${outageMs / 1_000} s: nothing is lost, repeated or out of order`, async () => {
    const notes: string[] = [];
    await using log = await kafka.open({ onNote: (note) => void notes.push(note) });
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    // Each time that a partition is assigned anew it is read on from where the reader stands.
    await using reader = reading(log, topic, () => (reader.records.at(-1)?.offset ?? -1) + 1);
    let sent = 0;
    const sending = new AbortController();
    const sender = (async () => {
      while (!sending.signal.aborted) {
        await Promise.all([0, 1, 2].map(() => appendTo(log, topic, record(`${sent++}`))));
        await pause(5);
      }
    })();
    await arrival("the first records", () => reader.records.length > 50);
    const broker = kafka.broker();
    if (fault === "halted and woken") broker.pause();
    else await broker.kill();
    await pause(outageMs);
    const before = sent;
    if (fault === "halted and woken") broker.resume();
    else await broker.restart();
    await arrival("records of after the outage", () => reader.records.length > before + 50);
    sending.abort();
    await sender;
    await arrival("the last record", () => reader.records.length >= sent);
    assert.deepEqual(values(reader.records), Array.from({ length: sent }, (_, i) => `${i}`));
    assert.deepEqual(await log.endOffsets(topic), [sent], "no send was written twice");
    if (fault === "killed and restarted") {
      assert.match(notes.join("\n"), /Kafka does not take appends .* tried again/);
      assert.match(notes.join("\n"), /appends go on/);
    }
    assert.ok(notes.length < 20, `people are not flooded:\n${notes.join("\n")}`);
  });
}

kafka.test("a log that is opened while the broker is away waits for it, as long as it is told to", async () => {
  await kafka.broker().kill();
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  const startMs = performance.now();
  await assert.rejects(kafka.open({ onNote }), { code: "unavailable" });
  assert.deepEqual(notes, [], "by itself it does not wait");
  await assert.rejects(kafka.open({ onNote, awayMsMax: 2_000 }), { code: "unavailable" });
  assert.ok(performance.now() - startMs < 30_000);
  assert.match(notes.join("\n"), /^Kafka at [\d.:]+ is away, trying again for 2 s: [^\n]+$/);
  const opening = kafka.open({ onNote, awayMsMax: 120_000 });
  await pause(1_000);
  await kafka.broker().restart();
  await using log = await opening;
  assert.match(notes.at(-1) ?? "", /answers, failed attempts: \d+/);
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("1"));
});

kafka.test("an append gives up after the delivery time-out, says so, and a later one is taken", async () => {
  await using log = await kafka.open({ config: { deliveryTimeoutMs: 2_000 } });
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("1"));
  await kafka.broker().kill();
  try {
    await assert.rejects(appendTo(log, topic, record("2")), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /Kafka was away for 2 s/);
      return true;
    });
    await assert.rejects(log.endOffsets(topic), "what asks for the end is told at once");
  } finally {
    await kafka.broker().restart();
  }
  await appendTo(log, topic, record("3"));
  assert.deepEqual(values((await readAll(log, topic))[0]), ["1", "3"]);
});

kafka.test("a record that is too large is refused with the fix, and appends around it are taken", async () => {
  await using log = await kafka.open();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  const results = await Promise.allSettled([
    appendTo(log, topic, record("1")),
    appendTo(log, topic, record("x".repeat(9 << 20))),
    appendTo(log, topic, record("2"), record("3")),
  ]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  const { reason } = results[1] as PromiseRejectedResult;
  assert.match(String(reason), /a record of 9437\d{3} bytes is more than the topic takes/);
  assert.match(reason.fix, /max\.message\.bytes/);
  assert.deepEqual(values((await readAll(log, topic))[0]), ["1", "2", "3"]);
});

kafka.test("a topic that was deleted and made anew is another incarnation: by its end, or by the last record read", async () => {
  await using log = await kafka.open();
  const topic = topicName();
  const at = { topic, partition: 0 };
  await log.ensureTopics([{ topic, partitions: 1 }]);
  const first = await log.incarnation(at, null);
  await appendTo(log, topic, ...["a", "b", "c"].map((key) => record("1", { key })));
  const [read] = await readAll(log, topic);
  const known = { incarnation: first, nextOffset: 3, witness: witnessOf(read![2]!) };
  assert.equal(await log.incarnation(at, known), first);
  assert.equal(await log.incarnation(at, { ...known, witness: null }), first);

  await topicsTool("--delete", "--topic", `test.${topic}`);
  await waitUntil(async () => !(await log.topics()).some((spec) => spec.topic === topic), {
    timeoutMs: 20_000,
    what: "the topic to go",
  });
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("2", { key: "a" }));
  const second = await log.incarnation(at, known);
  assert.notEqual(second, first, "it ends before what was read");
  await appendTo(log, topic, ...["b", "c", "d"].map((key) => record("2", { key })));
  assert.equal(await log.incarnation(at, known), second, "its third record is another one");
  const [again] = await readAll(log, topic);
  const knownNow = { incarnation: second, nextOffset: 4, witness: witnessOf(again![3]!) };
  assert.equal(await log.incarnation(at, knownNow), second);
});

kafka.test("a reader whose topic is deleted and made anew is assigned anew and reads it from where it is told", async () => {
  const notes: string[] = [];
  await using log = await kafka.open({ onNote: (note) => void notes.push(note) });
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("old"));
  await using reader = reading(log, topic);
  await arrival("the old record", () => reader.records.length === 1);
  await topicsTool("--delete", "--topic", `test.${topic}`);
  await waitUntil(async () => !(await log.topics()).some((spec) => spec.topic === topic), {
    timeoutMs: 20_000,
    what: "the topic to go",
  });
  await pause(1_000);
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("new"));
  await arrival("the new record", () => reader.records.length === 2);
  assert.deepEqual(values(reader.records), ["old", "new"]);
  assert.ok(reader.starts.length >= 2, "onAssign decides again");
});

kafka.test("retention that deletes what a reader has yet to read: it is assigned anew, and begins at the log's start", async () => {
  await using log = await kafka.open();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  const name = `test.${topic}`;
  for (const setting of ["segment.bytes=1048576", "retention.ms=1"]) {
    await configTool("--alter", "--entity-type", "topics", "--entity-name", name, "--add-config", setting);
  }
  for (let i = 0; i < 4; i++) await appendTo(log, topic, record("x".repeat(700_000)));
  await waitUntil(async () => (await log.startOffsets(topic))[0]! > 0, { timeoutMs: 30_000, what: "retention" });
  const start = (await log.startOffsets(topic))[0]!;
  await using reader = reading(log, topic);
  await appendTo(log, topic, record("last"));
  await arrival("the last record", () => reader.records.at(-1)?.value === "last");
  assert.ok(reader.records[0]!.offset >= start);
});

kafka.test("a reader that is to start beyond the end is refused", async () => {
  await using log = await kafka.open();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await using reader = reading(log, topic, () => 3);
  await assert.rejects(reader.ended, /Cannot start .*\/0 at offset 3: its end is 0/);
});

kafka.test("partitions that are added are seen, and newly made topics have the configured number", async () => {
  await using log = await kafka.open({ config: { numPartitions: 5 } });
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 3 }, { topic: "late", partitions: 1 }]);
  const count = async (name: string) => (await log.topics()).find((spec) => spec.topic === name)?.partitions;
  assert.deepEqual([await count(topic), await count("late")], [5, 1]);
  await topicsTool("--alter", "--topic", `test.${topic}`, "--partitions", "6");
  await waitUntil(async () => await count(topic) === 6, { timeoutMs: 10_000, what: "the new partition" });
});

kafka.test("topics are made with log append time and retention as contracted; one that differs is pointed out", async () => {
  const notes: string[] = [];
  await using log = await kafka.open({ retentionMs: 7_200_000, onNote: (note) => void notes.push(note) });
  const [ours, theirs] = [topicName(), topicName()];
  await log.ensureTopics([{ topic: ours, partitions: 1 }]);
  const shown = await topicsTool("--describe", "--topic", `test.${ours}`);
  assert.match(shown, /message\.timestamp\.type=LogAppendTime/);
  assert.match(shown, /retention\.ms=7200000/);
  await topicsTool("--create", "--topic", `test.${theirs}`, "--partitions", "1");
  await log.ensureTopics([ours, theirs].map((topic) => ({ topic, partitions: 1 })));
  assert.equal(notes.length, 2, notes.join("\n"));
  assert.match(notes[0]!, new RegExp(`topic test.${theirs} has message.timestamp.type=CreateTime`));
  assert.match(notes[1]!, /has retention.ms=604800000, not 7200000/);
});
