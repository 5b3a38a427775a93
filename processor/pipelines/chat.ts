import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { minutes, seconds } from "../../core/time.ts";
import { sliding } from "../../core/window.ts";
import { rateJump, threshold, zScore } from "../detectors/mod.ts";
import { count, distinct, errorOf, topK } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";

const chatters = distinct<ChatEvent>((event) => event.user_id);

/** Chat per stream: 1-minute windows sliding by 10 s. */
export const chat = pipeline<ChatEvent>({
  name: "chat",
  contract: chatEvents,
  key: "stream_id",
  window: sliding({ sizeMs: minutes(1), slideMs: seconds(10) }),
  outOfOrdernessMs: seconds(2),
  allowedLatenessMs: minutes(2),
  metrics: {
    chat_count: count(),
    unique_chatters: chatters,
    top_emotes: topK((event) => event.emotes, 5, { as: "emote" }),
    unique_chatters_error: errorOf(chatters),
  },
  detect: [
    zScore("chat_count", { threshold: 3 }),
    rateJump("chat_count", { factor: 3, valueMin: 30 }),
    threshold("chat_count", { enter: 5_000, leave: 3_000, durationMs: seconds(30) }),
  ],
  table: "chat_summary_minute",
});
