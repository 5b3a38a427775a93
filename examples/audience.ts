/**
 * A whole pipeline: viewers per stream and minute, with a table, a detector and a tile of its own.
 *
 *     deno run -A examples/audience.ts
 */
import {
  lastOf,
  maxOf,
  minutes,
  pipelineOn,
  quantileOf,
  rateJump,
  stdDevOf,
  tumbling,
  type ViewerEvent,
  viewerEvents,
} from "tidemark";

const viewers = (event: ViewerEvent) => event.viewer_count;

/** Viewers per stream: 1-minute windows. Each name in `metrics` is a column of table audience_minute. */
export const audience = pipelineOn(viewerEvents)({
  name: "audience",
  key: "stream_id",
  window: tumbling({ sizeMs: minutes(1) }),
  allowedLatenessMs: minutes(10),
  metrics: {
    last_viewers: lastOf((event) => String(event.viewer_count), { scale: 0 }),
    peak_viewers: maxOf(viewers, { scale: 0 }),
    median_viewers: quantileOf(viewers, 0.5),
    viewers_spread: stdDevOf(viewers, { scale: 0, digits: 3 }),
  },
  detect: [rateJump("last_viewers", { factor: 3, valueMin: 100 })],
  table: "audience_minute",
  tile: { title: "People watching", metric: "last_viewers", over: "sum" },
});

if (import.meta.main) {
  const events = [100, 104, 98, 103, 99, 420, 400, 390, 410].map((viewer_count, i) => ({
    ...{ event_id: String(i), source: "example", stream_id: "demo", viewer_count },
    timestamp: new Date(Date.UTC(2024, 7, 8, 12, 0, 40 * i)).toISOString(),
  }));
  import("tidemark/testing").then(({ showPipeline }) => showPipeline(audience, events));
}
