/**
 * The part of the EventLog suite about reading; called by event_log_contract.ts.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ConsumeOptions, EventLog, RecordBatch, TopicPartition } from "../../core/ports.ts";
import {
  appendTo,
  type Case,
  type EventLogContractOptions,
  readAll,
  readBatches,
  record,
  topicName,
} from "./event_log_support.ts";

/** A reader that is driven by hand. */
function reader(log: EventLog, topics: readonly string[], options: Partial<ConsumeOptions> = {}) {
  const stop = new AbortController();
  const batches = log.consume({
    topics,
    group: `contract-${crypto.randomUUID()}`,
    onAssign: () => Promise.resolve(0),
    onRevoke: () => Promise.resolve(),
    signal: stop.signal,
    ...options,
  })[Symbol.asyncIterator]();
  return { stop, next: () => batches.next() };
}

/** The batch, where one had to come. */
function batchOf(result: IteratorResult<RecordBatch>): RecordBatch {
  assert.ok(!result.done, "the iteration ended");
  return result.value;
}

/** Registers the reading cases. */
export function eventLogReadingContract(test: Case, options: EventLogContractOptions): void {
  startCases(test);
  waitCases(test, options);
  memberCases(test, options);
  propertyCases(test, options);
}

function startCases(test: Case): void {
  test("reading starts from the offsets that onAssign answers, before any record", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 3 }]);
    for (let i = 0; i < 6; i++) {
      await appendTo(log, topic, ...Array.from({ length: 20 }, (_, j) => record(`${i}.${j}`, { key: `k${j}` })));
    }
    const all = await readAll(log, topic);
    const from = all.map((records) => Math.floor(records.length * 0.6));
    const assigned: TopicPartition[] = [];
    const { next, stop } = reader(log, [topic], {
      onAssign: (partition) => {
        assigned.push(partition);
        return Promise.resolve(from[partition.partition]!);
      },
    });
    const rest = all.map((records, partition) => records.slice(from[partition]));
    const read: unknown[][] = all.map(() => []);
    while (read.flat().length < rest.flat().length) {
      const batch = batchOf(await next());
      assert.ok(assigned.some((p) => p.topic === topic && p.partition === batch.partition), "read before assigned");
      read[batch.partition]!.push(...batch.records);
    }
    stop.abort();
    assert.ok((await next()).done);
    assert.deepEqual(read, rest);
    assert.deepEqual(assigned.map((p) => p.partition).toSorted(), [0, 1, 2]);
  });

  test("an offset below the log's start begins at the start", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, record("1"), record("2"));
    assert.deepEqual((await readAll(log, topic, [-5]))[0]!.map((r) => r.offset), [0, 1]);
  });

  test("batches are of one partition, and the last one's endOffset is its end", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 3 }]);
    await appendTo(log, topic, ...Array.from({ length: 300 }, (_, i) => record(`${i}`, { key: `k${i}` })));
    const batches = await readBatches(log, topic);
    const ends = await log.endOffsets(topic);
    for (const [partition, end] of ends.entries()) {
      const ofPartition = batches.filter((batch) => batch.partition === partition);
      assert.ok(ofPartition.every((batch) => batch.topic === topic && batch.records.length > 0));
      assert.deepEqual(
        ofPartition.flatMap((b) => b.records.map((r) => r.offset)),
        Array.from({ length: end }, (_, i) => i),
      );
      assert.equal(ofPartition.at(-1)!.endOffset, end);
    }
  });

  test("two topics are read side by side", true, async ({ log }) => {
    const topics = [topicName(), topicName()];
    await log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
    await log.append({ writes: topics.map((topic, i) => ({ topic, records: [record(`${i}`), record(`${i}+`)] })) });
    const { next, stop } = reader(log, topics);
    const read: string[] = [];
    while (read.length < 4) {
      const batch = batchOf(await next());
      read.push(...batch.records.map((r) => `${topics.indexOf(batch.topic)}:${r.value}`));
    }
    stop.abort();
    assert.deepEqual(read.toSorted(), ["0:0", "0:0+", "1:1", "1:1+"]);
    assert.ok((await next()).done);
  });
}

