/**
 * A detector: a pure state machine that looks at the values of one key, one after the other, and says which of them is
 * out of the ordinary. Its state is plain JSON, saved in the commit's transaction.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";

/** A verdict: how a value stands against a baseline. */
export interface Verdict {
  /** The value that was judged. */
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
  /** Whether it is out of the ordinary. */
  readonly anomalous: boolean;
  /** The verdict in words. */
  verdict(): Verdict;
}

/** The window that is looked at. */
export interface PaneWindow {
  /** When it starts. */
  readonly windowStartMs: number;
  /** When it ends; the window does not hold this moment. */
  readonly windowEndMs: number;
}

/** A value of a fired window. */
export interface PaneSample extends PaneWindow {
  /** The watched metric's value. */
  readonly value: number;
}

/** State of a detector for one key, as JSON; only the detector looks inside. */
export type DetectorJson = { readonly __detector: unique symbol };

/** What a window is measured by, as JSON; only the detector looks inside. */
export type BaselineJson = { readonly __baseline: unique symbol };

/** Plain JSON. */
export type DetectorParameters = Readonly<Record<string, unknown>>;

/** What every detector has. */
export interface DetectorBase<M extends string = string> {
  /** Unique within its pipeline: `z_score(chat_count)`. */
  readonly name: string;
  /** The metric or field that it looks at. */
  readonly metric: string;
  /**
   * All numbers and names that its verdicts and states depend on, as JSON, in the order in which the code names them; who
   * gives the state another form adds a number for that. A state that was kept by other ones is not read: the key begins
   * anew. Left out: one that was kept without is read, whatever has changed.
   */
  readonly parameters?: DetectorParameters;
  /** State of no samples. */
  zero(): DetectorJson;
  /**
   * Never set: the name of its metric for the compiler, which holds it against those of a pipeline made by `pipelineOn`;
   * `never` = it is only looked at when the pipeline is made.
   */
  readonly looksAt?: M;
}

/** What {@link DetectorBase.looksAt} is for a metric's name: that name where it is written out, nothing where it is not. */
export type WrittenName<M extends string> = string extends M ? never : M;

/**
 * Looks at the on-time panes of each key in the order of their ends; one in which its metric has no value is passed over.
 * The baseline of a window is made when it fires, of windows that do not overlap it, and is kept: a correction judges the
 * window anew by the same baseline, and later windows never.
 */
export interface PaneDetector<M extends string = string> extends DetectorBase<M> {
  /** Windows. */
  readonly on: "pane";
  /** What the window is measured by; null while there is too little to go by. */
  baseline(state: DetectorJson, window: PaneWindow): BaselineJson | null;
  /** How a value of that window stands. */
  judge(baseline: BaselineJson, value: number): Judgement;
  /** Takes the window's value in; called once more when a correction changed it. */
  remember(state: DetectorJson, sample: PaneSample): void;
}

/** The event that is looked at. */
export interface SeenEvent<E extends EventBase = EventBase> {
  /** The event, with the fields of enrichers. */
  readonly event: E;
  /** When it happened. */
  readonly eventTimeMs: number;
}

/** Looks at each accepted event of a key in the order of the log. */
export interface EventDetector<E extends EventBase = EventBase> extends DetectorBase {
  /** Events. */
  readonly on: "event";
  /** What it looks at; an event without a value is passed over. */
  readonly value: (event: E) => number | undefined;
  /** Tests a value against what came before it, then remembers it; null where it is nothing out of the ordinary. */
  test(state: DetectorJson, value: number, seen: SeenEvent<E>): Verdict | null;
}

/** The value of a metric of the window at hand, worked out when it is asked for. */
export type ReadMetric = (metric: string) => unknown;

/** A window as a detector of moments sees it. */
export interface MomentSample<S = DetectorJson> extends PaneWindow {
  /** Its values: the watched metric and those that the detector `reads`. */
  readonly read: ReadMetric;
  /** What the detector remembers by now, the window itself left out when it fires: to look things up in, not to measure by. */
  readonly state: S;
}

/** What of a judged window is remembered. */
export interface JudgedSample extends PaneWindow {
  /** As in {@link MomentSample}. */
  readonly read: ReadMetric;
  /** Whether it is out of the ordinary; a baseline of the usual leaves it out. */
  readonly anomalous: boolean;
  /** Whether a late record changed a window that was remembered before. */
  readonly isCorrection: boolean;
}

/**
 * Looks at windows as a {@link PaneDetector} does; the engine makes one moment of the windows that are out of the ordinary
 * and overlap or touch: its id stays from the first of them, later windows and corrections give it again with a higher
 * revision, and it is retracted when corrections leave none of them.
 */
