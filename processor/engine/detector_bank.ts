/**
 * The detectors of one pipeline on one partition with their states by key.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { KeyedState, PipelineCounts } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type {
  BaselineJson,
  Detector,
  DetectorJson,
  EventDetector,
  Judgement,
  PaneDetector,
  PaneSample,
  PaneWindow,
} from "../detectors/detector.ts";
import type { Pipeline } from "../pipeline.ts";
import { deletionsOf, hasValue, statesOf } from "./detector_states.ts";
import { MomentBank } from "./moment_bank.ts";
import type { Finding, Pane } from "./pane.ts";
import type { RecentStates } from "./recent_states.ts";

/** A detector with its states by key. */
interface Slot<D, S> {
  readonly detector: D;
  readonly states: RecentStates<S>;
}

/** State of a detector on panes for one key. */
interface PaneState {
  readonly own: DetectorJson;
  /** The windows that were judged and can still change: their baselines, and whether they are anomalies at present. */
  tested: [startMs: number, baseline: BaselineJson, anomalous: boolean][];
}

/** An event as detectors see it. */
export interface DetectableEvent {
  readonly key: string;
  readonly event: EventBase;
  readonly eventTimeMs: number;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly revision: number;
}

/** What most events give. */
const NO_FINDINGS: readonly Finding[] = [];

/** Runs the detectors and keeps their states. */
export class DetectorBank {
  readonly #pipeline: Pipeline;
  readonly #onPanes: readonly (Slot<PaneDetector, PaneState> & { readonly metricIndex: number })[];
  readonly #onEvents: readonly Slot<EventDetector, DetectorJson>[];
  readonly #moments: MomentBank;
  /** States of detectors that are no more; to go with the next changes. */
  #deletions: KeyedState[];
  /** Place of each metric by its name. */
  readonly #places: ReadonlyMap<string, number>;

