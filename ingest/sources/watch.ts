/**
 * Canonical viewing.
 * @module
 */
import { watchEvents } from "../../core/events/watch.ts";
import { parseTime } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `watch`. */
export const watch: Source = canonicalSource("watch", {
  about: "sittings in front of shows as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(watchEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      user_id: "text",
      show_name: "text",
      watch_duration_minutes: "minutes",
      watch_date: "date",
      show_duration_minutes: "minutes",
    },
    optional: ["show_duration_minutes"],
    made: {
      watch_date: ({ event, dayOf }) => {
        const timeMs = parseTime(event.timestamp);
        return typeof timeMs === "number" ? dayOf(timeMs) : undefined;
      },
    },
  },
});
