/**
 * A commit: what it writes, and in which order. A kill between any two steps is met at the next start:
 *
 * 1. derived topics (at least once, each record with an id of its cause)
 * 2. the SummaryStore's transaction: rows, detector states, counts, progress: from here on it is true
 * 3. the WindowStore, where a write is due: if it misses this, it is behind and refilled
 * 4. the LiveFeed: on-time and late panes
 * 5. the log's own offset (for lag tools) and its retention floor
 * @module
 */
import { FencedError } from "../../core/errors.ts";
import type { Anomaly, DeadLetter, Derived, LateEvent, Moment } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { stringifyOrNull } from "../../core/json.ts";
import type { KeptEvents } from "../../core/kept_events.ts";
import type {
  LiveFeed,
  LiveUpdate,
  NewRecord,
  PipelineCounts,
  Progress,
  RowSet,
  RunCount,
  SummaryChange,
  SummaryRow,
  TableSpec,
  TopicPartition,
  TopicWrite,
  WindowChange,
} from "../../core/ports.ts";
import type { Pipeline } from "../pipeline.ts";
import type { EnginePorts } from "./assignment.ts";
import type { Lane } from "./lane.ts";
import type { RetentionFloors } from "./retention_floors.ts";
import {
  anomalyOf,
  anomalyRowOf,
  anomalyTable,
  type Finding,
  isMoment,
  liveUpdateOf,
  momentOf,
  momentRowOf,
  momentTable,
  type Pane,
  rowKeyOf,
  rowOf,
} from "./pane.ts";

/** Group whose offsets are written for lag tools. */
export const PROCESSOR_GROUP = "tidemark-processor";

/** What a task hands over to be written. */
export interface Captured {
  readonly at: TopicPartition;
  readonly epoch: number;
  /** Offset after the last record read. */
  readonly nextOffset: number;
  /** What was read last, for the progress. */
  readonly read: Pick<Progress, "witness" | "partitionCount">;
  /** Lowest offset that a rebuild of any lane needs. */
  readonly rebuildOffset: number;
  /** The lanes that are not restoring. */
  readonly lanes: readonly Lane[];
  readonly dead: readonly DeadLetter[];
  /** Outcomes of records by run since the last capture. */
  readonly outcomes: readonly (readonly [runId: string, outcomes: Readonly<Record<string, number>>])[];
  /** Panes of open windows to write as rows at the end of a run. */
  readonly drained: ReadonlyMap<Pipeline, readonly Pane[]>;
  /** Events to keep one by one, or null. */
  readonly kept: KeptEvents | null;
}

/** All that one commit writes. */
export interface CommitPlan {
  /** The lanes that it is of. */
  readonly lanes: readonly Lane[];
  readonly derived: readonly TopicWrite[];
  readonly summary: SummaryChange;
  readonly windows: readonly { readonly lane: Lane; readonly change: WindowChange }[];
  readonly live: readonly LiveUpdate[];
  readonly nextOffset: number;
  readonly rebuildOffset: number;
}

/** Puts a plan together. */
export function planOf(captured: Captured): CommitPlan {
  const { at, epoch, nextOffset, rebuildOffset, lanes } = captured;
  const parts = lanes.map((lane) => partOf(lane, captured));
  const letters = captured.dead.map((letter) => derivedRecord(null, JSON.stringify(letter)));
  return {
    lanes,
    derived: [
      { topic: derivedTopics.anomalies, records: parts.flatMap(({ anomalies }) => anomalies) },
      { topic: derivedTopics.moments, records: parts.flatMap(({ moments }) => moments) },
      { topic: derivedTopics.late, records: parts.flatMap(({ late }) => late) },
      { topic: derivedTopics.dead, records: letters },
    ].filter(({ records }) => records.length > 0),
    summary: {
      ...at,
      epoch,
      progress: lanes.map((lane) => lane.progress(lane.nextOffset(nextOffset), captured.read)),
      rows: parts.flatMap(({ rows }) => rows),
      keyedStates: lanes.flatMap((lane) => lane.takeStates()),
      runCounts: [
        ...captured.outcomes.flatMap(([runId, counts]) => countsOf(runId, "", counts)),
        ...parts.flatMap(({ runCounts }) => runCounts),
      ],
      ...captured.kept ? { events: captured.kept } : {},
    },
    windows: lanes.flatMap((lane) => {
      const change = lane.takeWindowChange(lane.nextOffset(nextOffset), epoch);
      return change === null ? [] : [{ lane, change }];
    }),
    live: parts.flatMap(({ live }) => live),
    nextOffset,
    rebuildOffset,
  };
}

/** What one lane adds to a plan. */
interface LanePart {
  readonly rows: RowSet[];
  readonly live: LiveUpdate[];
  readonly late: NewRecord[];
  readonly anomalies: NewRecord[];
  readonly moments: NewRecord[];
  readonly runCounts: RunCount[];
}

