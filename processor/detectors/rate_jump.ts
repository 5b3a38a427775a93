import { detector, type PaneDetector, type WrittenName } from "./detector.ts";
import { meanAndStdDev, type RecentWindows, rememberWindow, shown, valuesApart } from "./recent_windows.ts";

/** When a rise is a jump. */
export interface RateJumpOptions {
  /** How many times the mean a value must reach. */
  readonly factor: number;
  /** Values below are too few to speak of a jump. */
  readonly valueMin: number;
  /** How many windows the mean is taken over. Default 6. */
  readonly samplesMax?: number;
  /** No verdict before there are so many. Default 3. */
  readonly samplesMin?: number;
}

/** Value of a window as a multiple of the mean of the windows before it: score = value / mean. */
export function rateJump<const M extends string>(metric: M, options: RateJumpOptions): PaneDetector<WrittenName<M>> {
  const { factor, valueMin, samplesMax = 6, samplesMin = 3 } = options;
  return detector<RecentWindows, [mean: number]>({
    on: "pane",
    name: `rate_jump(${metric})`,
    metric,
    parameters: { factor, valueMin, samplesMax, samplesMin },
    zero: () => [],
    baseline: (state, window) => {
      const samples = valuesApart(state, window, samplesMax);
      if (samples.length < samplesMin) return null;
      const { mean } = meanAndStdDev(samples);
      return mean > 0 ? [mean] : null;
    },
    judge: ([mean], value) => {
      const score = value / mean;
      return {
        anomalous: score >= factor && value >= valueMin,
        verdict: () => {
          const explanation = `${shown(value)} is ${score.toFixed(1)} times the mean of ${shown(mean)} before it`;
          return { value, baseline: mean, score, explanation };
        },
      };
    },
    remember: (state, sample) => rememberWindow(state, sample, samplesMax),
  });
}
