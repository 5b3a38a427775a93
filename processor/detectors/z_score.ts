/**
 * z-score detectors: z = (value − mean) / standard deviation, mean and sample standard deviation (n − 1) of the values
 * before it. A value is an anomaly when |z| is above the threshold.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { DetectorJson, EventDetector, PaneDetector, Verdict } from "./detector.ts";

/** When a z-score is a verdict. */
export interface ZScoreOptions {
  /** |z| above which a value is an anomaly. */
  readonly threshold: number;
  /** No verdict unless the baseline's standard deviation is above this. */
  readonly stdDevMin?: number;
  /** How many values the baseline holds. */
  readonly samplesMax?: number;
  /** No verdict before the baseline has so many. */
  readonly samplesMin?: number;
}

interface PaneState {
  /** Window start and value, oldest first. */
  samples: [startMs: number, value: number][];
}

/** Baseline values that a pane detector keeps beyond `samplesMax`, since windows that overlap the tested one are skipped. */
const OVERLAPS_MAX = 1_000;

/**
 * z-score of a window's value against earlier windows of the key that do not overlap it.
 *
 * @param metric name of a metric with a numeric result.
 */
export function zScore(metric: string, options: ZScoreOptions): PaneDetector {
  const { threshold, stdDevMin = 0, samplesMax = 60, samplesMin = 10 } = options;
  return {
    on: "pane",
    name: `z_score(${metric})`,
    metric,
    zero: () => ({ samples: [] } satisfies PaneState) as unknown as DetectorJson,
    test(json, { windowStartMs, windowEndMs, value }) {
      const state = json as unknown as PaneState;
      const sizeMs = windowEndMs - windowStartMs;
      const { samples } = state;
      let apart = samples.length;
      while (apart > 0 && samples[apart - 1]![0] + sizeMs > windowStartMs) apart--;
      const from = Math.max(0, apart - samplesMax);
      const verdict = judge({
        samples: samples.slice(from, apart).map(([, v]) => v),
        value,
        threshold,
        stdDevMin,
        samplesMin,
      });
      samples.push([windowStartMs, value]);
      if (from > 0) samples.splice(0, from);
      if (samples.length > samplesMax + OVERLAPS_MAX) samples.shift();
      return verdict;
    },
  };
}

interface EventState {
  /** Ring of the latest values. */
  values: number[];
  /** Place of the oldest once the ring is full. */
  oldest: number;
}

/** z-score of an event's value against the values of the key's events before it. */
export function zScoreOfEvents<E extends EventBase>(
  metric: string,
  options: ZScoreOptions & { readonly value: (event: E) => number },
): EventDetector<E> {
  const { threshold, stdDevMin = 0, samplesMax = 100, samplesMin = 30 } = options;
  return {
    on: "event",
    name: `z_score(${metric})`,
    metric,
    value: options.value,
    zero: () => ({ values: [], oldest: 0 } satisfies EventState) as unknown as DetectorJson,
    test(json, value) {
      const state = json as unknown as EventState;
      const verdict = judge({ samples: state.values, value, threshold, stdDevMin, samplesMin });
      if (state.values.length < samplesMax) state.values.push(value);
      else {
        state.values[state.oldest] = value;
        state.oldest = (state.oldest + 1) % samplesMax;
      }
      return verdict;
    },
  };
}

interface Trial {
  readonly samples: readonly number[];
  readonly value: number;
  readonly threshold: number;
  readonly stdDevMin: number;
  readonly samplesMin: number;
}

/** Two passes over the samples: no rounding builds up, and the same samples give the same verdict after a restart. */
function judge({ samples, value, threshold, stdDevMin, samplesMin }: Trial): Verdict | null {
  const n = samples.length;
  if (n < samplesMin || n < 2) return null;
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / n;
  let squares = 0;
  for (const sample of samples) squares += (sample - mean) ** 2;
  const stdDev = Math.sqrt(squares / (n - 1));
  if (!(stdDev > stdDevMin)) return null;
  const score = (value - mean) / stdDev;
  if (!(Math.abs(score) > threshold)) return null;
  const side = score > 0 ? "above" : "below";
  return {
    value,
    baseline: mean,
    score,
    explanation: `${shown(value)} is ${Math.abs(score).toFixed(1)} standard deviations ${side} the mean of ` +
      `${shown(mean)} over the ${n} values before it`,
  };
}

const shown = (value: number): string => String(Number(value.toPrecision(6)));
