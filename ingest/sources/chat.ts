/**
 * Canonical chat events.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `chat`. */
export const chat: Source = canonicalSource("chat", {
  about: "chat events as Tidemark keeps them, JSONL or CSV",
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
});