function waitCases(test: Case, options: EventLogContractOptions): void {
  test("a reader at the end waits for the next append", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 2 }]);
    const { next, stop } = reader(log, [topic]);
    let arrived = false;
    const waiting = next().then((result) => {
      arrived = true;
      return batchOf(result);
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(arrived, false);
    await appendTo(log, topic, record('"late"'));
    const batch = await waiting;
    assert.deepEqual(batch.records.map((r) => r.value), ['"late"']);
    assert.equal(batch.endOffset, 1);
    stop.abort();
    assert.ok((await next()).done);
  });

  test("an abort ends a reader that waits", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    const { next, stop } = reader(log, [topic]);
    const waiting = next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort();
    assert.ok((await waiting).done);
  });

  test("an abort ends a reader after the batch in hand, and one that never began", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    for (let i = 0; i < 3; i++) {
      await appendTo(log, topic, ...Array.from({ length: 4_000 }, (_, j) => record(`${i}.${j}`)));
    }
    const { next, stop } = reader(log, [topic]);
    assert.ok(batchOf(await next()).records.length < 12_000, "one batch held everything");
    stop.abort();
    assert.ok((await next()).done);
    assert.ok((await reader(log, [topic], { signal: AbortSignal.abort() }).next()).done);
  });

  test("a batch is not read before it is asked for", options.readsWhenAsked === true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, ...Array.from({ length: 12_000 }, (_, i) => record(`${i}`)));
    const { next, stop } = reader(log, [topic]);
    assert.equal(batchOf(await next()).endOffset, 12_000);
    await appendTo(log, topic, record('"more"'));
    assert.equal(batchOf(await next()).endOffset, 12_001);
    stop.abort();
    assert.ok((await next()).done);
  });

  test("a failing onAssign ends the reader with its error", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, record("1"));
    const { next } = reader(log, [topic], { onAssign: () => Promise.reject(new Error("no offset known")) });
    await assert.rejects(next(), /no offset known/);
  });
}

function memberCases(test: Case, options: EventLogContractOptions): void {
  test("groups read independently of each other", true, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, record("1"), record("2"));
    const readers = [reader(log, [topic]), reader(log, [topic])];
    for (const { next, stop } of readers) {
      const read: string[] = [];
      while (read.length < 2) read.push(...batchOf(await next()).records.map((r) => r.value));
      assert.deepEqual(read, ["1", "2"]);
      stop.abort();
      assert.ok((await next()).done);
    }
  });

  const refuses = options.refusesSecondMember === true;
  test("a second member of a group is refused until the first has ended", refuses, async ({ log }) => {
    const topic = topicName();
    await log.ensureTopics([{ topic, partitions: 1 }]);
    await appendTo(log, topic, record("1"));
    const group = `contract-${crypto.randomUUID()}`;
    const first = reader(log, [topic], { group });
    assert.equal(batchOf(await first.next()).records.length, 1);
    await assert.rejects(reader(log, [topic], { group }).next(), new RegExp(group));
    first.stop.abort();
    assert.ok((await first.next()).done);
    const second = reader(log, [topic], { group });
    assert.equal(batchOf(await second.next()).records.length, 1);
    second.stop.abort();
    assert.ok((await second.next()).done);
  });
}

function propertyCases(test: Case, options: EventLogContractOptions): void {
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.json());
  const appends = fc.array(
    fc.array(fc.record({ key: fc.option(fc.constantFrom("a", "b", "c", "d")), value: text }), { maxLength: 12 }),
    { maxLength: 8 },
  );
  test("any appends, read from any offsets, give the rest of what was appended", true, async ({ log }) => {
    await fc.assert(
      fc.asyncProperty(appends, fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), async (batches, places) => {
        const topic = topicName();
        await log.ensureTopics([{ topic, partitions: 3 }]);
        let seq = 0;
        const sent = batches.map((records) =>
          records.map(({ key, value }) => record(value, { key, instance: `i${key}`, seq: seq++, runId: key }))
        );
        for (const records of sent) await appendTo(log, topic, ...records);
        const all = await readAll(log, topic);
        const expected = sent.flat();
        assert.equal(all.flat().length, expected.length);
        for (const key of ["a", "b", "c", "d", null]) {
          const ofKey = all.flat().filter((r) => r.key === key);
          assert.deepEqual(
            ofKey.map(({ offset: _offset, appendTimeMs: _appendTimeMs, ...appended }) => appended),
            expected.filter((r) => r.key === key),
          );
        }
        const from = all.map((records, partition) => Math.min(places[partition]!, records.length));
        assert.deepEqual(await readAll(log, topic, from), all.map((records, i) => records.slice(from[i])));
      }),
      { numRuns: options.propertyRuns ?? 40 },
    );
  });
}
