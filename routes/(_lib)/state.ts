/**
 * What routes are given: the readers of stores and the live feed, set by the composition root.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import type { LiveFeed, LiveUpdate, SummaryStore } from "../../core/ports.ts";
import type { PipelineInfo } from "../../core/pipeline_info.ts";
import type { ProcessorStatus, SourceStatus, StoreTrouble } from "../../core/status.ts";

/** Readers behind the dashboard. */
export interface Services {
  readonly store: Pick<SummaryStore, "query" | "tables" | "progress">;
  readonly feed: Pick<LiveFeed, "subscribe" | "lastId">;
  readonly clock: Clock;
  /** The pipelines that run. */
  readonly pipelines: readonly PipelineInfo[];
  /** Open windows of a pipeline, as live updates, read from the WindowStore. */
  openWindows(pipeline: string): Promise<readonly LiveUpdate[]>;
  /** What the sources of this process are doing. */
  sources(): readonly SourceStatus[];
  /** How far the processor of this process is; null where it runs elsewhere. */
  processor(): ProcessorStatus | null;
  /** What went wrong with the servers of the stores since this process opened them. */
  troubles(): readonly StoreTrouble[];
  /** When the process started. */
  readonly startedMs: number;
}

/** State of a request. */
export interface State {
  /** Undefined while the stores are still opening: a page then says so. */
  services: Services | undefined;
}
