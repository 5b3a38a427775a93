/**
 * Reading ahead: one fetch in flight per broker, begun when nothing of it is left to hand out. What is held in memory is
 * bounded by one answer of each broker.
 * @module
 */
import type { Kafka } from "kafkajs";
import type { Clock } from "../core/clock.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { causeOf, type Cluster, type KafkaFailure, rawCluster } from "./event_log_kafka_client.ts";
import { type Fetched, fetchFrom, type FetchLimits, type FetchPlace, placesByLeader } from "./event_log_kafka_fetch.ts";
import { offsetAfter } from "./event_log_kafka_records.ts";

/** How to read ahead. */
export interface FetcherOptions {
  readonly kafka: Kafka;
  readonly clock: Clock;
  readonly onNote: (note: string) => void;
  /** Something came, or {@link Fetcher.failure} is set. */
  readonly onReady: () => void;
  /** A place is not on the broker any more: deleted by retention, or the topic is gone or another one. */
  readonly onLost: (cause: string) => void;
}

/** What readers went through; counts of all readers of one log. */
export interface FetcherStats {
  fetches: number;
  /** Fetches that failed and were tried again. */
  retries: number;
  /** Times that a place was not on the broker any more. */
  lostPlaces: number;
}

/** Memory of a fetch: per partition, and per broker. Compressed batches grow when they are decoded. */
const limits: FetchLimits = { waitMs: 500, partitionBytesMax: 4 << 20, bytesMax: 16 << 20 };
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 2_000;

/** A place that was read to is gone. */
const lost = new Set(["OFFSET_OUT_OF_RANGE", "UNKNOWN_TOPIC_OR_PARTITION"]);
/** No repetition changes it. */
const hopeless = new Set(["TOPIC_AUTHORIZATION_FAILED", "GROUP_AUTHORIZATION_FAILED", "UNSUPPORTED_VERSION"]);
const hopelessNames = new Set(["KafkaJSNotImplemented", "RangeError", "KafkaJSSASLAuthenticationError"]);

/** What came, and the broker that it came from. */
interface Ready extends Fetched {
  readonly node: string;
}

/** Reads the partitions of one session. */
export class Fetcher implements AsyncDisposable {
  /** Why reading cannot go on; the reader is to end with it. */
  failure: Error | null = null;
  readonly #options: FetcherOptions;
  readonly #stats: FetcherStats;
  readonly #closing = new AbortController();
  /** The connection, once it knows who leads every place. */
  #cluster: Cluster | null = null;
  /** The connection that was made last and has not failed. */
  #latest: Cluster | null = null;
  #opening: Promise<void> | null = null;
  /** Rises with every session: what was asked for before it is thrown away. */
  #session = 0;
  readonly #places = new Map<string, FetchPlace>();
  #ready: Ready[] = [];
  readonly #flights = new Map<string, Promise<void>>();
  /** In a row. */
  #failures = 0;

  constructor(options: FetcherOptions, stats: FetcherStats) {
    this.#options = options;
    this.#stats = stats;
  }

  /** Reads from these places from now on, and from no others. */
  assign(places: readonly FetchPlace[]): void {
    this.#session++;
    this.#ready = [];
    this.#places.clear();
    for (const place of places) this.#places.set(`${place.topic}/${place.partition}`, place);
    this.read();
  }

  /** What came, in the order in which it came; null where nothing is there yet. */
  take(): Fetched | null {
    return this.#ready.shift() ?? null;
  }

