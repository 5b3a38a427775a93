/**
 * `/metrics`: operational metrics in Prometheus' text format.
 * @module
 */
import { metricNames as names } from "../core/metric_names.ts";
import { define } from "./(_lib)/define.ts";
import { liveHubOf } from "./(_lib)/live_hub.ts";
import { processMetrics } from "./(_lib)/process_metrics.ts";
import { exposition } from "./(_lib)/prometheus.ts";
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
  const progress = await services.store.progress();
  const { counters } = liveHubOf(services);
  const outcomes = ["accepted", "dead", "late", "late_partial", "duplicate"] as const;
  return exposition([
    ...processMetrics(services),
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
    [
      names.pipelineUnenriched,
      progress.map(({ pipeline, partition, counts }) => ({
        labels: { pipeline, partition },
        value: counts.unenriched ?? 0,
      })),
    ],
    [names.liveClients, [{ value: counters.clients }]],
    [names.liveBytes, [{ value: counters.bytes }]],
    [names.liveBehind, [{ value: counters.behind }]],
  ]);
}
