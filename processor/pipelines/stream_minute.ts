/**
 * What the pipelines of one stream's joined row have in common, so that their windows are the same ones: each owns its
 * columns of a row of `stream_minute`, and view `stream_summary_minute` has the chat's beside them.
 * @module
 */
import { minutes, seconds } from "../../core/time.ts";
import { sliding } from "../../core/window.ts";

/** 1-minute windows sliding by 10 s: those that start on a full minute are the tumbling ones. */
export const streamWindows = {
  window: sliding({ sizeMs: minutes(1), slideMs: seconds(10) }),
  outOfOrdernessMs: seconds(2),
  allowedLatenessMs: minutes(2),
} as const;

/** The same for those beside the chat, with their table. */
export const streamMinute = { ...streamWindows, table: "stream_minute" } as const;
