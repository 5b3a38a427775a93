/**
 * One pipeline on one partition: clock, lateness, firing and corrections, record by record. Nothing here waits, reads
 * the wall clock or knows of batches: the same records in the same order always give the same panes.
 *
 * ```
 * event time ─────────────▶           W = highest event time − outOfOrderness, never goes back
 *   |■■ window ■■|                    end > W: open          → early panes
 *   |■■ window ■■|···lateness···|     end ≤ W: fired on time → each later change is a late pane
 *                               |     end + lateness ≤ W: missed, its last slice dropped
 * ```
 * @module
 */
import type { LateEvent } from "../../core/events/derived.ts";
import type { KeyedState, PipelineCounts, StoredSlice } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { firstWindowEnd, lastWindowEnd, nextWindowEnd, sliceStart, type SlidingSpec } from "../../core/window.ts";
import type { Pipeline } from "../pipeline.ts";
import { DetectorBank } from "./detector_bank.ts";
import type { Finding, Pane } from "./pane.ts";
import type { SliceGroup } from "./slice_group.ts";
import { type SliceChanges, SliceTable } from "./slice_table.ts";
import {
  type PipelineOutputs,
  type PipelineStart,
  type PlacedEvent,
  receivedEvent,
  type WindowOperator,
} from "./window_operator.ts";

type PartitionGaps = WindowOperator["gaps"];

/** The state machine of windows that are merged from slices. */
export class SlicedPartition implements WindowOperator {
  readonly pipeline: Pipeline;
  /** Whether anybody looks at live updates. */
  readonly tracksLive: boolean;
  readonly slices: SliceTable;
  readonly idleAheadMsMax: number;
  readonly detectors: DetectorBank;
  readonly #window: SlidingSpec;
  /** Highest event time − outOfOrderness, or what idling granted beyond it; −Infinity before the first event. */
  watermarkMs: number;
  eventTimeMsMax: number;
  /** Watermark at which the next window fires. */
  #nextFireMs: number;
  /** Watermark at which the next slice goes, or the next corrected window can change no more. */
  #nextDropMs: number;
  /** On-time panes: a window fires once. */
  #fired: Pane[] = [];
  /** Late panes: the rows of a window are computed once between two captures, and replace its on-time pane. */
  #corrected: Pane[] = [];
  #findings: Finding[] = [];
  #late: LateEvent[] = [];
  /** Fired windows that changed since their row was computed: keys by window end. */
  readonly #corrections = new Map<number, Set<string>>();
  /** Windows that end here or before stand as they are. */
  readonly #frozenEndMs: number;
  /** Windows that start here or before may lack events. */
  #partialStartMs: number;

  constructor(start: PipelineStart) {
    const { pipeline, watermarkMs, eventTimeMsMax, keyedStates, tracksLive } = start;
    this.pipeline = pipeline;
    this.tracksLive = tracksLive;
    this.idleAheadMsMax = pipeline.allowedLatenessMs;
    const { window, metrics, detectors } = pipeline;
    if (window.kind !== "sliding") {
      throw new TypeError(`Cannot slice: windows of ${pipeline.name} are of kind ${window.kind}`);
    }
    this.#window = window;
    const ordersKeys = detectors.some(({ on }) => on !== "event");
    this.slices = new SliceTable({ window, metrics, tracksLive, ordersKeys });
    this.detectors = new DetectorBank(pipeline, keyedStates);
    this.watermarkMs = watermarkMs ?? -Infinity;
    this.eventTimeMsMax = eventTimeMsMax ?? -Infinity;
    this.#nextFireMs = Infinity;
    this.#nextDropMs = Infinity;
    this.#frozenEndMs = start.frozenEndMs ?? -Infinity;
    this.#partialStartMs = start.partialStartMs ?? -Infinity;
  }

  get gaps(): PartitionGaps {
    const { sizeMs } = this.#window;
    const missedMs = this.watermarkMs - this.pipeline.allowedLatenessMs;
    return {
      frozenEndMs: this.#frozenEndMs > missedMs ? this.#frozenEndMs : null,
      partialStartMs: this.#partialStartMs + sizeMs > missedMs ? this.#partialStartMs : null,
    };
  }

