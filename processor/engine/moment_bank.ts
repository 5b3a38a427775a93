/**
 * The detectors of moments of one pipeline on one partition, with their states by key: they say which windows are out of
 * the ordinary, and of those that overlap or touch one moment is made.
 *
 * ```
 * windows of 60 s, one each 10 s; a burst at 12:00:03
 *   |hot 11:59:10 – 12:00:10|              first window that holds it: its newest slide began at 12:00:00 = start
 *        …                                 each hot window after it: the same id, a higher revision
 *             |hot 12:00:00 – 12:01:00|    last window that holds it: its oldest slide ended at 12:00:10 = end
 * ```
 * @module
 */
import type { KeyedState, PipelineCounts } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { BaselineJson, DetectorJson, MomentDetector, PaneWindow, Verdict } from "../detectors/detector.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Finding } from "./pane.ts";
import { hasValue, statesOf } from "./detector_states.ts";
import type { RecentStates } from "./recent_states.ts";

type Happened = Readonly<Record<string, unknown>>;

/** A window that is out of the ordinary. */
interface HotWindow {
  readonly startMs: number;
  readonly verdict: Verdict;
  /**
   * What happened in it, as last seen: of a window that can still change, since it may become the strongest; of those
   * that cannot, the strongest has it, and the others null.
   */
  readonly happened: Happened | null;
}

/** A moment that can still grow or change. */
interface KeptMoment {
  /** It ends with the start of the window that it began with, which may have left it since. */
  readonly id: string;
  /** By start, at least one; bounded by the detector's lengthMsMax. No window is in two moments. */
  hot: HotWindow[];
}

/** A moment as an earlier version kept it: what happened in the strongest window stands beside the windows. */
interface StoredMoment {
  readonly id: string;
  readonly hot: readonly (Omit<HotWindow, "happened"> & Partial<HotWindow>)[];
  readonly happened?: Happened;
}

/** State of a detector of moments for one key, plain JSON. */
interface MomentState {
  readonly own: DetectorJson;
  /** The windows that were judged and can still change: their baselines, and whether they are out of the ordinary. */
  tested: [startMs: number, baseline: BaselineJson, anomalous: boolean][];
  moments: KeptMoment[];
}

interface Slot {
  readonly detector: MomentDetector;
  readonly states: RecentStates<MomentState>;
}

/** The window that is looked at. */
export interface LookedAt extends PaneWindow {
  readonly key: string;
  readonly revision: number;
  /** Value of a metric by its name. */
  read(metric: string): unknown;
}

/** Runs the detectors of moments and keeps their states. */
export class MomentBank {
  readonly #pipeline: Pipeline;
  readonly #slots: readonly Slot[];
  readonly #sizeMs: number;
  readonly #slideMs: number;

