import { detector, type PaneDetector, type PaneWindow, type WrittenName } from "./detector.ts";
import { goesOn, shown } from "./recent_windows.ts";

/** When a value is too high. */
export interface ThresholdOptions {
  /** An episode begins when values reach this… */
  readonly enter: number;
  /** …and ends when one falls below this, so that a value that hovers does not begin it again and again. */
  readonly leave: number;
  /** How long values must have stayed up, without a silence between. Default 0. */
  readonly durationMs?: number;
}

/** End of the first window of a run of high values, null while they are low, and whether its episode is reported. */
type Run = [sinceMs: number | null, active: boolean];

interface ThresholdState {
  /** The present run. */
  sinceMs: number | null;
  active: boolean;
  /** End of the latest window: a correction of an older one changes no episode that has gone on since. */
  latestMs: number | null;
  /** The run as the latest window found it, from where a correction of that goes on; an earlier version kept none. */
  before?: Run;
}

/** The run as the tested window finds it, and the end of that. */
type Before = [...Run, windowEndMs: number];

const runBefore = ({ sinceMs, active, latestMs }: ThresholdState, window: PaneWindow): Run =>
  goesOn(latestMs, window) ? [sinceMs, active] : [null, false];

/**
 * An episode of high values: begins once values have been at or above `enter` for `durationMs`, ends when one is below
 * `leave`, or with a silence: windows that neither overlap nor touch. The window in which it begins is the anomaly; score
 * = value / enter.
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
    parameters: { enter, leave, durationMs },
    zero: () => ({ sinceMs: null, active: false, latestMs: null }),
    baseline: (state, window) => [...runBefore(state, window), window.windowEndMs],
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
    remember: (state, sample) => {
      const { windowEndMs, value } = sample;
      if (state.latestMs !== null && windowEndMs < state.latestMs) return;
      if (windowEndMs !== state.latestMs) state.before = runBefore(state, sample);
      if (state.before === undefined) return;
      state.latestMs = windowEndMs;
      [state.sinceMs, state.active] = state.before;
      if (value < leave) state.active = false;
      if (value < enter && !state.active) state.sinceMs = null;
      if (value >= enter) {
        state.sinceMs ??= windowEndMs;
        if (windowEndMs - state.sinceMs >= durationMs) state.active = true;
      }
    },
  });
}
