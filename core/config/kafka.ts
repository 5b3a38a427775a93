/**
 * The event log on Kafka or Redpanda. Names are those that users of Kafka know from its own settings.
 * @module
 */
import { anyText, integer, oneOf, type Section, type Variable } from "./variable.ts";

/** Codecs of Kafka's record batches. */
export const kafkaCodecs = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
/** A codec by its name in Kafka's `compression.type`. */
export type KafkaCodecName = (typeof kafkaCodecs)[number];

const protocols = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] as const;
const mechanisms = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;

/** How a user proves who they are. */
export interface KafkaSasl {
  readonly mechanism: (typeof mechanisms)[number];
  readonly username: string;
  readonly password: string;
}

/** Settings of the log on Kafka. */
export interface KafkaConfig {
  /** `host:port`, one or more. */
  readonly bootstrapServers: readonly string[];
  /** Partitions of newly made event topics; null = as each contract says. */
  readonly numPartitions: number | null;
  /** Copies of newly made topics; null = as many as the broker makes by default. */
  readonly replicationFactor: number | null;
  readonly compression: KafkaCodecName;
  /** How long a send waits for more records. */
  readonly lingerMs: number;
  /** Records of one partition in one send, by bytes. */
  readonly batchBytesMax: number;
  /** How long an append, or the start of a service, goes on trying while the broker is away. */
  readonly deliveryTimeoutMs: number;
  /** Silence after which the group takes a member for dead. */
  readonly sessionTimeoutMs: number;
  /** Connections are encrypted. */
  readonly tls: boolean;
  /** PEM file of the certificate authority; null = those that the machine trusts. */
  readonly caFile: string | null;
  readonly sasl: KafkaSasl | null;
}

/** The section's part of the configuration: null while Kafka is not chosen. */
export interface KafkaSectionConfig {
  readonly kafka: KafkaConfig | null;
}

/** Whether a text is `host:port`. */
function isServer(text: string): boolean {
  const [, port] = /^(?:\[[\da-fA-F:]+\]|[\w.-]+):(\d{1,5})$/.exec(text) ?? [];
  return Number(port) >= 1 && Number(port) <= 65_535;
}

const variables: readonly Variable[] = [
  {
    name: "KAFKA_BOOTSTRAP_SERVERS",
    fallback: "",
    expected: "one or more host:port separated by commas, each port from 1 to 65535",
    about: "Kafka or Redpanda to use as event log; unset = embedded",
    check: (value) => value.split(",").every((part) => isServer(part.trim())),
  },
  {
    name: "KAFKA_NUM_PARTITIONS",
    fallback: "",
    about: "partitions of newly made event topics; unset = as each contract says",
    ...integer(1, 10_000),
  },
  {
    name: "KAFKA_REPLICATION_FACTOR",
    fallback: "",
    about: "copies of newly made topics; unset = as the broker's default.replication.factor says",
    ...integer(1, 100),
  },
  {
    name: "KAFKA_COMPRESSION",
    fallback: "none",
    about: "codec of what is appended; every codec is read",
    ...oneOf(...kafkaCodecs),
  },
  { name: "KAFKA_LINGER_MS", fallback: "5", about: "how long a send waits for more records", ...integer(0, 10_000) },
  {
    name: "KAFKA_BATCH_SIZE",
    fallback: "900000",
    about: "bytes of one partition's records in one send",
    ...integer(1_024, 8_000_000),
  },
  {
    name: "KAFKA_DELIVERY_TIMEOUT_MS",
    fallback: "120000",
    about: "how long an append, and the start of process and serve, go on trying while the broker is away",
    ...integer(1_000, 86_400_000),
  },
  {
    name: "KAFKA_SESSION_TIMEOUT_MS",
    fallback: "30000",
    about: "silence after which a reader's partitions go to others",
    ...integer(1_000, 300_000),
  },
  {
    name: "KAFKA_SECURITY_PROTOCOL",
    fallback: "PLAINTEXT",
    about: "how to speak to the broker",
    ...oneOf(...protocols),
  },
  { name: "KAFKA_SSL_CA", fallback: "", about: "PEM file of the broker's certificate authority", ...anyText },
  { name: "KAFKA_SASL_MECHANISM", fallback: "PLAIN", about: "how the password is shown", ...oneOf(...mechanisms) },
  { name: "KAFKA_SASL_USERNAME", fallback: "", about: "user of the broker", ...anyText },
  { name: "KAFKA_SASL_PASSWORD", fallback: "", about: "the user's password", secret: true, ...anyText },
];

/** The section. */
export const kafkaSection: Section<KafkaSectionConfig> = {
  variables,
  read: (values) => {
    const bootstrapServers = values.list("KAFKA_BOOTSTRAP_SERVERS");
    if (bootstrapServers.length === 0) return { kafka: null };
    const protocol = values.text("KAFKA_SECURITY_PROTOCOL");
    const sasl: KafkaSasl = {
      mechanism: mechanisms.find((name) => name === values.text("KAFKA_SASL_MECHANISM")) ?? "PLAIN",
      username: values.text("KAFKA_SASL_USERNAME"),
      password: values.text("KAFKA_SASL_PASSWORD"),
    };
    return {
      kafka: {
        bootstrapServers,
        numPartitions: values.number("KAFKA_NUM_PARTITIONS") || null,
        replicationFactor: values.number("KAFKA_REPLICATION_FACTOR") || null,
        compression: kafkaCodecs.find((name) => name === values.text("KAFKA_COMPRESSION")) ?? "none",
        lingerMs: values.number("KAFKA_LINGER_MS"),
        batchBytesMax: values.number("KAFKA_BATCH_SIZE"),
        deliveryTimeoutMs: values.number("KAFKA_DELIVERY_TIMEOUT_MS"),
        sessionTimeoutMs: values.number("KAFKA_SESSION_TIMEOUT_MS"),
        tls: protocol.endsWith("SSL"),
        caFile: values.text("KAFKA_SSL_CA") || null,
        sasl: protocol.startsWith("SASL") ? sasl : null,
      },
    };
  },
  relations: ({ kafka }) => {
    if (kafka === null) return [];
    const { sasl, caFile, tls } = kafka;
    const faults: (readonly [string, string])[] = [];
    if (sasl !== null && sasl.username === "") {
      faults.push(["KAFKA_SASL_USERNAME", "a user, since KAFKA_SECURITY_PROTOCOL asks for one"]);
    }
    if (sasl !== null && sasl.password === "") {
      faults.push(["KAFKA_SASL_PASSWORD", "a password, since KAFKA_SECURITY_PROTOCOL asks for one"]);
    }
    if (caFile !== null && !tls) {
      faults.push(["KAFKA_SSL_CA", "no value, since KAFKA_SECURITY_PROTOCOL is not one with SSL"]);
    }
    return faults;
  },
};
