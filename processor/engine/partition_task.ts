/**
 * One partition of a topic with all pipelines of that topic: reads each record once, hands it to every lane, counts
 * outcomes by run, and captures what a commit writes. All of it is synchronous; {@link commit} does the waiting.
 * @module
 */
import { type CheckedEvent, type EventBase, type Fault, isFault } from "../../core/events/contract.ts";
import type { DeadLetter } from "../../core/events/derived.ts";
import type { KeptEvents } from "../../core/kept_events.ts";
import type { LiveUpdate, LogRecord, PipelineCounts, RecordBatch } from "../../core/ports.ts";
import { witnessOf } from "../../core/witness.ts";
import type { Enricher } from "../enrichers/enricher.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Assignment } from "./assignment.ts";
import { type Captured, type CommitPlan, planOf } from "./commit.ts";
import { EventKeeper } from "./event_keeper.ts";
import type { Lane } from "./lane.ts";
import { liveUpdateOf, type Pane } from "./pane.ts";
import { ENRICHED_EVENTS_MAX, type EnrichedReading, enrichersOf, enrichReadings } from "./enrichment.ts";
import { deadLetterOf, keyOf, NO_KEY, type ReadRecord, recordReader } from "./record_reader.ts";
import { type Copy, readCopy } from "./rekey_copy.ts";
import type { PlacedEvent } from "./window_operator.ts";

/** What became of a record over all pipelines of its topic: the worst wins. */
export type Outcome = "accepted" | "duplicate" | "late" | "dead";

const severity: Readonly<Record<Outcome, number>> = { accepted: 0, duplicate: 1, late: 2, dead: 3 };

/** Slices looked at for one round of early panes: bounds the work of a tick, the rest is for the next. */
const LIVE_SLICES_MAX = 2_000;

/** How a partition is worked on. */
export interface PartitionTaskOptions {
  readonly partitionCount: number;
  readonly nowMs: number;
  /** What is kept of each event; left out or null: nothing. */
  readonly keep?: KeptEvents["kind"] | null;
  /**
   * Whether outcomes of records are counted for their runs, and events kept: by one of the readers of a topic that has
   * several, since each of them sees every record. Default true.
   */
  readonly countsRecords?: boolean;
}

/** Records that are read before the first of them is taken in, where there is nothing to enrich. */
const READ_AHEAD = 100;

/** A record as read, enriched or not. */
type Reading = CheckedEvent<EventBase> | EnrichedReading;
/** An event as read, enriched or not. */
type Readable = Exclude<Reading, Fault>;

const NONE: readonly string[] = [];

/** A partition at work. */
export class PartitionTask {
  readonly assignment: Assignment;
  /** Offset after the last record processed. */
  nextOffset: number;
  /** The partition's end when it was last read. */
  endOffset = 0;
  /** Append time of the record with the highest event time; idle time counts from there. */
  newestAppendMs: number;
  /** Records since the last capture. */
  recordsSinceCapture = 0;
  readonly #lanes: readonly Lane[];
  readonly #read: ReadRecord;
  readonly #enrichers: readonly Enricher[];
  readonly #outcomes = new Map<string, Record<Outcome, number>>();
  readonly #kept: EventKeeper | null;
  readonly #partitionCount: number;
  readonly #countsRecords: boolean;
  readonly #rekeyed: boolean;
  readonly #sourceTopic: string;
  /** The last record read; its witness is worked out when a commit needs it. */
  #last: LogRecord | null = null;
  #dead: DeadLetter[] = [];
  #changed = false;

  constructor(assignment: Assignment, options: PartitionTaskOptions) {
    this.assignment = assignment;
    this.nextOffset = assignment.startOffset;
    this.newestAppendMs = options.nowMs;
    this.#partitionCount = options.partitionCount;
    this.#lanes = assignment.lanes;
    this.#countsRecords = options.countsRecords ?? true;
    this.#kept = options.keep && this.#countsRecords ? new EventKeeper(options.keep) : null;
    // All of them read one topic: they are keyed by one field.
    const { contract, keyField, rekeyed } = assignment.lanes[0]!.state.pipeline;
    this.#rekeyed = rekeyed;
    this.#sourceTopic = contract.topic;
    const { partition } = assignment;
    this.#read = recordReader(contract, { keyField, partition, partitionCount: options.partitionCount, rekeyed });
    this.#enrichers = enrichersOf(this.#lanes.map(({ state }) => state.pipeline));
    // A restore that ended at once may have fired what idling had granted.
    this.#changed = true;
  }

