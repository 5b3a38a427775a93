/**
 * `/metrics`: operational metrics in Prometheus' text format.
 * @module
 */
import { metricNames as names } from "../core/metric_names.ts";
import { define } from "./(_lib)/define.ts";
import { liveHubOf } from "./(_lib)/live_hub.ts";
import { exposition, type Sample } from "./(_lib)/prometheus.ts";
import type { Services } from "./(_lib)/state.ts";

/** 200 with the metrics of this process; 503 while the stores are opening. */
export const handler = define.handlers({
  async GET(ctx) {
    const { services } = ctx.state;
    if (services === undefined) return ctx.text("the stores are still opening\n", { status: 503 });
    return ctx.text(await metricsOf(services), { headers: { "content-type": "text/plain; version=0.0.4" } });
  },
});

async function metricsOf(services: Services): Promise<string> {
  const sources = services.sources();
  const processor = services.processor();
  const progress = await services.store.progress();
  const { counters } = liveHubOf(services);
  const bySource = (value: (source: (typeof sources)[number]) => number): Sample[] =>
    sources.map((source) => ({ labels: { source: source.source }, value: value(source) }));
  const outcomes = ["accepted", "dead", "late", "late_partial", "duplicate"] as const;
  const partitions = [
    ...new Map((processor?.partitions ?? []).map((row) => [`${row.topic}/${row.partition}`, row])).values(),
  ];
  return exposition([
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
    [names.sourceMissed, bySource(({ missed }) => missed)],
    [names.processedRecords, processor === null ? [] : [{ value: processor.records }]],
    [
      names.lag,
      partitions.map(({ topic, partition, endOffset, nextOffset }) => ({
        labels: { topic, partition },
        value: Math.max(0, endOffset - nextOffset),
      })),
    ],
    [
      names.watermark,
      progress.filter(({ watermarkMs }) => watermarkMs !== null).map((row) => ({
        labels: { pipeline: row.pipeline, partition: row.partition },
        value: row.watermarkMs! / 1000,
      })),
    ],
    [
      names.pipelineEvents,
      progress.flatMap(({ pipeline, partition, counts }) =>
        outcomes.map((outcome) => ({ labels: { pipeline, partition, outcome }, value: counts[outcome] }))
      ),
    ],
    [
      names.pipelineWindows,
      progress.map(({ pipeline, partition, counts }) => ({
        labels: { pipeline, partition },
        value: counts.windows,
      })),
    ],
    [names.liveClients, [{ value: counters.clients }]],
    [names.liveBytes, [{ value: counters.bytes }]],
    [names.liveBehind, [{ value: counters.behind }]],
  ]);
}
