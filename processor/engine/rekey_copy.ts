/**
 * What stands in the internal topic of rekeyed pipelines: copies of the source's records, and ticks between them. A value
 * is one line of JSON about the source partition, then, for a copy, the record's own text:
 *
 * ```
 * {"p":2,"n":3,"h":1704110400000,"a":1704110401000,"o":17,"t":1704110401000}     p, n  source partition, of how many
 * {"event_id":"…","timestamp":"2024-01-01T12:00:00.000Z",…}                      h, a  highest event time, its append
 * ```
 *
 * The record's place in the sending order is `rekey:<topic>:<partition>:<incarnation>` with the source offset: whatever
 * is copied twice, by a copier that was killed or one that woke up late, is known by it.
 * @module
 */
import type { LogRecord, NewRecord, TopicPartition } from "../../core/ports.ts";

/** How far a source partition is, as its copier knew when it wrote this. */
export interface SourceMark {
  readonly partition: number;
  /** How many partitions the source has. */
  readonly partitionCount: number;
  /** Highest event time among its records up to here; −Infinity where there is none. */
  readonly eventTimeMsMax: number;
  /** When the record with that event time was appended. */
  readonly appendTimeMs: number;
  /** Whether it was silent for so long, read to its end, that others need not wait for it. */
  readonly idle: boolean;
}

/** A record of the internal topic, as it was read. */
export interface Copy {
  readonly mark: SourceMark;
  /** Name of the source partition's sending order. */
  readonly order: string;
  /** The source's record with its own offset and append time; null for a tick. */
  readonly record: LogRecord | null;
  /** Where it stands in the internal topic, and the run that what it causes is counted for. */
  readonly offset: number;
  readonly runId: string | null;
  /** The source offset of a copy; for a tick that of the next record: all before it were copied. */
  readonly sourceOffset: number;
}

/** The first line of a value. */
interface Head {
  readonly p: number;
  readonly n: number;
  /** Null where no event was seen yet. */
  readonly h: number | null;
  readonly a: number;
  readonly o: number;
  /** Append time of the copied record. */
  readonly t?: number;
  /** The copied record's own place in its producer's order. */
  readonly i?: string;
  readonly s?: number;
  readonly f?: NonNullable<LogRecord["fault"]>;
  /** Of a tick: name of the order. */
  readonly tick?: string;
  readonly idle?: true;
}

/** Name of the sending order of a source partition. */
export const orderName = ({ topic, partition }: TopicPartition, incarnation: string): string =>
  `rekey:${topic}:${partition}:${incarnation}`;

const headOf = (
  { partition, partitionCount, eventTimeMsMax, appendTimeMs, idle }: SourceMark,
  offset: number,
): Head => ({
  p: partition,
  n: partitionCount,
  h: eventTimeMsMax === -Infinity ? null : eventTimeMsMax,
  a: appendTimeMs,
  o: offset,
  ...(idle ? { idle } : {}),
});

/** A copy to append; without a key it goes to partition 0, where its fault is found again. */
export function copyOf(
  { offset, appendTimeMs, value, instance, seq, runId, fault }: LogRecord,
  { mark, order, key }: { mark: SourceMark; order: string; key: string | null },
): NewRecord {
  const head: Head = {
    ...headOf(mark, offset),
    t: appendTimeMs,
    ...(instance === null ? {} : { i: instance, s: seq }),
    ...(fault === undefined ? {} : { f: fault }),
  };
  return { key, value: `${JSON.stringify(head)}\n${value}`, instance: order, seq: offset, runId };
}

/** A tick to append: all records below the offset were copied. */
export function tickOf(
  mark: SourceMark,
  { order, key, nextOffset, runId }: { order: string; key: string; nextOffset: number; runId: string | null },
): NewRecord {
  const head: Head = { ...headOf(mark, nextOffset), tick: order };
  return { key, value: JSON.stringify(head), instance: null, seq: 0, runId };
}

/** What a record of the internal topic says; null where somebody else has written it. */
export function readCopy(stored: LogRecord): Copy | null {
  const end = stored.value.indexOf("\n");
  const head = parseHead(end === -1 ? stored.value : stored.value.slice(0, end));
  if (head === null) return null;
  const mark = {
    partition: head.p,
    partitionCount: head.n,
    eventTimeMsMax: head.h ?? -Infinity,
    appendTimeMs: head.a,
    idle: head.idle ?? false,
  };
  const { offset, runId } = stored;
  const place = { mark, offset, runId, sourceOffset: head.o };
  if (head.tick !== undefined) return { ...place, order: head.tick, record: null };
  if (end === -1 || stored.instance === null || head.t === undefined) return null;
  const record = {
    key: stored.key,
    value: stored.value.slice(end + 1),
    // A producer's order holds within one source partition only: copies of several meet here.
    instance: head.i === undefined ? null : `${head.p}|${head.i}`,
    seq: head.s ?? 0,
    runId,
    offset: head.o,
    appendTimeMs: head.t,
    ...(head.f === undefined ? {} : { fault: head.f }),
  };
  return { ...place, order: stored.instance, record };
}

function parseHead(text: string): Head | null {
  try {
    const head = JSON.parse(text) as Head | null;
    const numbers = [head?.p, head?.n, head?.a, head?.o];
    return numbers.every((value) => typeof value === "number") ? head : null;
  } catch {
    return null;
  }
}