  /** Whether every lane has caught up with what was committed before. */
  get restored(): boolean {
    return this.#lanes.every((lane) => !lane.restoring);
  }

  /** Whether every window that can still change may be told of, and is complete. */
  get announceable(): boolean {
    return this.#lanes.every((lane) => lane.stands && !lane.restoring);
  }

  /** Whether a commit would write anything. */
  get dirty(): boolean {
    return this.#changed;
  }

  /** Whether so much is held for the next commit that it is due. */
  get full(): boolean {
    return this.#kept?.full ?? false;
  }

  /** The pipelines and their watermarks. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Takes a batch in. */
  process(batch: RecordBatch): void {
    this.endOffset = batch.endOffset;
    const step = this.#enrichers.length === 0 ? READ_AHEAD : ENRICHED_EVENTS_MAX;
    for (let from = 0; from < batch.records.length; from += step) {
      this.#processSome(batch.records.slice(from, from + step));
    }
    this.#last = batch.records.at(-1) ?? this.#last;
    if (batch.nextOffset !== undefined) this.nextOffset = batch.nextOffset;
    this.recordsSinceCapture += batch.records.length;
    this.#changed = true;
    for (const lane of this.#lanes) if (lane.restoring && this.nextOffset >= lane.resumeOffset) lane.resume();
  }

  /** What a commit writes, taken out of the state; the state may go on changing while it is written. */
  capture(extra?: { readonly drained: ReadonlyMap<Pipeline, readonly Pane[]> }): CommitPlan | null {
    const lanes = this.#lanes.filter((lane) => !lane.restoring);
    if (lanes.length === 0) return null;
    const { epoch, topic, partition } = this.assignment;
    const captured: Captured = {
      at: { topic, partition },
      epoch,
      nextOffset: this.nextOffset,
      read: {
        witness: this.#last === null ? this.assignment.witness : witnessOf(this.#last),
        partitionCount: this.#partitionCount,
      },
      rebuildOffset: Math.min(...this.#lanes.map((lane) => lane.rebuildOffset(this.nextOffset))),
      lanes,
      dead: this.#dead,
      outcomes: [...this.#outcomes],
      drained: extra?.drained ?? new Map(),
      kept: this.#kept?.take() ?? null,
    };
    const plan = planOf(captured);
    this.#dead = [];
    this.#outcomes.clear();
    this.#changed = false;
    this.recordsSinceCapture = 0;
    return plan;
  }

  /** Marks the task so that the next commit writes, as after a refused WindowStore commit. */
  touch(): void {
    this.#changed = true;
  }

  /**
   * Grants each lane the watermark that its silence allows: highest event time + time since its append −
   * outOfOrderness, at most as far ahead as makes nothing late that is newer than what was seen.
   *
   * @returns whether a grant would fire or drop anything; nothing is granted otherwise, nor on a dry run.
   */
  grantIdle(nowMs: number, { dryRun }: { dryRun: boolean }): boolean {
    let granted = false;
    for (const lane of this.#lanes) {
      const { eventTimeMsMax, pipeline, idleAheadMsMax } = lane.state;
      // A source that is not known to be silent may only be slow to be copied.
      if (!Number.isFinite(eventTimeMsMax) || lane.sources?.allIdle === false) continue;
      const aheadMs = Math.min(nowMs - this.newestAppendMs - pipeline.outOfOrdernessMs, idleAheadMsMax);
      if (!lane.state.wouldAct(eventTimeMsMax + aheadMs)) continue;
      granted = true;
      if (!dryRun) lane.grantIdle(eventTimeMsMax + aheadMs);
    }
    if (granted && !dryRun) this.#changed = true;
    return granted;
  }

  /** Acts on what {@link grantIdle} granted, once it is stored. */
  actOnIdle(): void {
    for (const lane of this.#lanes) lane.actOnIdle(this.nextOffset);
    this.#changed = true;
  }

  /** Early panes of what changed since the last time. */
  takeEarlyUpdates(): LiveUpdate[] {
    return this.#lanes.filter((lane) => lane.stands && !lane.restoring).flatMap((lane) => {
      const panes = lane.state.takeEarlyPanes(lane.nextOffset(this.nextOffset), LIVE_SLICES_MAX);
      return panes.map((pane) => liveUpdateOf(lane.state.pipeline, pane, lane.generation));
    });
  }

  /** Every window that can still change, for a feed that has just come up; once {@link announceable}. */
  retainedUpdates(): LiveUpdate[] {
    return this.#lanes.flatMap((lane) => {
      const panes = lane.state.retainedPanes(lane.nextOffset(this.nextOffset));
      return panes.map((pane) => liveUpdateOf(lane.state.pipeline, pane, lane.generation));
    });
  }

