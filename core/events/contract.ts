/**
 * What an event contract is: the schema of a topic's JSON values, the field that partitions it, and the check that
 * every event passes before it is appended, and once more before it is counted.
 * @module
 */
import * as z from "zod";
import { formatTime, minutes, parseCanonicalTime, parseTime } from "../time.ts";

/** The fields that every event has. */
export interface EventBase {
  /** Stable identity of the event at its source. */
  readonly event_id: string;
  /** Event time, ISO 8601 UTC with milliseconds. */
  readonly timestamp: string;
  /** The source that brought it. */
  readonly source: string;
}

/** A topic of events: its name below TOPIC_PREFIX, its partitions, its key and its schema. */
export interface EventContract<E extends EventBase = EventBase> {
  /** Name without the prefix: `events.chat`. */
  readonly topic: string;
  /** Number of partitions of a newly made topic. */
  readonly partitions: number;
  /** The field whose value is the record's key and decides its partition. */
  readonly keyField: keyof E & string;
  /** Schema of the JSON value as it arrives; it checks and never transforms; unknown extra fields pass through. */
  readonly schema: z.ZodType;
  /**
   * A quick look for the topics with the most events: true only where the schema would accept the value. The schema has
   * the last word on everything else, and says what is wrong.
   */
  readonly fits?: (value: Readonly<Record<string, unknown>>) => boolean;
}

/** Text that must not be empty. */
export const nonEmpty: z.ZodString = z.string().min(1).max(65_536);

/**
 * UTF-16 units of an identifier. An index entry of Postgres holds 2,704 bytes, and that of an anomaly has three of them:
 * with its key, its user and its event, in UTF-8 at 3 bytes a unit, it stays below.
 */
export const IDENTIFIER_LENGTH_MAX = 256;

/** Text that names something: a stream, a user, an event. */
export const identifier: z.ZodString = z.string().min(1).max(IDENTIFIER_LENGTH_MAX);

/** Whether a value is a text as {@link identifier} has it. */
export const isIdentifier = (value: unknown): boolean =>
  typeof value === "string" && value.length > 0 && value.length <= IDENTIFIER_LENGTH_MAX;

/** The same look at the fields that every event has. */
export const fitsBase = ({ event_id, timestamp, source }: Readonly<Record<string, unknown>>): boolean =>
  isIdentifier(event_id) && isIdentifier(source) &&
  (typeof timestamp === "string" || (typeof timestamp === "number" && Number.isFinite(timestamp)));

/** The schema of the fields that every event has; {@link checkEvent} reads the time itself. */
export const eventBase = {
  event_id: identifier,
  timestamp: z.union([z.string(), z.number()]),
  source: identifier,
};

/**
 * Whether a text may name rows: tables hold neither U+0000 nor half a surrogate pair, so that two keys that differ in
 * these alone would share a row.
 */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

/** Whether a text may be the key of windows and rows, whatever field it is from. */
export const isKey = (text: string): boolean => isIdentifier(text) && isStorable(text);

/** Why a value was refused. */
export interface Fault {
  /** Short machine-readable reason: `not_json`, `schema`, `future`, `wrong_partition`, `too_large`, `too_deep`, … */
  readonly reason: string;
  /** Path of the offending field: `timestamp`, `emotes.0`; empty for the whole value. */
  readonly path: string;
  /** A sentence for people. */
  readonly message: string;
}

/** An event that fits its contract. */
export interface CheckedEvent<E extends EventBase> {
  readonly event: E;
  readonly eventTimeMs: number;
}

/** How far an event time may lie ahead of the append time. */
export const FUTURE_MS_MAX = minutes(5);

/**
 * Checks a decoded JSON value against a contract and against the append time.
 *
 * @returns the event with its timestamp in output form, or what is wrong with it.
 */
export function checkEvent<E extends EventBase>(
  contract: EventContract<E>,
  { value, appendTimeMs }: { value: unknown; appendTimeMs: number },
): CheckedEvent<E> | Fault {
  const looksRight = contract.fits !== undefined && typeof value === "object" && value !== null &&
    contract.fits(value as Readonly<Record<string, unknown>>);
  if (!looksRight) {
    const parsed = contract.schema.safeParse(value);
    if (!parsed.success) return schemaFault(parsed.error);
  }
  const event = value as E;
  const key: unknown = event[contract.keyField];
  if (typeof key === "string" && !isStorable(key)) {
    const path = contract.keyField;
    return {
      reason: "schema",
      path,
      message: `${path}: U+0000 and half surrogate pairs cannot stand in a table's key`,
    };
  }
  const canonicalMs = typeof event.timestamp === "string" ? parseCanonicalTime(event.timestamp) : NaN;
  const isCanonical = !Number.isNaN(canonicalMs);
  const eventTimeMs = isCanonical ? canonicalMs : parseTime(event.timestamp);
  if (typeof eventTimeMs === "string") {
    return { reason: "schema", path: "timestamp", message: `timestamp: ${eventTimeMs}` };
  }
  if (eventTimeMs > appendTimeMs + FUTURE_MS_MAX) {
    return {
      reason: "future",
      path: "timestamp",
      message: `${event.timestamp} is more than ${FUTURE_MS_MAX / 60_000} minutes ahead of the append time`,
    };
  }
  return isCanonical
    ? { event, eventTimeMs }
    : { event: { ...event, timestamp: formatTime(eventTimeMs) }, eventTimeMs };
}

/** Tells a fault from an event. */
export const isFault = (outcome: object): outcome is Fault => "reason" in outcome && "path" in outcome;

function schemaFault(error: z.ZodError): Fault {
  const [first] = error.issues;
  const path = first?.path.join(".") ?? "";
  return { reason: "schema", path, message: `${path || "value"}: ${first?.message ?? "does not fit"}` };
}
