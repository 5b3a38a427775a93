/**
 * What is asked of a group's coordinator without being a member.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { TopicPartition } from "../core/ports.ts";
import { type Cluster, rawCluster } from "./event_log_kafka_client.ts";

type Coordinator = Awaited<ReturnType<Cluster["findGroupCoordinator"]>> & {
  leaveGroup(of: { readonly groupId: string; readonly memberId: string }): Promise<unknown>;
};

/** Commits an offset of a group that has no member; the topic by its full name. */
export function commitAsNobody(
  kafka: Kafka,
  group: string,
  { topic, partition, nextOffset }: TopicPartition & { readonly nextOffset: number },
): Promise<void> {
  return withCoordinator(kafka, group, (coordinator) =>
    coordinator.offsetCommit({
      groupId: group,
      groupGenerationId: -1,
      memberId: "",
      topics: [{ topic, partitions: [{ partition, offset: String(nextOffset) }] }],
    }));
}

/** Takes a member out of its group, so that nobody waits until its session has ended. */
export function takeOut(kafka: Kafka, group: string, memberId: string): Promise<void> {
  return withCoordinator(kafka, group, (coordinator) => coordinator.leaveGroup({ groupId: group, memberId }));
}

async function withCoordinator(
  kafka: Kafka,
  group: string,
  work: (coordinator: Coordinator) => Promise<unknown>,
): Promise<void> {
  const cluster = rawCluster(kafka);
  try {
    await cluster.connect();
    // This part of a broker is left out of kafkajs's types.
    await work(await cluster.findGroupCoordinator({ groupId: group }) as Coordinator);
  } finally {
    await cluster.disconnect();
  }
}
