/**
 * An enricher: adds fields to events before windows and detectors see them. It is pure: an event gets the same fields on
 * every machine, in any company and in any cut into batches.
 *
 * The fields of an event that could not be scored are absent, and its `unenriched` names the enricher; so a metric's
 * function of a field has to expect `undefined`, which metrics leave out.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/** Adds fields to each event of a batch. */
export interface Enricher<E extends EventBase = EventBase, F extends object = object> {
  /** Unique among the pipelines of a topic: `sentiment`. */
  readonly name: string;
  /** Version of the scores. A change starts a new generation of the pipelines that use it. */
  readonly version: number;
  /** Names of the fields that it adds; no other enricher of the topic adds them. */
  readonly fields: readonly (keyof F & string)[];
  /** Loads what it needs (weights), once, before the first batch. */
  prepare?(): Promise<void>;
  /**
   * The fields of each event, in order; null for an event that it cannot score: that one passes without them, marked
   * and counted. It sees events as they are in the log, without the fields of others. After a throw the events are
   * tried one by one, so that one bad event costs its neighbours nothing.
   */
  enrich(events: readonly E[]): readonly (F | null)[];
}

/** An event with the fields of some enrichers, each absent where its enricher had to pass. */
export type Enriched<E extends EventBase, X extends readonly object[]> = E & FieldsOf<X> & {
  /** Names of the enrichers that could not score it; absent where all could. */
  readonly unenriched?: readonly string[];
};

/** The fields of some enrichers, each absent where its enricher had to pass. */
export type FieldsOf<X extends readonly object[]> = X extends
  readonly [infer F extends object, ...infer Rest extends readonly object[]]
  ? { readonly [Name in keyof F]?: F[Name] | undefined } & FieldsOf<Rest>
  : unknown;

/** The enrichers that add these fields, in order. */
export type EnrichersOf<E extends EventBase, X extends readonly object[]> = readonly [
  ...{ [I in keyof X]: Enricher<E, X[I]> },
];

/** Makes an enricher: nothing but the types are checked. */
export const enricher = <E extends EventBase, F extends object>(definition: Enricher<E, F>): Enricher<E, F> =>
  definition;
