/**
 * Who is who in a cluster of Kafka brokers: leaders of partitions, the coordinator of a group, and waiting for changes.
 * @module
 */
import type { Kafka } from "kafkajs";
import { type Cluster, kafkaClient, rawCluster } from "../../../adapters/event_log_kafka_client.ts";
import type { TopicPartition } from "../../../core/ports.ts";
import type { KafkaUnderTest } from "./kafka.ts";
import { configOf } from "./kafka_case.ts";
import type { KafkaNode } from "./kafka_node.ts";
import { waitUntil } from "./service.ts";

const CHANGE_MS_MAX = 60_000;

/** A partition as the cluster shows it. */
export interface PartitionState {
  readonly partition: number;
  /** Number of a broker; -1 = none. */
  readonly leader: number;
  /** The brokers that hold a copy, the one that is to lead first. */
  readonly replicas: readonly number[];
  /** Those of them that have all of it. */
  readonly inSync: readonly number[];
}

/** Looks at a cluster; topics by their full names. */
export class KafkaLeaders {
  readonly #kafka: KafkaUnderTest;
  readonly #client: Kafka;

  /** Looks by itself, whoever of the brokers answers. */
  static async of(kafka: KafkaUnderTest): Promise<KafkaLeaders> {
    return new KafkaLeaders(kafka, await kafkaClient(configOf(kafka), "look"));
  }

  private constructor(kafka: KafkaUnderTest, client: Kafka) {
    this.#kafka = kafka;
    this.#client = client;
  }

  /** The partitions of a topic in order. */
  partitions(topic: string): Promise<PartitionState[]> {
    return this.#with(
      [topic],
      (cluster) =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId, leader, replicas, isr }) => ({
          partition: partitionId,
          leader,
          replicas,
          inSync: isr,
        })).sort((a, b) => a.partition - b.partition),
    );
  }

  /** The next offset of each partition of a topic. */
  ends(topic: string): Promise<number[]> {
    return this.#with([topic], async (cluster) => {
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => ({
        partition: partitionId,
      }));
      const found = await cluster.fetchTopicsOffset([{ topic, partitions, fromBeginning: false }]);
      return found.flatMap((one) => one.partitions.map(({ offset }) => Number(offset)));
    });
  }

  /** The broker that leads a partition. */
  async leader({ topic, partition }: TopicPartition): Promise<KafkaNode> {
    return this.#node((await this.partitions(topic))[partition]!.leader);
  }

  /** The broker that coordinates a group. */
  coordinator(group: string): Promise<KafkaNode> {
    return this.#with([], async (cluster) => {
      const { coordinator } = await cluster.findGroupCoordinatorMetadata({ groupId: group });
      return this.#node(Number(coordinator.nodeId));
    });
  }

  /** Waits until another broker leads the partition. */
  async untilMoved({ topic, partition }: TopicPartition, from: KafkaNode): Promise<void> {
    const hasMoved = async () => {
      const { leader } = (await this.partitions(topic))[partition]!;
      return leader !== from.id && leader >= 0;
    };
    const what = `another leader of ${topic}/${partition}`;
    await waitUntil(hasMoved, { timeoutMs: CHANGE_MS_MAX, everyMs: 100, what });
  }

  /** Waits until every copy of these topics is whole. */
  async untilInSync(topics: readonly string[]): Promise<void> {
    const isInSync = async () => {
      const partitions = (await Promise.all(topics.map((topic) => this.partitions(topic)))).flat();
      return partitions.every(({ replicas, inSync }) => replicas.length === inSync.length);
    };
    await waitUntil(isInSync, { timeoutMs: CHANGE_MS_MAX, everyMs: 100, what: `all copies of ${topics.join(", ")}` });
  }

  /** Has every partition led by the first of its brokers again. */
  async electPreferred(): Promise<void> {
    const args = ["--election-type", "preferred", "--all-topic-partitions"];
    await this.#kafka.tool("org.apache.kafka.tools.LeaderElectionCommand", ...args);
  }

  #node(id: number): KafkaNode {
    const node = this.#kafka.nodes.find((one) => one.id === id);
    if (node === undefined) throw new Error(`no broker has the number ${id}`);
    return node;
  }

  /** Works with a connection of its own, so that nothing is remembered. */
  async #with<T>(topics: string[], work: (cluster: Cluster) => T | Promise<T>): Promise<T> {
    const cluster = rawCluster(this.#client);
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics(topics);
      return await work(cluster);
    } finally {
      await cluster.disconnect();
    }
  }
}
