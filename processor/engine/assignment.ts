/**
 * Taking a partition over: raise the epoch, decide for each pipeline where to start, load what the WindowStore has.
 *
 * The progress row says N (everything below is in the tables). The WindowStore says M. Where M is usable (same topic
 * incarnation and generation, M ≤ N) the slices are loaded and records [M, N) refill them; else they are rebuilt from
 * rebuild_offset. A pipeline whose definition or topic incarnation changed starts anew as the next generation.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { FencedError } from "../../core/errors.ts";
import type {
  EventLog,
  KeyedState,
  Progress,
  SummaryStore,
  TopicPartition,
  WindowState,
  WindowStore,
} from "../../core/ports.ts";
import type { Pipeline } from "../pipeline.ts";
import { Lane, noCounts } from "./lane.ts";
import { SlicedPartition } from "./sliced_partition.ts";
import { windowOperator } from "./window_operators.ts";
import type { WindowPace } from "./window_pace.ts";
import { SeqTracker } from "./producer_seqs.ts";

/** The stores behind the engine. */
export interface EnginePorts {
  readonly log: EventLog;
  readonly windowStore: WindowStore;
  readonly summaryStore: SummaryStore;
  readonly clock: Clock;
}

/** A partition as taken over. */
export interface Assignment extends TopicPartition {
  readonly epoch: number;
  readonly lanes: readonly Lane[];
  /** Where the reader starts: the lowest of the lanes. */
  readonly startOffset: number;
  /** Lowest offset that a later rebuild needs: retention may not pass it. */
  readonly rebuildOffset: number;
  /** Records below were counted for their runs and had their dead letters written. */
  readonly countedOffset: number;
  /** For people: what was found and what is done about it. */
  readonly notes: readonly string[];
}

/** What to take over. */
export interface AssignmentOptions {
  readonly at: TopicPartition;
  /** The pipelines of the topic. */
  readonly pipelines: readonly Pipeline[];
  /** Whether early panes are wanted. */
  readonly tracksLive: boolean;
  readonly pace: WindowPace;
}

/**
 * Takes a partition over.
 *
 * @throws {FencedError} when a newer owner came in between.
 */
export async function takeOver(
  ports: EnginePorts,
  { at, pipelines, tracksLive, pace }: AssignmentOptions,
): Promise<Assignment> {
  const acquired = await ports.summaryStore.acquire(at, pipelines.map(({ name }) => name));
  const incarnation = await ports.log.incarnation(at.topic);
  const lanes: Lane[] = [];
  const notes: string[] = [];
  let countedOffset = 0;
  let rebuildOffset = Infinity;
  for (const pipeline of pipelines) {
    const found = acquired.progress.find((progress) => progress.pipeline === pipeline.name);
    if (!(await ports.windowStore.claim(pipeline.name, at.partition, acquired.epoch))) {
      throw new FencedError(
        `Cannot take over ${at.topic}/${at.partition}: a newer owner holds pipeline ${pipeline.name}`,
      );
    }
    if (found?.incarnation === incarnation) countedOffset = Math.max(countedOffset, found.nextOffset);
    const kept = found?.incarnation === incarnation && found.definition === pipeline.definition ? found : undefined;
    if (found !== undefined && kept === undefined) notes.push(renewalNote(pipeline, found, incarnation));
    rebuildOffset = Math.min(rebuildOffset, kept?.rebuildOffset ?? 0);
    const keyedStates = acquired.keyedStates.filter((state) => state.pipeline === pipeline.name);
    const options = { pipeline, keyedStates, incarnation, tracksLive, pace };
    const { lane, note } = kept === undefined
      ? { lane: anew(found?.generation ?? -1, options), note: undefined }
      : pipeline.window.kind === "session"
      ? { lane: continuedSessions(kept, options), note: undefined }
      : continued(kept, await ports.windowStore.load(pipeline.name, at.partition), options);
    if (note) notes.push(note);
    lanes.push(lane);
  }
  for (const lane of lanes) if (lane.startOffset >= lane.resumeOffset) lane.resume();
  const startOffset = Math.min(...lanes.map((lane) => lane.startOffset));
  return { ...at, epoch: acquired.epoch, lanes, startOffset, rebuildOffset, countedOffset, notes };
}

