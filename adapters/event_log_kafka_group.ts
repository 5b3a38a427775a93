/**
 * What is asked of a group's coordinator without being a member.
 * @module
 */
import { type Kafka, type PartitionAssigner, PartitionAssigners } from "kafkajs";
import type { TopicPartition } from "../core/ports.ts";
import { type Cluster, rawCluster } from "./event_log_kafka_client.ts";

/** With the parts of a broker that kafkajs's types leave out. */
type Coordinator = Awaited<ReturnType<Cluster["findGroupCoordinator"]>> & {
  joinGroup(request: unknown): Promise<{ readonly memberId: string }>;
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

/**
 * kafkajs's way to share out partitions, which also tells the name that the group gives a consumer, as soon as it has one:
 * a consumer that fails before it knows its partitions leaves a member behind whose name nobody else has heard.
 */
export function namingAssigner(onName: (memberId: string) => void): PartitionAssigner {
  return (context) => {
    const { cluster } = context;
    const find = cluster.findGroupCoordinator.bind(cluster);
    const known = new WeakSet<Coordinator>();
    cluster.findGroupCoordinator = async (of) => {
      const coordinator = await find(of) as Coordinator;
      if (!known.has(coordinator)) {
        known.add(coordinator);
        const join = coordinator.joinGroup.bind(coordinator);
        coordinator.joinGroup = async (request) => {
          const joined = await join(request);
          onName(joined.memberId);
          return joined;
        };
      }
      return coordinator;
    };
    return PartitionAssigners.roundRobin(context);
  };
}

async function withCoordinator(
  kafka: Kafka,
  group: string,
  work: (coordinator: Coordinator) => Promise<unknown>,
): Promise<void> {
  const cluster = rawCluster(kafka);
  try {
    await cluster.connect();
    await work(await cluster.findGroupCoordinator({ groupId: group }) as Coordinator);
  } finally {
    await cluster.disconnect();
  }
}
