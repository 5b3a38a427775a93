import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier, nonEmpty } from "./contract.ts";

/**
 * Something said in a chat was taken away. The chat event itself stays as it was: whoever shows or judges messages
 * leaves out the ones that a later removal names.
 */
export interface RemovalEvent extends EventBase {
  readonly stream_id: string;
  /** What goes: one message, all messages so far of one user, or the whole chat so far. */
  readonly kind: "message" | "user" | "channel";
  /** `event_id` of the chat event, where kind is `message`. */
  readonly target_message_id?: string;
  /** Where kind is `user`. */
  readonly target_user_id?: string;
  /** Login name of the sender, where it is known. */
  readonly target_username?: string;
  /** How long the user may not write; absent for a ban that lasts, and where nobody was banned. */
  readonly ban_duration_sec?: number;
}

/** Topic `events.removals`. */
export const removalEvents: EventContract<RemovalEvent> = {
  topic: "events.removals",
  partitions: 1,
  keyField: "stream_id",
  schema: z.looseObject({
    ...eventBase,
    stream_id: identifier,
    kind: z.enum(["message", "user", "channel"]),
    target_message_id: identifier.optional(),
    target_user_id: identifier.optional(),
    target_username: nonEmpty.optional(),
    ban_duration_sec: z.int().min(0).optional(),
  }),
};
