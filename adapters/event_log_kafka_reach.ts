/**
 * Whether Kafka can be reached: what a failure to do so means, and waiting for a broker that is not there yet.
 * @module
 */
import type { Clock } from "../core/clock.ts";
import type { KafkaConfig } from "../core/config/kafka.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { causeOf } from "./event_log_kafka_client.ts";

/** Pause after the first attempt that failed; it doubles up to the longest. */
const PAUSE_MS_MIN = 250;
const PAUSE_MS_MAX = 5_000;

/** What kafkajs says of a broker that took the connection and answered nothing. */
const HALF_CONNECTED = "Broker not connected";
/** What brokers answer while others take over from one of them. */
const passing = new Set([
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_FOR_PARTITION",
  "REPLICA_NOT_AVAILABLE",
  "OFFSET_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
  "REQUEST_TIMED_OUT",
  "NOT_CONTROLLER",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "GROUP_LOAD_IN_PROGRESS",
  "NOT_COORDINATOR_FOR_GROUP",
]);

/** How to wait for a broker. */
export interface ReachOptions {
  readonly config: Pick<KafkaConfig, "bootstrapServers">;
  readonly clock: Clock;
  /** Told once when it is away, and once when it answers after that. */
  readonly onNote: (note: string) => void;
  /** How long it is tried; 0 = once. */
  readonly awayMsMax: number;
}

/** Asks until the broker answers; throws UserError("unavailable") where it does not in time, or refuses. */
export async function untilReached(
  ask: () => Promise<unknown>,
  { config, clock, onNote, awayMsMax }: ReachOptions,
): Promise<void> {
  const endMs = clock.nowMs() + awayMsMax;
  const place = `Kafka at ${config.bootstrapServers.join(",")}`;
  const bound = Number.isFinite(awayMsMax) ? `for ${awayMsMax / 1000} s` : "until it answers";
  let pauseMs = PAUSE_MS_MIN;
  for (let failures = 0;; failures++) {
    try {
      await ask();
      if (failures > 0) onNote(`${place} answers, failed attempts: ${failures}`);
      return;
    } catch (error) {
      if (!isBrokerAway(error) || clock.nowMs() + pauseMs > endMs) throw unreachable(error, config);
      if (failures === 0) onNote(`${place} is away, trying again ${bound}: ${messageOf(causeOf(error))}`);
      await clock.sleep(pauseMs);
      pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX);
    }
  }
}

/** Whether a failure is of the kind that passes when the broker is back. */
export function isBrokerAway(error: unknown): boolean {
  const { name, type, code, message } = causeOf(error);
  if (passing.has(type ?? "") || message === HALF_CONNECTED) return true;
  return /Connection|Timeout|Broker|Coordinator|Metadata/.test(name) || /^E[A-Z]+$/.test(String(code));
}

function unreachable(error: unknown, { bootstrapServers }: Pick<KafkaConfig, "bootstrapServers">): UserError {
  const cause = causeOf(error);
  return new UserError("unavailable", {
    cause: `Kafka cannot be reached at ${bootstrapServers.join(",")}: ${messageOf(cause)}`,
    fix: cause.name === "KafkaJSSASLAuthenticationError"
      ? "see to KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD and KAFKA_SASL_MECHANISM"
      : "start the broker, or see to KAFKA_BOOTSTRAP_SERVERS, KAFKA_SECURITY_PROTOCOL and KAFKA_SSL_CA",
  }, { cause: error });
}
