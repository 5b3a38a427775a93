import { formatScaled, parseScaled } from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";
import type { ScaleOptions } from "./scaled.ts";

/** Which of several events of one time counts, and how the decimal is shown. */
export interface FirstLastOptions<E> extends ScaleOptions {
  /** Decides between events of equal time: the lower is first. */
  readonly tie: (event: E) => number;
}

/** State: the event that holds the place, or none. */
interface Place {
  held: { readonly timeMs: number; readonly tie: number; readonly value: string } | null;
}

/** The decimal of the earliest event, by event time, then by `tie`. Exact. */
export const firstOf = <E extends EventBase>(of: (event: E) => string, options: FirstLastOptions<E>): Metric<E> =>
  extremeInTime("first", of, options);

/** The decimal of the latest event, by event time, then by `tie`. Exact. */
export const lastOf = <E extends EventBase>(of: (event: E) => string, options: FirstLastOptions<E>): Metric<E> =>
  extremeInTime("last", of, options);

function extremeInTime<E extends EventBase>(
  kind: "first" | "last",
  of: (event: E) => string,
  { tie, scale }: FirstLastOptions<E>,
): Metric<E> {
  const sign = kind === "first" ? 1 : -1;
  const take = (state: Place, candidate: NonNullable<Place["held"]>) => {
    const { held } = state;
    if (held !== null) {
      const order = (candidate.timeMs - held.timeMs || candidate.tie - held.tie) * sign;
      // Equal time and tie: the lower text, so that the order of merging never shows.
      if (order > 0 || (order === 0 && candidate.value >= held.value)) return;
    }
    state.held = candidate;
  };
  return metric<E, Place>({
    kind: `${kind}(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ held: null }),
    add: (state, event, timeMs) => take(state, { timeMs, tie: tie(event), value: of(event) }),
    merge: (into, from) => {
      if (from.held !== null) take(into, from.held);
    },
    result: ({ held }) => (held === null ? null : formatScaled(parseScaled(held.value, scale), scale)),
    encode: ({ held }) => (held === null ? null : [held.timeMs, held.tie, held.value]),
    decode: (json) => {
      if (json === null) return { held: null };
      const [timeMs, order, value] = json as [number, number, string];
      return { held: { timeMs, tie: order, value } };
    },
  });
}
