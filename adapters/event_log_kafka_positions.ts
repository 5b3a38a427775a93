/**
 * Positions of sources on Kafka: an internal topic that keeps the last state of each, written after the records that it
 * covers. A kill in between repeats records, which their sequence numbers tell.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { SourcePosition } from "../core/ports.ts";
import type { KafkaAdmin } from "./event_log_kafka_admin.ts";
import { rawCluster } from "./event_log_kafka_client.ts";
import { fetchFrom, placesByLeader } from "./event_log_kafka_fetch.ts";
import type { KafkaProducer } from "./event_log_kafka_producer.ts";
import { NameMemo } from "./event_log_kafka_headers.ts";
import { offsetAfter, RecordPortions } from "./event_log_kafka_records.ts";

/** The topic, below TOPIC_PREFIX. */
const TOPIC = "internal.positions";
const limits = { waitMs: 100, partitionBytesMax: 4 << 20, bytesMax: 4 << 20 };

/** What positions need of their log. */
export interface PositionsOptions {
  readonly kafka: Kafka;
  readonly admin: KafkaAdmin;
  readonly producer: KafkaProducer;
}

/** The saved positions. In memory is what was read; the topic is read on from there. */
export class KafkaPositions {
  readonly #options: PositionsOptions;
  readonly #states = new Map<string, string>();
  #readOffset = 0;
  #ensured: Promise<void> | null = null;

  constructor(options: PositionsOptions) {
    this.#options = options;
  }

  /** Resolves when durable. */
  async save(positions: readonly SourcePosition[]): Promise<void> {
    if (positions.length === 0) return;
    await this.#ensure();
    const topic = this.#options.admin.fullName(TOPIC);
    const records = positions.map(({ id, state }) => ({
      key: id,
      value: JSON.stringify(state) ?? "null",
      instance: null,
      seq: 0,
      runId: null,
    }));
    await this.#options.producer.send([{ topic, records, partitionOf: () => 0 }]);
  }

  /** The state last saved by anybody, or null. */
  async load(id: string): Promise<unknown> {
    await this.#ensure();
    await this.#readOn();
    return JSON.parse(this.#states.get(id) ?? "null");
  }

  #ensure(): Promise<void> {
    this.#ensured ??= this.#options.admin.ensureCompacted(TOPIC).catch((error) => {
      this.#ensured = null;
      throw error;
    });
    return this.#ensured;
  }

  async #readOn(): Promise<void> {
    const { admin, kafka } = this.#options;
    const { starts, ends } = await admin.offsets(TOPIC);
    const end = ends[0] ?? 0;
    // A topic that is shorter than what was read of it is another one.
    if (end < this.#readOffset) {
      this.#states.clear();
      this.#readOffset = 0;
    }
    this.#readOffset = Math.max(this.#readOffset, starts[0] ?? 0);
    if (this.#readOffset >= end) return;
    const topic = admin.fullName(TOPIC);
    const cluster = rawCluster(kafka);
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics([topic]);
      while (this.#readOffset < end) {
        const places = [{ topic, partition: 0, offset: this.#readOffset }];
        for (const [node, ofNode] of placesByLeader(cluster, places)) {
          for (const { raw, offset } of await fetchFrom(cluster, { node, places: ofNode, limits })) {
            const portions = new RecordPortions(raw, offset, new NameMemo());
            for (const { key, value } of portions.take(Infinity, Infinity)) {
              if (key !== null) this.#states.set(key, value);
            }
            this.#readOffset = offsetAfter(raw, offset);
          }
        }
      }
    } finally {
      await cluster.disconnect();
    }
  }
}
