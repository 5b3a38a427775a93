/**
 * Fetching partitions of Kafka directly from their leaders, without a consumer group: who may read what is decided
 * elsewhere, and what is read where is decided here alone.
 * @module
 */
import type { TopicPartition } from "../core/ports.ts";
import type { Cluster } from "./event_log_kafka_client.ts";
import { type RawPartition, rawPartition } from "./event_log_kafka_records.ts";
import type { FetchResponse } from "./event_log_kafka_response.ts";

/** A place to read from; the topic by its full name. */
export interface FetchPlace extends TopicPartition {
  readonly offset: number;
}

/** What came from a place. */
export interface Fetched extends FetchPlace {
  readonly raw: RawPartition;
}

/** How long a fetch waits at the broker, and how much it brings. */
export interface FetchLimits {
  readonly waitMs: number;
  /** Of one partition; its first batch comes whole, however large. */
  readonly partitionBytesMax: number;
  readonly bytesMax: number;
}

/** Only what is committed. */
const READ_COMMITTED = 1;

/** Stands for the leader of a partition that has none: asking it fails as asking any broker that is away. */
const NOBODY = "-1";

/** Places by the node that leads them, as far as the connection knows: it must have been told of the topics. */
export function placesByLeader(cluster: Cluster, places: readonly FetchPlace[]): Map<string, FetchPlace[]> {
  const byNode = new Map<string, FetchPlace[]>();
  for (const topic of new Set(places.map((place) => place.topic))) {
    const ofTopic = places.filter((place) => place.topic === topic);
    const leaders = new Map(cluster.findTopicPartitionMetadata(topic).map((one) => [one.partitionId, one.leader]));
    for (const place of ofTopic) {
      const node = String(leaders.get(place.partition) ?? NOBODY);
      byNode.set(node, [...(byNode.get(node) ?? []), place]);
    }
  }
  return byNode;
}

/** One fetch from one node. Rejects with kafkajs's error as soon as one of the places has one. */
export async function fetchFrom(
  cluster: Cluster,
  request: { readonly node: string; readonly places: readonly FetchPlace[]; readonly limits: FetchLimits },
): Promise<Fetched[]> {
  const { node, places, limits } = request;
  const broker = await cluster.findBroker({ nodeId: node });
  const topics = [...new Set(places.map(({ topic }) => topic))];
  const response: FetchResponse = await broker.fetch({
    isolationLevel: READ_COMMITTED,
    maxWaitTime: limits.waitMs,
    minBytes: 1,
    maxBytes: limits.bytesMax,
    topics: topics.map((topic) => ({
      topic,
      partitions: places.filter((place) => place.topic === topic).map(({ partition, offset }) => ({
        partition,
        fetchOffset: String(offset),
        maxBytes: limits.partitionBytesMax,
      })),
    })),
  });
  return response.responses.flatMap(({ topicName, partitions }) =>
    partitions.flatMap(({ partition, highWatermark, aborted, recordSet }) => {
      if (recordSet === undefined) throw new RangeError("Cannot read from a broker older than Kafka 2.3");
      const place = places.find((asked) => asked.topic === topicName && asked.partition === partition);
      return place === undefined ? [] : [{ ...place, raw: rawPartition(recordSet, { aborted, highWatermark }) }];
    })
  );
}
