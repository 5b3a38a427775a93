import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { seconds } from "../../core/time.ts";
import { flood, rateJump, threshold, zScore } from "../detectors/mod.ts";
import { maskedText } from "../enrichers/masked_text.ts";
import { enrichers } from "../enrichers/mod.ts";
import { count, distinct, errorOf, meanOf, share, topBy, topK } from "../metrics/mod.ts";
import { pipelineOn } from "../pipeline.ts";
import { chatMoments, watchedInChat } from "./chat_moments.ts";
import { streamWindows } from "./stream_minute.ts";

/** From here on a message counts as toxic. */
const TOXIC = 0.8;

const chatters = distinct<ChatEvent>((event) => event.user_id);

/** Chat per stream: 1-minute windows sliding by 10 s. */
export const chat = pipelineOn(chatEvents, [enrichers.sentiment(), enrichers.toxicity()])({
  name: "chat",
  key: "stream_id",
  ...streamWindows,
  metrics: {
    chat_count: count(),
    unique_chatters: chatters,
    top_emotes: topK((event) => event.emotes, 5, { as: "emote" }),
    unique_chatters_error: errorOf(chatters),
    avg_sentiment: meanOf((event) => event.sentiment, { scale: 4 }),
    toxic_share: share((event) => event.toxicity === undefined ? undefined : event.toxicity >= TOXIC, { digits: 4 }),
    top_toxic: topBy(3, {
      score: ({ toxicity }) => toxicity === undefined ? undefined : Math.floor(toxicity * 1_000) / 1_000,
      scoreMin: TOXIC,
      text: (event) => maskedText(event.message),
      as: "toxicity",
    }),
  },
  watch: watchedInChat,
  detect: [
    ...chatMoments,
    flood({ user: (event) => event.user_id, eventsMin: 10 }),
    zScore("chat_count", { threshold: 3 }),
    // A minute of windows: those in which a stream begins hold less than a minute of it.
    rateJump("chat_count", { factor: 3, valueMin: 30, samplesMin: 6 }),
    threshold("chat_count", { enter: 5_000, leave: 3_000, durationMs: seconds(30) }),
  ],
  table: "chat_summary_minute",
});
