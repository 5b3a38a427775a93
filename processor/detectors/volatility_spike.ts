import { detector, type PaneDetector, type WrittenName } from "./detector.ts";
import { type RecentWindows, rememberWindow, shown, valuesApart } from "./recent_windows.ts";

/** When a move is a spike of volatility. */
export interface VolatilitySpikeOptions {
  /** How many times the usual move a move must reach. */
  readonly factor: number;
  /** How many windows the usual move is taken over. Default 60. */
  readonly samplesMax?: number;
  /** No verdict before there are so many. Default 10. */
  readonly samplesMin?: number;
}

/** `[last value, usual move, number of moves]` */
type Measure = [last: number, usual: number, moves: number];

/**
 * Logarithmic return of a window, ln(value / value before), against the usual one: the root of the mean of squared returns
 * (realised volatility, mean taken as 0). Score = |return| / usual.
 */
export function volatilitySpike<const M extends string>(
  metric: M,
  options: VolatilitySpikeOptions,
): PaneDetector<WrittenName<M>> {
  const { factor, samplesMax = 60, samplesMin = 10 } = options;
  return detector<RecentWindows, Measure>({
    on: "pane",
    name: `volatility_spike(${metric})`,
    metric,
    parameters: { factor, samplesMax, samplesMin },
    zero: () => [],
    baseline: (state, window) => {
      const samples = valuesApart(state, window, samplesMax + 1);
      return measure(samples.filter((value) => value > 0), samplesMin);
    },
    judge: ([last, usual, moves], value) => {
      const move = value > 0 ? Math.log(value / last) : 0;
      const score = Math.abs(move) / usual;
      return {
        anomalous: score > factor,
        verdict: () => {
          const explanation = `a move of ${(move * 100).toFixed(2)} % from ${shown(last)} to ${shown(value)} is ` +
            `${score.toFixed(1)} times the usual one over the ${moves} windows before it`;
          return { value, baseline: last, score, explanation };
        },
      };
    },
    remember: (state, sample) => rememberWindow(state, sample, samplesMax + 1),
  });
}

function measure(samples: readonly number[], samplesMin: number): Measure | null {
  const moves = samples.length - 1;
  if (moves < Math.max(1, samplesMin)) return null;
  let squares = 0;
  for (let i = 1; i < samples.length; i++) squares += Math.log(samples[i]! / samples[i - 1]!) ** 2;
  const usual = Math.sqrt(squares / moves);
  return usual > 0 ? [samples.at(-1)!, usual, moves] : null;
}
