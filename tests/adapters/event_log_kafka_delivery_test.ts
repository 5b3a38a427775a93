/**
 * What becomes of appends whose answers are lost, whose topics are gone, or that are more than the queue holds: a relay
 * stands between the log and the broker.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import { appendTo, readAll, record, topicName, values } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { freePort, pause, waitUntil } from "../support/services/service.ts";
import { startTcpProxy, type TcpProxy } from "../support/services/tcp_proxy.ts";

const port = freePort();
const kafka = kafkaCase({ own: true, properties: [`advertised.listeners=CLIENT://127.0.0.1:${port}`] });

const relay = (): TcpProxy => startTcpProxy(Number(kafka.broker().bootstrap.split(":")[1]), port);
const openLog = (deliveryTimeoutMs = 60_000): Promise<KafkaLog> =>
  kafka.open({ config: { bootstrapServers: [`127.0.0.1:${port}`], deliveryTimeoutMs } });

/** Whether bytes begin with a produce request: its length, its number 0, its version. */
const isProduce = (bytes: Uint8Array): boolean => bytes.length > 8 && Buffer.from(bytes).readInt32BE(4) === 7;

kafka.test("records whose answer is lost are sent again, and written once", async () => {
  await using proxy = relay();
  await using log = await openLog();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  let lost = 0;
  // The very first send of a producer, and one that has others before it.
  for (const [i, loses] of [true, false, true, false].entries()) {
    proxy.judge = (bytes) => {
      if (!loses || !isProduce(bytes)) return "pass";
      proxy.judge = () => "pass";
      lost++;
      return "cut_answer";
    };
    await appendTo(log, topic, record(`${i}a`), record(`${i}b`));
  }
  assert.equal(lost, 2);
  assert.deepEqual(values((await readAll(log, topic))[0]), ["0a", "0b", "1a", "1b", "2a", "2b", "3a", "3b"]);
  const { retries, renewals } = log.stats().producer;
  // A broker that has just begun may not know producers yet: that is tried again, too.
  assert.ok(retries >= 2);
  assert.equal(renewals, 0);
});

kafka.test("what was given up though it was written is not mistaken for what comes after it", async () => {
  await using proxy = relay();
  await using log = await openLog(1_500);
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  await appendTo(log, topic, record("before"));
  proxy.judge = (bytes) => {
    if (!isProduce(bytes)) return "pass";
    proxy.refusing = true;
    return "cut_answer";
  };
  await assert.rejects(appendTo(log, topic, record("given up")), /Kafka was away/);
  proxy.judge = () => "pass";
  proxy.refusing = false;
  // As many records with the same places in the count, had it gone on.
  await appendTo(log, topic, record("after"));
  assert.deepEqual(values((await readAll(log, topic))[0]), ["before", "given up", "after"]);
});

kafka.test("a topic that was deleted holds up no other, and its appends go on when it is made anew", async () => {
  await using _proxy = relay();
  await using log = await openLog();
  const [gone, there] = [topicName(), topicName()];
  await log.ensureTopics([gone, there].map((topic) => ({ topic, partitions: 1 })));
  await Promise.all([gone, there].map((topic) => appendTo(log, topic, record("1"))));
  await kafka.broker().tool("org.apache.kafka.tools.TopicCommand", "--delete", "--topic", `test.${gone}`);
  await waitUntil(async () => !(await log.topics()).some(({ topic }) => topic === gone), {
    timeoutMs: 20_000,
    what: "the topic to go",
  });
  let isHeld = true;
  const held = appendTo(log, gone, record("2")).finally(() => isHeld = false);
  await pause(500);
  for (let i = 2; i <= 20; i++) await appendTo(log, there, record(`${i}`));
  assert.ok(isHeld, "there is nowhere to append to");
  await log.ensureTopics([{ topic: gone, partitions: 1 }]);
  await held;
  assert.deepEqual(values((await readAll(log, gone))[0]), ["2"]);
  assert.equal((await readAll(log, there))[0]!.length, 20);
});

kafka.test("appends beyond what the queue holds wait, and keep their order whatever their size", async () => {
  await using _proxy = relay();
  await using log = await openLog();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 1 }]);
  // Small ones behind large ones, for which there is no room yet.
  const sizes = Array.from({ length: 60 }, (_, i) => i % 3 === 2 ? 10 : 1_000_000);
  await Promise.all(sizes.map((size, i) => appendTo(log, topic, record(`${i}:${"x".repeat(size)}`))));
  const [records] = await readAll(log, topic);
  assert.deepEqual(records!.map(({ value }) => Number(value.split(":")[0])), [...sizes.keys()]);
  assert.ok(log.stats().producer.waits > 0);
});
