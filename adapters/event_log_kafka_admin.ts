/**
 * Topics, offsets and settings on Kafka. A connection that failed is thrown away and made anew: kafkajs's would go on
 * asking for topics that are gone.
 * @module
 */
import { type Admin, ConfigResourceTypes, type ITopicConfig, type Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import type { KafkaConfig } from "../core/config/kafka.ts";
import { derivedTopics } from "../core/events/mod.ts";
import type { TopicSpec } from "../core/ports.ts";
import { isRekeyTopic } from "../core/rekey.ts";
import { causeOf } from "./event_log_kafka_client.ts";
import { untilAllKnow } from "./event_log_kafka_spread.ts";

/** How topics are made. */
export interface TopicSettings {
  readonly prefix: string;
  readonly retentionMs: number;
  readonly clock: Clock;
  readonly config: Pick<KafkaConfig, "numPartitions" | "replicationFactor">;
  readonly onNote: (note: string) => void;
}

/** First and next offset of each partition. */
export interface PartitionOffsets {
  readonly starts: number[];
  readonly ends: number[];
}

/**
 * The largest record that a topic of ours takes. Kafka's own bound is 1 MiB for a whole batch, less than one event may
 * have.
 */
export const MESSAGE_BYTES_MAX = 8 << 20;
/** What a copy for rekeyed pipelines has beyond the record. */
const COPY_BYTES_MAX = 1 << 20;
/** Topics of this part of the names are nobody's to read, but for those of rekeyed pipelines. */
const INTERNAL = "internal.";
/** How often a list of topics is asked for while they are being made and deleted. */
const CHANGES_MAX = 10;
const CHANGE_MS = 200;
/** Tries of a call whose connection others throw away. */
const TRIES_MAX = 5;
/** Stands for the number of copies that the broker makes by default. */
const AS_BROKER_SAYS = -1;
const TIMESTAMP_TYPE = "message.timestamp.type";
const LOG_APPEND_TIME = "LogAppendTime";

/** A topic that is not there: never made, or deleted. */
export class UnknownTopicError extends Error {
  override readonly name = "UnknownTopicError";

  constructor(topic: string, cause: unknown) {
    super(`Cannot use topic ${topic}: it was never ensured`, { cause });
  }
}

/** What administers one log's topics. */
export class KafkaAdmin implements AsyncDisposable {
  readonly #kafka: Kafka;
  readonly #settings: TopicSettings;
  #admin: Promise<Admin> | null = null;
  #closed = false;

  constructor(kafka: Kafka, settings: TopicSettings) {
    this.#kafka = kafka;
    this.#settings = settings;
  }

  /** The name on the broker. */
  fullName(topic: string): string {
    return `${this.#settings.prefix}.${topic}`;
  }

  /** Makes what is missing; says where a topic that is there differs in a way that matters. */
  async ensure(specs: readonly TopicSpec[]): Promise<void> {
    const names = await this.#names();
    const missing = specs.filter(({ topic }) => !names.has(this.fullName(topic)));
    await this.#create(missing.map((spec) => this.#configOf(spec)));
    // Those that are there too: somebody else may have made them a moment ago.
    await this.#untilAllKnow(specs.map(({ topic }) => this.fullName(topic)));
    await this.#compare(specs.filter((spec) => !missing.includes(spec)).map(({ topic }) => topic));
  }

  /** Makes an internal topic of one partition that keeps the last value of each key. */
  async ensureCompacted(topic: string): Promise<void> {
    if (await this.partitionCount(topic) !== null) return;
    await this.#create([{
      topic: this.fullName(topic),
      numPartitions: 1,
      replicationFactor: this.#settings.config.replicationFactor ?? AS_BROKER_SAYS,
      configEntries: [{ name: "cleanup.policy", value: "compact" }],
    }]);
    await this.#untilAllKnow([this.fullName(topic)]);
  }

  /** The topics of the prefix by their names below it. */
  async topics(): Promise<TopicSpec[]> {
    const { topics } = await this.#whileTopicsChange((admin) => admin.fetchTopicMetadata());
    const start = `${this.#settings.prefix}.`;
    return topics.filter(({ name }) => name.startsWith(start))
      .map(({ name, partitions }) => ({ topic: name.slice(start.length), partitions: partitions.length }))
      .filter(({ topic }) => !topic.startsWith(INTERNAL) || isRekeyTopic(topic));
  }

  /** How many partitions a topic has; null where there is no such topic. */
  async partitionCount(topic: string): Promise<number | null> {
    try {
      const { topics } = await this.#with((admin) => admin.fetchTopicMetadata({ topics: [this.fullName(topic)] }));
      return topics[0]?.partitions.length ?? null;
    } catch (error) {
      if (isUnknownTopic(error)) return null;
      throw error;
    }
  }

  /** Offsets of all partitions. */
  async offsets(topic: string): Promise<PartitionOffsets> {
    try {
      const found = await this.#with((admin) => admin.fetchTopicOffsets(this.fullName(topic)));
      const inOrder = found.toSorted((a, b) => a.partition - b.partition);
      return { starts: inOrder.map(({ low }) => Number(low)), ends: inOrder.map(({ high }) => Number(high)) };
    } catch (error) {
      if (isUnknownTopic(error)) throw new UnknownTopicError(topic, error);
      throw error;
    }
  }

  /** Asks by a new connection from now on, and by that another broker. */
  forget(): Promise<void> {
    return this.#drop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }

  #configOf({ topic, partitions }: TopicSpec): ITopicConfig {
    if (!Number.isInteger(partitions) || partitions < 1) {
      throw new RangeError(`Cannot make topic ${topic}: partitions is ${partitions}`);
    }
    const { config: { numPartitions, replicationFactor }, retentionMs } = this.#settings;
    const isOwn = Object.values<string>(derivedTopics).includes(topic) || isRekeyTopic(topic);
    return {
      topic: this.fullName(topic),
      numPartitions: isOwn ? partitions : numPartitions ?? partitions,
      replicationFactor: replicationFactor ?? AS_BROKER_SAYS,
      configEntries: [
        { name: TIMESTAMP_TYPE, value: LOG_APPEND_TIME },
        { name: "retention.ms", value: String(retentionMs) },
        { name: "max.message.bytes", value: String(MESSAGE_BYTES_MAX + (isRekeyTopic(topic) ? COPY_BYTES_MAX : 0)) },
      ],
    };
  }

  async #create(topics: ITopicConfig[]): Promise<void> {
    if (topics.length === 0) return;
    try {
      await this.#with((admin) => admin.createTopics({ topics, waitForLeaders: false }));
    } catch (error) {
      // Another process may have made some of them in between.
      const names = await this.#names();
      if (!topics.every(({ topic }) => names.has(topic))) throw error;
    }
  }

  #untilAllKnow(topics: readonly string[]): Promise<void> {
    return untilAllKnow(this.#kafka, { topics, clock: this.#settings.clock });
  }

  async #compare(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    const resources = topics.map((topic) => ({ type: ConfigResourceTypes.TOPIC, name: this.fullName(topic) }));
    const found = await this.#with((admin) => admin.describeConfigs({ includeSynonyms: false, resources }));
    for (const { resourceName, configEntries } of found.resources) {
      const value = (name: string) => configEntries.find((entry) => entry.configName === name)?.configValue;
      if (value(TIMESTAMP_TYPE) !== LOG_APPEND_TIME) {
        this.#settings.onNote(
          `topic ${resourceName} has ${TIMESTAMP_TYPE}=${
            value(TIMESTAMP_TYPE)
          }: the age of its records is what their ` +
            `producers say; set ${LOG_APPEND_TIME} where that can be wrong`,
        );
      }
      if (value("retention.ms") !== String(this.#settings.retentionMs)) {
        this.#settings.onNote(
          `topic ${resourceName} has retention.ms=${
            value("retention.ms")
          }, not ${this.#settings.retentionMs}: it stays so`,
        );
      }
    }
  }

  async #names(): Promise<Set<string>> {
    return new Set(await this.#whileTopicsChange((admin) => admin.listTopics()));
  }

  /** A list that names a topic which is gone by the time that it is looked at is asked for again. */
  async #whileTopicsChange<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#with(work);
      } catch (error) {
        if (!isUnknownTopic(error) || attempt === CHANGES_MAX) throw error;
        await this.#settings.clock.sleep(CHANGE_MS);
      }
    }
  }

  /** Works with a connection that is up; once more with a new one where it was not, or was thrown away by another call. */
  async #with<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1;; attempt++) {
      if (this.#closed) throw new Error("Cannot reach Kafka: the log is closed");
      const connecting = this.#admin ??= this.#connect();
      try {
        return await work(await connecting);
      } catch (error) {
        const wasInUse = this.#admin === connecting;
        if (wasInUse) await this.#drop();
        if (isLeaderless(error) && attempt < CHANGES_MAX) {
          await this.#settings.clock.sleep(CHANGE_MS);
          continue;
        }
        // A connection that has seen a topic go does not know that it was made anew: a new one does.
        if (attempt >= (wasInUse ? 2 : TRIES_MAX)) throw error;
      }
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => {});
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const admin = this.#admin;
    this.#admin = null;
    await admin?.then((connected) => connected.disconnect()).catch(() => {});
  }
}

/** What partitions answer while their leader is being chosen, as right after a topic was made. */
const isLeaderless = (error: unknown): boolean =>
  ["NOT_LEADER_FOR_PARTITION", "LEADER_NOT_AVAILABLE"].includes(String(causeOf(error).type));

const isUnknownTopic = (error: unknown): boolean => causeOf(error).type === "UNKNOWN_TOPIC_OR_PARTITION";
