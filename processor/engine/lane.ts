/**
 * A lane: one pipeline's place on a partition's one reader. Pipelines of a topic are read together but may stand at
 * different offsets (a new pipeline catches up, a lost WindowStore is rebuilt), so each lane knows its own.
 *
 * ```
 * offsets ──▶   startOffset           resumeOffset (N, from the progress row)
 *   not mine    |  restoring: refills  |  live: counts, fires, writes
 *               |  slices only         |
 * ```
 * @module
 */
import type { KeyedState, PipelineCounts, Progress, WindowChange } from "../../core/ports.ts";
import type { Copy } from "./rekey_copy.ts";
import type { SourceClocks } from "./source_clocks.ts";
import { witnessOffset } from "../../core/witness.ts";
import type { WindowOperator } from "./window_operator.ts";
import type { SeqTracker } from "./producer_seqs.ts";
import { isWriteDue, type WindowPace } from "./window_pace.ts";

/** A new set of counters at zero. */
export const noCounts = (): PipelineCounts => ({
  in: 0,
  accepted: 0,
  dead: 0,
  late: 0,
  late_partial: 0,
  duplicate: 0,
  windows: 0,
});

/** What a lane is made of. */
export interface LaneStart {
  readonly state: WindowOperator;
  /** Whether another owner would find this generation, too; default true. */
  readonly stands?: boolean;
  /** Highest seqs as of startOffset: none for a rebuild. */
  readonly restoreSeqs: SeqTracker;
  /** Highest seqs as of resumeOffset. */
  readonly seqs: SeqTracker;
  readonly startOffset: number;
  readonly resumeOffset: number;
  /** Lowest offset that a rebuild needs, as of resumeOffset. */
  readonly rebuildOffset: number;
  /** What the WindowStore holds; null makes the next commit a snapshot. */
  readonly storedOffset: number | null;
  /** How often changed slices are written to the WindowStore. */
  readonly pace: WindowPace;
  readonly idleWatermarkMs: number | null;
  readonly incarnation: string;
  readonly generation: number;
  readonly counts: PipelineCounts;
  /** Records below were counted for their runs by an earlier generation. */
  readonly countedOffset: number;
  /** Written with the first commit: what an earlier generation left goes, and how far it counted stays. */
  readonly firstStates: readonly KeyedState[];
  /** Of a rekeyed pipeline, as of resumeOffset. */
  readonly sources?: SourceClocks;
}

/** One pipeline on a partition's reader. */
export class Lane {
  readonly state: WindowOperator;
  readonly startOffset: number;
  readonly resumeOffset: number;
  readonly incarnation: string;
  readonly generation: number;
  /** How far the source partitions of a rekeyed pipeline are; null for one that reads its topic itself. */
  readonly sources: SourceClocks | null;
  /** Whether it still refills slices below its resumeOffset. */
  restoring = true;
  /**
   * Whether its generation is known to all: the next one stands with its first commit. Before that nobody may be told of
   * its windows, since a newer owner may go on with the generation before.
   */
  stands: boolean;
  /** Highest seqs as of the record in hand. */
  seqs: SeqTracker;
  readonly #seqsAtResume: SeqTracker;
  /** Counts of the whole history, without what {@link byRun} holds. */
  readonly #counts: PipelineCounts;
  readonly #byRun = new Map<string, PipelineCounts>();
  readonly #countedOffset: number;
  readonly #rebuildOffset: number;
  readonly #pace: WindowPace;
  #storedOffset: number | null;
  #firstStates: readonly KeyedState[];
  #idleWatermarkMs: number | null;

  constructor(start: LaneStart) {
    this.state = start.state;
    this.stands = start.stands ?? true;
    this.seqs = start.restoreSeqs;
    this.#seqsAtResume = start.seqs;
    this.startOffset = start.startOffset;
    this.resumeOffset = start.resumeOffset;
    this.incarnation = start.incarnation;
    this.generation = start.generation;
    this.sources = start.sources ?? null;
    this.#counts = { ...start.counts };
    this.#rebuildOffset = start.rebuildOffset;
    this.#storedOffset = start.storedOffset;
    this.#pace = start.pace;
    this.#countedOffset = start.countedOffset;
    this.#firstStates = start.firstStates;
    this.#idleWatermarkMs = start.idleWatermarkMs;
  }

  /** Where the lane stands while the reader stands at an offset: one that began further on waits for it there. */
  nextOffset(readerOffset: number): number {
    return Math.max(readerOffset, this.resumeOffset);
  }

  /** Lowest offset that a rebuild needs: retention may not pass it. */
  rebuildOffset(readerOffset: number): number {
    if (this.restoring) return this.#rebuildOffset;
    return Math.min(this.state.offsetMin(), this.nextOffset(readerOffset));
  }

  /** Whether its pipeline uses any of these enrichers. */
  wantsAnyOf(enrichers: readonly string[]): boolean {
    return enrichers.length > 0 && this.state.pipeline.enrichers.some(({ name }) => enrichers.includes(name));
  }

