/**
 * The pipelines under test, and the same in the reference's words: windows that overlap and windows side by side, with
 * much, little and no patience; counts, distinct, top-k and scaled metrics; a detector on panes and one on events.
 * @module
 */
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import type { NewRecord } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { sliding, tumbling } from "../../core/window.ts";
import { enricher } from "../../processor/enrichers/enricher.ts";
import { zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { count, distinct, lastOf, stdDevOf, sumOf, topK } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import type { ReferenceEvent, ReferencePipeline } from "../support/reference.ts";
import type { SimRecord } from "./scenario.ts";

/** A chat event with a number in it. */
interface PaidEvent extends ChatEvent {
  readonly amount: string;
}

interface Cents {
  readonly cents: number;
}

/** Amounts in cents; user 3 cannot be scored, and an amount of 13 fails the batch that it is in. */
const cents = enricher<PaidEvent, Cents>({
  name: "cents",
  version: 1,
  fields: ["cents"],
  enrich: (events) =>
    events.map(({ user_id, amount }) => {
      if (amount === "0.13") throw new Error("bad luck");
      return user_id === "user 3" ? null : { cents: centsOf(amount) };
    }),
});

/** Patience of the two pipelines. */
interface Variant {
  readonly wideLatenessMs: number;
  readonly tightLatenessMs: number;
  readonly tightDisorderMs: number;
}

const variants: readonly Variant[] = [
  { wideLatenessMs: seconds(30), tightLatenessMs: seconds(4), tightDisorderMs: seconds(2) },
  { wideLatenessMs: seconds(60), tightLatenessMs: 0, tightDisorderMs: seconds(6) },
  { wideLatenessMs: seconds(25), tightLatenessMs: seconds(40), tightDisorderMs: 0 },
];

/** How many variants there are. */
export const VARIANTS = variants.length;

/** The topic under test. */
export const simTopic = chatEvents.topic;

const contract = chatEvents as never;

/** Overlapping windows with corrections: events miss some of their windows. */
const widePipeline = (allowedLatenessMs: number): Pipeline =>
  pipeline<PaidEvent, [Cents]>({
    name: "wide",
    contract,
    key: "stream_id",
    enrich: [cents],
    window: sliding({ sizeMs: seconds(60), slideMs: seconds(25) }),
    outOfOrdernessMs: seconds(5),
    allowedLatenessMs,
    metrics: {
      messages: count(),
      users: distinct((event) => event.user_id),
      emotes: topK((event) => event.emotes, 2, { as: "emote" }),
      cents: sumOf((event) => event.cents, { scale: 0 }),
      spread: stdDevOf((event) => event.cents, { scale: 0, digits: 3, over: "population" }),
    },
    detect: [zScore("messages", { threshold: 1, samplesMin: 3 })],
    table: "wide_rows",
  });

/** Windows side by side with hardly any patience. */
const tightPipeline = (allowedLatenessMs: number, outOfOrdernessMs: number): Pipeline =>
  pipeline<PaidEvent>({
    name: "tight",
    contract,
    key: "stream_id",
    window: tumbling({ sizeMs: seconds(15) }),
    outOfOrdernessMs,
    allowedLatenessMs,
    metrics: {
      messages: count(),
      amount: sumOf((event) => event.amount, { scale: 2 }),
      latest: lastOf((event) => event.amount, { tie: (event) => Number(event.event_id), scale: 2 }),
    },
    detect: [zScoreOfEvents("amount", { value: (event) => Number(event.amount), threshold: 1.2, samplesMin: 3 })],
    table: "tight_rows",
  });

/** What the engine is given. */
export const enginePipelines: readonly (readonly Pipeline[])[] = variants.map((variant) => [
  widePipeline(variant.wideLatenessMs),
  tightPipeline(variant.tightLatenessMs, variant.tightDisorderMs),
]);

const text = (name: string) => ({ value }: ReferenceEvent) => value[name] as string;

function emotesOf(events: readonly ReferenceEvent[]): unknown {
  const times = new Map<string, number>();
  for (const { value } of events) {
    for (const emote of value.emotes as string[]) times.set(emote, (times.get(emote) ?? 0) + 1);
  }
  // The names are ASCII: their order by units is that of code points.
  const ranked = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ranked.slice(0, 2).map(([emote, n]) => ({ emote, count: n }));
}

const canScore = (event: ReferenceEvent): boolean =>
  text("user_id")(event) !== "user 3" && text("amount")(event) !== "0.13";

/** What the enricher could score. */
const scoredOf = (events: readonly ReferenceEvent[]): number[] =>
  events.filter(canScore).map((event) => centsOf(text("amount")(event)));

/** Population standard deviation by the mean of squared distances; null without values. */
function spreadOf(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return String(Number(Math.sqrt(variance).toFixed(3)));
}

/** Amounts are whole cents: `1.05` or `3`. */
const centsOf = (amount: string): number => Math.round(Number(amount) * 100);
const decimalOf = (cents: number): string => String(cents / 100);

function latestOf(events: readonly ReferenceEvent[]): string {
  const id = (event: ReferenceEvent) => Number(event.value.event_id);
  const inTime = [...events].sort((a, b) => a.timeMs - b.timeMs || id(a) - id(b));
  return decimalOf(centsOf(text("amount")(inTime.at(-1)!)));
}

/** The same in the reference's words. */
export const referencePipelines: readonly (readonly ReferencePipeline[])[] = variants.map((variant) => [
  {
    name: "wide",
    sizeMs: 60_000,
    slideMs: 25_000,
    outOfOrdernessMs: 5_000,
    allowedLatenessMs: variant.wideLatenessMs,
    canScore,
    values: (events) => [
      events.length,
      new Set(events.map(text("user_id"))).size,
      emotesOf(events),
      String(scoredOf(events).reduce((sum, cents) => sum + cents, 0)),
      spreadOf(scoredOf(events)),
    ],
  },
  {
    name: "tight",
    sizeMs: 15_000,
    slideMs: 15_000,
    outOfOrdernessMs: variant.tightDisorderMs,
    allowedLatenessMs: variant.tightLatenessMs,
    values: (events) => [
      events.length,
      decimalOf(events.reduce((sum, event) => sum + centsOf(text("amount")(event)), 0)),
      latestOf(events),
    ],
  },
]);

const EMOTES = [[], ["Kappa"], ["LUL", "Kappa"], ["KEKW", "KEKW"]] as const;

/** Event times of a run begin here. */
export const feedStartMs = Date.UTC(2023, 5, 1);

/** The record as it is sent. */
export function newRecordOf(record: SimRecord): NewRecord {
  const { id, atMs, stream, pick, producer, seq, kind } = record;
  const key = `stream ${stream}`;
  const timeMs = kind === "future" ? Date.UTC(2099, 0, 1) : feedStartMs + atMs;
  const value = {
    event_id: String(id),
    timestamp: formatTime(timeMs),
    source: "simulator",
    stream_id: kind === "misplaced" ? `stream ${(stream + 1 + pick % 4) % 5}` : key,
    user_id: `user ${pick % 4}`,
    username: "",
    message: "hello",
    emotes: EMOTES[pick % 4],
    amount: decimalOf(pick % 7 === 0 ? 900 + pick : pick % 50),
  };
  return {
    key,
    value: kind === "rubbish" ? ["no JSON", "{}", "[1]", '{"event_id":"x"}'][pick % 4]! : JSON.stringify(value),
    instance: producer === null ? null : `producer ${producer}`,
    seq,
    runId: `run ${id % 2}`,
  };
}
