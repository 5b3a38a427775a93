/**
 * A log on three brokers: copies of its topics, topics that not all of them know yet, a partition without a leader, a broker
 * that hangs.
 */
import assert from "node:assert/strict";
import { kafkaClient } from "../../adapters/event_log_kafka_client.ts";
import { partitionOf } from "../../core/partitioner.ts";
import { appendTo, readAll, record, topicName, values } from "../contracts/event_log_support.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { KafkaLeaders } from "../support/services/kafka_leaders.ts";
import { waitUntil } from "../support/services/service.ts";

const BROKERS = 3;
const kafka = kafkaCase({ own: true, brokers: BROKERS });

/** Makes a topic by its full name whose partitions have one copy each, on these brokers. */
async function makeOn(topic: string, nodes: readonly number[]): Promise<void> {
  const admin = (await kafkaClient(kafka.config(), "maker")).admin();
  await admin.connect();
  const replicaAssignment = nodes.map((node, partition) => ({ partition, replicas: [node] }));
  await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: false });
  await admin.disconnect();
}

/** A key that goes to a partition of three. */
const keyOf = (partition: number): string =>
  Array.from({ length: 100 }, (_, n) => `key ${n}`).find((key) => partitionOf(key, BROKERS) === partition)!;

kafka.test("topics have as many copies as the brokers make, or as are asked for", async () => {
  const leaders = await KafkaLeaders.of(kafka.broker());
  const copies = async (topic: string) =>
    (await leaders.partitions(`test.${topic}`)).map(({ replicas }) => replicas.length);
  await using log = await kafka.open();
  const topic = topicName();
  await log.ensureTopics([{ topic, partitions: 2 }]);
  await log.loadPosition("any");
  assert.deepEqual([await copies(topic), await copies("internal.positions")], [[3, 3], [3]]);
  await using frugal = await kafka.open({ config: { replicationFactor: 1 } });
  const other = topicName();
  await frugal.ensureTopics([{ topic: other, partitions: 2 }]);
  assert.deepEqual(await copies(other), [1, 1]);
});

kafka.test("a topic is there for everybody as soon as it is ensured, whichever broker is asked", async () => {
  const logs = [];
  await using opened = new AsyncDisposableStack();
  for (const _ of [0, 1, 2]) logs.push(opened.use(await kafka.open()));
  for (let round = 0; round < 10; round++) {
    const specs = Array.from({ length: 10 }, () => ({ topic: topicName(), partitions: 3 }));
    // All make them at the same time, as processes do that start together.
    await Promise.all(logs.map(async (log, n) => {
      await log.ensureTopics(specs);
      const counts = new Map((await log.topics()).map(({ topic, partitions }) => [topic, partitions]));
      assert.deepEqual(specs.map(({ topic }) => counts.get(topic)), specs.map(() => 3), `log ${n}, round ${round}`);
      for (const { topic } of specs.slice(0, 3)) await appendTo(log, topic, record(`${n}`, { key: `${n}` }));
    }));
  }
});

kafka.test("a partition without a leader, ours or somebody else's, keeps no others from going on", async () => {
  const leaders = await KafkaLeaders.of(kafka.broker());
  const notes: string[] = [];
  const onNote = (note: string) => void notes.push(note);
  await using log = await kafka.open({ onNote });
  const [topic, group] = [topicName(), crypto.randomUUID()];
  const coordinator = await leaders.coordinator(group);
  const victim = kafka.broker().nodes.find((node) => node !== coordinator)!;
  const others = [1, 2, 3].filter((id) => id !== victim.id);
  await makeOn(`test.${topic}`, [...others, victim.id]);
  await makeOn(`somebody.${topic}`, [victim.id]);
  await log.ensureTopics([{ topic, partitions: BROKERS }]);
  const read: string[] = [];
  const stop = new AbortController();
  const reading = (async () => {
    const how = { onAssign: () => Promise.resolve(0), onRevoke: () => Promise.resolve(), signal: stop.signal };
    for await (const { records } of log.consume({ topics: [topic], group, ...how })) read.push(...values(records)!);
  })();
  const send = (round: string, partition: number) =>
    appendTo(log, topic, record(`${round} ${partition}`, { key: keyOf(partition) }));
  const isRead = (...expected: string[]) =>
    waitUntil(() => expected.every((value) => read.includes(value)), { timeoutMs: 30_000, what: `${expected}` });
  for (const partition of [0, 1, 2]) await send("before", partition);
  await isRead("before 0", "before 1", "before 2");

  await victim.kill();
  const isLeaderless = async () => (await leaders.partitions(`somebody.${topic}`))[0]?.leader === -1;
  await waitUntil(isLeaderless, { timeoutMs: 30_000, everyMs: 200, what: "a partition without a leader" });
  for (const partition of [0, 1]) await send("without", partition);
  await isRead("without 0", "without 1");
  {
    await using second = await kafka.open();
    const own = topicName();
    await second.ensureTopics([{ topic: own, partitions: 1 }]);
    await appendTo(second, own, record("1"));
    assert.deepEqual(values((await readAll(second, own))[0]), ["1"]);
  }
  const waiting = send("after", 2);
  await victim.restart();
  await waiting;
  await isRead("after 2");
  stop.abort();
  await reading;
  assert.equal(read.length, 6, `each once: ${read}`);
  assert.ok(notes.length < 20, `people are not flooded:\n${notes.join("\n")}`);
});

kafka.test("a broker that takes connections and answers nothing keeps no log from being opened, written and read", async () => {
  const [first] = kafka.broker().nodes;
  const leaders = await KafkaLeaders.of(kafka.broker());
  await using before = await kafka.open();
  const topic = topicName();
  await before.ensureTopics([{ topic, partitions: 1 }]);
  const led = { topic: `test.${topic}`, partition: 0 };
  first!.pause();
  try {
    await leaders.untilMoved(led, first!);
    const startMs = performance.now();
    await using log = await kafka.open();
    await appendTo(log, topic, record("1"));
    assert.deepEqual(values((await readAll(log, topic))[0]), ["1"]);
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs < 90_000, `${tookMs} ms`);
  } finally {
    first!.resume();
  }
});
