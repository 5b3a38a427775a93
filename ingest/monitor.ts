/**
 * What a source at work tells of itself: the source and the runner write it, the status shows it.
 * @module
 */
import type { SourceState } from "../core/status.ts";

/** States that a source itself is in; staleness and the end are the runner's to see. */
export type LinkState = Extract<SourceState, "connecting" | "live" | "rate-limited">;

/** The gauges of one source. Each field has one writer: the source, unless it says otherwise. */
export class SourceMonitor {
  /** Null until the source says it; a source that never does is live from its first batch on. */
  link: LinkState | null = null;
  /** When the other side was last heard, be it by a mere sign of life; null before the first. */
  heardMs: number | null = null;
  /** What keeps it from connecting, for people; null = nothing. */
  trouble: string | null = null;
  /** What is amiss though it is connected: a channel that does not answer; null = nothing. */
  note: string | null = null;
  /** How often it connected anew. */
  reconnects = 0;
  /** Frames that wait for the runner. */
  queueFrames = 0;
  /** Frames that were dropped because the queue was full. */
  queueDropped = 0;
  /** Events that the source knows of and could not get. */
  missed = 0;
  /** Why the log is away; null while it answers. The sender writes it. */
  logTrouble: string | null = null;
  /** Why the spool cannot be written or read; null while it can, or nothing waits for it. The sender writes it. */
  spoolTrouble: string | null = null;
  /** How often that was so. The sender writes it. */
  spoolFailures = 0;
  /** Records dropped because the spool was full or could not be written. The sender writes it. */
  spoolDropped = 0;
}
