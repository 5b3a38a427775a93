/**
 * THE LIST of operational metrics: their names on `/metrics`, in the conventions of Prometheus (units last, `_total` for
 * what only rises).
 * @module
 */

/** What a name stands for. */
export interface MetricName {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
}

const counter = (name: string, help: string): MetricName => ({ name, type: "counter", help });
const gauge = (name: string, help: string): MetricName => ({ name, type: "gauge", help });

/** All operational metrics. */
export const metricNames = {
  sourceEvents: counter("tidemark_source_events_total", "Lines and frames that came to the door, by source"),
  sourceDead: counter("tidemark_source_dead_total", "Events that were not let in, by source"),
  sourceLastEvent: gauge("tidemark_source_last_event_timestamp_seconds", "When the last event came in, by source"),
  sourceState: gauge("tidemark_source_state", "1 for the state that the source is in, by source and state"),
  sourceReconnects: counter("tidemark_source_reconnects_total", "Connections made anew after the first, by source"),
  sourceQueueFrames: gauge("tidemark_source_queue_frames", "Frames that wait in memory, by source"),
  sourceSpoolRecords: gauge("tidemark_source_spool_records", "Records that wait on disk for the log, by source"),
  sourceSpoolBytes: gauge("tidemark_source_spool_bytes", "What they take on disk, by source"),
  sourceDropped: counter("tidemark_source_dropped_total", "Frames and records dropped at a full bound, by source"),
  sourceSpoolFailures: counter(
    "tidemark_source_spool_failures_total",
    "Times that the disk of the spool refused to be written or read, by source",
  ),
  sourceMissed: counter("tidemark_source_missed_total", "Events known of that could not be had, by source"),
  processedRecords: counter("tidemark_processor_records_total", "Records taken in by this process"),
  processorRestarts: counter("tidemark_processor_restarts_total", "Times that processing started anew after a failure"),
  storeTrouble: counter(
    "tidemark_store_trouble_total",
    "Times that something went wrong with the server of a store, mended or not, by store and kind",
  ),
  lag: gauge("tidemark_lag_records", "Records in the log that are not yet taken in, by topic and partition"),
  watermark: gauge("tidemark_watermark_timestamp_seconds", "Event-time clock, by pipeline and partition"),
  pipelineEvents: counter("tidemark_pipeline_events_total", "Committed outcomes of events, by pipeline and outcome"),
  pipelineWindows: counter("tidemark_pipeline_windows_total", "Windows fired on time, by pipeline"),
  pipelineUnenriched: counter(
    "tidemark_pipeline_unenriched_total",
    "Events that an enricher could not score, by pipeline and partition",
  ),
  lookupRows: gauge("tidemark_lookup_rows", "Versions of rows that lookups hold in memory, by lookup and topic"),
  lookupMissed: counter("tidemark_lookup_missed_total", "Events copied without a row, by lookup and topic"),
  lookupFaultyRows: counter(
    "tidemark_lookup_faulty_rows_total",
    "Rows that were late, failed, or dropped for want of room, by lookup, topic and fault",
  ),
  liveClients: gauge("tidemark_live_clients", "Browsers that follow the live stream"),
  liveBytes: counter("tidemark_live_bytes_total", "Bytes sent to them"),
  liveBehind: counter("tidemark_live_behind_total", "Times that a browser did not keep up and lost its place"),
} as const satisfies Readonly<Record<string, MetricName>>;
