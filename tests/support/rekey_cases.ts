/**
 * Chat records that others wrote: in any partition, each partition in its own time, hardly out of order within it.
 * @module
 */
import fc from "fast-check";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type { LogRecord, NewRecord } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { count, distinct } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import { type Reference, type ReferenceEvent, referenceOf, type ReferencePipeline } from "./reference.ts";

/** Partitions of the source in these cases. */
export const SOURCE_PARTITIONS = 3;
/** No event comes later than that within its source partition. */
const DISORDER_MS_MAX = 2_000;

/** Keyed by a field that does not partition the topic. */
export const byUser: Pipeline = pipeline<ChatEvent>({
  name: "by_user",
  contract: chatEvents,
  key: "user_id",
  rekey: true,
  window: sliding({ sizeMs: seconds(60), slideMs: seconds(25) }),
  outOfOrdernessMs: DISORDER_MS_MAX,
  allowedLatenessMs: seconds(10),
  metrics: { messages: count(), streams: distinct((event) => event.stream_id) },
  table: "by_user_rows",
});

/** Keyed by the field that should partition the topic. */
export const byStream: Pipeline = pipeline<ChatEvent>({
  name: "by_stream",
  contract: chatEvents,
  key: "stream_id",
  rekey: true,
  window: tumbling({ sizeMs: seconds(15) }),
  outOfOrdernessMs: DISORDER_MS_MAX,
  // Whatever comes after its window has closed is late.
  allowedLatenessMs: 0,
  metrics: { messages: count() },
  table: "by_stream_rows",
});

const of = (name: string) => ({ value }: ReferenceEvent) => value[name];

/** The pipeline by stream in the reference's words. */
const streamReference: ReferencePipeline = {
  name: byStream.name,
  window: { sizeMs: 15_000, slideMs: 15_000 },
  outOfOrdernessMs: DISORDER_MS_MAX,
  allowedLatenessMs: 0,
  values: (events) => [events.length],
};

/** The pipeline by user; the reference's key is the stream, so the two change places. */
const userReference: ReferencePipeline = {
  name: byUser.name,
  window: { sizeMs: 60_000, slideMs: 25_000 },
  outOfOrdernessMs: DISORDER_MS_MAX,
  allowedLatenessMs: 10_000,
  values: (events) => [events.length, new Set(events.map(of("user_id"))).size],
};

/** One step of what others write. */
export type ForeignStep =
  | {
    readonly kind: "event";
    readonly to: number;
    readonly stepMs: number;
    readonly lateMs: number;
    readonly pick: number;
  }
  /** A producer sends what it sent to a partition since so many records once more. */
  | { readonly kind: "resend"; readonly to: number; readonly back: number }
  | { readonly kind: "dead"; readonly to: number; readonly pick: number };

const to = fc.nat({ max: SOURCE_PARTITIONS - 1 });
const stepMs = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 6_000 }) },
  { weight: 1, arbitrary: fc.nat({ max: 200_000 }) },
);
const pick = fc.nat({ max: 999 });

