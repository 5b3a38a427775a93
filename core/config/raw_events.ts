/**
 * Whether events are kept one by one beside the tables of windows, and for how long.
 * @module
 */
import { days } from "../time.ts";
import { integer, oneOf, type Section } from "./variable.ts";

/** Settings of the table raw_events. */
export interface RawEventsConfig {
  /** What is written of each event: nothing, its record as it came, or the event with what enrichers add. */
  readonly rawEvents: "off" | "raw" | "enriched";
  /** How long a day of it is kept after its end. */
  readonly rawEventsRetentionMs: number;
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
  read: (values) => ({
    rawEvents: values.text("RAW_EVENTS") as RawEventsConfig["rawEvents"],
    rawEventsRetentionMs: days(values.number("RAW_EVENTS_RETENTION_DAYS")),
  }),
};