  /** To be called when what was taken is handed out to its last portion: where nothing is left, a fetch begins. */
  read(): void {
    if (this.#opening !== null || this.#places.size === 0 || this.#closing.signal.aborted) return;
    const cluster = this.#cluster;
    if (cluster === null) {
      this.#opening = this.#open().finally(() => {
        this.#opening = null;
        if (this.failure === null) this.read();
      });
      return;
    }
    for (const [node, places] of placesByLeader(cluster, [...this.#places.values()])) {
      if (this.#flights.has(node) || this.#ready.some((ready) => ready.node === node)) continue;
      const flight = this.#fly(cluster, node, places).finally(() => {
        this.#flights.delete(node);
        if (this.failure === null) this.read();
      });
      this.#flights.set(node, flight);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.assign([]);
    await this.#cluster?.disconnect().catch(() => {});
    await Promise.all([this.#opening, ...this.#flights.values()]);
    // One that came up meanwhile.
    await this.#latest?.disconnect().catch(() => {});
  }

  /** Makes a connection that knows who leads every place. */
  async #open(): Promise<void> {
    const cluster = rawCluster(this.#options.kafka);
    this.#latest = cluster;
    const topics = [...new Set([...this.#places.values()].map(({ topic }) => topic))];
    const session = this.#session;
    try {
      await cluster.connect();
      await cluster.addMultipleTargetTopics(topics);
      if (placesByLeader(cluster, [...this.#places.values()]).size === 0) throw new Error("no partition has a leader");
      this.#cluster = cluster;
    } catch (error) {
      await this.#recover(causeOf(error), cluster, session);
    }
  }

  async #fly(cluster: Cluster, node: string, places: readonly FetchPlace[]): Promise<void> {
    const session = this.#session;
    try {
      const fetched = await fetchFrom(cluster, { node, places, limits });
      this.#stats.fetches++;
      if (this.#failures > 1) {
        this.#options.onNote(`Kafka answers again: reading goes on after ${this.#failures} failures`);
      }
      this.#failures = 0;
      if (session !== this.#session) return;
      for (const one of fetched) {
        const offset = offsetAfter(one.raw, one.offset);
        if (offset === one.offset) continue;
        const { topic, partition } = one;
        this.#places.set(`${topic}/${partition}`, { topic, partition, offset });
        this.#ready.push({ ...one, node });
      }
      if (this.#ready.length > 0) this.#options.onReady();
    } catch (error) {
      await this.#recover(causeOf(error), cluster, session);
    }
  }

  async #recover(cause: KafkaFailure, cluster: Cluster, session: number): Promise<void> {
    const { clock, onNote, onLost, onReady } = this.#options;
    // One that was replaced already takes its other requests with it: they say nothing new.
    const isNews = this.#latest === cluster;
    if (isNews) {
      this.#cluster = null;
      this.#latest = null;
    }
    await cluster.disconnect().catch(() => {});
    if (!isNews || session !== this.#session || this.#closing.signal.aborted) return;
    if (lost.has(cause.type ?? "")) {
      this.#stats.lostPlaces++;
      // Nothing is read until it is known from where.
      this.assign([]);
      return onLost(cause.message);
    }
    if (hopeless.has(cause.type ?? "") || hopelessNames.has(cause.name)) {
      this.failure = unreadable(cause, [...this.#places.values()]);
      return onReady();
    }
    this.#stats.retries++;
    // A leader that moved, or a connection that broke: both are over at the next try, most of the time.
    if (++this.#failures === 2) onNote(`Kafka cannot be read (${cause.message}); it is tried again`);
    await clock.sleep(Math.min(RETRY_MS_MIN * 2 ** this.#failures, RETRY_MS_MAX), this.#closing.signal);
  }
}

/** What stands where the records of these places cannot be read. */
export function unreadable(error: unknown, places: readonly FetchPlace[]): UserError {
  const cause = causeOf(error);
  const where = places.map(({ topic, partition, offset }) => `${topic}/${partition} from offset ${offset}`).join(", ");
  // The broker's own words have numbers for codes, those of decompressors are texts.
  const isDamaged = cause.name === "RangeError" || ("code" in cause && typeof cause.code === "string");
  return new UserError("unavailable", {
    cause: `Cannot read ${where}: ${messageOf(cause)}`,
    fix: isDamaged
      ? "a batch there is damaged or of a kind that is not known: have the broker check it, or delete it"
      : "see to the rights of the user and to the settings of the topic",
  }, { cause });
}
