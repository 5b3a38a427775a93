/**
 * The event log, embedded or on Kafka.
 * @module
 */
import { integer, type Section } from "./variable.ts";

/** Settings of the event log. */
export interface LogConfig {
  /** First part of every topic's name on a shared log. */
  readonly topicPrefix: string;
  /** How long the log keeps records. */
  readonly logRetentionMs: number;
  /** How large the embedded log may grow. */
  readonly logSizeBytesMax: number;
}

/** The section. */
export const logSection: Section<LogConfig> = {
  variables: [
    {
      name: "TOPIC_PREFIX",
      fallback: "tidemark",
      expected: "letters, digits, . _ or -",
      about: "first part of every topic's name",
      check: (value) => /^[\w.-]{1,100}$/.test(value),
    },
    {
      name: "KAFKA_LOG_RETENTION_HOURS",
      fallback: "168",
      about: "how long the log keeps records",
      ...integer(1, 87_600),
    },
    {
      name: "LOG_SIZE_MB_MAX",
      fallback: "20000",
      about: "how large the embedded log may grow",
      ...integer(16, 10_000_000),
    },
  ],
  read: (values) => ({
    topicPrefix: values.text("TOPIC_PREFIX"),
    logRetentionMs: values.number("KAFKA_LOG_RETENTION_HOURS") * 3_600_000,
    logSizeBytesMax: values.number("LOG_SIZE_MB_MAX") * 1_000_000,
  }),
};