  constructor(pipeline: Pipeline, stored: readonly KeyedState[]) {
    this.#pipeline = pipeline;
    this.#deletions = deletionsOf(pipeline, stored);
    const slot = <D extends Detector, S>(detector: D): Slot<D, S> => ({
      detector,
      states: statesOf(pipeline, detector, stored),
    });
    this.#onPanes = pipeline.detectors.filter((detector) => detector.on === "pane").map((detector) => ({
      ...slot<PaneDetector, PaneState>(detector),
      metricIndex: pipeline.metricNames.indexOf(detector.metric),
    }));
    this.#moments = new MomentBank(pipeline, stored);
    this.#places = new Map(pipeline.metricNames.map((name, i) => [name, i]));
    this.#onEvents = pipeline.detectors.filter((detector) => detector.on === "event").map((detector) =>
      slot<EventDetector, DetectorJson>(detector)
    );
  }

  /** Whether any detector looks at events. */
  get watchesEvents(): boolean {
    return this.#onEvents.length > 0;
  }

  /** Whether any detector looks at panes. */
  get watchesPanes(): boolean {
    return this.#onPanes.length > 0 || !this.#moments.isEmpty;
  }

  /** Tests an accepted event. */
  onEvent(seen: DetectableEvent, counts: PipelineCounts): readonly Finding[] {
    let findings = NO_FINDINGS;
    for (const slot of this.#onEvents) {
      const value = slot.detector.value(seen.event);
      if (value === undefined || !Number.isFinite(value)) continue;
      const state = slot.states.take(seen.key, counts, () => slot.detector.zero());
      const verdict = slot.detector.test(state, value, seen);
      if (verdict === null) continue;
      const { event, ...scope } = seen;
      const id = [this.#pipeline.name, slot.detector.name, seen.key, event.event_id].join(":");
      const { name: detector, metric } = slot.detector;
      findings = [...findings, { ...scope, id, detector, metric, verdict, status: "active" }];
    }
    return findings;
  }

  /** Tests an on-time pane; windows that end at or before `missedUpToMs` can change no more and are forgotten. */
  onPane(pane: Pane, { missedUpToMs, counts }: { missedUpToMs: number; counts: PipelineCounts }): Finding[] {
    const findings: Finding[] = [];
    const sizeMs = pane.windowEndMs - pane.windowStartMs;
    for (const slot of this.#onPanes) {
      const value = numberOf(pane.values[slot.metricIndex]);
      if (!Number.isFinite(value)) continue;
      const state = slot.states.take(pane.key, counts, () => ({ own: slot.detector.zero(), tested: [] }));
      const baseline = slot.detector.baseline(state.own, pane);
      slot.detector.remember(state.own, { ...pane, value });
      state.tested = state.tested.filter(([startMs]) => startMs + sizeMs > missedUpToMs);
      if (baseline === null) continue;
      const judgement = slot.detector.judge(baseline, value);
      state.tested.push([pane.windowStartMs, baseline, judgement.anomalous]);
      if (judgement.anomalous) findings.push(this.#finding(slot.detector, pane, judgement));
    }
    if (this.#moments.isEmpty) return findings;
    const read = (metric: string) => pane.values[this.#places.get(metric)!];
    const { key, windowStartMs, windowEndMs, revision } = pane;
    const seen = { key, windowStartMs, windowEndMs, revision, read };
    return [...findings, ...this.#moments.onPane(seen, { missedUpToMs, counts })];
  }

  /**
   * Judges a fired window anew, by the baseline that it was judged by: a late record changed it.
   *
   * @param valueOf gives the value of a metric by its place; it costs a merge of slices, and is asked for once each.
   */
  onCorrection(
    window: PaneWindow & { key: string; revision: number },
    valueOf: (metricIndex: number) => unknown,
  ): Finding[] {
    const findings: Finding[] = [];
    const known = new Map<number, unknown>();
    const valueAt = (place: number) => {
      if (!known.has(place)) known.set(place, valueOf(place));
      return known.get(place);
    };
    this.#onPanes.forEach((slot) => {
      const value = numberOf(valueAt(slot.metricIndex));
      const state = Number.isFinite(value) ? slot.states.takeKnown(window.key) : undefined;
      if (state === undefined) return;
      const sample: PaneSample = { windowStartMs: window.windowStartMs, windowEndMs: window.windowEndMs, value };
      slot.detector.remember(state.own, sample);
      const tested = state.tested.find(([startMs]) => startMs === window.windowStartMs);
      if (tested === undefined) return;
      const judgement = slot.detector.judge(tested[1], value);
      if (judgement.anomalous || tested[2]) findings.push(this.#finding(slot.detector, window, judgement));
      tested[2] = judgement.anomalous;
    });
    if (this.#moments.isEmpty) return findings;
    const read = (metric: string) => valueAt(this.#places.get(metric)!);
    return [...findings, ...this.#moments.onCorrection({ ...window, read })];
  }

  /** States that changed since the last time. */
  takeChanges(): KeyedState[] {
    const changes = [...this.#onPanes, ...this.#onEvents].flatMap(({ detector, states }) =>
      states.takeChanges().map(([key, state]) => ({ pipeline: this.#pipeline.name, name: detector.name, key, state }))
    );
    const deletions = this.#deletions;
    this.#deletions = [];
    return [...deletions, ...changes, ...this.#moments.takeChanges()];
  }

  #finding(
    { name: detector, metric }: PaneDetector,
    { key, windowStartMs, windowEndMs, revision }: PaneWindow & { key: string; revision: number },
    judgement: Judgement,
  ): Finding {
    const verdict = judgement.verdict();
    const status = judgement.anomalous ? "active" : "retracted";
    const id = [this.#pipeline.name, detector, key, formatTime(windowStartMs)].join(":");
    return {
      id,
      eventTimeMs: windowEndMs,
      detector,
      metric,
      key,
      windowStartMs,
      windowEndMs,
      verdict,
      revision,
      status,
    };
  }
}

/** Decimals are text; NaN where there is no value. */
const numberOf = (value: unknown): number => (hasValue(value) ? Number(value) : NaN);