  /** Puts a stored slice back, unless the watermark has passed it. */
  restoreSlice(slice: StoredSlice, offset: number): void {
    if (!this.#isExpired(slice.sliceStartMs)) this.slices.restore(slice, offset);
  }

  /** A record that was counted before: it only refills its slice. */
  restoreEvent(placed: PlacedEvent): void {
    const startMs = sliceStart(this.#window, placed.eventTimeMs);
    if (this.#isExpired(startMs)) return;
    this.slices.add(this.slices.group(startMs) ?? this.slices.open(startMs), placed);
  }

  /** Ends a restore: from here on windows fire. */
  resume(): void {
    this.#nextFireMs = this.slices.nextEndAfter(this.watermarkMs);
    this.#nextDropMs = this.#nextDrop();
  }

  /** Takes an event in, or finds it late; then lets the watermark follow. */
  accept(placed: PlacedEvent, counts: PipelineCounts): "accepted" | "late" {
    const startMs = sliceStart(this.#window, placed.eventTimeMs);
    let group = this.slices.group(startMs);
    if (group === undefined) {
      if (this.#isExpired(startMs)) {
        const late = this.#lateEvent(placed, startMs);
        this.#late.push(late);
        counts.late++;
        if (late.reason !== undefined) counts.not_rebuildable = (counts.not_rebuildable ?? 0) + 1;
        return "late";
      }
      group = this.#openSlice(startMs);
    }
    const corrected = group.firstEndMs <= this.watermarkMs ? this.#correct(group, placed.key, counts) : [];
    this.slices.add(group, placed);
    counts.accepted++;
    // The first event after a gap tells how far the gap may reach.
    if (this.#partialStartMs === Number.MAX_SAFE_INTEGER) this.#partialStartMs = placed.eventTimeMs;
    if (corrected.length > 0) this.#judgeAnew(corrected, placed);
    if (this.detectors.watchesEvents) this.#detectEvent(placed, group, counts);
    if (!placed.clockless) this.see(placed.eventTimeMs, placed.offset + 1, counts);
    return "accepted";
  }

  /** A time up to which events have been seen: the watermark follows it. */
  see(eventTimeMs: number, revision: number, counts: PipelineCounts): void {
    if (eventTimeMs <= this.eventTimeMsMax) return;
    this.eventTimeMsMax = eventTimeMs;
    this.advance(eventTimeMs - this.pipeline.outOfOrdernessMs, revision, counts);
  }

  /** Whether a watermark would fire or drop anything. */
  wouldAct(watermarkMs: number): boolean {
    return watermarkMs >= this.#nextFireMs || watermarkMs >= this.#nextDropMs;
  }

  /** Moves the watermark, never back: fires the windows that it passes in the order of their ends, then drops slices. */
  advance(watermarkMs: number, revision: number, counts: PipelineCounts): void {
    if (watermarkMs <= this.watermarkMs) return;
    if (watermarkMs >= this.#nextFireMs) {
      let endMs = this.#nextFireMs;
      for (; endMs <= watermarkMs; endMs = this.slices.nextEndAfter(endMs)) this.#fire(endMs, revision, counts);
      this.#nextFireMs = endMs;
    }
    this.watermarkMs = watermarkMs;
    if (watermarkMs >= this.#nextDropMs) {
      const { allowedLatenessMs } = this.pipeline;
      // A window that is missed from now on is computed now: its slices may go, or take events that it has missed.
      this.#computeCorrections(watermarkMs - allowedLatenessMs, revision);
      this.slices.dropUpTo(watermarkMs - allowedLatenessMs);
      this.#nextDropMs = this.#nextDrop();
    }
  }

  /** Panes, findings and late events since the last time; corrections are computed now. */
  takeOutputs(revision: number): PipelineOutputs {
    this.#computeCorrections(Infinity, revision);
    const panes = newestOf(this.#fired, this.#corrected);
    const outputs = { panes, superseded: [], findings: this.#findings, late: this.#late };
    this.#fired = [];
    this.#corrected = [];
    this.#findings = [];
    this.#late = [];
    return outputs;
  }

  /** Panes of all windows that are still open, without moving the watermark. */
  openPanes(revision: number, timing: "early" | "drained"): Pane[] {
    return this.#panesAfter(this.watermarkMs, revision, () => timing);
  }

  /** Panes of every window that can still change. */
  retainedPanes(revision: number): Pane[] {
    return this.#panesAfter(this.#missedEndMs, revision, (endMs) => (endMs <= this.watermarkMs ? "late" : "early"));
  }

  /** Early panes of the open windows that changed since the last time, of at most `cellsMax` slices; the rest stays for later. */
  takeEarlyPanes(revision: number, cellsMax: number): Pane[] {
    const ends = new Map<string, Set<number>>();
    for (const { sliceStartMs, key } of this.slices.takeLive(cellsMax)) {
      let own = ends.get(key);
      if (own === undefined) ends.set(key, own = new Set());
      for (const endMs of this.slices.windowEnds(sliceStartMs, this.watermarkMs)) own.add(endMs);
    }
    return [...ends].flatMap(([key, own]) =>
      this.#panesOfKey(key, [...own].sort((a, b) => a - b), { revision, timing: () => "early" })
    );
  }

  /** Slices never move: every window stands. */
  stands(): boolean {
    return true;
  }

  get changedCount(): number {
    return this.slices.changedCount;
  }

  takeChanges(scope: "changed" | "all"): SliceChanges {
    return scope === "all" ? this.slices.takeAll() : this.slices.takeChanges();
  }

  takeStates(): KeyedState[] {
    return this.detectors.takeChanges();
  }

  offsetMin(): number {
    return this.slices.offsetMin();
  }

  #openSlice(startMs: number): SliceGroup {
    const group = this.slices.open(startMs);
    this.#nextDropMs = Math.min(this.#nextDropMs, group.lastEndMs + this.pipeline.allowedLatenessMs);
    const endMs = Math.max(group.firstEndMs, nextWindowEnd(this.#window, this.watermarkMs));
    if (endMs <= group.lastEndMs) this.#nextFireMs = Math.min(this.#nextFireMs, endMs);
    return group;
  }

  #nextDrop(): number {
    const endMs = Math.min(this.slices.firstLastEnd(), ...this.#corrections.keys());
    return endMs + this.pipeline.allowedLatenessMs;
  }

  /** Windows that end here or before change no more: missed, or frozen. */
  get #missedEndMs(): number {
    return Math.max(this.watermarkMs - this.pipeline.allowedLatenessMs, this.#frozenEndMs);
  }

  #isExpired(sliceStartMs: number): boolean {
    return lastWindowEnd(this.#window, sliceStartMs) <= this.#missedEndMs;
  }

  #fire(endMs: number, revision: number, counts: PipelineCounts): void {
    const missedUpToMs = endMs - this.pipeline.allowedLatenessMs;
    const how = { revision, timing: "on_time" } as const;
    const { watchesPanes } = this.detectors;
    this.slices.slideTo(endMs, (key, values) => {
      const pane = this.#pane(key, endMs, values, how);
      counts.windows++;
      if (pane.partial) counts.partial = (counts.partial ?? 0) + 1;
      this.#fired.push(pane);
      if (!watchesPanes) return;
      for (const finding of this.detectors.onPane(pane, { missedUpToMs, counts })) this.#findings.push(finding);
    });
  }

  /**
   * Marks the fired windows that a record changes; those that it misses stay as they are and make it partly late.
   *
   * @returns the ends of those that it changes.
   */
  #correct(group: SliceGroup, key: string, counts: PipelineCounts): number[] {
    const { slideMs } = this.#window;
    const missedUpToMs = this.#missedEndMs;
    if (group.firstEndMs <= missedUpToMs) counts.late_partial++;
    const lastMs = Math.min(group.lastEndMs, this.watermarkMs);
    const changed: number[] = [];
    for (let endMs = group.firstEndMs; endMs <= lastMs; endMs += slideMs) {
      if (endMs <= missedUpToMs) continue;
      let keys = this.#corrections.get(endMs);
      if (keys === undefined) {
        this.#corrections.set(endMs, keys = new Set());
        this.#nextDropMs = Math.min(this.#nextDropMs, endMs + this.pipeline.allowedLatenessMs);
      }
      keys.add(key);
      changed.push(endMs);
    }
    return changed;
  }

  /** Detectors see a late pane of each record that changes a fired window; rows and live updates see the last one. */
  #judgeAnew(ends: readonly number[], { key, offset }: PlacedEvent): void {
    if (!this.detectors.watchesPanes) return;
    const { sizeMs } = this.#window;
    for (const windowEndMs of ends) {
      const window = { key, windowStartMs: windowEndMs - sizeMs, windowEndMs, revision: offset + 1 };
      const read = (metricIndex: number) => this.slices.metricsOf(key, windowEndMs, [metricIndex])[0];
      for (const finding of this.detectors.onCorrection(window, read)) this.#findings.push(finding);
    }
  }

  #computeCorrections(upToEndMs: number, revision: number): void {
    const ends = new Map<string, number[]>();
    for (const [endMs, keys] of this.#corrections) {
      if (endMs > upToEndMs) continue;
      this.#corrections.delete(endMs);
      for (const key of keys) {
        const own = ends.get(key);
        if (own === undefined) ends.set(key, [endMs]);
        else own.push(endMs);
      }
    }
    for (const [key, own] of ends) {
      own.sort((a, b) => a - b);
      for (const pane of this.#panesOfKey(key, own, { revision, timing: () => "late" })) this.#corrected.push(pane);
    }
  }

  #panesAfter(afterMs: number, revision: number, timing: (endMs: number) => Pane["timing"]): Pane[] {
    return [...this.slices.endsAfter(afterMs)].flatMap(([key, ends]) =>
      this.#panesOfKey(key, ends, { revision, timing })
    );
  }

  #panesOfKey(
    key: string,
    ends: readonly number[],
    { revision, timing }: { revision: number; timing: (endMs: number) => Pane["timing"] },
  ): Pane[] {
    return this.slices.valuesOf(key, ends).map(([endMs, values]) =>
      this.#pane(key, endMs, values, { revision, timing: timing(endMs) })
    );
  }

  #pane(
    key: string,
    windowEndMs: number,
    values: readonly unknown[],
    { revision, timing }: { revision: number; timing: Pane["timing"] },
  ): Pane {
    const windowStartMs = windowEndMs - this.#window.sizeMs;
    const pane = { key, windowStartMs, windowEndMs, timing, values, revision };
    return windowStartMs <= this.#partialStartMs ? { ...pane, partial: true } : pane;
  }

  #detectEvent({ event, eventTimeMs, key, offset }: PlacedEvent, group: SliceGroup, counts: PipelineCounts): void {
    const windowEndMs = group.firstEndMs;
    const windowStartMs = windowEndMs - this.#window.sizeMs;
    const seen = { event, eventTimeMs, key, windowStartMs, windowEndMs, revision: offset + 1 };
    for (const finding of this.detectors.onEvent(seen, counts)) this.#findings.push(finding);
  }

  #lateEvent(placed: PlacedEvent, startMs: number): LateEvent {
    const { event, topic, partition } = placed;
    const offset = placed.sourceOffset ?? placed.offset;
    const { name } = this.pipeline;
    const window = this.#window;
    const missed: string[] = [];
    const lastEndMs = lastWindowEnd(window, startMs);
    for (let endMs = firstWindowEnd(window, startMs); endMs <= lastEndMs; endMs += window.slideMs) {
      missed.push(formatTime(endMs - window.sizeMs));
    }
    return {
      event_id: ["late", name, topic, partition, offset].join(":"),
      timestamp: event.timestamp,
      source: "tidemark",
      pipeline: name,
      topic,
      partition,
      offset,
      late_by_ms: this.watermarkMs - lastEndMs,
      missed_windows: missed,
      ...(lastEndMs + this.pipeline.allowedLatenessMs > this.watermarkMs ? { reason: "not_rebuildable" } : {}),
      event: receivedEvent(placed),
    };
  }
}

/** The newest pane of each window: a late one stands for the on-time one. */
function newestOf(fired: Pane[], corrected: readonly Pane[]): readonly Pane[] {
  if (fired.length === 0) return corrected;
  if (corrected.length === 0) return fired;
  const keysByEnd = new Map<number, Set<string>>();
  for (const { windowEndMs, key } of corrected) {
    let keys = keysByEnd.get(windowEndMs);
    if (keys === undefined) keysByEnd.set(windowEndMs, keys = new Set());
    keys.add(key);
  }
  return [...fired.filter(({ windowEndMs, key }) => !keysByEnd.get(windowEndMs)?.has(key)), ...corrected];
}
