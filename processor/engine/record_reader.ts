/**
 * From a record to an event: parse, check, and see that it lies in the partition of its key.
 * @module
 */
import {
  type CheckedEvent,
  checkEvent,
  type EventContract,
  type Fault,
  IDENTIFIER_LENGTH_MAX,
  isFault,
  isKey,
} from "../../core/events/contract.ts";
import { type DeadLetter, RAW_LENGTH_MAX } from "../../core/events/derived.ts";
import { memoPartitioner } from "../../core/partitioner.ts";
import type { LogRecord, TopicPartition } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { EventBase } from "../../core/events/contract.ts";

/** Reads the records of one partition. */
export type ReadRecord = (record: LogRecord) => CheckedEvent<EventBase> | Fault;

/** An event that fits its contract, and has no value for the key of a rekeyed pipeline. */
export const NO_KEY = "no_key";

/** Faults that the log itself found, in words. */
const faultTexts: Readonly<Record<NonNullable<LogRecord["fault"]>, string>> = {
  tombstone: "value: there is none (a tombstone), and events are never deleted",
  not_utf8: "value: its bytes are not UTF-8",
};

/** Where records are read, and by which field they are to lie there. */
export interface PlaceOptions {
  readonly keyField: string;
  readonly partition: number;
  readonly partitionCount: number;
  /** Whether the partition is one of an internal topic. */
  readonly rekeyed?: boolean;
}

/** A reader for a partition of a topic with so many partitions. */
export function recordReader(
  contract: EventContract,
  { keyField, partition, partitionCount, rekeyed = false }: PlaceOptions,
): ReadRecord {
  const partitionFor = memoPartitioner(partitionCount);
  return (record) => {
    const checked = readEvent(contract, record);
    if (isFault(checked)) return checked;
    const key = keyOf(checked.event, keyField);
    if (key === null) return noKey(keyField);
    const expected = partitionFor(key);
    if (expected === partition) return checked;
    const fix = rekeyed
      ? "it was copied by other rules: delete the internal topic while nothing runs, and it is copied anew"
      : `write it with Kafka's default partitioner, keyed by ${keyField}, or set rekey: true in the pipelines of ` +
        contract.topic;
    return {
      reason: "wrong_partition",
      path: keyField,
      message:
        `${keyField} "${key}" belongs to partition ${expected} of ${partitionCount}, found in ${partition}; ${fix}`,
    };
  };
}

/** Parses and checks a record, wherever it lies. */
export function readEvent(contract: EventContract, record: LogRecord): CheckedEvent<EventBase> | Fault {
  if (record.fault !== undefined) return { reason: record.fault, path: "", message: faultTexts[record.fault] };
  let value: unknown;
  try {
    value = JSON.parse(record.value);
  } catch (error) {
    return { reason: "not_json", path: "", message: `value: ${(error as Error).message}` };
  }
  return checkEvent(contract, { value, appendTimeMs: record.appendTimeMs });
}

/** The key of an event by a field: text that can name a row, or a number; null where it has neither. */
export function keyOf(event: EventBase, keyField: string): string | null {
  const value = (event as unknown as Readonly<Record<string, unknown>>)[keyField];
  if (typeof value === "string") return isKey(value) ? value : null;
  return typeof value === "number" ? String(value) : null;
}

/** The fault of an event without a key. */
export const noKey = (keyField: string): Fault => ({
  reason: NO_KEY,
  path: keyField,
  message:
    `${keyField}: there is no number and no text of 1 to ${IDENTIFIER_LENGTH_MAX} characters to key the event by; U+0000 ` +
    "and half surrogate pairs are none",
});

/** The dead letter of a record. One for want of a key has an id of its own: others may find the record in order. */
export function deadLetterOf(at: TopicPartition, record: LogRecord, fault: Fault): DeadLetter {
  const cause = fault.reason === NO_KEY ? [fault.path] : [];
  return {
    event_id: ["dead", at.topic, at.partition, record.offset, ...cause].join(":"),
    timestamp: formatTime(record.appendTimeMs),
    source: "tidemark",
    topic: at.topic,
    partition: at.partition,
    offset: record.offset,
    origin: null,
    reason: fault.reason,
    path: fault.path,
    message: fault.message,
    raw: record.value.slice(0, RAW_LENGTH_MAX),
    raw_length: record.value.length,
  };
}
