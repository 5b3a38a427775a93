/**
 * From a record to an event: parse, check, and see that it lies in the partition of its key.
 * @module
 */
import { type CheckedEvent, checkEvent, type EventContract, type Fault, isFault } from "../../core/events/contract.ts";
import { type DeadLetter, RAW_LENGTH_MAX } from "../../core/events/derived.ts";
import { memoPartitioner } from "../../core/partitioner.ts";
import type { LogRecord, TopicPartition } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { EventBase } from "../../core/events/contract.ts";

/** Reads the records of one partition. */
export type ReadRecord = (record: LogRecord) => CheckedEvent<EventBase> | Fault;

/** Faults that the log itself found, in words. */
const faultTexts: Readonly<Record<NonNullable<LogRecord["fault"]>, string>> = {
  tombstone: "value: there is none (a tombstone), and events are never deleted",
  not_utf8: "value: its bytes are not UTF-8",
};

/** A reader for a partition of a topic with so many partitions. */
export function recordReader(
  contract: EventContract,
  { partition, partitionCount }: { partition: number; partitionCount: number },
): ReadRecord {
  const partitionFor = memoPartitioner(partitionCount);
  const { keyField } = contract;
  return (record) => {
    if (record.fault !== undefined) return { reason: record.fault, path: "", message: faultTexts[record.fault] };
    let value: unknown;
    try {
      value = JSON.parse(record.value);
    } catch (error) {
      return { reason: "not_json", path: "", message: `value: ${(error as Error).message}` };
    }
    const checked = checkEvent(contract, { value, appendTimeMs: record.appendTimeMs });
    if (isFault(checked)) return checked;
    const key = (checked.event as unknown as Readonly<Record<string, string>>)[keyField]!;
    const expected = partitionFor(key);
    if (expected === partition) return checked;
    return {
      reason: "wrong_partition",
      path: keyField,
      message: `${keyField} "${key}" belongs to partition ${expected} of ${partitionCount}, found in ${partition}; ` +
        `write it with Kafka's default partitioner, keyed by ${keyField}`,
    };
  };
}

/** The dead letter of a record. */
export function deadLetterOf(at: TopicPartition, record: LogRecord, fault: Fault): DeadLetter {
  return {
    event_id: ["dead", at.topic, at.partition, record.offset].join(":"),
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
