/**
 * Tidemark beside other people's programs on one broker: kcat, Kafka's own tools, its Java client with transactions.
 */
import assert from "node:assert/strict";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import { kafkaCodecs } from "../../core/config/kafka.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type { RecordBatch } from "../../core/ports.ts";
import { appendTo, readAll, record, topicName, values } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { findProgram, runProgram } from "../support/services/service.ts";

const kafka = kafkaCase();
/** Found where a test runs: without it they are skipped. */
const kcat = findProgram("kcat")!;
const hex = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A topic with its log. */
async function topicOf(log: KafkaLog, partitions = 1): Promise<{ topic: string; fullName: string }> {
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions }]);
  return { topic, fullName: `test.${topic}` };
}

/** Batches of a topic up to the broker's end, those without records included. */
async function batchesOf(log: KafkaLog, topic: string): Promise<RecordBatch[]> {
  const [end] = await log.endOffsets(topic);
  const stop = new AbortController();
  const batches: RecordBatch[] = [];
  for await (
    const batch of log.consume({
      topics: [topic],
      group: crypto.randomUUID(),
      onAssign: () => Promise.resolve(0),
      onRevoke: () => Promise.resolve(),
      signal: stop.signal,
    })
  ) {
    batches.push(batch);
    const next = batch.nextOffset ?? batch.records.at(-1)!.offset + 1;
    assert.ok(next <= batch.endOffset);
    if (next === end) stop.abort();
  }
  return batches;
}

