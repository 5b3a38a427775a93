/**
 * Panes, and what a pipeline's partition makes of them: rows, live updates, verdicts.
 * @module
 */
import type { Anomaly, Moment } from "../../core/events/derived.ts";
import type { LiveUpdate, SummaryRow, TableSpec } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { Verdict } from "../detectors/detector.ts";
import type { Pipeline } from "../pipeline.ts";

/** One emission of a window. */
export interface Pane {
  readonly key: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  /** Before the watermark reached the end, at that moment, as a correction after it, or at the end of a run. */
  readonly timing: "early" | "on_time" | "late" | "drained";
  /** Results in the order of the pipeline's metrics; columns are made of them. */
  readonly values: readonly unknown[];
  /** nextOffset when it was computed. */
  readonly revision: number;
  /** A session that fired before and is open again: it is counted already. */
  readonly reopened?: boolean;
  /** It may lack events that the log no longer holds. */
  readonly partial?: boolean;
}

/** Values of the key columns of a window's row. */
export const rowKeyOf = (
  { constants }: Pipeline,
  { key, windowStartMs }: Pick<Pane, "key" | "windowStartMs">,
): readonly unknown[] => [key, ...constants, windowStartMs];

/** The row of a pane in the pipeline's table: the columns' values are made of those of the metrics. */
export function rowOf({ columns, constants }: Pipeline, pane: Pane): SummaryRow {
  const values: unknown[] = [pane.key];
  for (const constant of constants) values.push(constant);
  values.push(pane.windowStartMs, pane.windowEndMs);
  for (const { metric, of } of columns) values.push(of(pane.values[metric]));
  return { values, revision: pane.revision };
}

/** What the dashboard is told of a pane of a generation. */
export function liveUpdateOf({ name, columns }: Pipeline, pane: Pane, generation: number): LiveUpdate {
  const values: Record<string, unknown> = { window_end: formatTime(pane.windowEndMs) };
  for (const column of columns) values[column.name] = column.of(pane.values[column.metric]);
  if (pane.partial) values["partial"] = true;
  return {
    channel: name,
    key: pane.key,
    window_start: formatTime(pane.windowStartMs),
    generation,
    revision: pane.revision,
    values,
  };
}

/** Table `anomalies`: verdicts of all pipelines. */
export const anomalyTable: TableSpec = {
  table: "anomalies",
  owner: "anomaly",
  key: [{ name: "anomaly_id", type: "text" }],
  columns: [
    { name: "event_time", type: "timestamptz" },
    { name: "pipeline", type: "text" },
    { name: "detector", type: "text" },
    { name: "metric", type: "text" },
    { name: "key", type: "text" },
    { name: "window_start", type: "timestamptz" },
    { name: "window_end", type: "timestamptz" },
    { name: "value", type: "double precision" },
    { name: "baseline", type: "double precision" },
    { name: "score", type: "double precision" },
    { name: "status", type: "text" },
    { name: "explanation", type: "text" },
  ],
};

/** A verdict with the event or window that it is about. */
export interface Finding {
  readonly id: string;
  readonly eventTimeMs: number;
  readonly detector: string;
  readonly metric: string;
  readonly key: string;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly verdict: Verdict;
  readonly revision: number;
  /** `retracted` = a correction took the anomaly back; the id stays. */
  readonly status: "active" | "retracted";
  /** Set where it is a moment: its stretch of time is that of the window. */
  readonly moment?: MomentPart;
}

/** What a moment has beside what every finding has. */
export interface MomentPart {
  readonly kind: string;
  readonly peakMs: number;
  readonly happened: Readonly<Record<string, unknown>>;
}

/** A finding that is a moment. */
export type MomentFinding = Finding & { readonly moment: MomentPart };

/** Tells a moment from an anomaly. */
export const isMoment = (finding: Finding): finding is MomentFinding => finding.moment !== undefined;

/** The record of a finding on topic derived.anomalies and on the live channel `anomalies`. */
export function anomalyOf(pipeline: Pipeline, finding: Finding): Anomaly {
  const { value, baseline, score, explanation } = finding.verdict;
  return {
    event_id: finding.id,
    timestamp: formatTime(finding.eventTimeMs),
    source: "tidemark",
    pipeline: pipeline.name,
    detector: finding.detector,
    metric: finding.metric,
    key: finding.key,
    value,
    baseline,
    score,
    window_start: formatTime(finding.windowStartMs),
    window_end: formatTime(finding.windowEndMs),
    status: finding.status,
    revision: finding.revision,
    explanation,
  };
}

/** The row of a finding in table `anomalies`. */
export function anomalyRowOf(pipeline: Pipeline, finding: Finding): SummaryRow {
  const { value, baseline, score, explanation } = finding.verdict;
  const { id, eventTimeMs, detector, metric, key, windowStartMs, windowEndMs, revision, status } = finding;
  const scope = [pipeline.name, detector, metric, key, windowStartMs, windowEndMs];
  return { values: [id, eventTimeMs, ...scope, value, baseline, score, status, explanation], revision };
}

/** Table `moments`: what happened, of all pipelines. */
export const momentTable: TableSpec = {
  table: "moments",
  owner: "moment",
  key: [{ name: "moment_id", type: "text" }],
  columns: [
    { name: "pipeline", type: "text" },
    { name: "detector", type: "text" },
    { name: "kind", type: "text" },
    { name: "metric", type: "text" },
    { name: "key", type: "text" },
    { name: "window_start", type: "timestamptz" },
    { name: "peak_at", type: "timestamptz" },
    { name: "window_end", type: "timestamptz" },
    { name: "value", type: "double precision" },
    { name: "baseline", type: "double precision" },
    { name: "score", type: "double precision" },
    { name: "intensity", type: "double precision" },
    { name: "status", type: "text" },
    { name: "explanation", type: "text" },
    { name: "happened", type: "json" },
  ],
};

const intensityOf = ({ value, baseline }: Verdict): number | null => (baseline === 0 ? null : value / baseline);

/** The record of a moment on topic derived.moments and on the live channel `moments`. */
export function momentOf(pipeline: Pipeline, finding: MomentFinding): Moment {
  const { kind, peakMs, happened } = finding.moment;
  return {
    ...anomalyOf(pipeline, finding),
    kind,
    intensity: intensityOf(finding.verdict),
    peak_at: formatTime(peakMs),
    happened,
  };
}

/** The row of a moment in table `moments`. */
export function momentRowOf(pipeline: Pipeline, finding: MomentFinding): SummaryRow {
  const { value, baseline, score, explanation } = finding.verdict;
  const { id, detector, metric, key, windowStartMs, windowEndMs, revision, status, moment } = finding;
  const scope = [pipeline.name, detector, moment.kind, metric, key, windowStartMs, moment.peakMs, windowEndMs];
  const measures = [value, baseline, score, intensityOf(finding.verdict)];
  return { values: [id, ...scope, ...measures, status, explanation, moment.happened], revision };
}
