/**
 * Session windows of one pipeline on one partition: each event opens `[t, t + gap)`, which merges with what it overlaps.
 *
 * ```
 *   |■■■■■■ session ■■■■■■|                              end > W: open → early panes
 *   |■■■■■■ session ■■■■■■|                              end ≤ W: fired → each change of what it holds is a late pane,
 *   |■■■■■■■■■■ session ■■■■■■■■■■|                                and it opens again when its end moves beyond W
 *   |■■■■■■ session ■■■■■■|··gap··|···lateness···|       end + gap + lateness ≤ W: forgotten
 * ```
 * An event is *late* when the session that it would open is missed (t + gap + lateness ≤ W), unless a session that is not
 * missed holds its time. So no event that is taken in can touch a session that is forgotten, which is why these are kept
 * a gap longer than they can be missed: the rows are the sessions of all events taken in, whatever their order, and two
 * rows of a key never overlap.
 * @module
 */
import type { LateEvent } from "../../core/events/derived.ts";
import type { KeyedState, PipelineCounts, StoredSlice } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { Pipeline } from "../pipeline.ts";
import { DetectorBank } from "./detector_bank.ts";
import { MinHeap } from "./min_heap.ts";
import type { Finding, Pane } from "./pane.ts";
import { type Session, SessionTable } from "./session_table.ts";
import type { SliceChanges } from "./slice_table.ts";
import {
  type PipelineOutputs,
  type PipelineStart,
  type PlacedEvent,
  receivedEvent,
  type WindowOperator,
} from "./window_operator.ts";

const paneId = (key: string, startMs: number): string => `${startMs}|${key}`;

/** The state machine of sessions. */
export class SessionPartition implements WindowOperator {
  readonly pipeline: Pipeline;
  readonly tracksLive: boolean;
  readonly idleAheadMsMax: number;
  /** Sessions are kept with the progress: nothing of them is ever rebuilt. */
  readonly gaps = { frozenEndMs: null, partialStartMs: null };
  watermarkMs: number;
  eventTimeMsMax: number;
  readonly #gapMs: number;
  readonly #sessions: SessionTable;
  readonly #detectors: DetectorBank;
  /** Each session has one entry that counts, at its dueMs: never later than it fires, or is forgotten. */
  readonly #due = new MinHeap<Session>();
  #panes = new Map<string, Pane>();
  /** Fired sessions that changed since their row was computed. */
  readonly #corrected = new Set<Session>();
  #superseded: PipelineOutputs["superseded"][number][] = [];
  #findings: Finding[] = [];
  #late: LateEvent[] = [];

  constructor({ pipeline, watermarkMs, eventTimeMsMax, keyedStates, tracksLive }: PipelineStart) {
    const { window, metrics, allowedLatenessMs } = pipeline;
    if (window.kind !== "session") {
      throw new TypeError(`Cannot keep sessions: windows of ${pipeline.name} are of kind ${window.kind}`);
    }
    this.pipeline = pipeline;
    this.tracksLive = tracksLive;
    this.#gapMs = window.gapMs;
    this.idleAheadMsMax = window.gapMs + allowedLatenessMs;
    this.watermarkMs = watermarkMs ?? -Infinity;
    this.eventTimeMsMax = eventTimeMsMax ?? -Infinity;
    this.#sessions = new SessionTable({ metrics, gapMs: window.gapMs, tracksLive });
    this.#sessions.restoreStates(keyedStates);
    this.#detectors = new DetectorBank(pipeline, keyedStates);
  }

  /** The WindowStore holds values for readers: the sessions come with the progress. */
  restoreSlice({ key }: StoredSlice): void {
    throw new Error(`Cannot restore the session of ${key}: a copy has no states`);
  }

  /** Sessions are as of the progress: no record below it comes. */
  restoreEvent(placed: PlacedEvent): void {
    throw new Error(`Cannot refill sessions: offset ${placed.offset} is part of them already`);
  }

