/**
 * One moment per event: what several pipelines found in one stream at about one time, joined as view `merged_moments`
 * joins it. The raid that a chat tells of and its peak of viewers are one line for people.
 *
 * ```text
 *   chat      |■■■|                      one moment: they overlap, or lie at most a minute (a window) apart
 *   viewers      |■■■■|
 *   toxicity                |■■|         another one
 * ```
 * @module
 */
import { minutes } from "../../core/time.ts";
import type { MomentContext, MomentItem } from "./moment_shelf.ts";

/** Further apart, moments stay two. */
const GAP_MS_MAX = minutes(1);

/** An event as it is listed. */
export interface MergedMoment {
  /** That of the first member: it stays while others come. */
  readonly id: string;
  readonly key: string;
  readonly startMs: number;
  readonly peakMs: number;
  readonly endMs: number;
  /** Of the member that is furthest beyond its usual value. */
  readonly intensity: number | null;
  /** By their start. */
  readonly members: readonly MomentItem[];
  /** Before the first and after the last one, as far as it is known. */
  readonly context: MomentContext | null;
}

/** Joins moments; those that were taken back are left out. Newest first. */
export function mergeMoments(items: readonly MomentItem[]): MergedMoment[] {
  const events: MomentItem[][] = [];
  const newest = new Map<string, { members: MomentItem[]; endMs: number }>();
  const active = items.filter(({ status }) => status === "active").toSorted((a, b) =>
    a.startMs - b.startMs || (a.id < b.id ? -1 : 1)
  );
  for (const item of active) {
    const event = newest.get(item.key);
    if (event !== undefined && item.startMs <= event.endMs + GAP_MS_MAX) {
      event.members.push(item);
      event.endMs = Math.max(event.endMs, item.endMs);
    } else {
      const members = [item];
      events.push(members);
      newest.set(item.key, { members, endMs: item.endMs });
    }
  }
  return events.map(mergedOf).toSorted((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1));
}

function mergedOf(members: readonly MomentItem[]): MergedMoment {
  const [first] = members as [MomentItem];
  const last = members.reduce((latest, one) => (one.endMs > latest.endMs ? one : latest));
  const strongest = members.reduce((best, one) => ((one.intensity ?? -1) > (best.intensity ?? -1) ? one : best));
  return {
    id: first.id,
    key: first.key,
    startMs: first.startMs,
    peakMs: strongest.peakMs,
    endMs: last.endMs,
    intensity: strongest.intensity,
    members,
    context: first.context && { ...first.context, viewersAfter: last.context?.viewersAfter ?? null },
  };
}
