/**
 * Values of a window that slides: slices come in at its young end and go out at its old end, and an event may come late
 * to any of them.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/**
 * A metric's value over the slices at hand, kept up to date by what comes and goes. A metric offers one where taking a
 * slice out is cheaper than merging the others anew: a set of texts, a table of counts.
 */
export interface RunningValue<S, E extends EventBase> {
  /** A slice comes in, nearly always a younger one than all that are in: they have different starts. */
  push(state: S, startMs: number): void;
  /** The oldest slice goes out, as it is now. */
  evict(state: S, startMs: number): void;
  /** An event is about to be added to a slice that is in. */
  late(state: S, event: E, startMs: number): void;
  /** The value over all slices that are in. */
  result(): unknown;
}