  /** Panes of the windows that are still open, by pipeline. */
  openPanes(): Map<Pipeline, Pane[]> {
    return new Map(this.#lanes.map(({ state }) => [state.pipeline, state.openPanes(this.nextOffset, "drained")]));
  }

  /** Reads and enriches some records, then takes them in one by one: the cut into batches never shows. */
  #processSome(records: readonly LogRecord[]): void {
    const originals = this.#rekeyed ? records.map((record) => readCopy(record)?.record ?? null) : records;
    const found: (CheckedEvent<EventBase> | Fault)[] = [];
    for (const original of originals) if (original !== null) found.push(this.#read(original));
    const readings = this.#enrichers.length === 0 ? found : enrichReadings(this.#enrichers, found);
    for (const { state } of this.#lanes) {
      if (state.isScattered) state.expect(keysOf(readings, state.pipeline.keyField));
    }
    let place = 0;
    for (let i = 0; i < records.length; i++) {
      this.#processRecord(records[i]!, originals[i] === null ? undefined : readings[place++]);
    }
  }

  #processRecord(stored: LogRecord, reading?: Reading): void {
    if (!this.#rekeyed) return this.#processEvent(stored, null, reading);
    const copy = readCopy(stored);
    if (copy === null) return this.#refuse(stored);
    if (copy.record !== null) return this.#processEvent(copy.record, copy, reading);
    for (const lane of this.#lanes) {
      if (this.#concerns(lane, copy.offset) && lane.isNews(copy)) this.#follow(lane, copy);
    }
    this.nextOffset = copy.offset + 1;
  }

  /** Takes an event in: a record of this partition, or what was copied to it; read and enriched before, or not yet. */
  #processEvent(record: LogRecord, copy: Copy | null, reading?: Reading): void {
    const { offset } = copy ?? record;
    const runId = record.runId ?? "";
    let checked: Reading | undefined;
    let worst: Outcome = "accepted";
    let isRepeatedCopy = false;
    for (const lane of this.#lanes) {
      if (!this.#concerns(lane, offset)) continue;
      const live = !lane.restoring;
      if (copy !== null && !lane.isNews(copy)) {
        isRepeatedCopy = true;
        continue;
      }
      if (record.instance !== null && !lane.seqs.isNew(record.instance, record.seq)) {
        if (live) countDuplicate(lane.countsAt(offset, runId));
        if (severity[worst] < severity.duplicate) worst = "duplicate";
      } else {
        checked ??= reading ?? this.#read(record);
        const outcome = isFault(checked) ? deadIn(lane, offset, runId) : this.#enter(
          lane,
          record,
          copy === null ? this.#placed(lane, record, checked) : placedCopy(lane, { copy, record, checked }),
          "unenriched" in checked ? checked.unenriched : NONE,
        );
        if (severity[outcome] > severity[worst]) worst = outcome;
      }
      if (copy !== null) this.#follow(lane, copy);
    }
    this.nextOffset = offset + 1;
    // What was copied twice has had its outcome.
    if (offset < this.assignment.countedOffset || isRepeatedCopy) return;
    if (this.#countsRecords) this.#outcomesOf(runId)[worst]++;
    if (checked === undefined) return;
    if (!isFault(checked)) this.#kept?.add(copy === null ? record : { ...record, offset }, checked);
    // The reader that counts records has found the same fault, unless it is one of this key.
    else if (this.#countsRecords || checked.reason === NO_KEY) {
      const source = copy && { topic: this.#sourceTopic, partition: copy.mark.partition };
      this.#dead.push(deadLetterOf(source ?? this.assignment, record, checked));
    }
  }

  /** Whether a lane takes what stands at an offset; ends its restore where it is due. */
  #concerns(lane: Lane, offset: number): boolean {
    if (offset < lane.startOffset) return false;
    if (lane.restoring && offset >= lane.resumeOffset) lane.resume();
    return true;
  }

  /** A record of an internal topic that is none of ours. */
  #refuse(stored: LogRecord): void {
    const { offset } = stored;
    for (const lane of this.#lanes) if (this.#concerns(lane, offset)) deadIn(lane, offset, "");
    this.nextOffset = offset + 1;
    if (offset < this.assignment.countedOffset) return;
    const message = "value: not written by a copier of Tidemark; only it may write to its internal topics";
    this.#dead.push(deadLetterOf(this.assignment, stored, { reason: "not_a_copy", path: "", message }));
  }

  #follow(lane: Lane, copy: Copy): void {
    const appendTimeMs = lane.follow(copy);
    if (appendTimeMs !== null) this.newestAppendMs = appendTimeMs;
  }

  #placed(lane: Lane, record: LogRecord, checked: Readable): PlacedEvent {
    const { topic, partition } = this.assignment;
    const { event, eventTimeMs } = checked;
    const key = (event as unknown as Readonly<Record<string, string>>)[lane.state.pipeline.keyField]!;
    const { offset } = record;
    return { event, receivedText: receivedText(record, checked), eventTimeMs, key, offset, topic, partition };
  }

