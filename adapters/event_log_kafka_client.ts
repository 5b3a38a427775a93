/**
 * Connections to Kafka by kafkajs: brokers, TLS, password, and the library kept quiet. What it has to say goes to one
 * listener; nothing reaches the terminal by itself.
 * @module
 */
import { readFile } from "node:fs/promises";
import { type Cluster, Kafka, logLevel, PartitionAssigners, type SASLOptions } from "kafkajs";
import type { KafkaConfig, KafkaSasl } from "../core/config/kafka.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { acceptLeaderless } from "./event_log_kafka_leaderless.ts";
import { mendRequestQueue } from "./event_log_kafka_request_queue.ts";
import { installFetchDecoder } from "./event_log_kafka_response.ts";

export type { Cluster } from "kafkajs";

/** An error of kafkajs: its kind by name, a broker's own word for it by type. */
export interface KafkaFailure extends Error {
  readonly type?: string;
  readonly retriable?: boolean;
  /** A number of the broker's, or a text of the system's: ECONNREFUSED. */
  readonly code?: number | string;
  readonly cause?: unknown;
}

/** The failure at the bottom of the wrappers that retrying puts around it. */
export function causeOf(error: unknown): KafkaFailure {
  const failure = (error instanceof Error ? error : new Error(String(error))) as KafkaFailure;
  return failure.cause instanceof Error ? causeOf(failure.cause) : failure;
}

/** How long a connection may take to come up; over TLS and far away it takes more than kafkajs's second. */
const CONNECTION_MS_MAX = 5_000;
/** How long a request may go without an answer before it counts as lost. */
const REQUEST_MS_MAX = 30_000;

/** Makes kafkajs's client. */
export async function kafkaClient(config: KafkaConfig, clientId: string): Promise<Kafka> {
  installFetchDecoder();
  acceptLeaderless();
  mendRequestQueue();
  const { bootstrapServers, tls, caFile, sasl } = config;
  return new Kafka({
    clientId,
    brokers: inTurn(bootstrapServers),
    connectionTimeout: CONNECTION_MS_MAX,
    requestTimeout: REQUEST_MS_MAX,
    ...(tls ? { ssl: caFile === null ? true : { ca: [await readCa(caFile)] } } : {}),
    ...(sasl ? { sasl: saslOf(sasl) } : {}),
    // A few quick tries: who calls knows how long to go on.
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
    // What matters comes as errors and events, and is told from there in words of ours.
    logLevel: logLevel.NOTHING,
    logCreator: () => () => {},
  });
}

/**
 * The server to begin with: another one for each connection. kafkajs would begin each with the first of the list, and stay
 * with one that takes connections and answers nothing.
 */
function inTurn(servers: readonly string[]): () => string[] {
  let turn = 0;
  return () => [servers[turn++ % servers.length]!];
}

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError("usage", {
      cause: `KAFKA_SSL_CA ${path} cannot be read: ${messageOf(error)}`,
      fix: "name the PEM file of the broker's certificate authority",
    });
  }
}

function saslOf({ mechanism, username, password }: KafkaSasl): SASLOptions {
  if (mechanism === "PLAIN") return { mechanism: "plain", username, password };
  return { mechanism: mechanism === "SCRAM-SHA-256" ? "scram-sha-256" : "scram-sha-512", username, password };
}

/** The group of clusters that read without being a member; it is never joined and does not exist on the broker. */
const NO_GROUP = "tidemark-none";

/**
 * A connection that reads partitions and metadata directly, without a consumer group: kafkajs hands it to partition
 * assigners.
 */
export function rawCluster(kafka: Kafka): Cluster {
  let found: Cluster | undefined;
  kafka.consumer({
    groupId: NO_GROUP,
    allowAutoTopicCreation: false,
    partitionAssigners: [(context) => {
      found = context.cluster;
      return PartitionAssigners.roundRobin(context);
    }],
  });
  if (found === undefined) throw new Error("Cannot read from Kafka: this version of kafkajs gives no cluster");
  return found;
}
