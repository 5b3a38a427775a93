/**
 * Whether events are kept one by one beside the tables of windows, and for how long.
 * @module
 */
import { days } from "../time.ts";
import { integer, oneOf, type Section } from "./variable.ts";

/** What is kept of each event, its record as it came or the event with what enrichers add, and for how long. */
export interface KeepEvents {
  readonly kind: "raw" | "enriched";
  /** How long a day of append is kept after its end. */
  readonly retentionMs: number;
}

/** Settings of the table raw_events. */
export interface RawEventsConfig {
  /** Null: no event is kept by itself. */
  readonly keepEvents: KeepEvents | null;
}

/** The section. */
export const rawEventsSection: Section<RawEventsConfig> = {
  variables: [
    {
      name: "RAW_EVENTS",
      fallback: "off",
      about: "whether each event is kept in the table raw_events, as it came or enriched",
      ...oneOf("off", "raw", "enriched"),
    },
    {
      name: "RAW_EVENTS_RETENTION_DAYS",
      fallback: "7",
      about: "days for which raw_events keeps a day after its end",
      ...integer(1, 36_500),
    },
  ],
  read(values) {
    const kind = values.text("RAW_EVENTS") as KeepEvents["kind"] | "off";
    const retentionMs = days(values.number("RAW_EVENTS_RETENTION_DAYS"));
    return { keepEvents: kind === "off" ? null : { kind, retentionMs } };
  },
};
