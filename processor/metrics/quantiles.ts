/**
 * Quantiles by DDSketch: counts of values in buckets whose bounds grow by a fixed factor, so that a quantile is right to
 * a fixed relative error, whatever the distribution. Merging adds counts: exact, in any order. Source: Masson, Rim, Lee,
 * "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees", 2019; the sketch is that of
 * @datadog/sketches-js. Its own `merge` leaves negative values out and may misplace the bucket of 1, so buckets are
 * merged here, one by one.
 * @module
 */
import { DDSketch } from "@datadog/sketches-js";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** How near a quantile is. */
export interface QuantileOptions {
  /** Relative error of a quantile, from 0.001 to 0.1. Default 0.01. */
  readonly relativeError?: number;
}

/** State: the sketch, made with the first value. */
interface Sketched {
  sketch: DDSketch | null;
}

type Buckets = DDSketch["store"];
type Flat = readonly number[];

/** Values nearer to 0 count as 0, values beyond the bounds as the bounds: this bounds the number of buckets. */
const MAGNITUDE_MIN = 1e-9;
const MAGNITUDE_MAX = 1e15;

/**
 * A quantile of a number: 0.5 is the median, 0.95 is above 95 of 100 values. Right to a relative error of 1 %, if not told
 * otherwise, for values from 10^-9 to 10^15 and their negatives. Of n values it is the one at rank ⌊q · (n − 1)⌋, from 0.
 * Events without a finite value are left out; null where none is left.
 *
 * @throws {RangeError} when q is not from 0 to 1.
 *
 * @example
 * ```ts
 * import type { ViewerEvent } from "../../core/events/viewer.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = [1, 2, 3, 4, 100].map((viewer_count) => ({ viewer_count }) as ViewerEvent);
 * const median = Number(valueOver(quantileOf<ViewerEvent>((event) => event.viewer_count, 0.5), events));
 * if (Math.abs(median - 3) > 0.03) throw new Error(`${median} is not within 1 % of 3`);
 * ```
 */
export function quantileOf<E extends EventBase>(
  of: (event: E) => number | undefined,
  q: number,
  options: QuantileOptions = {},
): Metric<E> {
  const [at] = checked([q]);
  return sketched(of, { ...options, kind: `quantile(${q}`, column: "double precision", show: (value) => value(at!) });
}

/**
 * Several quantiles of a number from one sketch, as JSON by name: `{"p50":3,"p95":97.5}`; see {@link quantileOf}.
 *
 * @throws {RangeError} when one is not from 0 to 1.
 *
 * @example
 * ```ts
 * import type { ViewerEvent } from "../../core/events/viewer.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const events = [10, 10, 10].map((viewer_count) => ({ viewer_count }) as ViewerEvent);
 * const both = valueOver(quantilesOf<ViewerEvent>((event) => event.viewer_count, [0.5, 0.999]), events);
 * if (Object.keys(both as object).join() !== "p50,p99.9") throw new Error(JSON.stringify(both));
 * ```
 */
export function quantilesOf<E extends EventBase>(
  of: (event: E) => number | undefined,
  qs: readonly number[],
  options: QuantileOptions = {},
): Metric<E> {
  const named = checked(qs).map((q) => [`p${Number((q * 100).toPrecision(12))}`, q] as const);
  const show = (value: (q: number) => number) => Object.fromEntries(named.map(([name, q]) => [name, value(q)]));
  return sketched(of, { ...options, kind: `quantiles(${qs.join()}`, column: "json", show });
}

function checked(qs: readonly number[]): readonly number[] {
  const wrong = qs.find((q) => !(q >= 0 && q <= 1));
  if (wrong !== undefined) throw new RangeError(`Cannot make quantile ${wrong}: it must be from 0 to 1`);
  return qs;
}

interface SketchOptions extends QuantileOptions {
  readonly kind: string;
  readonly column: "double precision" | "json";
  readonly show: (value: (q: number) => number) => unknown;
}

function sketched<E extends EventBase>(
  of: (event: E) => number | undefined,
  { kind, column, show, relativeError = 0.01 }: SketchOptions,
): Metric<E> {
  if (!(relativeError >= 0.001 && relativeError <= 0.1)) {
    throw new RangeError(`Cannot make a sketch of relative error ${relativeError}: it must be from 0.001 to 0.1`);
  }
  const sketchOf = (state: Sketched) => state.sketch ??= new DDSketch({ relativeAccuracy: relativeError });
  return metric<E, Sketched>({
    kind: `${kind},${relativeError})`,
    version: 1,
    column,
    zero: () => ({ sketch: null }),
    add: (state, event) => {
      const value = of(event);
      if (value !== undefined && Number.isFinite(value)) sketchOf(state).accept(bounded(value));
    },
    merge: (into, { sketch }) => {
      if (sketch === null) return;
      const own = sketchOf(into);
      takeBuckets(own.store, flat(sketch.store));
      takeBuckets(own.negativeStore, flat(sketch.negativeStore));
      countZeros(own, sketch.zeroCount);
    },
    result: ({ sketch }) => sketch === null ? null : show((q) => sketch.getValueAtQuantile(q)),
    encode: ({ sketch }) => sketch && [sketch.zeroCount, flat(sketch.store), flat(sketch.negativeStore)],
    decode: (json) => {
      const state: Sketched = { sketch: null };
      if (json === null) return state;
      const [zeros, positive, negative] = json as [number, Flat, Flat];
      const sketch = sketchOf(state);
      takeBuckets(sketch.store, positive);
      takeBuckets(sketch.negativeStore, negative);
      countZeros(sketch, zeros);
      return state;
    },
  });
}

function bounded(value: number): number {
  const magnitude = Math.abs(value);
  if (magnitude < MAGNITUDE_MIN) return 0;
  return magnitude > MAGNITUDE_MAX ? Math.sign(value) * MAGNITUDE_MAX : value;
}

/** Bucket and count in turn, of the buckets that hold anything. */
function flat({ bins, offset }: Buckets): Flat {
  const pairs: number[] = [];
  bins.forEach((n, i) => {
    if (n > 0) pairs.push(i + offset, n);
  });
  return pairs;
}

function takeBuckets(buckets: Buckets, pairs: Flat): void {
  for (let i = 0; i < pairs.length; i += 2) buckets.add(pairs[i]!, pairs[i + 1]!);
}

/** Zeros, and with them the number of all values. */
function countZeros(sketch: DDSketch, zeros: number): void {
  sketch.zeroCount += zeros;
  sketch.count = sketch.zeroCount + sketch.store.count + sketch.negativeStore.count;
}