interface LaneOptions {
  readonly pipeline: Pipeline;
  /** Of this pipeline. */
  readonly keyedStates: readonly KeyedState[];
  readonly incarnation: string;
  readonly tracksLive: boolean;
  readonly pace: WindowPace;
}

function anew(generationBefore: number, { pipeline, keyedStates, incarnation, tracksLive, pace }: LaneOptions): Lane {
  return new Lane({
    state: windowOperator({ pipeline, watermarkMs: null, eventTimeMsMax: null, keyedStates: [], tracksLive }),
    staleStates: keyedStates,
    restoreSeqs: new SeqTracker(),
    seqs: new SeqTracker(),
    startOffset: 0,
    resumeOffset: 0,
    rebuildOffset: 0,
    storedOffset: null,
    pace,
    idleWatermarkMs: null,
    incarnation,
    generation: generationBefore + 1,
    counts: noCounts(),
  });
}

/** Sessions are as of N with the progress: nothing is loaded or refilled, and the WindowStore's copy is made anew. */
function continuedSessions(
  progress: Progress,
  { pipeline, keyedStates, incarnation, tracksLive, pace }: LaneOptions,
): Lane {
  const { watermarkMs, eventTimeMsMax, nextOffset, idleWatermarkMs, generation, counts } = progress;
  return new Lane({
    state: windowOperator({ pipeline, watermarkMs, eventTimeMsMax, keyedStates, tracksLive }),
    restoreSeqs: new SeqTracker(),
    seqs: new SeqTracker(progress.seqs),
    startOffset: nextOffset,
    resumeOffset: nextOffset,
    rebuildOffset: nextOffset,
    storedOffset: null,
    pace,
    idleWatermarkMs,
    incarnation,
    generation,
    counts: { ...noCounts(), ...counts },
    staleStates: [],
  });
}

function continued(
  progress: Progress,
  stored: WindowState | null,
  { pipeline, keyedStates, incarnation, tracksLive, pace }: LaneOptions,
): { lane: Lane; note: string | undefined } {
  const { watermarkMs, eventTimeMsMax, nextOffset, rebuildOffset, generation } = progress;
  const state = new SlicedPartition({ pipeline, watermarkMs, eventTimeMsMax, keyedStates, tracksLive });
  // A watermark that was granted at N and not yet acted upon: slices stored as of N may lack what it drops, if the
  // SummaryStore has lost the commit that acted upon it.
  const isAhead = stored !== null && (stored.nextOffset > nextOffset ||
    (stored.nextOffset === nextOffset && progress.idleWatermarkMs !== null));
  const usable = stored !== null && !isAhead && stored.incarnation === incarnation &&
    stored.generation === generation;
  if (usable) { for (const slice of stored.slices) state.restoreSlice(slice, rebuildOffset); }
  const lane = new Lane({
    state,
    restoreSeqs: new SeqTracker(usable ? stored.seqs : []),
    seqs: new SeqTracker(progress.seqs),
    startOffset: usable ? stored.nextOffset : rebuildOffset,
    resumeOffset: nextOffset,
    rebuildOffset,
    // Slices that W has passed were left behind: the next commit writes all, so that they do not stay for ever.
    storedOffset: usable && stored.slices.length === [...state.slices.cells()].length ? stored.nextOffset : null,
    pace,
    idleWatermarkMs: progress.idleWatermarkMs,
    incarnation,
    generation,
    counts: { ...noCounts(), ...progress.counts },
    staleStates: [],
  });
  const rebuilds = !usable && rebuildOffset < nextOffset;
  const note = rebuilds
    ? `pipeline ${pipeline.name}: open windows are rebuilt from offsets ${rebuildOffset} to ${nextOffset}`
    : undefined;
  return { lane, note };
}

function renewalNote(pipeline: Pipeline, found: Progress, incarnation: string): string {
  const cause = found.incarnation === incarnation ? "its windows or metrics changed" : "its topic was made anew";
  return `pipeline ${pipeline.name} starts anew from the log's beginning as generation ${
    found.generation + 1
  }: ${cause}`;
}
