/**
 * Metrics of what runs in this process: its sources and its processor.
 * @module
 */
import { metricNames as names } from "../../core/metric_names.ts";
import type { ProcessorStatus, SourceStatus, StoreTrouble } from "../../core/status.ts";
import type { Exposed, Sample } from "./prometheus.ts";

/** What runs in a process. */
export interface ProcessParts {
  sources(): readonly SourceStatus[];
  /** Null where none runs here. */
  processor(): ProcessorStatus | null;
  /** What went wrong with the servers of its stores. */
  troubles(): readonly StoreTrouble[];
}

/** Metrics of sources, of the processor where one runs here, and of the stores' servers. */
export function processMetrics(parts: ProcessParts): Exposed[] {
  const [sources, processor] = [parts.sources(), parts.processor()];
  const bySource = (value: (source: SourceStatus) => number): Sample[] =>
    sources.map((source) => ({ labels: { source: source.source }, value: value(source) }));
  const partitions = [
    ...new Map((processor?.partitions ?? []).map((row) => [`${row.topic}/${row.partition}`, row])).values(),
  ];
  const lookups = processor?.lookups ?? [];
  return [
    [names.sourceEvents, bySource(({ read }) => read)],
    [names.sourceDead, bySource(({ dead }) => dead)],
    [names.sourceLastEvent, bySource(({ lastEventMs }) => (lastEventMs ?? 0) / 1000)],
    [names.sourceState, sources.map(({ source, state }) => ({ labels: { source, state }, value: 1 }))],
    [names.sourceReconnects, bySource(({ reconnects }) => reconnects)],
    [names.sourceQueueFrames, bySource(({ queueFrames }) => queueFrames)],
    [names.sourceSpoolRecords, bySource(({ spoolRecords }) => spoolRecords)],
    [names.sourceSpoolBytes, bySource(({ spoolBytes }) => spoolBytes)],
    [
      names.sourceDropped,
      sources.flatMap(({ source, queueDropped, spoolDropped }) => [
        { labels: { source, at: "queue" }, value: queueDropped },
        { labels: { source, at: "spool" }, value: spoolDropped },
      ]),
    ],
    [names.sourceSpoolFailures, bySource(({ spoolFailures }) => spoolFailures)],
    [names.sourceMissed, bySource(({ missed }) => missed)],
    [names.processedRecords, processor === null ? [] : [{ value: processor.records }]],
    [names.processorRestarts, processor === null ? [] : [{ value: processor.restarts }]],
    [
      names.storeTrouble,
      parts.troubles().map(({ store, kind, times }) => ({ labels: { store, kind }, value: times })),
    ],
    [
      names.lag,
      partitions.map(({ topic, partition, endOffset, nextOffset }) => ({
        labels: { topic, partition },
        value: Math.max(0, endOffset - nextOffset),
      })),
    ],
    [names.lookupRows, lookups.map(({ lookup, topic, rows }) => ({ labels: { lookup, topic }, value: rows }))],
    [names.lookupMissed, lookups.map(({ lookup, topic, missed }) => ({ labels: { lookup, topic }, value: missed }))],
    [
      names.lookupFaultyRows,
      lookups.flatMap(({ lookup, topic, lateRows, failedRows, droppedRows }) =>
        Object.entries({ late: lateRows, failed: failedRows, dropped: droppedRows })
          .map(([fault, value]) => ({ labels: { lookup, topic, fault }, value }))
      ),
    ],
  ];
}
