import * as z from "zod";
import { type EventBase, eventBase, type EventContract, fitsBase, identifier, isIdentifier } from "./contract.ts";

/** A chat message. */
export interface ChatEvent extends EventBase {
  /** Channel, without `#`. */
  readonly stream_id: string;
  /** Identity of the author at the source. */
  readonly user_id: string;
  /** Name of the author as shown. */
  readonly username: string;
  /** What was said. */
  readonly message: string;
  /** Names of the emotes, each occurrence. */
  readonly emotes: readonly string[];
}

/** Topic `events.chat`. */
export const chatEvents: EventContract<ChatEvent> = {
  topic: "events.chat",
  partitions: 3,
  keyField: "stream_id",
  schema: z.looseObject({
    ...eventBase,
    stream_id: identifier,
    user_id: identifier,
    username: z.string(),
    message: z.string(),
    emotes: z.array(z.string()),
  }),
  fits(value) {
    const { stream_id, user_id, username, message, emotes } = value;
    return fitsBase(value) && isIdentifier(stream_id) && isIdentifier(user_id) && typeof username === "string" &&
      typeof message === "string" && Array.isArray(emotes) && emotes.every((emote) => typeof emote === "string");
  },
};
