import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier, nonEmpty } from "./contract.ts";

/** One sitting in front of a show; `timestamp` is its start. */
export interface WatchEvent extends EventBase {
  /** Who watched. */
  readonly user_id: string;
  /** What was watched. */
  readonly show_name: string;
  /** For how long. */
  readonly watch_duration_minutes: number;
  /** Calendar day of the start, `YYYY-MM-DD`. */
  readonly watch_date: string;
  /** How long it is as a whole, where that is known. */
  readonly show_duration_minutes?: number;
}

/** Topic `watch.sessions`. */
export const watchEvents: EventContract<WatchEvent> = {
  topic: "watch.sessions",
  partitions: 3,
  keyField: "user_id",
  schema: z.looseObject({
    ...eventBase,
    user_id: identifier,
    show_name: nonEmpty,
    watch_duration_minutes: z.number().min(0),
    watch_date: z.iso.date(),
    show_duration_minutes: z.number().positive().optional(),
  }),
};
