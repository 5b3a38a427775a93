/**
 * A pipeline of session windows: a broadcast lasts from a stream's first viewer count to 5 minutes after its last one.
 *
 *     deno run -A examples/broadcasts.ts
 */
import { count, maxOf, meanOf, minutes, pipeline, session, type ViewerEvent, viewerEvents } from "tidemark";

/** Broadcasts of a stream, a row each: from when to when, how many watched. */
export const broadcasts = pipeline<ViewerEvent>({
  name: "broadcasts",
  contract: viewerEvents,
  key: "stream_id",
  window: session({ gapMs: minutes(5) }),
  metrics: {
    mean_viewers: meanOf((event) => event.viewer_count, { scale: 1 }),
    peak_viewers: maxOf((event) => event.viewer_count, { scale: 0 }),
    samples: count(),
  },
  table: "broadcasts",
  tile: { title: "Peak of the broadcasts", metric: "peak_viewers", over: "max" },
});

if (import.meta.main) {
  const counted = (minute: number, viewer_count: number) => ({
    ...{ event_id: String(minute), source: "example", stream_id: "demo", viewer_count },
    timestamp: `2024-08-08T12:${minute}:00Z`,
  });
  // Two broadcasts: 12:10 to 12:19 and 12:40 to 12:45.
  const events = [counted(10, 100), counted(14, 250), counted(12, 150), counted(40, 80)];
  import("tidemark/testing").then(({ showPipeline }) => showPipeline(broadcasts, events));
}
