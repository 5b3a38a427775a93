/**
 * A lookup on a real broker: a table with tombstones, whoever dies or joins while its events are copied.
 */
import assert from "node:assert/strict";
import type { KafkaLog } from "../../adapters/event_log_kafka.ts";
import { systemClock } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import { days } from "../../core/time.ts";
import { readCopy } from "../../processor/engine/rekey_copy.ts";
import { Processor } from "../../processor/processor.ts";
import { readAll } from "../contracts/event_log_support.ts";
import { chatValue, Engine, noonMs, type Sent } from "../support/engine_kit.ts";
import { byCategory, categoryOf, metaRecord } from "../support/lookup_kit.ts";
import { referenceJoin, referenceRows } from "../support/lookup_reference.ts";
import { mortal } from "../support/mortal_ports.ts";
import { kafkaCase } from "../support/services/kafka_case.ts";
import { findProgram, runProgram } from "../support/services/service.ts";

const kafka = kafkaCase();
const kcat = findProgram("kcat");
const EVENTS = 3_000;
const PARTITIONS = 3;
const bounds = { waitMs: 1_000, historyMs: 600_000 };
const pipelines = [byCategory(categoryOf(bounds), days(1_000))];
const internal = pipelines[0]!.topic;
const options = { pipelines, liveFeed: null, idleTimeoutMs: null, whenFenced: "leave" } as const;

/** Five minutes of five streams, each of which changes its category now and then; one is deleted at the end. */
async function filledLog(topicPrefix: string): Promise<KafkaLog> {
  const log = await kafka.open({ topicPrefix });
  await log.ensureTopics([
    { topic: chatEvents.topic, partitions: PARTITIONS },
    { topic: streamMetaEvents.topic, partitions: 2 },
    ...Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 })),
  ]);
  const rows = Array.from(
    { length: 60 },
    (_, i) => metaRecord({ at: i * 5, key: `s${(i * i) % 5}`, category: `category ${i % 7}`, id: String(i) }),
  );
  await log.append({ writes: [{ topic: streamMetaEvents.topic, records: rows }] });
  await log.append({ writes: [{ topic: chatEvents.topic, records: records(0, EVENTS) }] });
  const args = [
    "-P",
    "-b",
    kafka.broker().bootstrap,
    "-t",
    `${topicPrefix}.${streamMetaEvents.topic}`,
    "-K",
    "|",
    "-Z",
  ];
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "s1|\n");
    await runProgram(kcat!, { args: [...args, "-X", "topic.partitioner=murmur2_random", "-l", file] });
  } finally {
    await Deno.remove(file);
  }
  return log;
}

/** Events of five minutes; those after the first {@link EVENTS} have the times of now, after the tombstone. */
function records(from: number, to: number) {
  return Array.from({ length: to - from }, (_, n) => {
    const i = from + n;
    const at = i < EVENTS ? i / 10 : (Date.now() - noonMs) / 1_000;
    const sent: Sent = { at, key: `s${(i * 3) % 5}`, id: String(i) };
    return { key: sent.key!, value: JSON.stringify(chatValue(sent)), instance: null, seq: 0, runId: "run" };
  });
}

/** Rows, and the copies that are to be there, by a walk over what stands in the log. */
async function referenceOf(log: KafkaLog) {
  const table = (await readAll(log, streamMetaEvents.topic)).flat();
  const events = await readAll(log, chatEvents.topic);
  return { table, copies: events.map((partition) => referenceJoin(partition, table, bounds)) };
}

kafka.testWithKcat(
  "a lookup with tombstones, through a death and with two processes, gives the rows of a naive join",
  async () => {
    await using log = await filledLog("lookup");
    await using other = await kafka.open({ topicPrefix: "lookup" });
    const engine = await Engine.open();
    const ports = { ...engine.ports, clock: systemClock };
    const dying = mortal({ ...ports, log }, { atCall: 45, afterwards: true, passes: false });
    await assert.rejects(() => new Processor(dying.ports, options).run(AbortSignal.timeout(60_000)), /died|dead/);

    const stop = new AbortController();
    const processors = [log, other].map((of) => new Processor({ ...ports, log: of }, options));
    const running = processors.map((processor) => processor.run(stop.signal));
    await log.append({ writes: [{ topic: chatEvents.topic, records: records(EVENTS, EVENTS + 50) }] });
    const counted = async () => (await ports.summaryStore.progress()).reduce((sum, { counts }) => sum + counts.in, 0);
    const endMs = Date.now() + 60_000;
    while (await counted() < EVENTS + 50 && Date.now() < endMs) await systemClock.sleep(100);
    stop.abort();
    await Promise.all(running);
    assert.equal(await counted(), EVENTS + 50);

    const last = new Processor({ ...ports, log }, options);
    const end = new AbortController();
    const ending = last.run(end.signal);
    await Promise.race([last.drain(), ending]);
    end.abort();
    await ending;

    const { table, copies } = await referenceOf(log);
    assert.equal(table.filter(({ fault }) => fault === "tombstone").length, 1);
    const { rows } = await ports.summaryStore.query({ table: pipelines[0]!.table.table });
    const found = rows.map(([category, start, , events, streams]) => `${category} ${start} ${events} ${streams}`)
      .sort();
    assert.deepEqual(found, referenceRows(copies.flat()));
    assert.ok(copies.flat().some(({ category }) => category === "none"), "the tombstone is seen");
    const written = (await readAll(log, internal)).flat().map(readCopy).filter((copy) => copy?.record);
    assert.equal(new Set(written.map((copy) => `${copy!.mark.partition}:${copy!.sourceOffset}`)).size, EVENTS + 50);
  },
);
