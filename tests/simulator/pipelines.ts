/**
 * The pipelines under test: windows that overlap, windows side by side and sessions, with much, little and no patience;
 * counts, distinct, top-k and scaled metrics; detectors on panes and on events; an enricher; definitions that change.
 * @module
 */
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import type { NewRecord } from "../../core/ports.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { session, sliding, tumbling } from "../../core/window.ts";
import { enricher } from "../../processor/enrichers/enricher.ts";
import { zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { count, type DerivedColumn, distinct, lastOf, stdDevOf, sumOf, topK } from "../../processor/metrics/mod.ts";
import { type Pipeline, pipeline } from "../../processor/pipeline.ts";
import type { SimRecord } from "./scenario.ts";

/** A chat event with a number in it. */
interface PaidEvent extends ChatEvent {
  readonly amount: string;
}

interface Cents {
  readonly cents: number;
}

/** Amounts in cents; user 3 cannot be scored, and an amount of 13 fails the batch that it is in. */
const scoring = enricher<PaidEvent, Cents>({
  name: "cents",
  version: 1,
  fields: ["cents"],
  enrich: (events) =>
    events.map(({ user_id, amount }) => {
      if (amount === "0.13") throw new Error("bad luck");
      return user_id === "user 3" ? null : { cents: centsOf(amount) };
    }),
});

/** What the pipelines of a scenario are like. */
export interface Shape {
  readonly wideLatenessMs: number;
  readonly tightSizeMs: number;
  readonly tightLatenessMs: number;
  readonly tightDisorderMs: number;
  readonly gapMs: number;
  readonly visitsLatenessMs: number;
}

const variants: readonly Shape[] = [
  {
    wideLatenessMs: seconds(30),
    tightSizeMs: seconds(15),
    tightLatenessMs: seconds(4),
    tightDisorderMs: seconds(2),
    gapMs: seconds(8),
    visitsLatenessMs: seconds(20),
  },
  {
    wideLatenessMs: seconds(60),
    tightSizeMs: seconds(20),
    tightLatenessMs: 0,
    tightDisorderMs: seconds(6),
    gapMs: seconds(20),
    visitsLatenessMs: 0,
  },
  {
    wideLatenessMs: seconds(25),
    tightSizeMs: seconds(15),
    tightLatenessMs: seconds(40),
    tightDisorderMs: 0,
    gapMs: seconds(3),
    visitsLatenessMs: seconds(60),
  },
];

/** How many variants there are. */
export const VARIANTS = variants.length;
/** How many versions of each: the first; one in which not all pipelines are others; one in which they are. */
export const VERSIONS = 3;

/** The shape of a variant, in a version. */
export function shapeOf(variant: number, version: number): Shape {
  const [first, next] = [variants[variant]!, variants[(variant + 1) % VARIANTS]!];
  if (version === 0) return first;
  return version === 1 ? { ...next, wideLatenessMs: first.wideLatenessMs } : next;
}

/** The topic under test. */
export const simTopic = chatEvents.topic;

const contract = chatEvents as never;

const userOf = (event: PaidEvent): string => event.user_id;
const cents = sumOf<PaidEvent & Cents>((event) => event.cents, { scale: 0 });

/** A column of the same metric as another one. */
const doubled: DerivedColumn = {
  from: cents as never,
  kind: "doubled",
  version: 1,
  column: "double precision",
  of: (value) => 2 * Number(value),
};

/** Overlapping windows with corrections: events miss some of their windows. */
const widePipeline = ({ wideLatenessMs }: Shape): Pipeline =>
  pipeline<PaidEvent, [Cents]>({
    name: "wide",
    contract,
    key: "stream_id",
    enrich: [scoring],
    window: sliding({ sizeMs: seconds(60), slideMs: seconds(25) }),
    outOfOrdernessMs: seconds(5),
    allowedLatenessMs: wideLatenessMs,
    metrics: {
      messages: count(),
      users: distinct(userOf),
      emotes: topK((event) => event.emotes, 2, { as: "emote" }),
      cents,
      spread: stdDevOf((event) => event.cents, { scale: 0, digits: 3, over: "population" }),
      doubled,
    },
    detect: [zScore("messages", { threshold: 1, samplesMin: 3 })],
    detectorKeysMax: 2,
    table: "wide_rows",
  });

/** Windows side by side with hardly any patience. */
const tightPipeline = ({ tightSizeMs, tightDisorderMs, tightLatenessMs }: Shape): Pipeline =>
  pipeline<PaidEvent>({
    name: "tight",
    contract,
    key: "stream_id",
    window: tumbling({ sizeMs: tightSizeMs }),
    outOfOrdernessMs: tightDisorderMs,
    allowedLatenessMs: tightLatenessMs,
    metrics: {
      messages: count(),
      amount: sumOf((event) => event.amount, { scale: 2 }),
      latest: lastOf((event) => event.amount, { tie: (event) => Number(event.event_id), scale: 2 }),
    },
    detect: [zScoreOfEvents("amount", { value: (event) => Number(event.amount), threshold: 1.2, samplesMin: 3 })],
    detectorKeysMax: 2,
    table: "tight_rows",
  });

/** Sessions that late events make longer, open again, and merge. */
const visitsPipeline = ({ gapMs, visitsLatenessMs }: Shape): Pipeline =>
  pipeline<PaidEvent>({
    name: "visits",
    contract,
    key: "stream_id",
    window: session({ gapMs }),
    outOfOrdernessMs: seconds(3),
    allowedLatenessMs: visitsLatenessMs,
    metrics: { messages: count(), users: distinct(userOf) },
    detect: [zScoreOfEvents("amount", { value: (event) => Number(event.amount), threshold: 1.5, samplesMin: 4 })],
    table: "visits_rows",
  });

const enginePipelines: readonly (readonly (readonly Pipeline[])[])[] = variants.map((_, variant) =>
  Array.from({ length: VERSIONS }, (_, version) => {
    const shape = shapeOf(variant, version);
    return [widePipeline(shape), tightPipeline(shape), visitsPipeline(shape)];
  })
);

/** What the engine is given. */
export const enginePipelinesOf = (variant: number, version: number): readonly Pipeline[] =>
  enginePipelines[variant]![version]!;

/** Amounts are whole cents: `1.05` or `3`. */
export const centsOf = (amount: string): number => Math.round(Number(amount) * 100);
/** Cents as an amount. */
export const decimalOf = (cents: number): string => String(cents / 100);

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
