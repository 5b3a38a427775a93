/**
 * Panes, and what a pipeline's partition makes of them: rows, live updates, verdicts.
 * @module
 */
import type { Anomaly } from "../../core/events/derived.ts";
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
  /** Results in the order of the pipeline's metrics. */
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

/** The row of a pane in the pipeline's table. */
export const rowOf = (pipeline: Pipeline, pane: Pane): SummaryRow => ({
  values: [...rowKeyOf(pipeline, pane), pane.windowEndMs, ...pane.values],
  revision: pane.revision,
});

/** What the dashboard is told of a pane. */
export function liveUpdateOf({ name, metricNames }: Pipeline, pane: Pane): LiveUpdate {
  const values: Record<string, unknown> = { window_end: formatTime(pane.windowEndMs) };
  metricNames.forEach((metric, i) => values[metric] = pane.values[i]);
  if (pane.partial) values["partial"] = true;
  return {
    channel: name,
    key: pane.key,
    window_start: formatTime(pane.windowStartMs),
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
}

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
