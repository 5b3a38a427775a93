/**
 * What the engine must come to, by brute force: walks each partition's records in order, keeps every event, and asks of
 * every window by itself whether an event enters or misses it. It knows no slices, commits or batches, and shares no
 * code with the engine.
 * @module
 */
import type { LogRecord } from "../../core/ports.ts";
import { SessionWalk } from "./session_reference.ts";
import { WindowWalk } from "./window_reference.ts";

/** A chat event as the reference reads it. */
export interface ReferenceEvent {
  readonly timeMs: number;
  readonly offset: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A pipeline on events.chat, keyed by stream_id, in plain words: of windows `W`. */
export interface ReferenceOf<W> {
  readonly name: string;
  readonly window: W;
  readonly outOfOrdernessMs: number;
  readonly allowedLatenessMs: number;
  /** Of how many keys its detectors on events know; without it of all. */
  readonly detectorKeysMax?: number;
  /** Whether its enrichers can score an event; without it they can. */
  canScore?(event: ReferenceEvent): boolean;
  /** The metrics of all events of a window. */
  values(events: readonly ReferenceEvent[]): unknown[];
}

/** Windows of one size. */
export interface ReferenceWindow {
  readonly sizeMs: number;
  readonly slideMs: number;
}

/** Sessions. */
export interface ReferenceSession {
  readonly gapMs: number;
}

/** A pipeline of any kind of windows. */
export type ReferencePipeline = ReferenceOf<ReferenceWindow> | ReferenceOf<ReferenceSession>;

/** What became of the records in one pipeline. */
export interface ReferenceResult {
  /** Every row, in no order: key, window start, window end, metrics. */
  readonly rows: unknown[][];
  readonly counts: Record<
    | "in"
    | "accepted"
    | "dead"
    | "late"
    | "late_partial"
    | "duplicate"
    | "unenriched"
    | "lost"
    | "not_rebuildable"
    | "partial"
    | "detector_keys_dropped",
    number
  >;
  /** Windows that fired on time, those of them that fired by an idle grant, and those that are still open. */
  fired: number;
  firedIdle: number;
  open: number;
  /** Those of the ones that fired by an idle grant which may lack events. */
  partialIdle: number;
  /** Places of the late records: `partition:offset`. */
  readonly late: string[];
}

/** One pipeline on one partition. */
export interface ReferenceWalk {
  readonly pipeline: ReferencePipeline;
  readonly result: ReferenceResult;
  /** Takes an event in; whether it was late. */
  take(event: ReferenceEvent, place: string): boolean;
  /** The watermark goes on, never back. */
  advance(toMs: number, cause: "event" | "idle"): void;
  /** Some records can be read no more. */
  lack(gap: LogGap): void;
  /** The partition's end: every window with events has a row. */
  end(): void;
}

/** What became of the records over all pipelines. */
export interface Reference {
  readonly pipelines: Readonly<Record<string, ReferenceResult>>;
  /** The worst outcome of each record. */
  readonly outcomes: Record<"accepted" | "dead" | "late" | "duplicate", number>;
  /** Records by run, without those that were lost. */
  readonly read: Map<string, number>;
  /** Places of the dead records: `partition:offset`. */
  readonly dead: string[];
  /** Those of events, each once. */
  readonly events: string[];
}

/** A watermark that idling granted to a pipeline before the record at an offset. */
export interface IdleGrant {
  readonly pipeline: string;
  readonly partition: number;
  readonly offset: number;
  readonly watermarkMs: number;
}

/** An owner took over at an offset after the log had deleted records from … to − 1, which it needed. */
export interface LogGap {
  readonly pipeline: string;
  readonly partition: number;
  readonly offset: number;
  /** As of the offset. */
  readonly watermarkMs: number | null;
  readonly from: number;
  readonly to: number;
  /** Whether it was the first owner of all: it lacks nothing, and begins with what is there. */
  readonly begins: boolean;
}

/** What the records alone do not say. */
export interface ReferenceFacts {
  /** In the order in which they were granted. */
  readonly grants?: readonly IdleGrant[];
  readonly gaps?: readonly LogGap[];
  /** Where a key belongs; records elsewhere are dead. Without it keys are not looked at. */
  readonly partitionFor?: (key: string) => number;
}

/** Walks all partitions of a topic. */
export function referenceOf(
  partitions: readonly (readonly LogRecord[])[],
  pipelines: readonly ReferencePipeline[],
  { grants = [], gaps = [], partitionFor }: ReferenceFacts = {},
): Reference {
  const results = new Map(pipelines.map((pipeline) => [pipeline.name, noResult()]));
  const reference: Reference = {
    pipelines: Object.fromEntries(results),
    outcomes: { accepted: 0, dead: 0, late: 0, duplicate: 0 },
    read: new Map(),
    dead: [],
    events: [],
  };
  for (const [partition, records] of partitions.entries()) {
    const walks = pipelines.map((pipeline) => walkOf(pipeline, results.get(pipeline.name)!));
    const highest = new Map<string, number>();
    const recent = new Map(walks.map((walk) => [walk, []]));
    const meet = (walk: ReferenceWalk, offset: number) => {
      const isHere = (fact: IdleGrant | LogGap) =>
        fact.pipeline === walk.pipeline.name && fact.partition === partition && fact.offset === offset;
      const lacks = gaps.filter((gap) => isHere(gap) && !gap.begins);
      // A grant beyond the watermark of a gap was stored before it, and is acted upon after it.
      for (const { watermarkMs } of grants.filter(isHere)) {
        while (lacks.length > 0 && (lacks[0]!.watermarkMs ?? -Infinity) < watermarkMs) walk.lack(lacks.shift()!);
        walk.advance(watermarkMs, "idle");
      }
      for (const gap of lacks) walk.lack(gap);
    };
    for (const record of records) {
      const { offset } = record;
      for (const walk of walks) meet(walk, offset);
      const isLost = gaps.some((gap) => gap.partition === partition && gap.offset <= offset && offset < gap.to);
      if (isLost) continue;
      reference.read.set(record.runId ?? "", (reference.read.get(record.runId ?? "") ?? 0) + 1);
      const isHome = (key: string) => partitionFor === undefined || partitionFor(key) === partition;
      const place = `${partition}:${offset}`;
      const outcome = outcomeOf(record, { highest, recent, walks, place, isHome });
      reference.outcomes[outcome]++;
      if (outcome === "dead") reference.dead.push(place);
      else if (outcome !== "duplicate") reference.events.push(place);
    }
    for (const walk of walks) {
      meet(walk, records.length);
      walk.end();
    }
  }
  return reference;
}

const walkOf = (pipeline: ReferencePipeline, result: ReferenceResult): ReferenceWalk =>
  isOfSessions(pipeline) ? new SessionWalk(pipeline, result) : new WindowWalk(pipeline, result);

/** Whether a pipeline is one of sessions. */
export const isOfSessions = (
  pipeline: ReferenceOf<ReferenceWindow | ReferenceSession>,
): pipeline is ReferenceOf<ReferenceSession> => "gapMs" in pipeline.window;

const noResult = (): ReferenceResult => ({
  rows: [],
  counts: {
    in: 0,
    accepted: 0,
    dead: 0,
    late: 0,
    late_partial: 0,
    duplicate: 0,
    unenriched: 0,
    lost: 0,
    not_rebuildable: 0,
    partial: 0,
    detector_keys_dropped: 0,
  },
  fired: 0,
  firedIdle: 0,
  open: 0,
  partialIdle: 0,
  late: [],
});

function outcomeOf(
  record: LogRecord,
  { highest, recent, walks, place, isHome }: {
    highest: Map<string, number>;
    recent: ReadonlyMap<ReferenceWalk, string[]>;
    walks: readonly ReferenceWalk[];
    place: string;
    isHome: (key: string) => boolean;
  },
): keyof Reference["outcomes"] {
  const { instance, seq } = record;
  for (const { result } of walks) result.counts.in++;
  if (instance !== null && seq <= (highest.get(instance) ?? -1)) {
    for (const { result } of walks) result.counts.duplicate++;
    return "duplicate";
  }
  if (instance !== null) highest.set(instance, seq);
  const event = readEvent(record);
  if (event === null || !isHome(event.value.stream_id as string)) {
    for (const { result } of walks) result.counts.dead++;
    return "dead";
  }
  const wasLate = walks.map((walk) => {
    if (walk.pipeline.canScore?.(event) === false) walk.result.counts.unenriched++;
    const isLate = walk.take(event, place);
    if (!isLate) seeKey(walk, event.value.stream_id as string, recent.get(walk)!);
    return isLate;
  });
  return wasLate.includes(true) ? "late" : "accepted";
}

/** The key comes to the end of those that were seen; of too many the first goes. */
function seeKey(
  { pipeline: { detectorKeysMax = Infinity }, result }: ReferenceWalk,
  key: string,
  recent: string[],
): void {
  if (recent.includes(key)) recent.splice(recent.indexOf(key), 1);
  if (recent.push(key) <= detectorKeysMax) return;
  recent.shift();
  result.counts.detector_keys_dropped++;
}

function readEvent({ value: text, appendTimeMs, offset }: LogRecord): ReferenceEvent | null {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const texts = ["event_id", "timestamp", "source", "stream_id", "user_id", "username", "message"];
  if (!texts.every((name) => typeof value[name] === "string") || !Array.isArray(value.emotes)) return null;
  const timeMs = new Date(value.timestamp as string).getTime();
  return timeMs <= appendTimeMs + 5 * 60_000 ? { timeMs, offset, value } : null;
}
