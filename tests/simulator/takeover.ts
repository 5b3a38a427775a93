/**
 * What an owner found when it took a partition over, and what of the records that it needed was gone.
 * @module
 */
import type { Progress, SummaryChange, WindowState } from "../../core/ports.ts";
import type { LogGap } from "../support/reference.ts";

/** What was found. */
export interface Takeover {
  readonly epoch: number;
  /** Rows of the pipelines that have not committed since; null where there was none. */
  readonly progress: Map<string, Progress | null>;
  /** By pipeline, where it was asked for: sessions need nothing of it. */
  readonly windows: Map<string, WindowState | null>;
  logStart: number;
}

/** A gap with the generation that has it. */
export interface GapFact extends LogGap {
  readonly generation: number;
}

/** The gaps that a commit makes last: that of each pipeline which commits for the first time since. */
export function takeGaps(found: Takeover, { epoch, partition, progress }: SummaryChange): GapFact[] {
  if (epoch !== found.epoch) return [];
  return progress.flatMap(({ pipeline, generation }) => {
    const before = found.progress.get(pipeline);
    found.progress.delete(pipeline);
    if (before === undefined || (before !== null && before.generation !== generation)) return [];
    const { nextOffset: offset, watermarkMs } = before ?? { nextOffset: 0, watermarkMs: null };
    const [from, to] = [before === null ? 0 : neededOffset(before, found.windows.get(pipeline)), found.logStart];
    const begins = before === null;
    return from < to ? [{ pipeline, partition, generation, offset, watermarkMs, from, to, begins }] : [];
  });
}

/** From where on records refill windows: from M where the WindowStore is not ahead, and no earlier than the lowest retained. */
function neededOffset(
  { nextOffset, idleWatermarkMs, incarnation, generation, rebuildOffset }: Progress,
  windows: WindowState | null | undefined,
): number {
  if (windows === undefined) return nextOffset;
  if (windows === null || windows.incarnation !== incarnation || windows.generation !== generation) {
    return rebuildOffset;
  }
  const isAhead = windows.nextOffset > nextOffset || (windows.nextOffset === nextOffset && idleWatermarkMs !== null);
  return isAhead ? rebuildOffset : Math.max(rebuildOffset, windows.nextOffset);
}
