/**
 * What sessions must come to, by brute force: keeps every event that it takes in, and for each question sorts those of a
 * key anew. Knows no merges, commits or retention, and shares no code with the engine.
 * @module
 */
import type {
  LogGap,
  ReferenceEvent,
  ReferenceOf,
  ReferenceResult,
  ReferenceSession,
  ReferenceWalk,
} from "./reference.ts";

interface Held extends ReferenceEvent {
  /** Whether it was part of a session that fired. */
  counted: boolean;
}

/** One pipeline of sessions on one partition. */
export class SessionWalk implements ReferenceWalk {
  readonly pipeline: ReferenceOf<ReferenceSession>;
  readonly result: ReferenceResult;
  readonly #byKey = new Map<string, Held[]>();
  #watermarkMs = -Infinity;

  constructor(pipeline: ReferenceOf<ReferenceSession>, result: ReferenceResult) {
    this.pipeline = pipeline;
    this.result = result;
  }

  take(event: ReferenceEvent, place: string): boolean {
    const { window: { gapMs }, allowedLatenessMs, outOfOrdernessMs } = this.pipeline;
    const missedUpToMs = this.#watermarkMs - allowedLatenessMs;
    const { timeMs } = event;
    const key = event.value.stream_id as string;
    const held = this.#byKey.get(key) ?? [];
    this.#byKey.set(key, held);
    const holder = this.#sessionsOf(held).find((one) => one[0]!.timeMs <= timeMs && timeMs < this.#endOf(one));
    const isHeld = holder !== undefined && this.#endOf(holder) > missedUpToMs;
    if (timeMs + gapMs <= missedUpToMs && !isHeld) {
      this.result.counts.late++;
      this.result.late.push(place);
      return true;
    }
    this.result.counts.accepted++;
    held.push({ ...event, counted: false });
    this.#fire(held, "event");
    this.advance(timeMs - outOfOrdernessMs, "event");
    return false;
  }

  advance(toMs: number, cause: "event" | "idle"): void {
    if (toMs <= this.#watermarkMs) return;
    this.#watermarkMs = toMs;
    for (const held of this.#byKey.values()) this.#fire(held, cause);
  }

  /** Sessions need no record again. */
  lack({ offset, to }: LogGap): void {
    this.result.counts.lost += Math.max(0, to - offset);
  }

  end(): void {
    for (const [key, held] of this.#byKey) {
      for (const session of this.#sessionsOf(held)) {
        const endMs = this.#endOf(session);
        if (endMs > this.#watermarkMs && !session.some(({ counted }) => counted)) this.result.open++;
        this.result.rows.push([key, session[0]!.timeMs, endMs, ...this.pipeline.values(session)]);
      }
    }
  }

  /** Sessions that have ended fire; one counts if none of its events was part of a fired one before. */
  #fire(held: readonly Held[], cause: "event" | "idle"): void {
    for (const session of this.#sessionsOf(held)) {
      if (this.#endOf(session) > this.#watermarkMs) continue;
      if (!session.some(({ counted }) => counted)) {
        this.result.fired++;
        if (cause === "idle") this.result.firedIdle++;
      }
      for (const event of session) event.counted = true;
    }
  }

  /** Sorts all events of a key and cuts them where a gap is. */
  #sessionsOf(events: readonly Held[]): Held[][] {
    const sessions: Held[][] = [];
    for (const event of [...events].sort((a, b) => a.timeMs - b.timeMs)) {
      const last = sessions.at(-1);
      if (last !== undefined && event.timeMs < this.#endOf(last)) last.push(event);
      else sessions.push([event]);
    }
    return sessions;
  }

  #endOf(session: readonly Held[]): number {
    return session.at(-1)!.timeMs + this.pipeline.window.gapMs;
  }
}
