/**
 * Which incarnation of a topic a partition belongs to. kafkajs shows no topic id, so it is told from what was read: a
 * number that rises where the log ends before it, or where the last record that was read is another one now.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { KnownPlace, TopicPartition } from "../core/ports.ts";
import { witnessOf, witnessOffset } from "../core/witness.ts";
import type { KafkaAdmin } from "./event_log_kafka_admin.ts";
import { rawCluster } from "./event_log_kafka_client.ts";
import { fetchFrom, placesByLeader } from "./event_log_kafka_fetch.ts";
import { NameMemo } from "./event_log_kafka_headers.ts";
import { RecordPortions } from "./event_log_kafka_records.ts";

/** What it takes to look. */
export interface IncarnationOptions {
  readonly kafka: Kafka;
  readonly admin: KafkaAdmin;
  readonly clock: Clock;
}

/**
 * A broker that stood still takes itself for the leader for a moment, with the end of then: an end is looked at so often
 * before it counts, each time as another broker sees the cluster.
 */
const END_LOOKS = 5;
const END_LOOK_MS = 500;
const limits = { waitMs: 500, partitionBytesMax: 1 << 20, bytesMax: 1 << 20 };

/** The incarnation of a partition's topic, given what is known of the partition. */
export async function incarnationOf(
  options: IncarnationOptions,
  at: TopicPartition,
  known: KnownPlace | null,
): Promise<string> {
  if (known === null) {
    await options.admin.offsets(at.topic);
    return nameOf(at.topic, 1);
  }
  const number = Number(/#(\d+)$/.exec(known.incarnation)?.[1] ?? 0);
  const same = await isSame(options, at, known);
  return nameOf(at.topic, same ? Math.max(1, number) : number + 1);
}

const nameOf = (topic: string, number: number): string => `${topic}#${number}`;

async function isSame({ kafka, admin, clock }: IncarnationOptions, at: TopicPartition, known: KnownPlace) {
  let start = 0;
  for (let look = 1;; look++) {
    const { starts, ends } = await admin.offsets(at.topic);
    const end = ends[at.partition] ?? 0;
    start = starts[at.partition] ?? 0;
    if (end >= known.nextOffset) break;
    if (look === END_LOOKS) return false;
    await admin.forget();
    await clock.sleep(END_LOOK_MS);
  }
  if (known.witness === null) return true;
  const offset = witnessOffset(known.witness);
  // Deleted by retention: nothing speaks against it.
  if (offset < start) return true;
  const found = await witnessAt(kafka, { topic: admin.fullName(at.topic), partition: at.partition }, offset);
  return found === null || found === known.witness;
}

/** The witness of the record at an offset; null where no record is there. */
async function witnessAt(kafka: Kafka, { topic, partition }: TopicPartition, offset: number): Promise<string | null> {
  const cluster = rawCluster(kafka);
  try {
    await cluster.connect();
    await cluster.addMultipleTargetTopics([topic]);
    for (const [node, places] of placesByLeader(cluster, [{ topic, partition, offset }])) {
      for (const { raw } of await fetchFrom(cluster, { node, places, limits })) {
        const [record] = new RecordPortions(raw, offset, new NameMemo()).take(1, 1);
        if (record !== undefined) return record.offset === offset ? witnessOf(record) : null;
      }
    }
    return null;
  } finally {
    await cluster.disconnect();
  }
}
