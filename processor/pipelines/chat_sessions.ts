import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { minutes, seconds } from "../../core/time.ts";
import { session } from "../../core/window.ts";
import { count } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";

/**
 * A stream's chat activity: from a message after a silence to the last one before 5 minutes of silence. Without a set of
 * chatters: the state of an open session is written with each commit, so that it has to stay small however long it lasts.
 */
export const chatSessions = pipeline<ChatEvent>({
  name: "chat_sessions",
  contract: chatEvents,
  key: "stream_id",
  window: session({ gapMs: minutes(5) }),
  outOfOrdernessMs: seconds(2),
  allowedLatenessMs: minutes(2),
  metrics: {
    chat_count: count(),
  },
  table: "chat_sessions",
  tile: { title: "Messages in sessions" },
});
