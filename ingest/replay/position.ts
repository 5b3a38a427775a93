/**
 * How far a recorded file has been sent: saved with the records, so that a kill at any moment is resumed exactly.
 * @module
 */
import type { EventLog, SourcePosition } from "../../core/ports.ts";
import { type DoorCounts, noDoorCounts } from "../door.ts";

/** State of a file. */
export interface ReplayPosition {
  /** How often it is sent on purpose: `--again` starts the next pass. */
  readonly pass: number;
  /** Lines sent, in sending order. */
  readonly lines: number;
  /** Next place in the sending order of its events. */
  readonly nextSeq: number;
  /** The run that sends it. */
  readonly runId: string;
  /** What became of the run's lines at the door. */
  readonly door: DoorCounts;
  /** Lines that earlier, finished runs had sent. */
  readonly skipped: number;
  /** Added to every event time of this pass. */
  readonly shiftMs: number;
  /** Lines before the next one that the rules of quality know; absent in positions of older versions. */
  readonly recallLines?: number;
  /** Whether the run has ended, all of its lines sent and processed. */
  readonly finished: boolean;
}

/** Identity of a file's position: the same bytes through the same source in the same order. */
export function positionId(file: { fingerprint: string; source: string; order: string }): string {
  return ["replay", file.fingerprint, file.source, file.order].join(":");
}

/** Reads a position; null where the file is new. */
export async function loadPosition(log: Pick<EventLog, "loadPosition">, id: string): Promise<ReplayPosition | null> {
  return (await log.loadPosition(id)) as ReplayPosition | null;
}

/** Where a run starts in a file that stands at `found`. */
export function startPosition(
  found: ReplayPosition | null,
  run: { runId: string; again: boolean; shiftMs: number },
): ReplayPosition {
  const { runId, shiftMs } = run;
  if (found === null) {
    return { pass: 0, lines: 0, nextSeq: 0, runId, door: noDoorCounts(), skipped: 0, shiftMs, finished: false };
  }
  if (!found.finished && found.runId === runId) return found;
  if (run.again && found.finished) {
    const pass = found.pass + 1;
    return { pass, lines: 0, nextSeq: 0, runId, door: noDoorCounts(), skipped: 0, shiftMs, finished: false };
  }
  return { ...found, runId, door: noDoorCounts(), skipped: found.lines };
}

/** The position as the log saves it. */
export const savedPosition = (id: string, state: ReplayPosition): SourcePosition => ({ id, state });
