/**
 * What sessions must come to, by brute force: keeps every event that it takes in, and for each question sorts those of a
 * key anew. Knows no merges, commits or retention, and shares no code with the engine.
 * @module
 */
import type { LogRecord } from "../../core/ports.ts";

/** A pipeline of sessions on events.chat in plain words. */
export interface SessionReference {
  readonly gapMs: number;
  readonly outOfOrdernessMs: number;
  readonly allowedLatenessMs: number;
}

/** What became of the records. */
export interface SessionResult {
  /** Key, start, end, number of events, different users; in no order. */
  readonly rows: unknown[][];
  readonly accepted: number;
  /** Places of the late records. */
  readonly late: string[];
  /** Sessions that fired without any event that was part of a fired session before. */
  readonly fired: number;
  /** Open sessions without any such event. */
  readonly open: number;
}

interface Held {
  readonly timeMs: number;
  readonly key: string;
  readonly user: string;
  counted: boolean;
}

/** Sorts all events of a key and cuts them where a gap is. */
function sessionsOf(events: readonly Held[], gapMs: number): Held[][] {
  const sessions: Held[][] = [];
  for (const event of [...events].sort((a, b) => a.timeMs - b.timeMs)) {
    const last = sessions.at(-1);
    if (last !== undefined && event.timeMs < last.at(-1)!.timeMs + gapMs) last.push(event);
    else sessions.push([event]);
  }
  return sessions;
}

/** Walks the accepted records of all partitions; `isAlive` tells dead and repeated ones apart. */
export function sessionReferenceOf(
  partitions: readonly (readonly LogRecord[])[],
  { gapMs, outOfOrdernessMs, allowedLatenessMs }: SessionReference,
): SessionResult {
  const result = { rows: [] as unknown[][], accepted: 0, late: [] as string[], fired: 0, open: 0 };
  for (const [partition, records] of partitions.entries()) {
    const byKey = new Map<string, Held[]>();
    let watermarkMs = -Infinity;
    const endOf = (session: readonly Held[]) => session.at(-1)!.timeMs + gapMs;
    for (const { value, offset } of records) {
      const { timestamp, stream_id: key, user_id: user } = JSON.parse(value);
      const timeMs = Date.parse(timestamp);
      const held = byKey.get(key) ?? [];
      byKey.set(key, held);
      const holder = sessionsOf(held, gapMs).find((one) => one[0]!.timeMs <= timeMs && timeMs < endOf(one));
      const endMs = Math.max(
        timeMs + gapMs,
        timeMs + gapMs > watermarkMs - allowedLatenessMs || !holder ? -Infinity : endOf(holder),
      );
      if (endMs + allowedLatenessMs <= watermarkMs) {
        result.late.push(`${partition}:${offset}`);
        continue;
      }
      result.accepted++;
      held.push({ timeMs, key, user, counted: false });
      const count = (own: readonly Held[]) => {
        for (const session of sessionsOf(own, gapMs).filter((one) => endOf(one) <= watermarkMs)) {
          if (!session.some(({ counted }) => counted)) result.fired++;
          for (const event of session) event.counted = true;
        }
      };
      count(held);
      watermarkMs = Math.max(watermarkMs, timeMs - outOfOrdernessMs);
      for (const own of byKey.values()) count(own);
    }
    for (const [key, own] of byKey) {
      for (const session of sessionsOf(own, gapMs)) {
        if (endOf(session) > watermarkMs && !session.some(({ counted }) => counted)) result.open++;
        const users = new Set(session.map(({ user }) => user)).size;
        result.rows.push([key, session[0]!.timeMs, endOf(session), session.length, users]);
      }
    }
  }
  return result;
}
