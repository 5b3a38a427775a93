import { minutes } from "../../core/time.ts";
import { detector, type MomentDetector, type ReadMetric, type WrittenName } from "./detector.ts";
import { goesOn, shown } from "./recent_windows.ts";

/** When an episode begins and ends. */
export interface EpisodeOptions {
  /** What kind of moment it is: `toxicity`. */
  readonly kind: string;
  /** It begins with a window at or above this. */
  readonly enter: number;
  /** It ends with a window below this, or with a silence; at most `enter`. */
  readonly leave: number;
  /** A window counts only where this metric has at least this value: a share of few is no share. */
  readonly among?: readonly [metric: string, valueMin: number];
  /** What happened, for people. */
  readonly tell?: (read: ReadMetric) => Readonly<Record<string, unknown>>;
  /** Metrics that `tell` reads. */
  readonly reads?: readonly string[];
}

interface EpisodeState {
  /** Whether the latest window is part of an episode. */
  active: boolean;
  /** End of the latest window; an earlier version kept none. */
  latestMs?: number;
}

const LENGTH_MS_MAX = minutes(30);

/**
 * Moments in which a metric stays above a bound, with hysteresis: it may sink to `leave` without ending the moment, as
 * long as windows overlap or touch. A correction judges a window by the bound that was in force when it fired.
 * Score = value / enter.
 *
 * @throws {RangeError} when `leave` is above `enter`, or `enter` is not above 0.
 */
export function episode<const M extends string>(
  metric: M,
  options: EpisodeOptions,
): MomentDetector<WrittenName<M>> {
  const { kind, enter, leave, among, tell = () => ({}), reads = [] } = options;
  if (leave > enter || !(enter > 0)) {
    throw new RangeError(
      `Cannot make episode(${metric}): enter ${enter} must be above 0, and leave ${leave} at most that`,
    );
  }
  return detector<EpisodeState, [bound: number]>({
    on: "moment",
    name: `episode(${metric})`,
    metric,
    kind,
    parameters: { enter, leave, among },
    reads: [...(among === undefined ? [] : [among[0]]), ...reads],
    mergeGapMs: 0,
    lengthMsMax: LENGTH_MS_MAX,
    zero: () => ({ active: false }),
    baseline: ({ active, latestMs }, window) => [active && goesOn(latestMs, window) ? leave : enter],
    judge: ([bound], { read }) => {
      const value = Number(read(metric) ?? 0);
      const score = value / enter;
      return {
        anomalous: value >= bound && value > 0 && (among === undefined || Number(read(among[0])) >= among[1]),
        verdict: () => {
          const explanation = `${shown(value)} is at or above the bound of ${shown(bound)}`;
          return { value, baseline: enter, score, explanation };
        },
      };
    },
    remember: (state, { windowEndMs, anomalous, isCorrection }) => {
      if (isCorrection && windowEndMs !== state.latestMs) return;
      state.active = anomalous;
      state.latestMs = windowEndMs;
    },
    tell,
  });
}