  resume(): void {
    for (const session of this.#sessions.all()) this.#schedule(session);
  }

  accept(placed: PlacedEvent, counts: PipelineCounts): "accepted" | "late" {
    const { key, eventTimeMs, offset } = placed;
    const found = this.#sessions.overlapping(key, eventTimeMs);
    if (this.#isLate(eventTimeMs, found[0])) {
      this.#late.push(this.#lateEvent(placed));
      counts.late++;
      return "late";
    }
    const { session, absorbed, startsBefore } = this.#sessions.takeIn(placed, found);
    for (const windowStartMs of startsBefore) {
      // Its row may have been written by a firing or a drain; deleting one that was not does nothing.
      this.#superseded.push({ key, windowStartMs });
      this.#panes.delete(paneId(key, windowStartMs));
    }
    if (absorbed !== null) this.#corrected.delete(absorbed);
    counts.accepted++;
    this.#settle(session, offset + 1, counts);
    if (this.#detectors.watchesEvents) this.#detectEvent(placed, session, counts);
    if (!placed.clockless) this.see(eventTimeMs, offset + 1, counts);
    return "accepted";
  }

  see(eventTimeMs: number, revision: number, counts: PipelineCounts): void {
    if (eventTimeMs <= this.eventTimeMsMax) return;
    this.eventTimeMsMax = eventTimeMs;
    this.advance(eventTimeMs - this.pipeline.outOfOrdernessMs, revision, counts);
  }

  wouldAct(watermarkMs: number): boolean {
    for (let first = this.#due.first; first !== undefined && first.rank <= watermarkMs; first = this.#due.first) {
      const { item: session, rank } = first;
      if (rank === session.dueMs && this.#dueOf(session) <= watermarkMs) return true;
      this.#due.take();
      if (rank === session.dueMs) this.#reschedule(session);
    }
    return false;
  }

  advance(watermarkMs: number, revision: number, counts: PipelineCounts): void {
    if (watermarkMs <= this.watermarkMs) return;
    this.watermarkMs = watermarkMs;
    while (this.wouldAct(watermarkMs)) {
      const { item: session } = this.#due.take()!;
      if (session.fired) this.#forget(session, revision);
      else {
        this.#fire(session, revision, counts);
        this.#reschedule(session);
      }
    }
  }

  takeOutputs(revision: number): PipelineOutputs {
    for (const session of this.#corrected) this.#correct(session, revision);
    this.#corrected.clear();
    const outputs = {
      panes: [...this.#panes.values()],
      superseded: this.#superseded,
      findings: this.#findings,
      late: this.#late,
    };
    this.#panes = new Map();
    this.#superseded = [];
    this.#findings = [];
    this.#late = [];
    return outputs;
  }

  openPanes(revision: number, timing: "early" | "drained"): Pane[] {
    const open = [...this.#sessions.all()].filter((session) => session.endMs > this.watermarkMs);
    return open.map((session) => this.#pane(session, { revision, timing }));
  }

  retainedPanes(revision: number): Pane[] {
    return [...this.#sessions.all()].map((session) =>
      this.#pane(session, { revision, timing: session.endMs > this.watermarkMs ? "early" : "late" })
    );
  }

  takeEarlyPanes(revision: number, cellsMax: number): Pane[] {
    const open = this.#sessions.takeLive(cellsMax).filter((session) => session.endMs > this.watermarkMs);
    return open.map((session) => this.#pane(session, { revision, timing: "early" }));
  }

  stands({ key, windowStartMs }: Pane): boolean {
    return this.#sessions.at(key, windowStartMs) !== undefined;
  }

  get changedCount(): number {
    return this.#sessions.uncopiedCount;
  }

  takeChanges(scope: "changed" | "all"): SliceChanges {
    return this.#sessions.takeChanges(scope);
  }

  takeStates(): KeyedState[] {
    return [...this.#detectors.takeChanges(), ...this.#sessions.takeStates(this.pipeline.name)];
  }

  /** Sessions are never rebuilt. */
  /** Sessions of a key are found by a Map: there is nothing to fetch. */
  readonly isScattered = false;

  expect(): void {}

  offsetMin(): number {
    return Infinity;
  }

  #isLate(timeMs: number, first: Session | undefined): boolean {
    const missedUpToMs = this.watermarkMs - this.pipeline.allowedLatenessMs;
    if (timeMs + this.#gapMs > missedUpToMs) return false;
    const holdsIt = first !== undefined && first.startMs <= timeMs;
    return !(holdsIt && first.endMs > missedUpToMs);
  }

  /** After a change: fires at once what the watermark has passed, corrects what has fired, opens again what has grown. */
  #settle(session: Session, revision: number, counts: PipelineCounts): void {
    if (session.endMs > this.watermarkMs) {
      session.fired = false;
      this.#corrected.delete(session);
    } else if (session.fired) this.#corrected.add(session);
    else this.#fire(session, revision, counts);
    this.#schedule(session);
  }

  #fire(session: Session, revision: number, counts: PipelineCounts): void {
    session.fired = true;
    if (!session.counted) counts.windows++;
    session.counted = true;
    this.#sessions.touch(session);
    this.#panes.set(paneId(session.key, session.startMs), this.#pane(session, { revision, timing: "on_time" }));
  }

  #correct(session: Session, revision: number): void {
    this.#panes.set(paneId(session.key, session.startMs), this.#pane(session, { revision, timing: "late" }));
  }

  #forget(session: Session, revision: number): void {
    if (this.#corrected.delete(session)) this.#correct(session, revision);
    this.#sessions.remove(session);
  }

  #dueOf({ endMs, fired }: Session): number {
    return fired ? endMs + this.#gapMs + this.pipeline.allowedLatenessMs : endMs;
  }

  /** An entry that comes too early is put right when it comes up: most events only move an end. */
  #schedule(session: Session): void {
    if (!(session.dueMs <= this.#dueOf(session))) this.#reschedule(session);
  }

  #reschedule(session: Session): void {
    session.dueMs = this.#dueOf(session);
    this.#due.add({ rank: session.dueMs, item: session });
  }

  #pane(session: Session, how: { revision: number; timing: Pane["timing"] }): Pane {
    const { key, startMs: windowStartMs, endMs: windowEndMs } = session;
    const reopened = session.counted && windowEndMs > this.watermarkMs;
    return { key, windowStartMs, windowEndMs, values: this.#sessions.valuesOf(session), reopened, ...how };
  }

  #detectEvent({ event, eventTimeMs, key, offset }: PlacedEvent, session: Session, counts: PipelineCounts): void {
    const { startMs: windowStartMs, endMs: windowEndMs } = session;
    const seen = { event, eventTimeMs, key, windowStartMs, windowEndMs, revision: offset + 1 };
    for (const finding of this.#detectors.onEvent(seen, counts)) this.#findings.push(finding);
  }

  #lateEvent(placed: PlacedEvent): LateEvent {
    const { event, eventTimeMs, topic, partition } = placed;
    const offset = placed.sourceOffset ?? placed.offset;
    const { name } = this.pipeline;
    return {
      event_id: ["late", name, topic, partition, offset].join(":"),
      timestamp: event.timestamp,
      source: "tidemark",
      pipeline: name,
      topic,
      partition,
      offset,
      late_by_ms: this.watermarkMs - (eventTimeMs + this.#gapMs),
      missed_windows: [formatTime(eventTimeMs)],
      event: receivedEvent(placed),
    };
  }
}
