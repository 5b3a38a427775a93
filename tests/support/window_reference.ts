/**
 * Windows of one size by brute force: each keeps all of its events, and is asked by itself whether an event enters or
 * misses it.
 * @module
 */
import type {
  LogGap,
  ReferenceEvent,
  ReferenceOf,
  ReferenceResult,
  ReferenceWalk,
  ReferenceWindow,
} from "./reference.ts";

interface Held {
  readonly startMs: number;
  readonly key: string;
  events: ReferenceEvent[];
}

/** One pipeline of windows on one partition. */
export class WindowWalk implements ReferenceWalk {
  readonly pipeline: ReferenceOf<ReferenceWindow>;
  readonly result: ReferenceResult;
  readonly #windows = new Map<string, Held>();
  #watermarkMs = -Infinity;
  #eventTimeMsMax = -Infinity;
  /** Windows that end here or before stand as they are. */
  #frozenEndMs = -Infinity;
  /** Windows that start here or before may lack events; Infinity until the first event after a gap tells. */
  #partialStartMs = -Infinity;

  constructor(pipeline: ReferenceOf<ReferenceWindow>, result: ReferenceResult) {
    this.pipeline = pipeline;
    this.result = result;
  }

  take(event: ReferenceEvent, place: string): boolean {
    const { window: { sizeMs, slideMs }, outOfOrdernessMs, allowedLatenessMs } = this.pipeline;
    const { counts } = this.result;
    const watermarkMs = this.#watermarkMs;
    const key = event.value.stream_id as string;
    const starts: number[] = [];
    for (let s = Math.floor(event.timeMs / slideMs) * slideMs; s + sizeMs > event.timeMs; s -= slideMs) starts.push(s);
    const inTime = starts.filter((start) => start + sizeMs + allowedLatenessMs > watermarkMs);
    const entered = inTime.filter((start) => start + sizeMs > this.#frozenEndMs);
    if (entered.length === 0) {
      counts.late++;
      if (inTime.length > 0) counts.not_rebuildable++;
      this.result.late.push(place);
      return true;
    }
    counts.accepted++;
    if (entered.length < starts.length) counts.late_partial++;
    for (const startMs of entered) {
      const id = `${startMs} ${key}`;
      const held = this.#windows.get(id) ?? { startMs, key, events: [] };
      this.#windows.set(id, held);
      held.events.push(event);
    }
    if (this.#partialStartMs === Infinity) this.#partialStartMs = event.timeMs;
    this.#eventTimeMsMax = Math.max(this.#eventTimeMsMax, event.timeMs);
    this.advance(event.timeMs - outOfOrdernessMs, "event");
    return false;
  }

  /** Windows whose end the watermark reaches fire. */
  advance(toMs: number, cause: "event" | "idle"): void {
    const { result } = this;
    for (const { startMs, events } of this.#windows.values()) {
      const endMs = startMs + this.pipeline.window.sizeMs;
      if (events.length === 0 || endMs <= this.#watermarkMs || endMs > toMs) continue;
      const partial = startMs <= this.#partialStartMs ? 1 : 0;
      result.fired++;
      result.counts.partial += partial;
      if (cause === "idle") {
        result.firedIdle++;
        result.partialIdle += partial;
      }
    }
    this.#watermarkMs = Math.max(this.#watermarkMs, toMs);
  }

  /** What had fired stands as it is; open windows go on without the events that are gone. */
  lack({ offset, from, to, watermarkMs }: LogGap): void {
    if (from < offset) {
      this.#partialStartMs = this.#eventTimeMsMax;
      this.#frozenEndMs = Math.max(this.#frozenEndMs, watermarkMs ?? -Infinity);
      for (const held of this.#windows.values()) {
        if (held.startMs + this.pipeline.window.sizeMs <= this.#frozenEndMs) continue;
        held.events = held.events.filter((event) => event.offset < from || event.offset >= to);
      }
    }
    if (to <= offset) return;
    this.#partialStartMs = Infinity;
    this.result.counts.lost += to - offset;
  }

  end(): void {
    const { window: { sizeMs }, values } = this.pipeline;
    for (const { startMs, key, events } of this.#windows.values()) {
      if (events.length === 0) continue;
      if (startMs + sizeMs > this.#watermarkMs) this.result.open++;
      this.result.rows.push([key, startMs, startMs + sizeMs, ...values(events)]);
    }
  }
}
