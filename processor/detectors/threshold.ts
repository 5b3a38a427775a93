import { detector, type PaneDetector, type WrittenName } from "./detector.ts";
import { shown } from "./recent_windows.ts";

/** When a value is too high. */
export interface ThresholdOptions {
  /** An episode begins when values reach this… */
  readonly enter: number;
  /** …and ends when one falls below this, so that a value that hovers does not begin it again and again. */
  readonly leave: number;
  /** How long values must have stayed up. Default 0. */
  readonly durationMs?: number;
}

interface ThresholdState {
  /** End of the first window of the present run of high values; null while they are low. */
  sinceMs: number | null;
  /** Whether the present episode has been reported. */
  active: boolean;
  /** End of the latest window: a correction of an older one changes no episode that has gone on since. */
  latestMs: number | null;
}

/** `[end of the run's first window or null, whether reported, end of the tested window]` */
type Before = [sinceMs: number | null, active: boolean, windowEndMs: number];

/**
 * An episode of high values: begins once values have been at or above `enter` for `durationMs`, ends when one is below
 * `leave`. The window in which it begins is the anomaly; score = value / enter.
 *
 * @throws {RangeError} when `leave` is above `enter`.
 */
export function threshold<const M extends string>(
  metric: M,
  { enter, leave, durationMs = 0 }: ThresholdOptions,
): PaneDetector<WrittenName<M>> {
  if (leave > enter) throw new RangeError(`Cannot make threshold(${metric}): leave ${leave} is above enter ${enter}`);
  return detector<ThresholdState, Before>({
    on: "pane",
    name: `threshold(${metric})`,
    metric,
    zero: () => ({ sinceMs: null, active: false, latestMs: null }),
    baseline: ({ sinceMs, active }, { windowEndMs }) => [sinceMs, active, windowEndMs],
    judge: ([sinceMs, active, windowEndMs], value) => {
      const lastedMs = windowEndMs - (sinceMs ?? windowEndMs);
      return {
        anomalous: !active && value >= enter && lastedMs >= durationMs,
        verdict: () => {
          const lasted = lastedMs > 0 ? `, and stayed so for ${Math.round(lastedMs / 1000)} s` : "";
          const explanation = `${shown(value)} reached the bound of ${shown(enter)}${lasted}`;
          return { value, baseline: enter, score: value / enter, explanation };
        },
      };
    },
    remember: (state, { windowEndMs, value }) => {
      if (state.latestMs !== null && windowEndMs <= state.latestMs) return;
      state.latestMs = windowEndMs;
      if (value < leave) state.active = false;
      if (value < enter && !state.active) state.sinceMs = null;
      if (value >= enter) {
        state.sinceMs ??= windowEndMs;
        if (windowEndMs - state.sinceMs >= durationMs) state.active = true;
      }
    },
  });
}
