/**
 * What every EventLog must do, against the port alone: topics have names of their own in each test, and nothing is
 * assumed about what else the log holds.
 * @module
 */
import assert from "node:assert/strict";
import { partitionOf } from "../../core/partitioner.ts";
import { eventLogReadingContract } from "./event_log_reading_contract.ts";
import {
  appendTo,
  type Case,
  type EventLogContractOptions,
  type OpenLog,
  readAll,
  record,
  sameTexts,
  topicName,
  values,
} from "./event_log_support.ts";

/** Registers the suite for one adapter. */
export function eventLogContract(name: string, open: OpenLog, options: EventLogContractOptions = {}): void {
  const missing = options.missing ?? null;
  const test: Case = (sentence, needs, body) => {
    // What an adapter does not promise is no test of it; a skip says what is not there.
    if (!needs) return;
    Deno.test({
      name: `${name}: ${sentence}${missing === null ? "" : ` (${missing})`}`,
      ignore: missing !== null,
      async fn(t) {
        await using subject = await open(t);
        await body(subject);
      },
    });
  };
  writingCases(test, options);
  topicCases(test);
  reopenCases(test, options);
  eventLogReadingContract(test, options);
}

function writingCases(test: Case, options: EventLogContractOptions): void {
  test("records of one key keep the order of their appends", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 3 }]);
    for (let i = 0; i < 20; i++) {
      await appendTo(log, topic, ...["a", "b", "c", "d"].map((key) => record(`"${key}${i}"`, { key })));
    }
    const all = (await readAll(log, topic)).flat();
    for (const key of ["a", "b", "c", "d"]) {
      const ofKey = all.filter((r) => r.key === key).map((r) => r.value);
      assert.deepEqual(ofKey, Array.from({ length: 20 }, (_, i) => `"${key}${i}"`));
    }
  });

  test("a key lands in the partition of Kafka's partitioner, no key in partition 0", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 3 }]);
    const keys = [
      "21",
      "foobar",
      "abc",
      "BTCUSDT",
      "",
      "größe",
      "😀",
      ...Array.from({ length: 40 }, (_, i) => `k${i}`),
    ];
    await appendTo(log, topic, record('"none"'), ...keys.map((key) => record("1", { key })));
    const partitions = await readAll(log, topic);
    partitions.forEach((records, partition) => {
      for (const { key } of records) assert.equal(partition, partitionOf(key, 3), `key ${key}`);
    });
    assert.equal(partitions.flat().length, keys.length + 1);
  });

  test("offsets of a partition run from 0 without gaps, append times never go back", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 2 }]);
    for (let i = 0; i < 10; i++) {
      await appendTo(
        log,
        topic,
        ...Array.from({ length: i }, (_, j) => record(`${i * 100 + j}`, { key: `k${j % 5}` })),
      );
    }
    for (const records of await readAll(log, topic)) {
      assert.deepEqual(records.map((r) => r.offset), records.map((_, i) => i));
      const times = records.map((r) => r.appendTimeMs);
      assert.deepEqual(times, times.toSorted((a, b) => a - b));
      assert.ok(times.every(Number.isSafeInteger));
    }
  });

  test("appends of two callers interleave, each in its own order, none lost", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const caller = async (name: string) => {
      for (let i = 0; i < 25; i++) await appendTo(log, topic, record(`"${name}${i}"`), record(`"${name}${i}+"`));
    };
    await Promise.all([caller("a"), caller("b")]);
    const read = values((await readAll(log, topic))[0])!;
    for (const name of ["a", "b"]) {
      const expected = Array.from({ length: 25 }, (_, i) => [`"${name}${i}"`, `"${name}${i}+"`]).flat();
      assert.deepEqual(read.filter((value) => value.startsWith(`"${name}`)), expected);
    }
  });

  test("instance, seq, runId and the lack of them come back as appended", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const sent = [
      record("1", { key: "k", instance: "f:event:0", seq: 0, runId: "run-1" }),
      record("2", { key: "", instance: "BTCUSDT", seq: 4_123_456_789_012, runId: null }),
      record("3", { key: null, instance: "BTCUSDT", seq: 4_123_456_789_013, runId: "run-1" }),
      record("4", { key: "k", instance: null, runId: "run-2" }),
      record("5"),
    ];
    await appendTo(log, topic, ...sent);
    const [read] = await readAll(log, topic);
    for (const r of sent) {
      const back = read!.find(({ value }) => value === r.value)!;
      assert.deepEqual([back.key, back.instance, back.runId], [r.key, r.instance, r.runId]);
      if (r.instance !== null) assert.equal(back.seq, r.seq);
    }
  });

  test("values of any text and of 1 MiB come back byte for byte", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const sent = [
      "1",
      '"two\\nlines"',
      '{\n\t"a": 1\r\n}',
      '"größe €"',
      '"😀 𝒳 🏳️‍🌈"',
      '"\uFEFFbom"',
      '"\u2028\u2029"',
      `"${"x".repeat(1_048_576)}"`,
      `"${"€😀".repeat(200_000)}"`,
      '"last"',
    ];
    for (const value of sent) await appendTo(log, topic, record(value));
    await appendTo(log, topic, ...sent.map((value) => record(value)));
    assert.ok(sameTexts(values((await readAll(log, topic))[0])!, [...sent, ...sent]));
  });

  test("lone surrogates, NUL and the empty text come back", options.keepsLoneSurrogates === true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    // The third and fourth make a pair only where they meet.
    const sent = ['"\uD800"', '"\uDC00x\uD800"', "\uD83D", "\uDE00", "", "a\0b", "", '"fine"'];
    await appendTo(log, topic, ...sent.map((value) => record(value, { key: value })));
    for (const value of sent) await appendTo(log, topic, record(value));
    const [read] = await readAll(log, topic);
    assert.ok(sameTexts(values(read)!, [...sent, ...sent]));
    assert.ok(sameTexts(read!.slice(0, sent.length).map(({ key }) => key!), sent));
  });

  test("an append to a topic that was never ensured rejects", true, async ({ log }) => {
    await assert.rejects(appendTo(log, topicName(), record("1")));
  });

  test("an append without records is done at once", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await log.append({ writes: [] });
    await log.append({ writes: [{ topic, records: [] }] });
    assert.deepEqual(await log.endOffsets(topic), [0]);
  });

  test("positions are saved with the records and replaced by later ones", true, async ({ log }) => {
    const [topic, id] = [topicName(), `file:${crypto.randomUUID()}:event:0`];
    await log.ensureTopics([{ topic, partitions: 1 }]);
    assert.equal(await log.loadPosition(id), null);
    const state = { line: 3, note: "größe 😀", nested: [1, null, { a: "b" }] };
    await log.append({ writes: [{ topic, records: [record("1")] }], positions: [{ id, state }] });
    assert.deepEqual(await log.loadPosition(id), state);
    await log.append({ writes: [], positions: [{ id, state: { line: 4 } }, { id: `${id}x`, state: 7 }] });
    assert.deepEqual(await log.loadPosition(id), { line: 4 });
    assert.equal(await log.loadPosition(`${id}x`), 7);
  });

  test("a failed append saves no position and no record", options.atomicPositions === true, async ({ log }) => {
    const [topic, id] = [topicName(), crypto.randomUUID()];
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const writes = [{ topic, records: [record("1")] }, { topic: topicName(), records: [record("2")] }];
    await assert.rejects(log.append({ writes, positions: [{ id, state: 1 }] }));
    assert.equal(await log.loadPosition(id), null);
    assert.deepEqual(await log.endOffsets(topic), [0]);
  });
}

