/**
 * What the engine must come to, by brute force: walks each partition's records in order, keeps every event, and asks of
 * every window by itself whether an event enters or misses it. It knows no slices, commits or batches, and shares no
 * code with the engine.
 * @module
 */
import type { LogRecord } from "../../core/ports.ts";

/** A chat event as the reference reads it. */
export interface ReferenceEvent {
  readonly timeMs: number;
  readonly offset: number;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A pipeline on events.chat, keyed by stream_id, in plain words. */
export interface ReferencePipeline {
  readonly name: string;
  readonly sizeMs: number;
  readonly slideMs: number;
  readonly outOfOrdernessMs: number;
  readonly allowedLatenessMs: number;
  /** Whether its enrichers can score an event; without it they can. */
  canScore?(event: ReferenceEvent): boolean;
  /** The metrics of all events of a window. */
  values(events: readonly ReferenceEvent[]): unknown[];
}

/** What became of the records in one pipeline. */
export interface ReferenceResult {
  /** Every row, in no order: key, window start, window end, metrics. */
  readonly rows: unknown[][];
  readonly counts: Record<"in" | "accepted" | "dead" | "late" | "late_partial" | "duplicate" | "unenriched", number>;
  /** Windows that fired on time, those of them that fired by an idle grant, and those that are still open. */
  readonly fired: number;
  readonly firedIdle: number;
  readonly open: number;
  /** Places of the late records: `partition:offset`. */
  readonly late: string[];
}

/** What became of the records over all pipelines. */
export interface Reference {
  readonly pipelines: Readonly<Record<string, ReferenceResult>>;
  /** The worst outcome of each record. */
  readonly outcomes: Record<"accepted" | "dead" | "late" | "duplicate", number>;
  /** Places of the dead records: `partition:offset`. */
  readonly dead: string[];
}

/** A watermark that idling granted to a pipeline before the record at an offset. */
export interface IdleGrant {
  readonly pipeline: string;
  readonly partition: number;
  readonly offset: number;
  readonly watermarkMs: number;
}

/** What the records alone do not say. */
export interface ReferenceFacts {
  /** In the order in which they were granted. */
  readonly grants?: readonly IdleGrant[];
  /** Where a key belongs; records elsewhere are dead. Without it keys are not looked at. */
  readonly partitionFor?: (key: string) => number;
}

/** Walks all partitions of a topic. */
export function referenceOf(
  partitions: readonly (readonly LogRecord[])[],
  pipelines: readonly ReferencePipeline[],
  { grants = [], partitionFor }: ReferenceFacts = {},
): Reference {
  const results = new Map(pipelines.map((pipeline) => [pipeline.name, noResult()]));
  const outcomes = { accepted: 0, dead: 0, late: 0, duplicate: 0 };
  const dead: string[] = [];
  for (const [partition, records] of partitions.entries()) {
    const walks = pipelines.map((pipeline) => new Walk(pipeline, results.get(pipeline.name)!));
    const highest = new Map<string, number>();
    const idle = (walk: Walk, offset: number) => {
      for (const grant of grants) {
        const isOf = grant.pipeline === walk.pipeline.name && grant.partition === partition;
        if (isOf && grant.offset === offset) walk.advance(grant.watermarkMs, "idle");
      }
    };
    for (const record of records) {
      for (const walk of walks) idle(walk, record.offset);
      const isHome = (key: string) => partitionFor === undefined || partitionFor(key) === partition;
      const outcome = outcomeOf(record, { highest, walks, place: `${partition}:${record.offset}`, isHome });
      outcomes[outcome]++;
      if (outcome === "dead") dead.push(`${partition}:${record.offset}`);
    }
    for (const walk of walks) {
      idle(walk, records.length);
      walk.end();
    }
  }
  return { pipelines: Object.fromEntries(results), outcomes, dead };
}

const noResult = (): ReferenceResult & { fired: number; firedIdle: number; open: number } => ({
  rows: [],
  counts: { in: 0, accepted: 0, dead: 0, late: 0, late_partial: 0, duplicate: 0, unenriched: 0 },
  fired: 0,
  firedIdle: 0,
  open: 0,
  late: [],
});

function outcomeOf(
  record: LogRecord,
  { highest, walks, place, isHome }: {
    highest: Map<string, number>;
    walks: readonly Walk[];
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
  const wasLate = walks.map((walk) => walk.take(event, place));
  return wasLate.includes(true) ? "late" : "accepted";
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

interface Held {
  readonly startMs: number;
  readonly key: string;
  readonly events: ReferenceEvent[];
}

/** One pipeline on one partition. */
class Walk {
  readonly pipeline: ReferencePipeline;
  readonly result: ReturnType<typeof noResult>;
  readonly #windows = new Map<string, Held>();
  #watermarkMs = -Infinity;

  constructor(pipeline: ReferencePipeline, result: ReturnType<typeof noResult>) {
    this.pipeline = pipeline;
    this.result = result;
  }

  /** Takes an event in; whether it was late. */
  take(event: ReferenceEvent, place: string): boolean {
    const { sizeMs, slideMs, outOfOrdernessMs, allowedLatenessMs } = this.pipeline;
    const watermarkMs = this.#watermarkMs;
    if (this.pipeline.canScore?.(event) === false) this.result.counts.unenriched++;
    const key = event.value.stream_id as string;
    const starts: number[] = [];
    for (let s = Math.floor(event.timeMs / slideMs) * slideMs; s + sizeMs > event.timeMs; s -= slideMs) starts.push(s);
    const entered = starts.filter((start) => start + sizeMs + allowedLatenessMs > watermarkMs);
    if (entered.length === 0) {
      this.result.counts.late++;
      this.result.late.push(place);
      return true;
    }
    this.result.counts.accepted++;
    if (entered.length < starts.length) this.result.counts.late_partial++;
    for (const startMs of entered) {
      const id = `${startMs} ${key}`;
      const held = this.#windows.get(id) ?? { startMs, key, events: [] };
      this.#windows.set(id, held);
      held.events.push(event);
    }
    this.advance(event.timeMs - outOfOrdernessMs, "event");
    return false;
  }

  /** The watermark goes on, never back; windows whose end it reaches fire. */
  advance(toMs: number, cause: "event" | "idle"): void {
    for (const { startMs } of this.#windows.values()) {
      const endMs = startMs + this.pipeline.sizeMs;
      if (endMs <= this.#watermarkMs || endMs > toMs) continue;
      this.result.fired++;
      if (cause === "idle") this.result.firedIdle++;
    }
    this.#watermarkMs = Math.max(this.#watermarkMs, toMs);
  }

  /** The partition's end: every window with events has a row. */
  end(): void {
    const { sizeMs, values } = this.pipeline;
    for (const { startMs, key, events } of this.#windows.values()) {
      if (startMs + sizeMs > this.#watermarkMs) this.result.open++;
      this.result.rows.push([key, startMs, startMs + sizeMs, ...values(events)]);
    }
  }
}
