/**
 * States that fit into a few numbers: beside those of other metrics and keys they lie in one array, without an object
 * for each. With a million keys that is the difference between one piece of memory and a dozen for each event.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/**
 * How a metric keeps its state as numbers. Each is finite or NaN. What they cannot hold exactly, they refuse: that state
 * is kept as an object from then on.
 */
export interface InNumbers<S, E extends EventBase> {
  /** The numbers of no events; every state takes as many, at least one. */
  readonly zeros: readonly number[];
  /** Adds an event to the numbers from `at` on, in place; false where they cannot hold the sum: they are as before. */
  add(numbers: Float64Array, at: number, event: E, eventTimeMs: number): boolean;
  /** Puts a state there; false where they cannot hold it. */
  write(numbers: Float64Array, at: number, state: S): boolean;
  /** The state that stands there. */
  read(numbers: Float64Array, at: number): S;
}
