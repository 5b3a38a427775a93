/**
 * Waiting until a topic that was made is known everywhere: brokers learn of it one after the other, and one that has not
 * yet would call it missing, whoever made it.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import { causeOf, type Cluster, rawCluster } from "./event_log_kafka_client.ts";

/** How often a broker that does not know a topic is asked again, and one that knows no leader of a partition yet. */
const LOOKS_MAX = 50;
const LEADER_LOOKS_MAX = 10;
const LOOK_MS = 200;

/** Topics, by their full names. */
interface Asked {
  readonly topics: readonly string[];
  readonly clock: Clock;
}

/** Resolves when every broker that answers knows these topics. */
export async function untilAllKnow(kafka: Kafka, { topics, clock }: Asked): Promise<void> {
  if (topics.length === 0) return;
  const cluster = rawCluster(kafka);
  try {
    await cluster.connect();
    // Which brokers there are.
    await cluster.refreshMetadata();
    await Promise.all(cluster.getNodeIds().map((node) => untilKnows(cluster, String(node), { topics, clock })));
  } finally {
    await cluster.disconnect();
  }
}

async function untilKnows(cluster: Cluster, node: string, { topics, clock }: Asked): Promise<void> {
  for (let look = 1;; look++) {
    try {
      const broker = await cluster.findBroker({ nodeId: node });
      const { topicMetadata } = await broker.metadata([...topics]);
      const isLed = topicMetadata.every(({ partitionMetadata }) =>
        partitionMetadata.every(({ leader }) => leader >= 0)
      );
      if (isLed || look >= LEADER_LOOKS_MAX) return;
    } catch (error) {
      // One that is away learns of them before it answers again.
      if (causeOf(error).type !== "UNKNOWN_TOPIC_OR_PARTITION") return;
      if (look === LOOKS_MAX) throw error;
    }
    await clock.sleep(LOOK_MS);
  }
}
