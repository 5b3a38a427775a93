/**
 * Canonical chat events.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";
import { emotesOf } from "./twitch_emotes.ts";

/** Source `chat`. */
export const chat: Source = canonicalSource("chat", {
  about: "chat events as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(chatEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      stream_id: "text",
      user_id: "text",
      username: "text",
      message: "text",
      emotes: "names",
    },
    made: {
      username: ({ event }) => event.user_id,
      emotes: ({ event }) => (typeof event.message === "string" ? emotesOf("", event.message) : []),
    },
  },
});