  #enter(lane: Lane, { runId, appendTimeMs }: LogRecord, placed: PlacedEvent, unenriched: readonly string[]): Outcome {
    if (lane.restoring) {
      lane.state.restoreEvent(placed);
      return "accepted";
    }
    const counts = lane.countsAt(placed.offset, runId ?? "");
    counts.in++;
    if (unenriched.length > 0 && lane.wantsAnyOf(unenriched)) counts.unenriched = (counts.unenriched ?? 0) + 1;
    if (!placed.clockless && placed.eventTimeMs > lane.state.eventTimeMsMax) this.newestAppendMs = appendTimeMs;
    return lane.state.accept(placed, counts);
  }

  #outcomesOf(runId: string): Record<Outcome, number> {
    let outcomes = this.#outcomes.get(runId);
    if (outcomes === undefined) {
      outcomes = { accepted: 0, duplicate: 0, late: 0, dead: 0 };
      this.#outcomes.set(runId, outcomes);
    }
    return outcomes;
  }
}

/** A copied event: its offset is that of the copy, its place that of the source. */
function placedCopy(
  lane: Lane,
  { copy, record, checked }: { copy: Copy; record: LogRecord; checked: Readable },
): PlacedEvent {
  const { event, eventTimeMs } = checked;
  const { keyField, contract: { topic } } = lane.state.pipeline;
  const { offset, sourceOffset, mark: { partition } } = copy;
  const key = keyOf(event, keyField)!;
  const text = receivedText(record, checked);
  return { event, receivedText: text, eventTimeMs, key, offset, topic, partition, sourceOffset, clockless: true };
}

/** Text of the record of an event that was enriched. */
const receivedText = ({ value }: LogRecord, checked: Readable): string | undefined =>
  "unenriched" in checked ? value : undefined;

/** The keys of those that are events. */
function keysOf(readings: readonly Reading[], keyField: string): string[] {
  const keys: string[] = [];
  for (const reading of readings) {
    const key = isFault(reading) ? null : keyOf(reading.event, keyField);
    if (key !== null) keys.push(key);
  }
  return keys;
}

function countDuplicate(counts: PipelineCounts): void {
  counts.in++;
  counts.duplicate++;
}

function deadIn(lane: Lane, offset: number, runId: string): Outcome {
  if (!lane.restoring) {
    const counts = lane.countsAt(offset, runId);
    counts.in++;
    counts.dead++;
  }
  return "dead";
}