  /** A counter over the whole history. */
  total(counter: keyof PipelineCounts): number {
    let total = this.#counts[counter] ?? 0;
    for (const counts of this.#byRun.values()) total += counts[counter] ?? 0;
    return total;
  }

  /** Counters of a record's run; of no run where that has counted the record in an earlier generation. */
  countsAt(offset: number, runId: string): PipelineCounts {
    return this.countsOf(offset < this.#countedOffset ? "" : runId);
  }

  /** Counters of a run since the last {@link takeRunCounts}; "" for records of no run. */
  countsOf(runId: string): PipelineCounts {
    let counts = this.#byRun.get(runId);
    if (counts === undefined) this.#byRun.set(runId, counts = noCounts());
    return counts;
  }

  /** Whether a record of an internal topic says what was not there before; remembers it. */
  isNews({ order, record, sourceOffset }: Copy): boolean {
    return record === null ? this.seqs.reaches(order, sourceOffset - 1) : this.seqs.isNew(order, sourceOffset);
  }

  /**
   * Lets the clock of a rekeyed pipeline follow its sources, once the record at hand is taken in.
   *
   * @returns when the record that the clock goes by now was appended; null where the clock stays.
   */
  follow({ mark, offset, runId }: Copy): number | null {
    if (this.sources === null || this.restoring) return null;
    this.sources.see(mark);
    const leading = this.sources.leading;
    if (leading === null || leading.eventTimeMsMax <= this.state.eventTimeMsMax) return null;
    this.state.see(leading.eventTimeMsMax, offset + 1, this.countsAt(offset, runId ?? ""));
    return leading.appendTimeMs;
  }

  /** Ends the restore at resumeOffset, and acts on what idling had granted there. */
  resume(): void {
    this.restoring = false;
    this.seqs = this.#seqsAtResume;
    this.state.resume();
    if (this.#idleWatermarkMs !== null) {
      this.state.advance(this.#idleWatermarkMs, this.resumeOffset, this.countsOf(""));
      this.#idleWatermarkMs = null;
    }
  }

  /** Notes a watermark that idling grants, to be stored before {@link actOnIdle}. */
  grantIdle(watermarkMs: number): void {
    this.#idleWatermarkMs = watermarkMs;
  }

  /** Acts on the granted watermark once it is stored. */
  actOnIdle(nextOffset: number): void {
    if (this.#idleWatermarkMs === null) return;
    this.state.advance(this.#idleWatermarkMs, nextOffset, this.countsOf(""));
    this.#idleWatermarkMs = null;
  }

  /** What each run added since the last time; folded into the counts of the whole history. */
  takeRunCounts(): [runId: string, counts: PipelineCounts][] {
    const taken = [...this.#byRun];
    this.#byRun.clear();
    for (const [, counts] of taken) {
      for (const [name, count] of Object.entries(counts) as [keyof PipelineCounts, number][]) {
        this.#counts[name] = (this.#counts[name] ?? 0) + count;
      }
    }
    return taken;
  }

  /** The progress row of a lane that is not restoring. */
  progress(nextOffset: number, read: Pick<Progress, "witness" | "partitionCount">): Progress {
    const { pipeline, watermarkMs, eventTimeMsMax } = this.state;
    return {
      pipeline: pipeline.name,
      nextOffset,
      watermarkMs: Number.isFinite(watermarkMs) ? watermarkMs : null,
      eventTimeMsMax: Number.isFinite(eventTimeMsMax) ? eventTimeMsMax : null,
      idleWatermarkMs: this.#idleWatermarkMs,
      rebuildOffset: this.rebuildOffset(nextOffset),
      ...this.state.gaps,
      incarnation: this.incarnation,
      ...read,
      // A pipeline that starts anew may stand below what another one has read: that is no witness of its place.
      witness: read.witness !== null && witnessOffset(read.witness) < nextOffset ? read.witness : null,
      generation: this.generation,
      definition: pipeline.definition,
      seqs: this.seqs.snapshot(),
      counts: { ...this.#counts },
    };
  }

  /** States by key that changed since the last time; what an earlier generation left behind goes first. */
  takeStates(): KeyedState[] {
    const first = this.#firstStates;
    this.#firstStates = [];
    const { name } = this.state.pipeline;
    const changed = [...this.state.takeStates(), ...this.sources?.takeChanges(name) ?? []];
    if (first.length === 0) return changed;
    return [
      ...new Map([...first, ...changed].map((state) => [JSON.stringify([state.name, state.key]), state])).values(),
    ];
  }

  /** What the WindowStore has not seen; null where that can wait for a later commit. */
  takeWindowChange(nextOffset: number, epoch: number): WindowChange | null {
    if (this.#storedOffset !== null) {
      const recordsBehind = nextOffset - this.#storedOffset;
      if (!isWriteDue(this.#pace, { changedSlices: this.state.changedCount, recordsBehind })) return null;
    }
    const { changed, dropped } = this.state.takeChanges(this.#storedOffset === null ? "all" : "changed");
    const change = {
      epoch,
      fromOffset: this.#storedOffset,
      nextOffset,
      incarnation: this.incarnation,
      generation: this.generation,
      seqs: this.seqs.snapshot(),
      changed,
      dropped,
    };
    this.#storedOffset = nextOffset;
    return change;
  }

  /** The WindowStore does not hold what was thought: the next commit writes all. */
  forgetStored(): void {
    this.#storedOffset = null;
  }
}
