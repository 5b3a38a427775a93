/**
 * Runs the enrichers of a topic's pipelines over events: each enricher once, whatever the number of pipelines that want
 * its fields.
 * @module
 */
import { type CheckedEvent, type EventBase, type Fault, isFault } from "../../core/events/contract.ts";
import type { Enricher } from "../enrichers/enricher.ts";
import type { Pipeline } from "../pipeline.ts";

/** Events that are enriched at a time: bounds what a batch of the log holds beside itself. */
export const ENRICHED_EVENTS_MAX = 1_000;

/** A record as read, and enriched where it is an event. */
export type EnrichedReading =
  | Fault
  | CheckedEvent<EventBase> & {
    /** Names of the enrichers that could not score it. */
    readonly unenriched: readonly string[];
  };

const NONE: readonly string[] = [];

/**
 * The enrichers of some pipelines, each once.
 *
 * @throws {TypeError} when two of them have one name or add one field.
 */
export function enrichersOf(pipelines: readonly Pick<Pipeline, "enrichers" | "name">[]): readonly Enricher[] {
  const enrichers = [...new Set(pipelines.flatMap((pipeline) => pipeline.enrichers))];
  const owners = new Map<string, string>();
  for (const { name, fields } of enrichers) {
    for (const field of [`enricher ${name}`, ...fields.map((one) => `field ${one}`)]) {
      const owner = owners.get(field);
      if (owner !== undefined) {
        throw new TypeError(
          `Cannot enrich for ${pipelines.map((pipeline) => pipeline.name).join(", ")}: ${field} is there twice, by ` +
            `${owner} and ${name}; give each enricher of a topic a name and fields of its own, or share one enricher`,
        );
      }
      owners.set(field, name);
    }
  }
  return enrichers;
}

/** Enriches what was read, in order. The events are changed: whoever wants one as it is in the log reads it again. */
export function enrichReadings(
  enrichers: readonly Enricher[],
  readings: readonly (CheckedEvent<EventBase> | Fault)[],
): EnrichedReading[] {
  const events: EventBase[] = [];
  for (const reading of readings) if (!isFault(reading)) events.push(reading.event);
  const results = enrichers.map((enricher) => ({ enricher, fields: fieldsOf(enricher, events) }));
  let place = 0;
  return readings.map((reading) => {
    if (isFault(reading)) return reading;
    const at = place++;
    // What a producer wrote into these fields is nobody's score. Deleting what is not there would cost as much as a copy.
    const event = reading.event as EventBase & Record<string, unknown>;
    if ("unenriched" in event) delete event["unenriched"];
    let unenriched = NONE;
    for (const { enricher, fields } of results) {
      const own = fields[at];
      for (const field of enricher.fields) {
        if (own) event[field] = (own as Readonly<Record<string, unknown>>)[field];
        else delete event[field];
      }
      if (own) continue;
      unenriched = [...unenriched, enricher.name];
    }
    if (unenriched.length > 0) event["unenriched"] = unenriched;
    return { event, eventTimeMs: reading.eventTimeMs, unenriched };
  });
}

/** Fields of each event; null for each that fails by itself. */
function fieldsOf(enricher: Enricher, events: readonly EventBase[]): readonly (object | null | undefined)[] {
  if (events.length === 0) return [];
  try {
    const fields = enricher.enrich(events);
    if (fields.length === events.length) return fields;
  } catch {
    if (events.length === 1) return [null];
  }
  // A throw, or a wrong number of results, must not depend on who else was in the batch.
  return events.length === 1 ? [null] : events.map((event) => fieldsOf(enricher, [event])[0]);
}
