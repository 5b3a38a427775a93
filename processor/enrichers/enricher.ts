/**
 * An enricher: adds fields to events before windows and detectors see them. It is pure: the same events in the same
 * order give the same fields, on every machine and in any cut into batches.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/** Adds fields to each event of a batch. */
export interface Enricher<E extends EventBase = EventBase, F extends object = object> {
  /** Unique within a pipeline: `sentiment`. */
  readonly name: string;
  /** Version of the scores. A change starts a new generation of the pipelines that use it. */
  readonly version: number;
  /** Names of the fields that it adds. */
  readonly fields: readonly (keyof F & string)[];
  /** Loads what it needs (weights), once, before the first batch. */
  prepare?(): Promise<void>;
  /**
   * The fields of each event, in order; null for an event that it cannot score: that one passes without them, marked
   * and counted. A throw counts for every event of the batch in the same way.
   */
  enrich(events: readonly E[]): readonly (F | null)[];
}
