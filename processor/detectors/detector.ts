/**
 * A detector: a pure state machine that looks at the values of one key, one after the other, and says which of them is
 * out of the ordinary. Its state is plain JSON, saved in the commit's transaction.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/** A verdict: this value is out of the ordinary, measured by this baseline. */
export interface Verdict {
  readonly value: number;
  /** Mean of the baseline. */
  readonly baseline: number;
  /** How far out: the z-score. */
  readonly score: number;
  /** One sentence for people. */
  readonly explanation: string;
}

/** A value of a fired window. */
export interface PaneSample {
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly value: number;
}

/** State of a detector for one key, as JSON; only the detector looks inside. */
export type DetectorJson = { readonly __detector: unique symbol };

interface DetectorBase {
  /** Unique within its pipeline: `z_score(chat_count)`. */
  readonly name: string;
  /** The metric or field that it looks at. */
  readonly metric: string;
  /** State of no samples. */
  zero(): DetectorJson;
}

/** Looks at the on-time panes of each key in the order of their ends. */
export interface PaneDetector extends DetectorBase {
  readonly on: "pane";
  /** Tests a sample against what came before it, then remembers it. */
  test(state: DetectorJson, sample: PaneSample): Verdict | null;
}

/** Looks at each accepted event of a key in the order of the log. */
export interface EventDetector<E extends EventBase = EventBase> extends DetectorBase {
  readonly on: "event";
  readonly value: (event: E) => number;
  /** Tests a value against what came before it, then remembers it. */
  test(state: DetectorJson, value: number): Verdict | null;
}

/** Any detector of a pipeline. */
export type Detector<E extends EventBase = EventBase> = PaneDetector | EventDetector<E>;