function topicCases(test: Case): void {
  test("a topic that exists keeps its partitions", true, async ({ log }) => {
    const [topic, other] = [topicName(), topicName()];
    await log.ensureTopics([{ topic, partitions: 3 }]);
    await log.ensureTopics([{ topic, partitions: 5 }, { topic: other, partitions: 2 }]);
    const found = (await log.topics()).filter((spec) => spec.topic === topic || spec.topic === other);
    assert.deepEqual(new Map(found.map((s) => [s.topic, s.partitions])), new Map([[topic, 3], [other, 2]]));
    assert.deepEqual(await log.endOffsets(topic), [0, 0, 0]);
    assert.deepEqual(await log.startOffsets(topic), [0, 0, 0]);
  });

  test("endOffsets are the offsets after the last records, startOffsets those of the first", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 3 }]);
    const keys = ["a", "b", "c", "d", "e"];
    await appendTo(log, topic, ...keys.map((key) => record("1", { key })));
    const expected = [0, 1, 2].map((partition) => keys.filter((key) => partitionOf(key, 3) === partition).length);
    assert.deepEqual(await log.endOffsets(topic), expected);
    assert.deepEqual(await log.startOffsets(topic), [0, 0, 0]);
  });

  test("each topic has an incarnation, and no two the same", true, async ({ log }) => {
    const topics = [topicName(), topicName()];
    await log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
    const incarnations = await Promise.all(topics.map((topic) => log.incarnation({ topic, partition: 0 }, null)));
    assert.ok(incarnations.every((incarnation) => incarnation.length > 0));
    await appendTo(log, topics[0]!, record("1"));
    assert.equal(await log.incarnation({ topic: topics[0]!, partition: 0 }, null), incarnations[0]);
    await assert.rejects(log.incarnation({ topic: topicName(), partition: 0 }, null));
  });

  test("a retention floor leaves every record at and above it", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    for (let i = 0; i < 10; i++) await appendTo(log, topic, record(`${i}`));
    await log.setRetentionFloor({ topic, partition: 0, offset: 6 });
    for (let i = 10; i < 20; i++) await appendTo(log, topic, record(`${i}`));
    assert.ok((await log.startOffsets(topic))[0]! <= 6);
    assert.deepEqual(values((await readAll(log, topic, [6]))[0]), Array.from({ length: 14 }, (_, i) => `${i + 6}`));
  });

  test("a group's offset can be committed", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 2 }]);
    await appendTo(log, topic, record("1"));
    await log.commitOffset("contract", { topic, partition: 0, nextOffset: 1 });
  });
}

function reopenCases(test: Case, options: EventLogContractOptions): void {
  test(
    "what was appended is there after a reopen, and goes on from there",
    options.reopens === true,
    async (subject) => {
      assert.ok(subject.reopen);
      const [topic, id] = [topicName(), crypto.randomUUID()];
      await subject.log.ensureTopics([{ topic, partitions: 2 }]);
      const sent = Array.from(
        { length: 30 },
        (_, i) => record(`${i}`, { key: `k${i}`, instance: "i", seq: i, runId: "r" }),
      );
      await subject.log.append({ writes: [{ topic, records: sent }], positions: [{ id, state: [30] }] });
      const before = await readAll(subject.log, topic);
      const at = { topic, partition: 0 };
      const incarnation = await subject.log.incarnation(at, null);
      const log = await subject.reopen();
      assert.deepEqual(await readAll(log, topic), before);
      assert.deepEqual(await log.loadPosition(id), [30]);
      assert.equal(await log.incarnation(at, null), incarnation);
      await appendTo(log, topic, ...sent);
      for (const [i, records] of (await readAll(log, topic)).entries()) {
        assert.deepEqual(values(records), [...values(before[i])!, ...values(before[i])!]);
        assert.deepEqual(records.map((r) => r.offset), records.map((_, offset) => offset));
      }
    },
  );
}
