/**
 * z-score detectors: z = (value − mean) / standard deviation, mean and sample standard deviation (n − 1) of the values
 * before it. A value is an anomaly when |z| is above the threshold.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import {
  detector,
  type DetectorParameters,
  type EventDetector,
  type Judgement,
  type PaneDetector,
  type WrittenName,
} from "./detector.ts";
import { meanAndStdDev, type RecentWindows, rememberWindow, shown, valuesApart } from "./recent_windows.ts";

/** When a z-score is a verdict. */
export interface ZScoreOptions {
  /** |z| above which a value is an anomaly. */
  readonly threshold: number;
  /** No verdict unless the baseline's standard deviation is above this. Default 0. */
  readonly stdDevMin?: number;
  /** A lower standard deviation counts as this, so that a step after stillness has a score. Default: as it is. */
  readonly stdDevFloor?: number;
  /** How many values the baseline holds. Default 60 windows or 100 events. */
  readonly samplesMax?: number;
  /** No verdict before the baseline has so many. Default 10 windows or 30 events. */
  readonly samplesMin?: number;
}

/** `[mean, standard deviation, number of values]` */
type Measure = [mean: number, stdDev: number, values: number];

/**
 * z-score of a window's value against earlier windows of the key that do not overlap it.
 *
 * @param metric name of a metric with a numeric result.
 */
export function zScore<const M extends string>(metric: M, options: ZScoreOptions): PaneDetector<WrittenName<M>> {
  const { samplesMax = 60, samplesMin = 10 } = options;
  return detector<RecentWindows, Measure>({
    on: "pane",
    name: `z_score(${metric})`,
    metric,
    parameters: parametersOf({ ...options, samplesMax, samplesMin }),
    zero: () => [],
    baseline: (state, window) => {
      const samples = valuesApart(state, window, samplesMax);
      return measure(samples, { ...options, samplesMin });
    },
    judge: (baseline, value) => judge(baseline, value, options.threshold),
    remember: (state, sample) => rememberWindow(state, sample, samplesMax),
  });
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
  options: ZScoreOptions & { readonly value: (event: E) => number | undefined },
): EventDetector<E> {
  const { samplesMax = 100, samplesMin = 30 } = options;
  return detector<E, EventState>({
    on: "event",
    name: `z_score(${metric})`,
    metric,
    parameters: parametersOf({ ...options, samplesMax, samplesMin }),
    value: options.value,
    zero: () => ({ values: [], oldest: 0 }),
    test(state, value) {
      const measured = measure(state.values, { ...options, samplesMin });
      const judgement = measured && judge(measured, value, options.threshold);
      if (state.values.length < samplesMax) state.values.push(value);
      else {
        state.values[state.oldest] = value;
        state.oldest = (state.oldest + 1) % samplesMax;
      }
      return judgement?.anomalous ? judgement.verdict() : null;
    },
  });
}

const parametersOf = (
  { threshold, stdDevMin = 0, stdDevFloor = 0, samplesMax, samplesMin }: ZScoreOptions,
): DetectorParameters => ({ threshold, stdDevMin, stdDevFloor, samplesMax, samplesMin });

function measure(samples: readonly number[], options: ZScoreOptions & { samplesMin: number }): Measure | null {
  const { samplesMin, stdDevMin = 0, stdDevFloor = 0 } = options;
  if (samples.length < Math.max(2, samplesMin)) return null;
  const { mean, stdDev } = meanAndStdDev(samples);
  const floored = Math.max(stdDev, stdDevFloor);
  return floored > stdDevMin ? [mean, floored, samples.length] : null;
}

function judge([mean, stdDev, values]: Measure, value: number, threshold: number): Judgement {
  const score = (value - mean) / stdDev;
  return {
    anomalous: Math.abs(score) > threshold,
    verdict: () => {
      const side = score > 0 ? "above" : "below";
      const explanation = `${shown(value)} is ${Math.abs(score).toFixed(1)} standard deviations ${side} the mean of ` +
        `${shown(mean)} over the ${values} values before it`;
      return { value, baseline: mean, score, explanation };
    },
  };
}
