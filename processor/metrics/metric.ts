/**
 * A metric: a named aggregate of a pipeline, kept as one small mutable state per slice and key.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { ColumnType } from "../../core/ports.ts";
import type { InNumbers } from "./numbers.ts";
import type { RunningValue } from "./running.ts";

/** State of a metric; only the metric itself looks inside. */
export type MetricState = { readonly __state: unique symbol };

/**
 * An aggregate. `merge` is associative and commutative with `zero` as its neutral element (property-tested), so that a
 * window's value does not depend on how its events were cut into slices.
 */
export interface Metric<E extends EventBase = EventBase> {
  /** Name and parameters: `count`, `top_k(5)`. A change starts a new generation. */
  readonly kind: string;
  /** Version of the codec and the formula. A change starts a new generation. */
  readonly version: number;
  /** Type of the column that holds the result. */
  readonly column: ColumnType;
  /** State of no events. */
  zero(): MetricState;
  /** Adds an event to a state, in place. */
  add(state: MetricState, event: E, eventTimeMs: number): void;
  /** Adds all of `from` to `into`, in place; `from` stays as it is. */
  merge(into: MetricState, from: MetricState): void;
  /** The value of a state, as the column takes it. */
  result(state: MetricState): unknown;
  /** The state as JSON. */
  encode(state: MetricState): unknown;
  /** The state from its JSON. */
  decode(json: unknown): MetricState;
  /** A value that slides with a window, where that is cheaper than merging slices. */
  running?(): RunningValue<MetricState, E>;
  /** How the state is kept as numbers, where a few can hold it. */
  readonly inNumbers?: InNumbers<MetricState, E>;
}

/** What an author of a metric writes: the same with the state's own type. */
export interface MetricDefinition<E extends EventBase, S> {
  /** Name and parameters: `count`, `top_k(5)`. */
  readonly kind: string;
  /** Version of the codec and the formula. */
  readonly version: number;
  /** Type of the column that holds the result. */
  readonly column: ColumnType;
  /** State of no events. */
  zero(): S;
  /** Adds an event to a state, in place. */
  add(state: S, event: E, eventTimeMs: number): void;
  /** Adds all of `from` to `into`, in place; `from` stays as it is. */
  merge(into: S, from: S): void;
  /** The value of a state, as the column takes it. */
  result(state: S): unknown;
  /** The state as JSON. */
  encode(state: S): unknown;
  /** The state from its JSON. */
  decode(json: unknown): S;
  /** A value that slides with a window, where that is cheaper than merging slices. */
  running?(): RunningValue<S, E>;
  /** How the state is kept as numbers, where a few can hold it. */
  readonly inNumbers?: InNumbers<S, E>;
}

/** Makes a metric of its definition; the engine does not need to know the type of its state. */
export function metric<E extends EventBase, S>(definition: MetricDefinition<E, S>): Metric<E> {
  return definition as unknown as Metric<E>;
}

/**
 * The value of a metric over some events: for trying one out.
 *
 * @example
 * ```ts
 * import type { EventBase } from "../../core/events/contract.ts";
 * import { count } from "./count.ts";
 *
 * const event: EventBase = { event_id: "1", timestamp: "2024-08-08T12:00:00.000Z", source: "example" };
 * if (valueOver(count(), [event, event]) !== 2) throw new Error("two events");
 * ```
 */
export function valueOver<E extends EventBase>(metric: Metric<E>, events: readonly E[]): unknown {
  const state = metric.zero();
  for (const event of events) metric.add(state, event, Date.parse(event.timestamp));
  return metric.result(state);
}
