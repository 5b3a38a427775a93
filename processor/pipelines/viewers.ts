import { type ViewerEvent, viewerEvents } from "../../core/events/viewer.ts";
import { peak } from "../detectors/mod.ts";
import { lastOf, maxOf, meanOf } from "../metrics/mod.ts";
import { pipelineOn } from "../pipeline.ts";
import { streamMinute } from "./stream_minute.ts";

const viewerCount = ({ viewer_count }: ViewerEvent) => viewer_count;

/** Viewers per stream, by the windows of the chat. */
export const viewers = pipelineOn(viewerEvents)({
  name: "viewers",
  key: "stream_id",
  ...streamMinute,
  metrics: {
    last_viewers: lastOf((event) => String(event.viewer_count), { scale: 0 }),
    mean_viewers: meanOf(viewerCount, { scale: 2 }),
    peak_viewers: maxOf(viewerCount, { scale: 0 }),
  },
  detect: [peak("peak_viewers", { kind: "viewers", threshold: 3, riseMin: 1.2, valueMin: 20 })],
  tile: { title: "Viewers", metric: "last_viewers", over: "sum" },
});
