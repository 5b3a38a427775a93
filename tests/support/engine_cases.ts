/**
 * Pipelines and random chat records that the engine and the reference are both run on.
 * @module
 */
import fc from "fast-check";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import type { NewRecord } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { count, distinct, lastOf, sumOf, topK } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import type { ReferenceEvent, ReferencePipeline } from "./reference.ts";

/** A chat event with a number in it. */
interface PaidEvent extends ChatEvent {
  readonly amount: string;
}

const paid = chatEvents as unknown as typeof chatEvents & { readonly keyField: keyof PaidEvent & string };

/** Overlapping windows with corrections: events miss some of their windows. */
export const wide: Pipeline = pipeline<PaidEvent>({
  name: "wide",
  contract: paid as never,
  key: "stream_id",
  window: sliding({ sizeMs: seconds(60), slideMs: seconds(25) }),
  outOfOrdernessMs: seconds(5),
  allowedLatenessMs: seconds(30),
  metrics: {
    messages: count(),
    users: distinct((event) => event.user_id),
    emotes: topK((event) => event.emotes, 2, { as: "emote" }),
  },
  detect: [zScore("messages", { threshold: 1, samplesMin: 3 })],
  table: "wide_rows",
});

/** Windows side by side with hardly any patience. */
export const tight: Pipeline = pipeline<PaidEvent>({
  name: "tight",
  contract: paid as never,
  key: "stream_id",
  window: tumbling({ sizeMs: seconds(15) }),
  outOfOrdernessMs: seconds(2),
  allowedLatenessMs: seconds(4),
  metrics: {
    messages: count(),
    amount: sumOf((event) => event.amount, { scale: 2 }),
    latest: lastOf((event) => event.amount, { tie: (event) => Number(event.event_id), scale: 2 }),
  },
  detect: [zScoreOfEvents("amount", { value: (event) => Number(event.amount), threshold: 1.5, samplesMin: 4 })],
  table: "tight_rows",
});

const of = (name: string) => ({ value }: ReferenceEvent) => value[name] as string;

function emotesOf(events: readonly ReferenceEvent[]): unknown {
  const times = new Map<string, number>();
  for (const { value } of events) {
    for (const emote of value.emotes as string[]) times.set(emote, (times.get(emote) ?? 0) + 1);
  }
  // The names are ASCII: their order by units is that of code points.
  const ranked = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked.slice(0, 2).map(([emote, n]) => ({ emote, count: n }));
}

/** Amounts are whole cents: `1.05` or `3`. */
const centsOf = (text: string): number => Math.round(Number(text) * 100);
const decimalOf = (cents: number): string => String(cents / 100);

function latestOf(events: readonly ReferenceEvent[]): string {
  const id = (event: ReferenceEvent) => Number(event.value.event_id);
  const inTime = [...events].sort((a, b) => a.timeMs - b.timeMs || id(a) - id(b));
  return decimalOf(centsOf(of("amount")(inTime.at(-1)!)));
}

/** The same in the reference's words. */
export const references: readonly ReferencePipeline[] = [
  {
    name: "wide",
    window: { sizeMs: 60_000, slideMs: 25_000 },
    outOfOrdernessMs: 5_000,
    allowedLatenessMs: 30_000,
    values: (events) => [events.length, new Set(events.map(of("user_id"))).size, emotesOf(events)],
  },
  {
    name: "tight",
    window: { sizeMs: 15_000, slideMs: 15_000 },
    outOfOrdernessMs: 2_000,
    allowedLatenessMs: 4_000,
    values: (events) => [
      events.length,
      decimalOf(events.reduce((sum, event) => sum + centsOf(of("amount")(event)), 0)),
      latestOf(events),
    ],
  },
];

/** One step of a feed. */
export type Step =
  | { readonly kind: "event"; readonly stepMs: number; readonly lateMs: number; readonly pick: number }
  /** Sends an earlier record once more. */
  | { readonly kind: "repeat"; readonly back: number }
  | { readonly kind: "dead"; readonly pick: number };

const lateMs = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 4, arbitrary: fc.nat({ max: 8_000 }) },
  { weight: 2, arbitrary: fc.nat({ max: 120_000 }) },
);
const stepMs = fc.oneof(
  { weight: 9, arbitrary: fc.nat({ max: 6_000 }) },
  { weight: 1, arbitrary: fc.nat({ max: 300_000 }) },
);
const pick = fc.nat({ max: 999 });

/** Steps of a feed: mostly events, out of order and late, some repeats, some dead ones. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 16, arbitrary: fc.record({ kind: fc.constant("event" as const), stepMs, lateMs, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat" as const), back: fc.nat({ max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("dead" as const), pick }) },
  ),
  { maxLength: 90, size: "max" },
);

/** The records of a feed that begins at `startMs`. */
export function recordsOf(feed: readonly Step[], startMs: number): NewRecord[] {
  const records: NewRecord[] = [];
  const seqs = [0, 0, 0, 0, 0];
  let nowMs = startMs;
  const send = (key: string, value: string, choice: number) => {
    const which = choice % (seqs.length + 1);
    const seq = seqs[which] === undefined ? 0 : seqs[which]++;
    const instance = which === seqs.length ? null : `producer ${which}`;
    records.push({ key, value, instance, seq, runId: "run" });
  };
  for (const [i, step] of feed.entries()) {
    if (step.kind === "repeat") {
      const earlier = records[records.length - 1 - step.back];
      if (earlier !== undefined) records.push(earlier);
      continue;
    }
    const key = `stream ${step.pick % 5}`;
    if (step.kind === "dead") {
      send(key, deadValues[step.pick % deadValues.length]!, step.pick);
      continue;
    }
    nowMs += step.stepMs;
    send(key, JSON.stringify(eventOf(i, { key, timeMs: nowMs - step.lateMs, pick: step.pick })), step.pick);
  }
  return records;
}

const EMOTES = [[], ["Kappa"], ["LUL", "Kappa"], ["KEKW", "KEKW"]] as const;

function eventOf(id: number, { key, timeMs, pick: choice }: { key: string; timeMs: number; pick: number }): unknown {
  return {
    event_id: String(id),
    timestamp: formatTime(timeMs),
    source: "test",
    stream_id: key,
    user_id: `user ${choice % 4}`,
    username: "",
    message: "hello",
    emotes: EMOTES[choice % 4],
    amount: decimalOf(choice % 7 === 0 ? 900 + choice : choice % 50),
  };
}

const deadValues = [
  "no JSON",
  "{}",
  '{"event_id":"x","timestamp":"2024-01-01T00:00:00Z","source":"test","stream_id":"stream 0"}',
  JSON.stringify({ ...eventOf(0, { key: "stream 0", timeMs: Date.UTC(2099, 0, 1), pick: 0 }) as object }),
];
