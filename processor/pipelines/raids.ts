import { raidEvents } from "../../core/events/raids.ts";
import { episode } from "../detectors/mod.ts";
import { count, lastTextOf, sumOf } from "../metrics/mod.ts";
import { pipelineOn } from "../pipeline.ts";
import { streamMinute } from "./stream_minute.ts";

/** Raids that the platform announces, per stream that is raided. */
export const raids = pipelineOn(raidEvents)({
  name: "raids",
  key: "stream_id",
  ...streamMinute,
  metrics: {
    raid_count: count(),
    raid_viewers: sumOf((event) => event.viewer_count, { scale: 0 }),
    last_raid_from: lastTextOf((event) => event.from_stream_id),
  },
  detect: [
    episode("raid_viewers", {
      kind: "raid_announced",
      enter: 1,
      leave: 1,
      reads: ["last_raid_from"],
      tell: (read) => ({ from_stream_id: read("last_raid_from") }),
    }),
  ],
  tile: null,
});
