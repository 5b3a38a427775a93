/**
 * What test files on a real broker share: one broker per file, started before its first test, and logs on topics of
 * their own.
 * @module
 */
import { type KafkaLog, type KafkaLogOptions, openKafkaLog } from "../../../adapters/event_log_kafka.ts";
import { systemClock } from "../../../core/clock.ts";
import type { KafkaConfig, KafkaSasl } from "../../../core/config/kafka.ts";
import { hours } from "../../../core/time.ts";
import type { LogUnderTest } from "../../contracts/event_log_support.ts";
import { type KafkaStart, type KafkaUnderTest, missingKafka, missingOwnKafka, startKafka } from "./kafka.ts";
import { kafkaUser } from "./kafka_secrets.ts";
import { findProgram } from "./service.ts";

/** A broker for the tests of one file. */
export interface KafkaCase {
  /** Why there is none, or null. */
  readonly missing: string | null;
  /** Once the first test runs. */
  broker(): KafkaUnderTest;
  /** What a client of it is configured with. */
  config(more?: Partial<KafkaConfig>): KafkaConfig;
  /** Opens a log; topics of the same prefix are the same. */
  open(options?: LogOptions): Promise<KafkaLog>;
  /** A log for one case of the contract. */
  openLog(): Promise<LogUnderTest>;
  /** Registers a test that needs the broker. */
  test(name: string, body: () => Promise<void>): void;
  /** Registers a test that needs kcat beside the broker. */
  testWithKcat(name: string, body: () => Promise<void>): void;
}

/** How a log under test differs. */
export interface LogOptions extends Partial<Omit<KafkaLogOptions, "config">> {
  readonly config?: Partial<KafkaConfig>;
}

/** How a file's broker is to be. */
export interface CaseOptions extends KafkaStart {
  /** Tests kill it, or it differs: it cannot be one that is given. */
  readonly own?: boolean;
  readonly mechanism?: KafkaSasl["mechanism"];
}

/** Settings of a client of a broker on this machine. */
export function configOf(
  { bootstrap, secrets }: KafkaUnderTest,
  mechanism: KafkaSasl["mechanism"] = "PLAIN",
): KafkaConfig {
  return {
    bootstrapServers: bootstrap.split(","),
    numPartitions: null,
    replicationFactor: null,
    compression: "none",
    lingerMs: 0,
    batchBytesMax: 900_000,
    deliveryTimeoutMs: 120_000,
    sessionTimeoutMs: 10_000,
    tls: secrets !== null,
    caFile: secrets?.caFile ?? null,
    sasl: secrets === null ? null : { mechanism, ...kafkaUser },
  };
}

/** Starts a broker before the file's first test and stops it after the last. */
export function kafkaCase(options: CaseOptions = {}): KafkaCase {
  const missing = options.own || options.secure ? missingOwnKafka() : missingKafka();
  let started: KafkaUnderTest | null = null;
  if (missing === null) {
    Deno.test.beforeAll(async () => {
      started = await startKafka(options.own ? { properties: [], ...options } : options);
    });
    Deno.test.afterAll(async () => await started?.[Symbol.asyncDispose]());
  }
  const broker = () => {
    if (started === null) throw new Error("the broker is there once the first test runs");
    return started;
  };
  const config = (more: Partial<KafkaConfig> = {}) => ({ ...configOf(broker(), options.mechanism), ...more });
  const open = ({ config: ofConfig = {}, ...more }: LogOptions = {}) =>
    openKafkaLog({
      topicPrefix: "test",
      retentionMs: hours(1),
      clock: systemClock,
      onNote: () => {},
      ...more,
      config: config(ofConfig),
    });
  return {
    missing,
    broker,
    config,
    open,
    async openLog() {
      const subject = {
        log: await open(),
        async reopen() {
          await subject.log[Symbol.asyncDispose]();
          return subject.log = await open();
        },
        [Symbol.asyncDispose]: () => subject.log[Symbol.asyncDispose](),
      };
      return subject;
    },
    test: (name, fn) => register(name, missing, fn),
    testWithKcat: (name, fn) =>
      register(name, missing ?? (findProgram("kcat") === null ? "kcat is not installed" : null), fn),
  };
}

/** A test that is skipped by name where something is missing. */
const register = (name: string, missing: string | null, fn: () => Promise<void>): void =>
  Deno.test({ name: missing === null ? name : `${name} (${missing})`, ignore: missing !== null, fn });