for (const codec of kafkaCodecs) {
  kafka.testWithKcat(`kcat and Kafka's console consumer read what is appended with ${codec}`, async () => {
    await using log = await kafka.open({ config: { compression: codec } });
    const { topic, fullName } = await topicOf(log, 2);
    const sent = Array.from(
      { length: 400 },
      (_, i) =>
        record(JSON.stringify({ i, text: `größe ${"abc".repeat(i % 30)}` }), {
          key: i % 7 === 0 ? null : `k${i % 7}`,
          instance: "file:x:event:0",
          seq: i,
          runId: "run-1",
        }),
    );
    await appendTo(log, topic, ...sent);
    const lineOf = (key: string | null, value: string) => `${partitionOf(key, 2)}|${key ?? "NULL"}|${value}`;
    const expected = sent.map(({ key, value }) => lineOf(key, value)).toSorted();
    const args = ["-C", "-b", kafka.broker().bootstrap, "-t", fullName, "-e", "-q", "-Z", "-f", "%p|%k|%s|%h\n"];
    const told = (await runProgram(kcat, { args })).trimEnd().split("\n");
    assert.deepEqual(told.map((line) => line.slice(0, line.lastIndexOf("|"))).toSorted(), expected);
    assert.ok(told.every((line) => /\|producer=file:x:event:0:\d+,run=run-1$/.test(line)), told[0]);
    const shown = await kafka.broker().tool(
      "org.apache.kafka.tools.consumer.ConsoleConsumer",
      ...["--topic", fullName, "--from-beginning", "--max-messages", String(sent.length), "--timeout-ms", "20000"],
      ...["--property", "print.key=true", "--property", "print.partition=true"],
      ...["--property", "key.separator=|", "--property", "null.literal=NULL"],
    );
    const lines = shown.trimEnd().split("\n").map((line) => line.replace("Partition:", ""));
    assert.deepEqual(lines.toSorted(), expected);
  });

  kafka.testWithKcat(`what kcat, the console producer and a Java client write with ${codec} is read`, async () => {
    await using log = await kafka.open();
    const { topic, fullName } = await topicOf(log);
    const texts = Array.from({ length: 600 }, (_, i) => JSON.stringify({ i, text: `größe ${"xyz".repeat(i % 40)}` }));
    const { bootstrap } = kafka.broker();
    const folder = await Deno.makeTempDir();
    const file = `${folder}/lines`;
    try {
      await Deno.writeTextFile(file, texts.map((text, i) => `k${i % 5}|${text}\n`).join(""));
      const [plain, keyed] = [texts.slice(0, 3), texts];
      const args = ["-P", "-b", bootstrap, "-t", fullName, "-z", codec, "-K", "|", "-l", file];
      await runProgram(kcat, { args });
      const script = `java -cp "$1" org.apache.kafka.tools.ConsoleProducer --bootstrap-server ${bootstrap} ` +
        `--topic ${fullName} --compression-codec ${codec} --property parse.key=true ` +
        `--property key.separator='|' < ${file}`;
      const { jarsFolder } = await import("../support/services/kafka_jars.ts");
      await runProgram("sh", { args: ["-c", script, "sh", `${jarsFolder()}/*`] });
      await kafka.broker().produce(fullName, codec, ...plain.map((text) => `-=${hex(text)}`));
      const [read] = await readAll(log, topic);
      const both = [...keyed, ...keyed];
      assert.deepEqual(values(read), [...both, ...plain]);
      assert.deepEqual(read!.map(({ key }) => key), [
        ...both.map((_, i) => `k${(i % texts.length) % 5}`),
        ...plain.map(() => null),
      ]);
      assert.ok(read!.every(({ instance, runId, seq }) => instance === null && runId === null && seq === 0));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

kafka.test("records of committed transactions are read, those of aborted ones and the markers are passed over", async () => {
  await using log = await kafka.open();
  const { topic, fullName } = await topicOf(log);
  await kafka.broker().produce(
    fullName,
    "lz4",
    ...["begin", "many:3:committed-", "commit", "begin", "many:50:aborted-", "abort"],
    ...["begin", "many:2:again-", "commit", "begin", "many:4:taken back-", "abort"],
  );
  const batches = await batchesOf(log, topic);
  assert.deepEqual(values(batches.flatMap(({ records }) => records)), [
    "committed-0",
    "committed-1",
    "committed-2",
    "again-0",
    "again-1",
  ]);
  const [end] = await log.endOffsets(topic);
  assert.equal(end, 3 + 50 + 2 + 4 + 4, "each transaction has a marker");
  assert.equal(batches.at(-1)!.nextOffset, end, "the reader knows that nothing is left");
});

kafka.test("reading may begin at a marker and within an aborted transaction", async () => {
  await using log = await kafka.open();
  const { topic, fullName } = await topicOf(log);
  const steps = ["begin", "many:5:aborted-", "abort", "begin", "many:2:committed-", "commit"];
  await kafka.broker().produce(fullName, "none", ...steps);
  for (const from of [0, 3, 5, 6, 7]) {
    const read: string[] = [];
    const stop = new AbortController();
    for await (
      const { records, nextOffset } of log.consume({
        topics: [topic],
        group: crypto.randomUUID(),
        onAssign: () => Promise.resolve(from),
        onRevoke: () => Promise.resolve(),
        signal: stop.signal,
      })
    ) {
      read.push(...values(records)!);
      if (nextOffset === 9) stop.abort();
    }
    assert.deepEqual(read, from === 7 ? ["committed-1"] : ["committed-0", "committed-1"], `from ${from}`);
  }
});

kafka.testWithKcat(
  "tombstones, bytes that are no text, binary keys and foreign headers are read for what they are",
  async () => {
    await using log = await kafka.open();
    const { topic, fullName } = await topicOf(log);
    const steps = [`${hex("k")}=-`, `-=${hex('{"a":1}')}`, "-=7b22c3287d", "ff00=7b7d", "-=", `-=${hex("\uFFFD")}`];
    await kafka.broker().produce(fullName, "none", ...steps);
    const headers = ["-H", "producer=not-ours", "-H", "producer=x:1", "-H", "run=theirs"];
    await runProgram("sh", {
      args: ["-c", 'printf 1 | "$0" "$@"', kcat, "-P", "-b", kafka.broker().bootstrap, "-t", fullName].concat(headers),
    });
    const [read] = await readAll(log, topic);
    assert.deepEqual(read!.slice(0, 6).map(({ key, value, fault }) => [key, value, fault]), [
      ["k", "", "tombstone"],
      [null, '{"a":1}', undefined],
      [null, '{"\uFFFD(}', "not_utf8"],
      ["\uFFFD\0", "{}", undefined],
      [null, "", undefined],
      [null, "\uFFFD", undefined],
    ]);
    const foreign = read![6];
    assert.deepEqual(
      [foreign?.instance, foreign?.seq, foreign?.runId],
      [null, 0, "theirs"],
      "a name that stands twice",
    );
  },
);

kafka.test("a batch of more records than a function takes arguments is read whole", async () => {
  await using log = await kafka.open();
  const { topic, fullName } = await topicOf(log);
  await kafka.broker().produce(fullName, "zstd", "many:150000:x");
  const [read] = await readAll(log, topic);
  assert.deepEqual([read!.length, read![149_999]!.value, read![149_999]!.offset], [150_000, "x149999", 149_999]);
});
