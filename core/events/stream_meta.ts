import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";

/** What a stream says of itself, from this moment on. */
export interface StreamMetaEvent extends EventBase {
  /** Channel, without `#`. */
  readonly stream_id: string;
  /** Title of the stream. */
  readonly title: string;
  /** What it is about: a game, a topic. */
  readonly category: string;
  /** BCP 47 tag such as `en`; empty where it is not known. */
  readonly language: string;
  /** Tags of its own. */
  readonly tags: readonly string[];
}

/** Topic `events.stream_meta`. */
export const streamMetaEvents: EventContract<StreamMetaEvent> = {
  topic: "events.stream_meta",
  partitions: 1,
  keyField: "stream_id",
  schema: z.looseObject({
    ...eventBase,
    stream_id: identifier,
    title: z.string(),
    category: z.string(),
    language: z.string(),
    tags: z.array(z.string()),
  }),
};
