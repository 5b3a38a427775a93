/** What is written is, byte for byte, what kafkajs writes of the same records, and is read as what it was. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import crcOfKafkajs from "kafkajs/src/protocol/recordBatch/crc32C/index.js";
import recordOfKafkajs from "kafkajs/src/protocol/recordBatch/record/v0/index.js";
import batchOfKafkajs from "kafkajs/src/protocol/recordBatch/v0/index.js";
import produceV7 from "kafkajs/src/protocol/requests/produce/v7/request.js";
import { batchHeaders } from "../../adapters/event_log_kafka_batches.ts";
import { BatchWriter, stampBatch } from "../../adapters/event_log_kafka_batch_writer.ts";
import { crc32c } from "../../adapters/event_log_kafka_crc32c.ts";
import { sequenceAfter } from "../../adapters/event_log_kafka_delivery.ts";
import { NameMemo } from "../../adapters/event_log_kafka_headers.ts";
import { decodeProduce, encodeProduce } from "../../adapters/event_log_kafka_produce.ts";
import { rawPartition, RecordPortions } from "../../adapters/event_log_kafka_records.ts";
import { kafkaCodecs } from "../../core/config/kafka.ts";
import type { NewRecord } from "../../core/ports.ts";

/** A record and when it was made. */
type Timed = readonly [record: NewRecord, timeMs: number];

const record = (value: string, more: Partial<NewRecord> = {}): NewRecord => ({
  key: "k",
  value,
  instance: null,
  seq: 0,
  runId: null,
  ...more,
});
const identity = { producerId: 4_294_967_297_003n, producerEpoch: 3, sequence: 70_000 };

function writerOf(records: readonly Timed[]): BatchWriter {
  const writer = new BatchWriter();
  for (const [one, timeMs] of records) writer.add(one, timeMs);
  return writer;
}

/** kafkajs's batch of the same records; it takes the lowest time for the first, so that one is given. */
async function expectedBatch(records: readonly Timed[]): Promise<Buffer> {
  const times = records.map(([, timeMs]) => timeMs);
  const encoder = await batchOfKafkajs.RecordBatch({
    firstTimestamp: times[0],
    maxTimestamp: Math.max(...times),
    producerId: identity.producerId.toString(),
    producerEpoch: identity.producerEpoch,
    firstSequence: identity.sequence,
    lastOffsetDelta: records.length - 1,
    records: records.map(([{ key, value, instance, seq, runId }, timeMs], i) =>
      recordOfKafkajs({
        offsetDelta: i,
        timestampDelta: timeMs - times[0]!,
        key,
        value,
        headers: {
          ...(instance === null ? {} : { producer: `${instance}:${seq}` }),
          ...(runId === null ? {} : { run: runId }),
        },
      })
    ),
  });
  return encoder.buffer;
}

/** Records of a batch as the readers of the log see them. */
const readBack = (batch: Buffer) =>
  new RecordPortions(rawPartition(batch, { aborted: [], highWatermark: 0 }), 0, new NameMemo()).take(1e6, Infinity);

const T = 1_764_072_000_000;
const vectors: Readonly<Record<string, readonly Timed[]>> = {
  "one record": [[record("v"), T]],
  "headers, both and one of them": [
    [record("1", { instance: "file:a", seq: 0, runId: "r" }), T],
    [record("2", { instance: "file:a", seq: 9_007_199_254_740_991 }), T + 1],
    [record("3", { runId: "run-1" }), T + 2],
  ],
  "no key, an empty key, empty values": [[record("x", { key: null }), T], [record("", { key: "" }), T]],
  "texts beyond ASCII, halves of surrogate pairs among them": [
    [record("größe 🎉 日本", { key: "schlüssel-🎉", instance: "é", seq: 1, runId: "ß" }), T],
    [record("ü".repeat(40), { key: "\ud83d" }), T],
    [record("日".repeat(3_000)), T],
  ],
  "clocks that go back and far ahead": [
    [record("1"), T],
    [record("2"), T - 5_000],
    [record("3"), T - 4_000_000_000_000],
    [record("4"), T + 40_000_000_000],
  ],
  "lengths around the ends of one, two and three bytes of length": [
    ...[0, 1, 40, 47, 48, 49, 50, 62, 63, 64, 65, 8_170, 8_180, 8_190, 8_191, 8_192, 8_200, 1_048_575, 1_048_576],
  ].map((length): Timed => [record("x".repeat(length)), T]),
  "more records than one byte counts": Array.from({ length: 9_000 }, (_, i): Timed => [record(`${i}`), T + i]),
};

for (const [name, records] of Object.entries(vectors)) {
  Deno.test(`a batch is what kafkajs makes of it: ${name}`, async () => {
    const batch = await writerOf(records).seal("none");
    stampBatch(batch, identity);
    assert.deepEqual(new Uint8Array(batch), new Uint8Array(await expectedBatch(records)));
  });
}

Deno.test("CRC-32C gives the checksums that RFC 3720 states, and kafkajs's for any bytes from any place on", () => {
  const bytes = (make: (i: number) => number) => Uint8Array.from({ length: 32 }, (_, i) => make(i));
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assert.equal(crc32c(bytes(() => 0)), 0x8a9136aa);
  assert.equal(crc32c(bytes(() => 0xff)), 0x62a8ab43);
  assert.equal(crc32c(bytes((i) => i)), 0x46dd794e);
  assert.equal(crc32c(bytes((i) => 31 - i)), 0x113fdb5c);
  assert.equal(crc32c(new Uint8Array(0)), 0);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(20), (given, start) => {
    const from = Math.min(start, given.length);
    assert.equal(crc32c(given, from), crcOfKafkajs(Buffer.from(given.subarray(from))));
  }));
});

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ maxLength: 60 }));
const timedRecords = fc.array(
  fc.tuple(
    fc.record({
      key: fc.option(text),
      value: text,
      instance: fc.option(text),
      seq: fc.maxSafeNat(),
      runId: fc.option(text),
    }),
    fc.integer({ min: T - 10_000_000_000, max: T + 10_000_000_000 }),
  ),
  { minLength: 1, maxLength: 40 },
);

