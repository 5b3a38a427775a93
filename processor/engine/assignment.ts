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
import { SourceClocks } from "./source_clocks.ts";
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
  /** Of the last record that was committed; null where there is none of this incarnation. */
  readonly witness: string | null;
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
  /** Highest generation that each pipeline has reached on another topic, before `rekey` was changed. */
  readonly elsewhere?: ReadonlyMap<string, number>;
}

/**
 * Takes a partition over.
 *
 * @throws {FencedError} when a newer owner came in between.
 */
export async function takeOver(
  ports: EnginePorts,
  { at, pipelines, tracksLive, pace, elsewhere = new Map() }: AssignmentOptions,
): Promise<Assignment> {
  const acquired = await ports.summaryStore.acquire(at, pipelines.map(({ name }) => name));
  const logStart = (await ports.log.startOffsets(at.topic))[at.partition] ?? 0;
  const incarnationOf = await incarnations(ports.log, at, acquired.progress);
  const lanes: Lane[] = [];
  const notes: string[] = [];
  let [countedOffset, rebuildOffset]: [number, number] = [0, Infinity];
  let latest: Progress | undefined;
  for (const pipeline of pipelines) {
    const found = acquired.progress.find((progress) => progress.pipeline === pipeline.name);
    if (!(await ports.windowStore.claim(pipeline.windowsName, at.partition, acquired.epoch))) {
      throw new FencedError(
        `Cannot take over ${at.topic}/${at.partition}: a newer owner holds pipeline ${pipeline.name}`,
      );
    }
    const incarnation = incarnationOf(found);
    const keyedStates = acquired.keyedStates.filter((state) => state.pipeline === pipeline.name);
    const ownCounted = found?.incarnation === incarnation ? Math.max(found.nextOffset, countedBy(keyedStates)) : 0;
    if (found?.incarnation === incarnation) {
      countedOffset = Math.max(countedOffset, ownCounted);
      if (found.nextOffset > (latest?.nextOffset ?? -1)) latest = found;
    }
    const generationElsewhere = elsewhere.get(pipeline.name) ?? -1;
    const kept = found?.incarnation === incarnation && found.definition === pipeline.definition &&
        found.generation > generationElsewhere
      ? found
      : undefined;
    const generationBefore = Math.max(found?.generation ?? -1, generationElsewhere);
    if (found !== undefined && kept === undefined) {
      notes.push(renewalNote(pipeline, found, { incarnation, generationBefore }));
    }
    rebuildOffset = Math.min(rebuildOffset, kept?.rebuildOffset ?? 0);
    const options = { pipeline, keyedStates, incarnation, logStart, tracksLive, pace, countedOffset: ownCounted };
    const { lane, notes: own } = kept === undefined
      ? { lane: anew(generationBefore, options), notes: [] }
      : pipeline.window.kind === "session"
      ? continuedSessions(kept, options)
      : continued(kept, await ports.windowStore.load(pipeline.windowsName, at.partition), options);
    notes.push(...own);
    lanes.push(lane);
  }
  for (const lane of lanes) if (lane.startOffset >= lane.resumeOffset) lane.resume();
  const startOffset = Math.min(...lanes.map((lane) => lane.startOffset));
  const witness = latest?.witness ?? null;
  return { ...at, epoch: acquired.epoch, lanes, startOffset, rebuildOffset, countedOffset, witness, notes };
}

/** The topic's incarnation as each pipeline's progress shows it; one without progress takes that of the others. */
async function incarnations(
  log: EventLog,
  at: TopicPartition,
  progress: readonly Progress[],
): Promise<(found: Progress | undefined) => string> {
  const placeOf = ({ incarnation, nextOffset, witness }: Progress) =>
    JSON.stringify([incarnation, nextOffset, witness]);
  const asked = new Map<string, string>();
  for (const known of progress) {
    if (!asked.has(placeOf(known))) asked.set(placeOf(known), await log.incarnation(at, known));
  }
  const [others] = asked.values();
  const none = others ?? await log.incarnation(at, null);
  return (found) => (found === undefined ? none : asked.get(placeOf(found))!);
}

interface LaneOptions {
  readonly pipeline: Pipeline;
  /** Of this pipeline. */
  readonly keyedStates: readonly KeyedState[];
  readonly incarnation: string;
  /** Lowest offset that the log still holds. */
  readonly logStart: number;
  readonly tracksLive: boolean;
  readonly pace: WindowPace;
  /** As in {@link Assignment}, of this pipeline. */
  readonly countedOffset: number;
}

/** Name among the keyed states of how far records were counted for their runs before the pipeline started anew. */
const COUNTED_NAME = "counted_offset";

const countedBy = (states: readonly KeyedState[]): number =>
  Number(states.find(({ name }) => name === COUNTED_NAME)?.state ?? 0);

/** A lane, and what people should know of it. */
interface Continued {
  readonly lane: Lane;
  readonly notes: readonly string[];
}

function anew(generationBefore: number, options: LaneOptions): Lane {
  const { pipeline, keyedStates, incarnation, tracksLive, pace, countedOffset } = options;
  const counted = { pipeline: pipeline.name, name: COUNTED_NAME, key: "", state: countedOffset };
  return new Lane({
    state: windowOperator({ pipeline, watermarkMs: null, eventTimeMsMax: null, keyedStates: [], tracksLive }),
    firstStates: [
      ...keyedStates.map((state) => ({ ...state, state: null })),
      ...countedOffset > 0 ? [counted] : [],
    ],
    countedOffset,
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
    // Whoever comes first finds none before it.
    stands: generationBefore < 0,
    counts: noCounts(),
    ...sourcesOf(pipeline, []),
  });
}

