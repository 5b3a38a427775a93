/**
 * What the engine asks of a pipeline's windows on one partition, whatever their kind: clock, lateness and firing record
 * by record. An operator waits for nothing and knows of no batches: the same records in the same order always give the
 * same panes.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { LateEvent } from "../../core/events/derived.ts";
import type { KeyedState, PipelineCounts, Progress, StoredSlice } from "../../core/ports.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Finding, Pane } from "./pane.ts";
import type { SliceChanges } from "./slice_table.ts";

/** An event with its place in the partition. */
export interface PlacedEvent {
  readonly event: EventBase;
  /** Text of the event as it is in the log, where enrichers have added to it. */
  readonly receivedText?: string | undefined;
  readonly eventTimeMs: number;
  readonly key: string;
  /** In the partition that is read. */
  readonly offset: number;
  /** Where it comes from: the partition that is read, unless the pipeline is rekeyed. */
  readonly topic: string;
  readonly partition: number;
  /** Its offset there; left out where that is {@link offset}. */
  readonly sourceOffset?: number;
  /** Set where the clock is not driven by the event itself, but by {@link WindowOperator.see}. */
  readonly clockless?: boolean;
}

/** The event as it came, with the time in output form: without what enrichers have added. */
export const receivedEvent = ({ event, receivedText }: PlacedEvent): EventBase =>
  receivedText === undefined ? event : { ...JSON.parse(receivedText) as EventBase, timestamp: event.timestamp };

/** How a pipeline begins: as it was stored, or anew. */
export interface PipelineStart {
  readonly pipeline: Pipeline;
  readonly watermarkMs: number | null;
  readonly eventTimeMsMax: number | null;
  readonly keyedStates: readonly KeyedState[];
  /** As in {@link Progress}. */
  readonly frozenEndMs?: number | null;
  /** As in {@link Progress}. */
  readonly partialStartMs?: number | null;
  /** Whether early panes are wanted. */
  readonly tracksLive: boolean;
}

/** A window whose key and start no longer name one. */
export interface SupersededWindow {
  readonly key: string;
  readonly windowStartMs: number;
}

/** What came out since the last time. */
export interface PipelineOutputs {
  /** On-time, late and drained panes, the newest of each window and key. */
  readonly panes: readonly Pane[];
  /** Windows that there are no more, as sessions merge or start earlier: their rows go. */
  readonly superseded: readonly SupersededWindow[];
  readonly findings: readonly Finding[];
  readonly late: readonly LateEvent[];
}

/** The windows of one pipeline on one partition. */
export interface WindowOperator {
  readonly pipeline: Pipeline;
  /** Whether anybody looks at live updates. */
  readonly tracksLive: boolean;
  /** Highest event time − outOfOrderness, or what idling granted beyond it; −Infinity before the first event. */
  readonly watermarkMs: number;
  /** −Infinity before the first event. */
  readonly eventTimeMsMax: number;
  /** What the log no longer holds, as far as it matters still. */
  readonly gaps: Pick<Progress, "frozenEndMs" | "partialStartMs">;
  /** How far beyond the highest event time idling may take the watermark, so that nothing newer than that is late. */
  readonly idleAheadMsMax: number;
  /** Puts a stored slice or session back; its events' offsets are not below `offset`. */
  restoreSlice(slice: StoredSlice, offset: number): void;
  /** A record that was counted before: it only refills its slice. */
  restoreEvent(placed: PlacedEvent): void;
  /** Ends a restore: from here on windows fire. */
  resume(): void;
  /** Takes an event in, or finds it late; then lets the watermark follow. */
  accept(placed: PlacedEvent, counts: PipelineCounts): "accepted" | "late";
  /** A time up to which events have been seen: the watermark follows it, `outOfOrdernessMs` behind. */
  see(eventTimeMs: number, revision: number, counts: PipelineCounts): void;
  /** Whether a watermark would fire or drop anything. */
  wouldAct(watermarkMs: number): boolean;
  /** Moves the watermark, never back: fires what it passes, then drops what can change no more. */
  advance(watermarkMs: number, revision: number, counts: PipelineCounts): void;
  /** What came out since the last time; corrections are computed now. */
  takeOutputs(revision: number): PipelineOutputs;
  /** Panes of all windows that are still open, without moving the watermark. */
  openPanes(revision: number, timing: "early" | "drained"): Pane[];
  /** Panes of every window that can still change. */
  retainedPanes(revision: number): Pane[];
  /** Early panes of the open windows that changed since the last time, of at most `cellsMax` slices; the rest stays for later. */
  takeEarlyPanes(revision: number, cellsMax: number): Pane[];
  /** Whether the window of a pane that was taken earlier is still one: a session may have been merged since. */
  stands(pane: Pane): boolean;
  /** How many slices changed that the WindowStore has not seen, at most. */
  readonly changedCount: number;
  /** What the WindowStore has not seen, or all of it. */
  takeChanges(scope: "changed" | "all"): SliceChanges;
  /** States by key that changed since the last time: they are saved with the progress. */
  takeStates(): KeyedState[];
  /** Lowest offset of any event that a rebuild needs; Infinity where none does. */
  offsetMin(): number;
}
