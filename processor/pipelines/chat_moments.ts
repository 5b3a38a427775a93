/**
 * What is a moment of a chat: many messages at once, a raid, people who insult.
 * @module
 */
import type { ChatEvent } from "../../core/events/chat.ts";
import { episode, type MomentDetector, peak, raid, type ReadMetric } from "../detectors/mod.ts";
import { maskedText } from "../enrichers/masked_text.ts";
import { sampleOf, signatureOf } from "../metrics/mod.ts";

const PEOPLE_MAX = 64;
const MESSAGES_MAX = 5;

/** What the detectors read beside the columns of the chat. */
export const watchedInChat = {
  people: signatureOf<ChatEvent>((event) => event.user_id, { max: PEOPLE_MAX }),
  messages: sampleOf<ChatEvent>((event) => event.message, { max: MESSAGES_MAX }),
};

const told = {
  reads: ["top_emotes", "messages"],
  tell: (read: ReadMetric) => ({
    top_emotes: read("top_emotes"),
    sample_messages: (read("messages") as readonly string[]).map(maskedText),
  }),
};

/** The detectors. */
export const chatMoments = [
  peak("chat_count", { kind: "chat", threshold: 3, riseMin: 2, valueMin: 30, stdDevShareMin: 0.1, ...told }),
  raid({ people: "people", signatureMax: PEOPLE_MAX, events: "chat_count", ...told }),
  episode("toxic_share", {
    kind: "toxicity",
    enter: 0.3,
    leave: 0.15,
    among: ["chat_count", 20],
    reads: ["top_toxic"],
    tell: (read) => ({ top_toxic: read("top_toxic") }),
  }),
] as const satisfies readonly MomentDetector[];