  constructor(pipeline: Pipeline, stored: readonly KeyedState[]) {
    this.#pipeline = pipeline;
    const { window } = pipeline;
    [this.#sizeMs, this.#slideMs] = window.kind === "sliding" ? [window.sizeMs, window.slideMs] : [0, 0];
    this.#slots = pipeline.detectors.filter((detector) => detector.on === "moment").map((detector) => {
      const states = statesOf<MomentState>(pipeline, detector, stored);
      for (const state of states.values()) state.moments = state.moments.map(asKept);
      return { detector, states };
    });
  }

  /** Whether there is any. */
  get isEmpty(): boolean {
    return this.#slots.length === 0;
  }

  /** Judges an on-time pane; windows that end at or before `missedUpToMs` can change no more and are forgotten. */
  onPane(pane: LookedAt, { missedUpToMs, counts }: { missedUpToMs: number; counts: PipelineCounts }): Finding[] {
    const { windowStartMs } = pane;
    return this.#slots.flatMap((slot) => {
      const { detector } = slot;
      if (!hasValue(pane.read(detector.metric))) return [];
      const state = slot.states.take(pane.key, counts, () => ({ own: detector.zero(), tested: [], moments: [] }));
      const baseline = detector.baseline(state.own, pane);
      const judgement = baseline === null ? null : detector.judge(baseline, { ...pane, state: state.own });
      const anomalous = judgement?.anomalous ?? false;
      detector.remember(state.own, { ...pane, anomalous, isCorrection: false });
      state.tested = state.tested.filter(([startMs]) => startMs + this.#sizeMs > missedUpToMs);
      const keptMs = missedUpToMs - this.#sizeMs - detector.mergeGapMs;
      state.moments = state.moments.filter((moment) => extentOf(moment).lastMs + this.#sizeMs > keptMs);
      for (const moment of state.moments) this.#settle(moment, missedUpToMs);
      if (baseline === null || judgement === null) return [];
      state.tested.push([windowStartMs, baseline, anomalous]);
      return anomalous ? this.#join(slot, state, { window: pane, verdict: judgement.verdict() }) : [];
    });
  }

  /** Judges a fired window anew, by the baseline that it was judged by. */
  onCorrection(window: LookedAt): Finding[] {
    let findings: Finding[] = [];
    for (const slot of this.#slots) {
      const { detector } = slot;
      const state = hasValue(window.read(detector.metric)) ? slot.states.takeKnown(window.key) : undefined;
      const tested = state?.tested.find(([startMs]) => startMs === window.windowStartMs);
      if (state === undefined || tested === undefined) continue;
      const judgement = detector.judge(tested[1], { ...window, state: state.own });
      const { anomalous } = judgement;
      detector.remember(state.own, { ...window, anomalous, isCorrection: true });
      const wasAnomalous = tested[2];
      tested[2] = anomalous;
      if (!anomalous && !wasAnomalous) continue;
      const judged = { window, verdict: judgement.verdict() };
      findings = [...findings, ...(anomalous ? this.#join(slot, state, judged) : this.#leave(slot, state, judged))];
    }
    return findings;
  }

  /** States that changed since the last time. */
  takeChanges(): KeyedState[] {
    return this.#slots.flatMap(({ detector, states }) =>
      states.takeChanges().map(([key, state]) => ({ pipeline: this.#pipeline.name, name: detector.name, key, state }))
    );
  }

  /** A window becomes part of the moments that it touches, which become one; or begins one. */
  #join(
    { detector }: Slot,
    state: MomentState,
    { window, verdict }: { window: LookedAt; verdict: Verdict },
  ): Finding[] {
    const hot = { startMs: window.windowStartMs, verdict, happened: detector.tell(window.read) };
    const [moment, ...later] = this.#joinedBy(detector, state.moments, hot.startMs);
    if (moment === undefined) {
      const id = [this.#pipeline.name, detector.name, window.key, formatTime(window.windowStartMs)].join(":");
      const begun = { id, hot: [hot] };
      state.moments.push(begun);
      state.moments.sort((a, b) => a.hot[0]!.startMs - b.hot[0]!.startMs);
      return [this.#finding(detector, begun, window)];
    }
    const before = this.#visible(moment);
    const others = [moment, ...later].flatMap((one) => one.hot).filter(({ startMs }) => startMs !== hot.startMs);
    moment.hot = [...others, hot].sort((a, b) => a.startMs - b.startMs);
    state.moments = state.moments.filter((one) => !later.includes(one));
    const retracted = later.map((one) => ({ ...this.#finding(detector, one, window), status: "retracted" as const }));
    return before === this.#visible(moment) ? retracted : [...retracted, this.#finding(detector, moment, window)];
  }

  /** A window is no longer part of its moment; the last one to go takes the moment back. */
  #leave(
    { detector }: Slot,
    state: MomentState,
    { window, verdict }: { window: LookedAt; verdict: Verdict },
  ): Finding[] {
    const { windowStartMs } = window;
    const moment = state.moments.find(({ hot }) => hot.some(({ startMs }) => startMs === windowStartMs));
    if (moment === undefined) return [];
    const before = this.#visible(moment);
    const gone = moment.hot.find(({ startMs }) => startMs === windowStartMs)!;
    const left = moment.hot.filter((one) => one !== gone);
    if (left.length > 0) {
      moment.hot = left;
      return before === this.#visible(moment) ? [] : [this.#finding(detector, moment, window)];
    }
    state.moments = state.moments.filter((one) => one !== moment);
    moment.hot = [{ ...gone, verdict }];
    return [{ ...this.#finding(detector, moment, window), status: "retracted" }];
  }

  /**
   * The moments that a window belongs to, by start: the one that it is part of, or those that it touches, as many as
   * are not too long together.
   */
  #joinedBy(
    { mergeGapMs, lengthMsMax }: MomentDetector,
    moments: readonly KeptMoment[],
    windowStartMs: number,
  ): KeptMoment[] {
    const own = moments.find(({ hot }) => hot.some(({ startMs }) => startMs === windowStartMs));
    if (own !== undefined) return [own];
    const reachMs = this.#sizeMs + mergeGapMs;
    // One that holds it comes first, so that the stretches of two moments never overlap.
    const around = moments.map(extentOf).find(({ firstMs, lastMs }) =>
      firstMs < windowStartMs && windowStartMs < lastMs
    );
    let [fromMs, toMs] = [around?.firstMs ?? windowStartMs, around?.lastMs ?? windowStartMs];
    return moments.filter((moment) => {
      const { firstMs, lastMs } = extentOf(moment);
      if (windowStartMs > lastMs + reachMs || windowStartMs < firstMs - reachMs) return false;
      const [startMs, endMs] = [Math.min(fromMs, firstMs), Math.max(toMs, lastMs) + this.#sizeMs];
      if (endMs - startMs > lengthMsMax) return false;
      [fromMs, toMs] = [startMs, endMs - this.#sizeMs];
      return true;
    });
  }

  /** Of the windows that can change no more only the strongest may ever be that of the moment. */
  #settle(moment: KeptMoment, missedUpToMs: number): void {
    const isSettled = ({ startMs }: HotWindow) => startMs + this.#sizeMs <= missedUpToMs;
    const settled = moment.hot.filter(isSettled);
    if (settled.length < 2) return;
    const strongest = strongestOf(settled);
    moment.hot = moment.hot.map((one) => isSettled(one) && one !== strongest ? { ...one, happened: null } : one);
  }

  /** What a reader sees of it, to tell whether anything has changed. */
  #visible(moment: KeptMoment): string {
    const { verdict, happened } = strongestOf(moment.hot);
    return JSON.stringify([this.#stretch(moment), verdict, happened]);
  }

  /** From where the first hot window is newest to where the last one is oldest; what all have in common where that is nothing. */
  #stretch({ hot }: KeptMoment): { startMs: number; endMs: number } {
    const [firstMs, lastMs] = [hot[0]!.startMs, hot.at(-1)!.startMs];
    const [startMs, endMs] = [firstMs + this.#sizeMs - this.#slideMs, lastMs + this.#slideMs];
    return endMs > startMs ? { startMs, endMs } : { startMs: lastMs, endMs: firstMs + this.#sizeMs };
  }

  #finding({ name, metric, kind }: MomentDetector, moment: KeptMoment, { key, revision }: LookedAt): Finding {
    const { startMs: strongestMs, verdict, happened } = strongestOf(moment.hot);
    const { startMs, endMs } = this.#stretch(moment);
    const peakMs = Math.min(Math.max(strongestMs + this.#sizeMs / 2, startMs), endMs);
    return {
      id: moment.id,
      eventTimeMs: startMs,
      detector: name,
      metric,
      key,
      windowStartMs: startMs,
      windowEndMs: endMs,
      verdict,
      revision,
      status: "active",
      moment: { kind, peakMs, happened: happened ?? {} },
    };
  }
}

/** Of equals the first. */
const strongestOf = (hot: readonly HotWindow[]): HotWindow =>
  hot.reduce((best, one) => (one.verdict.score > best.verdict.score ? one : best));

/**
 * Starts of its first and last window, the one that it began with among them even if it has left: should it come back,
 * it finds this moment, and no second one gets the same id.
 */
function extentOf({ id, hot }: KeptMoment): { firstMs: number; lastMs: number } {
  const begunMs = Date.parse(id.slice(-TIME_CHARS));
  return { firstMs: Math.min(begunMs, hot[0]!.startMs), lastMs: Math.max(begunMs, hot.at(-1)!.startMs) };
}

/** Length of a time as {@link formatTime} writes it. */
const TIME_CHARS = formatTime(0).length;

/** What an earlier version knew to have happened stands for each of the windows that it kept. */
const asKept = ({ id, hot, happened: known }: StoredMoment): KeptMoment => ({
  id,
  hot: hot.map(({ startMs, verdict, happened = known ?? null }) => ({ startMs, verdict, happened })),
});
