/**
 * Appending to Kafka: an idempotent producer and a queue for each topic, so that one that is gone or whose leader is away
 * holds up no other.
 *
 * While a broker is away the same send is tried again, with the same counts, for `deliveryTimeoutMs`; after that the
 * appends in it reject, and it is not known whether they were written.
 * @module
 */
import type { DeliveryOptions, ProducerStats } from "./event_log_kafka_delivery.ts";
import { type OutgoingWrite, TopicLane } from "./event_log_kafka_lane.ts";

export type { ProducerStats } from "./event_log_kafka_delivery.ts";
export type { OutgoingWrite } from "./event_log_kafka_lane.ts";

/** How to make a producer. */
export type ProducerOptions = Omit<DeliveryOptions, "stats" | "closing">;

/** The producer of one log. */
export class KafkaProducer implements AsyncDisposable {
  readonly #options: DeliveryOptions;
  readonly #closing = new AbortController();
  /** By topic: as many as were ever appended to. */
  readonly #lanes = new Map<string, TopicLane>();

  constructor(options: ProducerOptions) {
    const stats = { sends: 0, sentRecords: 0, retries: 0, renewals: 0, waits: 0 };
    this.#options = { ...options, stats, closing: this.#closing.signal };
  }

  stats(): ProducerStats {
    return { ...this.#options.stats };
  }

  /** Resolves when all records are durable, rejects when it is known of each what became of it. Waits for full queues. */
  async send(writes: readonly OutgoingWrite[]): Promise<void> {
    const sending = writes.filter(({ records }) => records.length > 0).map((write) =>
      this.#laneOf(write.topic).send(write)
    );
    const failed = (await Promise.allSettled(sending)).find(({ status }) => status === "rejected");
    if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#lanes.values()].map((lane) => lane[Symbol.asyncDispose]()));
  }

  #laneOf(topic: string): TopicLane {
    let lane = this.#lanes.get(topic);
    if (lane === undefined) this.#lanes.set(topic, lane = new TopicLane(topic, this.#options));
    return lane;
  }
}
