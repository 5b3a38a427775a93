import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { minutes, seconds } from "../../core/time.ts";
import { session } from "../../core/window.ts";
import { count, distinct } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";

/** A stream's chat activity: from a message after a silence to the last one before 5 minutes of silence. */
export const chatSessions = pipeline<ChatEvent>({
  name: "chat_sessions",
  contract: chatEvents,
  key: "stream_id",
  window: session({ gapMs: minutes(5) }),
  outOfOrdernessMs: seconds(2),
  allowedLatenessMs: minutes(2),
  metrics: {
    chat_count: count(),
    unique_chatters: distinct((event) => event.user_id),
  },
  table: "chat_sessions",
});
