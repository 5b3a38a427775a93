import { type StreamMetaEvent, streamMetaEvents } from "../../core/events/stream_meta.ts";
import { lastTextOf } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";
import { streamMinute } from "./stream_minute.ts";

/** What a stream says of itself: the last title and category of each window in which it said something. */
export const streamMeta = pipeline<StreamMetaEvent>({
  name: "stream_meta",
  contract: streamMetaEvents,
  key: "stream_id",
  ...streamMinute,
  metrics: {
    last_title: lastTextOf((event) => event.title),
    last_category: lastTextOf((event) => event.category),
  },
});
