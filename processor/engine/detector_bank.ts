/**
 * The detectors of one pipeline on one partition with their states by key.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { DetectorState } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { Detector, DetectorJson } from "../detectors/detector.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Finding, Pane } from "./pane.ts";

interface Slot {
  readonly detector: Detector;
  /** Index of its metric among the pipeline's, for detectors on panes. */
  readonly metricIndex: number;
  readonly states: Map<string, DetectorJson>;
  readonly changed: Set<string>;
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

/** Runs the detectors and keeps their states. */
export class DetectorBank {
  readonly #pipeline: Pipeline;
  readonly #onPanes: readonly Slot[];
  readonly #onEvents: readonly Slot[];

  constructor(pipeline: Pipeline, stored: readonly DetectorState[]) {
    this.#pipeline = pipeline;
    const slots = pipeline.detectors.map((detector): Slot => ({
      detector,
      metricIndex: pipeline.metricNames.indexOf(detector.metric),
      states: new Map(
        stored.filter((state) => state.detector === detector.name).map((
          { key, state },
        ) => [key, state as DetectorJson]),
      ),
      changed: new Set(),
    }));
    this.#onPanes = slots.filter(({ detector }) => detector.on === "pane");
    this.#onEvents = slots.filter(({ detector }) => detector.on === "event");
  }

  /** Whether any detector looks at events. */
  get watchesEvents(): boolean {
    return this.#onEvents.length > 0;
  }

  /** Tests an accepted event. */
  onEvent(seen: DetectableEvent): Finding[] {
    const findings: Finding[] = [];
    for (const slot of this.#onEvents) {
      if (slot.detector.on !== "event") continue;
      const verdict = slot.detector.test(this.#stateOf(slot, seen.key), slot.detector.value(seen.event));
      if (verdict === null) continue;
      const { event: _, ...scope } = seen;
      const id = [this.#pipeline.name, slot.detector.name, seen.key, seen.event.event_id].join(":");
      findings.push({ ...scope, id, detector: slot.detector.name, metric: slot.detector.metric, verdict });
    }
    return findings;
  }

  /** Tests an on-time pane. */
  onPane(pane: Pane): Finding[] {
    const findings: Finding[] = [];
    const { key, windowStartMs, windowEndMs, revision } = pane;
    for (const slot of this.#onPanes) {
      const value = Number(pane.values[slot.metricIndex]);
      if (slot.detector.on !== "pane" || !Number.isFinite(value)) continue;
      const verdict = slot.detector.test(this.#stateOf(slot, key), { windowStartMs, windowEndMs, value });
      if (verdict === null) continue;
      const id = [this.#pipeline.name, slot.detector.name, key, formatTime(windowStartMs)].join(":");
      const { name: detector, metric } = slot.detector;
      findings.push({
        id,
        eventTimeMs: windowEndMs,
        detector,
        metric,
        key,
        windowStartMs,
        windowEndMs,
        verdict,
        revision,
      });
    }
    return findings;
  }

  /** States that changed since the last time. */
  takeChanges(): DetectorState[] {
    const changes: DetectorState[] = [];
    for (const { detector, states, changed } of [...this.#onPanes, ...this.#onEvents]) {
      for (const key of changed) {
        // Copied now: the state goes on changing while the commit is under way.
        const state = structuredClone(states.get(key));
        changes.push({ pipeline: this.#pipeline.name, detector: detector.name, key, state });
      }
      changed.clear();
    }
    return changes;
  }

  #stateOf(slot: Slot, key: string): DetectorJson {
    slot.changed.add(key);
    let state = slot.states.get(key);
    if (state === undefined) {
      state = slot.detector.zero();
      slot.states.set(key, state);
    }
    return state;
  }
}