export interface MomentDetector<M extends string = string> extends DetectorBase<M> {
  /** Windows, several of which make a moment. */
  readonly on: "moment";
  /** What kind of moment: `chat`, `raid`. */
  readonly kind: string;
  /** Metrics that it reads beside the one that it watches. */
  readonly reads: readonly string[];
  /** Windows may be so far apart and still belong to one moment. */
  readonly mergeGapMs: number;
  /** What lasts longer becomes a second moment: bounds the state. */
  readonly lengthMsMax: number;
  /** What the window is measured by; null while there is too little to go by. */
  baseline(state: DetectorJson, window: PaneWindow): BaselineJson | null;
  /** How the window stands. */
  judge(baseline: BaselineJson, sample: MomentSample): Judgement;
  /** Takes the window in; called once more when a correction changed it. */
  remember(state: DetectorJson, sample: JudgedSample): void;
  /** What happened in the strongest window, as JSON for people. */
  tell(read: ReadMetric): Readonly<Record<string, unknown>>;
}

/** Any detector of a pipeline whose metrics have these names. */
export type Detector<E extends EventBase = EventBase, M extends string = string> =
  | PaneDetector<M>
  | EventDetector<E>
  | MomentDetector<M>;

/** What an author of a detector on panes writes: the same with the types of its own state and baseline, both plain JSON. */
export interface PaneDetectorDefinition<S, B> {
  /** Windows. */
  readonly on: "pane";
  /** Unique within its pipeline: `z_score(chat_count)`. */
  readonly name: string;
  /** The metric that it looks at. */
  readonly metric: string;
  /** As in {@link DetectorBase}. */
  readonly parameters?: DetectorParameters;
  /** State of no samples. */
  zero(): S;
  /** What the window is measured by; null while there is too little to go by. */
  baseline(state: S, window: PaneWindow): B | null;
  /** How a value of that window stands. */
  judge(baseline: B, value: number): Judgement;
  /** Takes the window's value in; called once more when a correction changed it. */
  remember(state: S, sample: PaneSample): void;
}

/** What an author of a detector on events writes: the same with the type of its own state, plain JSON. */
export interface EventDetectorDefinition<E extends EventBase, S> {
  /** Events. */
  readonly on: "event";
  /** Unique within its pipeline: `z_score(price)`. */
  readonly name: string;
  /** What it looks at, for people. */
  readonly metric: string;
  /** As in {@link DetectorBase}. */
  readonly parameters?: DetectorParameters;
  /** The value of an event; undefined = the event is passed over. */
  value(event: E): number | undefined;
  /** State of no values. */
  zero(): S;
  /** Tests a value against what came before it, then remembers it; null where it is nothing out of the ordinary. */
  test(state: S, value: number, seen: SeenEvent<E>): Verdict | null;
}

/** What an author of a detector of moments writes: the same with the types of its own state and baseline, both plain JSON. */
export interface MomentDetectorDefinition<S, B> extends
  Pick<
    MomentDetector,
    "on" | "name" | "metric" | "parameters" | "kind" | "reads" | "mergeGapMs" | "lengthMsMax" | "tell"
  > {
  /** State of no windows. */
  zero(): S;
  /** What the window is measured by; null while there is too little to go by. */
  baseline(state: S, window: PaneWindow): B | null;
  /** How the window stands. */
  judge(baseline: B, sample: MomentSample<S>): Judgement;
  /** Takes the window in; called once more when a correction changed it. */
  remember(state: S, sample: JudgedSample): void;
}

/**
 * Makes a detector of its definition; the engine does not need to know the types of its state and baseline.
 *
 * @example
 * ```ts
 * const silence = (metric: string) =>
 *   detector<{ before: number | null }, number>({
 *     on: "pane",
 *     name: `silence(${metric})`,
 *     metric,
 *     zero: () => ({ before: null }),
 *     baseline: ({ before }) => before,
 *     judge: (before, value) => ({
 *       anomalous: value < before / 10,
 *       verdict: () => ({ value, baseline: before, score: value / before, explanation: `${value} after ${before}` }),
 *     }),
 *     remember: (state, { value }) => void (state.before = value),
 *   });
 * if (silence("chat_count").name !== "silence(chat_count)") throw new Error("named after its metric");
 * ```
 */
export function detector<S, B>(definition: PaneDetectorDefinition<S, B>): PaneDetector<never>;
/** The same for a detector of moments. */
export function detector<S, B>(definition: MomentDetectorDefinition<S, B>): MomentDetector<never>;
/** The same for a detector on events. */
export function detector<E extends EventBase, S>(definition: EventDetectorDefinition<E, S>): EventDetector<E>;
export function detector(definition: object): Detector {
  return definition as Detector;
}
