/**
 * A detector: a pure state machine that looks at the values of one key, one after the other, and says which of them is
 * out of the ordinary. Its state is plain JSON, saved in the commit's transaction.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/** A verdict: how a value stands against a baseline. */
export interface Verdict {
  readonly value: number;
  /** What was to be expected: the mean of the baseline, or a bound. */
  readonly baseline: number;
  /** How far out, in the detector's own measure: a z-score, a ratio. */
  readonly score: number;
  /** One sentence for people. */
  readonly explanation: string;
}

/** Whether a value is an anomaly, and the verdict in words, made when somebody wants it: most values are none. */
export interface Judgement {
  readonly anomalous: boolean;
  verdict(): Verdict;
}

/** The window that is looked at. */
export interface PaneWindow {
  readonly windowStartMs: number;
  readonly windowEndMs: number;
}

/** A value of a fired window. */
export interface PaneSample extends PaneWindow {
  readonly value: number;
}

/** State of a detector for one key, as JSON; only the detector looks inside. */
export type DetectorJson = { readonly __detector: unique symbol };

/** What a window is measured by, as JSON; only the detector looks inside. */
export type BaselineJson = { readonly __baseline: unique symbol };

interface DetectorBase {
  /** Unique within its pipeline: `z_score(chat_count)`. */
  readonly name: string;
  /** The metric or field that it looks at. */
  readonly metric: string;
  /** State of no samples. */
  zero(): DetectorJson;
}

/**
 * Looks at the on-time panes of each key in the order of their ends. The baseline of a window is made when it fires, of
 * windows that do not overlap it, and is kept: a correction judges the window anew by the same baseline, and later
 * windows never.
 */
export interface PaneDetector extends DetectorBase {
  readonly on: "pane";
  /** What the window is measured by; null while there is too little to go by. */
  baseline(state: DetectorJson, window: PaneWindow): BaselineJson | null;
  /** How a value of that window stands. */
  judge(baseline: BaselineJson, value: number): Judgement;
  /** Takes the window's value in; called once more when a correction changed it. */
  remember(state: DetectorJson, sample: PaneSample): void;
}

/** Looks at each accepted event of a key in the order of the log. */
export interface EventDetector<E extends EventBase = EventBase> extends DetectorBase {
  readonly on: "event";
  /** What it looks at; an event without a value is passed over. */
  readonly value: (event: E) => number | undefined;
  /** Tests a value against what came before it, then remembers it; null where it is nothing out of the ordinary. */
  test(state: DetectorJson, value: number): Verdict | null;
}

/** Any detector of a pipeline. */
export type Detector<E extends EventBase = EventBase> = PaneDetector | EventDetector<E>;
