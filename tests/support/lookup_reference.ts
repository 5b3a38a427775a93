/**
 * What a lookup must come to, by brute force: asks all rows of the table's log for each event. It shares no code with the
 * engine.
 * @module
 */
import type { LogRecord } from "../../core/ports.ts";

/** The bounds of the lookup. */
export interface ReferenceBounds {
  readonly waitMs: number;
  readonly historyMs: number;
}

/** An event as it must have been copied. */
export interface ReferenceCopy {
  readonly timeMs: number;
  readonly stream: string;
  readonly category: string;
}

interface Row {
  readonly timeMs: number;
  readonly id: string;
  readonly appendTimeMs: number;
  readonly key: string | null;
  readonly category: string;
}

/** A record of the table; without a category it is gone. */
function rowOf({ value, key, appendTimeMs, fault }: LogRecord): Row {
  if (fault === "tombstone") return { timeMs: appendTimeMs, id: "", appendTimeMs, key, category: "" };
  const row = JSON.parse(value) as Record<string, string>;
  const timeMs = new Date(row["timestamp"]!).getTime();
  return { timeMs, id: row["event_id"]!, appendTimeMs, key: row["stream_id"]!, category: row["category"]! };
}

/** The events of one source partition, in order, with their categories; "none" where there is none. */
export function referenceJoin(
  events: readonly LogRecord[],
  table: readonly LogRecord[],
  { waitMs, historyMs }: ReferenceBounds,
): ReferenceCopy[] {
  const rows = table.map(rowOf);
  let newestMs = -Infinity;
  return events.map(({ value, appendTimeMs }) => {
    const event = JSON.parse(value) as Record<string, string>;
    const timeMs = new Date(event["timestamp"]!).getTime();
    const stream = event["stream_id"]!;
    const asOfMs = Math.max(timeMs, newestMs - historyMs);
    newestMs = Math.max(newestMs, timeMs);
    let best: Row | null = null;
    for (const row of rows) {
      if (row.key !== stream || row.timeMs > asOfMs || row.appendTimeMs > appendTimeMs + waitMs) continue;
      if (best === null || row.timeMs > best.timeMs || (row.timeMs === best.timeMs && row.id > best.id)) best = row;
    }
    return { timeMs, stream, category: best?.category || "none" };
  });
}

/** Rows of 10-second windows by category: `chess 1704110400000 12 3` for 12 events of 3 streams. */
export function referenceRows(copies: readonly ReferenceCopy[]): string[] {
  const windows = new Map<string, ReferenceCopy[]>();
  for (const copy of copies) {
    const key = `${copy.category} ${Math.floor(copy.timeMs / 10_000) * 10_000}`;
    windows.set(key, [...windows.get(key) ?? [], copy]);
  }
  return [...windows].map(([key, own]) => `${key} ${own.length} ${new Set(own.map(({ stream }) => stream)).size}`)
    .sort();
}
