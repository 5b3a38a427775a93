import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";

/** How many people watch a stream at a moment. */
export interface ViewerEvent extends EventBase {
  /** Channel, without `#`. */
  readonly stream_id: string;
  /** How many watch at that moment. */
  readonly viewer_count: number;
}

/** Topic `events.viewer`. */
export const viewerEvents: EventContract<ViewerEvent> = {
  topic: "events.viewer",
  partitions: 1,
  keyField: "stream_id",
  schema: z.looseObject({ ...eventBase, stream_id: identifier, viewer_count: z.int().min(0) }),
};