Deno.test("any records come back as they were, with each codec, and the checksum is right", async () => {
  await fc.assert(fc.asyncProperty(timedRecords, fc.constantFrom(...kafkaCodecs), async (records, codec) => {
    const batch = await writerOf(records).seal(codec);
    stampBatch(batch, identity);
    assert.equal(batch.readUInt32BE(17), crcOfKafkajs(batch.subarray(21)));
    const [header, ...others] = batchHeaders(batch);
    assert.deepEqual([header!.producerId, header!.nextOffset, header!.end, others], [
      identity.producerId,
      records.length,
      batch.length,
      [],
    ]);
    const expected = records.map(([one, timeMs], offset) => ({
      ...one,
      seq: one.instance === null ? 0 : one.seq,
      offset,
      appendTimeMs: timeMs,
    }));
    assert.deepEqual(readBack(batch), expected);
  }));
});

Deno.test("a record that is taken back leaves nothing behind, and a writer that is cleared begins anew", async () => {
  await fc.assert(
    fc.asyncProperty(timedRecords, timedRecords, async (records, others) => {
      const expected = new Uint8Array(await writerOf(records).seal("none"));
      const writer = writerOf([...records, others[0]!]);
      writer.undo();
      assert.deepEqual(new Uint8Array(await writer.seal("none")), expected);
      writer.clear();
      for (const [one, timeMs] of records) writer.add(one, timeMs);
      assert.deepEqual(new Uint8Array(await writer.seal("none")), expected);
    }),
    { numRuns: 50 },
  );
});

/** Numbers of the codecs as Kafka's record batches state them. */
for (const [number, codec] of kafkaCodecs.entries()) {
  Deno.test(`texts that repeat shrink with ${codec} as they should, and the batch names the codec`, async () => {
    const records = Array.from({ length: 2_000 }, (_, i): Timed => [record(`{"id":${i},"text":"hello hello"}`), T]);
    const plain = await writerOf(records).seal("none");
    const batch = await writerOf(records).seal(codec);
    assert.equal(batch.readInt16BE(21) & 7, number);
    if (codec !== "none") assert.ok(batch.length < plain.length / 2, `${batch.length} of ${plain.length} bytes`);
    assert.deepEqual(readBack(batch).map(({ value }) => value), records.map(([{ value }]) => value));
  });
}

Deno.test("a batch that another producer is to send differs in the producer and the checksum alone", async () => {
  const batch = await writerOf(vectors["one record"]!).seal("zstd");
  stampBatch(batch, identity);
  const first = Buffer.from(batch);
  stampBatch(batch, { producerId: 5n, producerEpoch: 0, sequence: 0 });
  assert.equal(batch.readUInt32BE(17), crc32c(batch, 21));
  stampBatch(batch, identity);
  assert.deepEqual(batch, first);
});

Deno.test("a partition's count goes on at 0 behind its highest number, and leaves none out", () => {
  assert.deepEqual([sequenceAfter(0, 5), sequenceAfter(2_147_483_640, 7), sequenceAfter(2_147_483_640, 8)], [
    5,
    2_147_483_647,
    0,
  ]);
  assert.equal(sequenceAfter(2_147_483_647, 10), 9);
});

Deno.test("a produce request is what kafkajs makes of it, and its answer says what became of each partition", async () => {
  const messages = ["a", "b"].map((value) => ({ key: "k", value, timestamp: T }));
  const request = produceV7({
    acks: -1,
    timeout: 30_000,
    producerId: identity.producerId.toString(),
    producerEpoch: identity.producerEpoch,
    topicData: [{
      topic: "test.tópico",
      partitions: [{ partition: 0, firstSequence: 70_000, messages }, {
        partition: 7,
        firstSequence: 70_000,
        messages,
      }],
    }],
  });
  const bytes = await writerOf(messages.map(({ value }): Timed => [record(value), T])).seal("none");
  stampBatch(bytes, identity);
  const encoded = encodeProduce({ topic: "test.tópico", batches: [0, 7].map((partition) => ({ partition, bytes })) });
  assert.deepEqual(new Uint8Array(encoded), new Uint8Array((await request.encode()).buffer));

  const answer = Buffer.alloc(4 + 2 + 1 + 4 + 2 * 30 + 4);
  answer.writeInt32BE(1, 0);
  answer.writeInt16BE(1, 4);
  answer.write("t", 6);
  answer.writeInt32BE(2, 7);
  answer.writeInt32BE(0, 11);
  answer.writeInt32BE(7, 41);
  answer.writeInt16BE(6, 45);
  answer.writeInt32BE(250, 71);
  const { outcomes, clientSideThrottleTime } = decodeProduce(answer);
  assert.deepEqual([...outcomes].map(([partition, failure]) => [partition, failure?.type ?? null]), [
    [0, null],
    [7, "NOT_LEADER_FOR_PARTITION"],
  ]);
  assert.equal(clientSideThrottleTime, 250);
});
