import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";

/** A stream sends its viewers to another one. */
export interface RaidEvent extends EventBase {
  /** The stream that they come to. */
  readonly stream_id: string;
  /** The stream that they come from. */
  readonly from_stream_id: string;
  /** How many come. */
  readonly viewer_count: number;
}

/** Topic `events.raids`. */
export const raidEvents: EventContract<RaidEvent> = {
  topic: "events.raids",
  partitions: 1,
  keyField: "stream_id",
  schema: z.looseObject({
    ...eventBase,
    stream_id: identifier,
    from_stream_id: identifier,
    viewer_count: z.int().min(0),
  }),
};
