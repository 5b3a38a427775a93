import { minutes } from "../../core/time.ts";
import { detector, type MomentDetector, type ReadMetric, type WrittenName } from "./detector.ts";
import { goesOn, meanAndStdDev, type RecentWindows, rememberWindow, shown, valuesApart } from "./recent_windows.ts";

/** When a rise is a moment. */
export interface PeakOptions {
  /** What kind of moment it is: `chat`. */
  readonly kind: string;
  /** z-score above which a window is out of the ordinary. Default 3. */
  readonly threshold?: number;
  /** How many times the mean a value must reach as well. Default 1. */
  readonly riseMin?: number;
  /** Lower values are too little to speak of a moment. Default 0. */
  readonly valueMin?: number;
  /** A standard deviation below this share of the mean counts as that. Default 0.05. */
  readonly stdDevShareMin?: number;
  /** How many windows the baseline holds. Default 90. */
  readonly samplesMax?: number;
  /** No verdict before there are so many. Default 30. */
  readonly samplesMin?: number;
  /** After so long a rise is the new usual: its windows are remembered. Default 5 min. */
  readonly usualAfterMs?: number;
  /** What happened, for people. Default: nothing more than the numbers. */
  readonly tell?: (read: ReadMetric) => Readonly<Record<string, unknown>>;
  /** Metrics that `tell` reads. */
  readonly reads?: readonly string[];
}

interface PeakState {
  /** Usual windows. */
  readonly recent: RecentWindows;
  /** Since when all windows have been out of the ordinary, without a silence between; null = the last one was not. */
  sinceMs: number | null;
  /** The same as the latest window found it, and the end of that; an earlier version kept neither. */
  sinceBeforeMs?: number | null;
  latestMs?: number;
}

/** `[mean, standard deviation, number of values]` */
type Measure = [mean: number, stdDev: number, values: number];

/** A moment is no longer than this; what goes on is another one. */
const LENGTH_MS_MAX = minutes(30);

/**
 * Moments of a metric: windows with z = (value − mean) / standard deviation above the threshold, mean and sample standard
 * deviation (n − 1) of the usual windows before it that do not overlap it. Windows of a moment are no part of the usual,
 * until it has lasted for so long that it is. Score = z.
 */
export function peak<const M extends string>(metric: M, options: PeakOptions): MomentDetector<WrittenName<M>> {
  const { kind, threshold = 3, riseMin = 1, valueMin = 0, stdDevShareMin = 0.05 } = options;
  const { samplesMax = 90, samplesMin = 30, usualAfterMs = minutes(5), tell = () => ({}), reads = [] } = options;
  return detector<PeakState, Measure>({
    on: "moment",
    name: `peak(${metric})`,
    metric,
    kind,
    parameters: { threshold, riseMin, valueMin, stdDevShareMin, samplesMax, samplesMin, usualAfterMs },
    reads,
    mergeGapMs: 0,
    lengthMsMax: LENGTH_MS_MAX,
    zero: () => ({ recent: [], sinceMs: null }),
    baseline: ({ recent }, window) => {
      const samples = valuesApart(recent, window, samplesMax);
      if (samples.length < Math.max(2, samplesMin)) return null;
      const { mean, stdDev } = meanAndStdDev(samples);
      const floored = Math.max(stdDev, stdDevShareMin * Math.abs(mean));
      return floored > 0 ? [mean, floored, samples.length] : null;
    },
    judge: ([mean, stdDev, values], { read }) => {
      const value = Number(read(metric) ?? NaN);
      const score = (value - mean) / stdDev;
      return {
        anomalous: score > threshold && value >= valueMin && value >= riseMin * mean,
        verdict: () => {
          const explanation = `${shown(value)} is ${score.toFixed(1)} standard deviations above the mean of ` +
            `${shown(mean)} over the ${values} usual windows before it`;
          return { value, baseline: mean, score, explanation };
        },
      };
    },
    remember: (state, { windowStartMs, windowEndMs, read, anomalous, isCorrection }) => {
      const value = Number(read(metric) ?? NaN);
      if (!Number.isFinite(value)) return;
      if (!isCorrection) {
        state.sinceBeforeMs = goesOn(state.latestMs, { windowStartMs, windowEndMs }) ? state.sinceMs : null;
        state.latestMs = windowEndMs;
      }
      if (windowEndMs === state.latestMs) state.sinceMs = anomalous ? state.sinceBeforeMs ?? windowStartMs : null;
      const isUsual = !anomalous || (state.sinceMs !== null && windowStartMs - state.sinceMs >= usualAfterMs);
      if (isUsual) rememberWindow(state.recent, { windowStartMs, windowEndMs, value }, samplesMax);
    },
    tell,
  });
}