/** Steps of what others write, partition by partition at paces of their own. */
export const foreignSteps: fc.Arbitrary<ForeignStep[]> = fc.array(
  fc.oneof(
    {
      weight: 16,
      arbitrary: fc.record({
        kind: fc.constant("event" as const),
        to,
        stepMs,
        lateMs: fc.nat({ max: DISORDER_MS_MAX }),
        pick,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("resend" as const), to, back: fc.nat({ max: 6 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("dead" as const), to, pick }) },
  ),
  { maxLength: 90, size: "max" },
);

/** Keys that say nothing of the events, one for each partition. */
const foreignKeys = Array.from({ length: SOURCE_PARTITIONS }, (_, partition) => {
  for (let i = 0;; i++) if (partitionOf(`foreign ${i}`, SOURCE_PARTITIONS) === partition) return `foreign ${i}`;
});

/** The records of steps, each where its step says; the partitions begin up to an hour apart. */
export function foreignRecords(steps: readonly ForeignStep[], startMs: number): NewRecord[] {
  const nowMs = foreignKeys.map((_, partition) => startMs + partition * 1_800_000);
  const sent = foreignKeys.map((): NewRecord[] => []);
  const records: NewRecord[] = [];
  for (const [i, step] of steps.entries()) {
    const own = sent[step.to]!;
    if (step.kind === "resend") {
      records.push(...own.slice(-step.back - 1));
      continue;
    }
    const lateMs = step.kind === "event" ? step.lateMs : 0;
    if (step.kind === "event") nowMs[step.to]! += step.stepMs;
    const value = step.kind === "event"
      ? JSON.stringify(eventOf(i, { timeMs: nowMs[step.to]! - lateMs, pick: step.pick }))
      : deadValues[step.pick % deadValues.length]!;
    // One producer writes to all partitions, the others to one each: a place in its order counts within a partition.
    const instance = [null, "producer of all", `producer of ${step.to}`][step.pick % 3]!;
    const record = { key: foreignKeys[step.to]!, value, instance, seq: i, runId: "run" };
    if (instance !== null) own.push(record);
    records.push(record);
  }
  return records;
}

const eventOf = (id: number, { timeMs, pick: choice }: { timeMs: number; pick: number }) => ({
  event_id: String(id),
  timestamp: formatTime(timeMs),
  source: "test",
  stream_id: `stream ${choice % 5}`,
  user_id: `user ${choice % 7}`,
  username: "",
  message: "hello\nworld",
  emotes: [],
});

const deadValues = [
  "no JSON\nat all",
  "",
  "{}",
  JSON.stringify({ ...eventOf(0, { timeMs: Date.UTC(2099, 0, 1), pick: 0 }) }),
  JSON.stringify({ ...eventOf(0, { timeMs: 0, pick: 0 }), user_id: 7 }),
];

/** What must come out. */
export interface ForeignReference {
  readonly results: Readonly<Record<string, Reference["pipelines"][string]>>;
  readonly dead: readonly string[];
  readonly duplicates: number;
  /** The clock of every pipeline's partition: the highest event time of the partition that is least far; null = none. */
  readonly clockMs: number | null;
}

/**
 * What must come out for records as they lie in the source: since each partition is hardly out of order, the same as for
 * a rightly keyed topic whose events come in the order of their times.
 */
export function foreignReference(partitions: readonly (readonly LogRecord[])[]): ForeignReference {
  let duplicates = 0;
  const unique: LogRecord[] = [];
  const dead: string[] = [];
  for (const [partition, records] of partitions.entries()) {
    const highest = new Map<string, number>();
    for (const record of records) {
      const { instance, seq } = record;
      if (instance !== null && seq <= (highest.get(instance) ?? -1)) {
        duplicates++;
        continue;
      }
      if (instance !== null) highest.set(instance, seq);
      unique.push({ ...record, instance: null });
      if (deadValues.includes(record.value)) dead.push(`${partition}:${record.offset}`);
    }
  }
  const events = unique.filter(({ value }) => !deadValues.includes(value));
  const timeOf = ({ value }: LogRecord) => new Date((JSON.parse(value) as ChatEvent).timestamp).getTime();
  const inTime = events.toSorted((a, b) => timeOf(a) - timeOf(b));
  const swapped = inTime.map((record) => {
    const event = JSON.parse(record.value) as ChatEvent;
    return { ...record, value: JSON.stringify({ ...event, stream_id: event.user_id, user_id: event.stream_id }) };
  });
  const results = {
    ...referenceOf([inTime], [streamReference]).pipelines,
    ...referenceOf([swapped], [userReference]).pipelines,
  };
  const clocks = partitions.map((records) =>
    Math.max(...records.filter((record) => !deadValues.includes(record.value)).map(timeOf))
  );
  const clockMs = Math.min(...clocks);
  return { results, dead, duplicates, clockMs: Number.isFinite(clockMs) ? clockMs : null };
}