const sourcesOf = ({ rekeyed }: Pipeline, states: readonly KeyedState[]) =>
  rekeyed ? { sources: new SourceClocks(states) } : {};

/** Sessions are as of N with the progress: nothing is loaded or refilled, and the WindowStore's copy is made anew. */
function continuedSessions(progress: Progress, options: LaneOptions): Continued {
  const { pipeline, keyedStates, incarnation, tracksLive, pace, countedOffset } = options;
  const { watermarkMs, eventTimeMsMax, idleWatermarkMs, generation } = progress;
  const { lost, resumeOffset, counts } = resumption(progress, options);
  const lane = new Lane({
    state: windowOperator({ pipeline, watermarkMs, eventTimeMsMax, keyedStates, tracksLive }),
    restoreSeqs: new SeqTracker(),
    seqs: new SeqTracker(progress.seqs),
    startOffset: resumeOffset,
    resumeOffset,
    rebuildOffset: resumeOffset,
    storedOffset: null,
    pace,
    idleWatermarkMs,
    incarnation,
    generation,
    counts,
    countedOffset,
    firstStates: [],
    ...sourcesOf(pipeline, keyedStates),
  });
  return { lane, notes: lost > 0 ? [lossNote(pipeline, progress, options)] : [] };
}

function continued(progress: Progress, stored: WindowState | null, options: LaneOptions): Continued {
  const { pipeline, keyedStates, incarnation, logStart, tracksLive, pace, countedOffset } = options;
  const { watermarkMs, eventTimeMsMax, nextOffset, rebuildOffset, generation } = progress;
  // A watermark that was granted at N and not yet acted upon: slices stored as of N may lack what it drops, if the
  // SummaryStore has lost the commit that acted upon it.
  const isAhead = stored !== null && (stored.nextOffset > nextOffset ||
    (stored.nextOffset === nextOffset && progress.idleWatermarkMs !== null));
  const usable = stored !== null && !isAhead && stored.incarnation === incarnation &&
    stored.generation === generation;
  const neededOffset = usable ? stored.nextOffset : rebuildOffset;
  const { lost, resumeOffset, counts } = resumption(progress, options);
  // What refills the slices is gone in part: fired windows stay as they are, and open ones lack something. Below
  // rebuildOffset nothing refills any, however far the WindowStore is behind.
  const lackedFrom = Math.max(neededOffset, rebuildOffset);
  const lacking = lackedFrom < Math.min(logStart, nextOffset);
  const state = new SlicedPartition({
    pipeline,
    watermarkMs,
    eventTimeMsMax,
    keyedStates,
    tracksLive,
    frozenEndMs: lacking ? watermarkMs : progress.frozenEndMs,
    partialStartMs: lost > 0 ? Number.MAX_SAFE_INTEGER : lacking ? eventTimeMsMax : progress.partialStartMs,
  });
  if (usable) { for (const slice of stored.slices) state.restoreSlice(slice, rebuildOffset); }
  const lane = new Lane({
    state,
    restoreSeqs: new SeqTracker(usable ? stored.seqs : []),
    seqs: new SeqTracker(progress.seqs),
    startOffset: Math.max(neededOffset, logStart),
    resumeOffset,
    rebuildOffset,
    // Slices that W has passed were left behind: the next commit writes all, so that they do not stay for ever.
    storedOffset: usable && stored.slices.length === state.slices.size ? stored.nextOffset : null,
    pace,
    idleWatermarkMs: progress.idleWatermarkMs,
    incarnation,
    generation,
    counts,
    countedOffset,
    firstStates: [],
    ...sourcesOf(pipeline, keyedStates),
  });
  const notes: string[] = [];
  if (lacking) notes.push(lackNote(pipeline, lackedFrom, Math.min(logStart, nextOffset)));
  else if (!usable && rebuildOffset < nextOffset) {
    notes.push(`pipeline ${pipeline.name}: open windows are rebuilt from offsets ${rebuildOffset} to ${nextOffset}`);
  }
  if (lost > 0) notes.push(lossNote(pipeline, progress, options));
  return { lane, notes };
}

/** Where a pipeline goes on: at N, or where the log begins if that is further; what lies between is lost, and counted. */
function resumption({ nextOffset, counts }: Progress, { logStart }: LaneOptions) {
  const lost = Math.max(0, logStart - nextOffset);
  const all = { ...noCounts(), ...counts };
  return {
    lost,
    resumeOffset: nextOffset + lost,
    counts: lost > 0 ? { ...all, lost: (all.lost ?? 0) + lost } : all,
  };
}

const lossNote = ({ name }: Pipeline, { nextOffset }: Progress, { logStart }: LaneOptions): string =>
  `pipeline ${name}: the log's retention deleted offsets ${nextOffset} to ${logStart} before they were read: they are ` +
  `lost, and windows that may lack them are marked partial; read faster than the log forgets, or keep it longer`;

const lackNote = ({ name }: Pipeline, from: number, to: number): string =>
  `pipeline ${name}: windows cannot be rebuilt, since the log's retention deleted offsets ${from} to ${to}: those that ` +
  `had fired stay as they are (not_rebuildable), open ones go on and are marked partial`;

function renewalNote(
  pipeline: Pipeline,
  found: Progress,
  { incarnation, generationBefore }: { incarnation: string; generationBefore: number },
): string {
  const cause = found.incarnation !== incarnation
    ? "its topic was made anew"
    : generationBefore > found.generation
    ? "it read another topic in between"
    : "its windows or metrics changed";
  return `pipeline ${pipeline.name} starts anew from the log's beginning as generation ${
    generationBefore + 1
  }: ${cause}`;
}
