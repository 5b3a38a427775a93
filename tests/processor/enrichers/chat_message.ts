/**
 * A chat event for tests of enrichers.
 * @module
 */
import type { ChatEvent } from "../../../core/events/chat.ts";

let count = 0;

/** A chat event with this message. */
export function chatMessage(message: string, { emotes = [] }: { emotes?: readonly string[] } = {}): ChatEvent {
  count++;
  return {
    event_id: `e${count}`,
    timestamp: new Date(1_600_000_000_000 + count).toISOString(),
    source: "test",
    stream_id: "room",
    user_id: "u1",
    username: "u1",
    message,
    emotes,
  };
}