function partOf(lane: Lane, { nextOffset, drained }: Captured): LanePart {
  const { pipeline, tracksLive } = lane.state;
  const revision = lane.nextOffset(nextOffset);
  const { panes, superseded, findings, late } = lane.state.takeOutputs(revision);
  const standing = (drained.get(pipeline) ?? []).filter((pane) => lane.state.stands(pane));
  const shown = standing.length === 0 ? panes : [...panes, ...notAmong(panes, standing)];
  const paneRows = shown.map((pane) => rowOf(pipeline, pane));
  const deleted = superseded.map((window) => ({ key: rowKeyOf(pipeline, window), revision }));
  const anomalies = findings.filter((finding) => !isMoment(finding));
  const moments = findings.filter(isMoment);
  const { generation } = lane;
  const derived = <T extends Anomaly | Moment>(value: T): NewRecord => {
    const said: Derived<T> = { ...value, generation };
    return derivedRecord(value.key, JSON.stringify(said));
  };
  const rowSets = [
    { spec: pipeline.table, generation, rows: paneRows, deleted },
    ownRows(anomalyTable, generation, latestOf(anomalies).map((finding) => anomalyRowOf(pipeline, finding))),
    ownRows(momentTable, generation, latestOf(moments).map((finding) => momentRowOf(pipeline, finding))),
  ];
  const updates = () => [
    ...panes.map((pane) => liveUpdateOf(pipeline, pane, generation)),
    ...latestOf(anomalies).map((finding) => anomalyUpdate(anomalyOf(pipeline, finding), generation)),
    ...latestOf(moments).map((finding) => momentUpdate(momentOf(pipeline, finding), generation)),
  ];
  return {
    rows: rowSets.filter(({ rows, deleted }) => rows.length > 0 || deleted.length > 0),
    live: tracksLive ? updates() : [],
    late: late.map(lateRecord),
    anomalies: anomalies.map((finding) => derived(anomalyOf(pipeline, finding))),
    moments: moments.map((finding) => derived(momentOf(pipeline, finding))),
    runCounts: lane.takeRunCounts().flatMap(([runId, counts]) => countsOf(runId, pipeline.name, counts)),
  };
}

/** What a commit writes to. */
export type CommitPorts = EnginePorts & {
  readonly liveFeed: LiveFeed | null;
  readonly floors: Pick<RetentionFloors, "set">;
};

/** Of several findings of one id, the topic takes each and the row the latest. */
const latestOf = <F extends Finding>(findings: readonly F[]): F[] => [
  ...new Map(findings.map((finding) => [finding.id, finding])).values(),
];

const ownRows = (spec: TableSpec, generation: number, rows: readonly SummaryRow[]): RowSet => (
  { spec, generation, rows, deleted: [] }
);

/**
 * Writes a plan.
 *
 * @returns false when a WindowStore commit was refused as built on something else: the lane's next commit writes all.
 * @throws {FencedError} when a newer owner holds the partition.
 */
export async function persist(plan: CommitPlan, ports: CommitPorts): Promise<boolean> {
  const { summary, nextOffset, rebuildOffset } = plan;
  const { topic, partition } = summary;
  if (plan.derived.length > 0) await ports.log.append({ writes: plan.derived });
  if (await ports.summaryStore.commit(summary) === "fenced") {
    throw new FencedError(`Cannot commit ${topic}/${partition}: a newer owner than epoch ${summary.epoch} holds it`);
  }
  for (const lane of plan.lanes) lane.stands = true;
  let complete = true;
  for (const { lane, change } of plan.windows) {
    const outcome = await ports.windowStore.commit(lane.state.pipeline.windowsName, partition, change);
    if (outcome === "fenced") {
      throw new FencedError(`Cannot commit windows of ${topic}/${partition}: a newer owner holds it`);
    }
    if (outcome === "diverged") {
      lane.forgetStored();
      complete = false;
    }
  }
  if (ports.liveFeed !== null && plan.live.length > 0) await ports.liveFeed.publish(plan.live);
  await ports.log.commitOffset(PROCESSOR_GROUP, { topic, partition, nextOffset });
  await ports.floors.set("windows", { topic, partition, offset: rebuildOffset });
  return complete;
}

/** A window that fired or changed since it was drained has a newer pane: a commit holds one row of a key. */
function notAmong(newer: readonly Pane[], drained: readonly Pane[]): readonly Pane[] {
  if (drained.length === 0) return drained;
  const known = new Set(newer.map(({ key, windowStartMs }) => `${windowStartMs}|${key}`));
  return drained.filter(({ key, windowStartMs }) => !known.has(`${windowStartMs}|${key}`));
}

/** UTF-16 units of a late record: Kafka takes a megabyte where nothing else is set, and a unit has up to three bytes. */
const LATE_LENGTH_MAX = 262_144;

const derivedRecord = (key: string | null, value: string): NewRecord => ({
  key,
  value,
  instance: null,
  seq: 0,
  runId: null,
});

/** A late event that is nested too deeply to be written again, or too long, is named without its value: the log holds it. */
function lateRecord(late: LateEvent): NewRecord {
  const whole = stringifyOrNull(late);
  const fits = whole !== null && whole.length <= LATE_LENGTH_MAX;
  return derivedRecord(null, fits ? whole : JSON.stringify({ ...late, event: null }));
}

const countsOf = (
  runId: string,
  pipeline: string,
  counts: PipelineCounts | Readonly<Record<string, number>>,
): RunCount[] =>
  runId === "" ? [] : Object.entries(counts).filter(([, value]) => value > 0).map(([counter, value]) => ({
    runId,
    pipeline,
    counter,
    value,
  }));

function anomalyUpdate(anomaly: Anomaly, generation: number): LiveUpdate {
  const { event_id, timestamp, key, window_start, revision, ...rest } = anomaly;
  const values = { anomaly_id: event_id, event_time: timestamp, ...rest };
  return { channel: "anomalies", key, window_start, generation, revision, values };
}

function momentUpdate(moment: Moment, generation: number): LiveUpdate {
  const { event_id, timestamp: _, key, window_start, revision, ...rest } = moment;
  return { channel: "moments", key, window_start, generation, revision, values: { moment_id: event_id, ...rest } };
}
