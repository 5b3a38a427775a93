/**
 * Metrics of decimal texts, kept as whole numbers of 10^-scale units: exact whatever the order of events.
 * @module
 */
import {
  addScaled,
  compareScaled,
  divideScaled,
  formatScaled,
  multiplyScaled,
  subtractScaled,
  unitsOf,
} from "../../core/decimal.ts";
import type { EventBase } from "../../core/events/contract.ts";
import { type Metric, metric } from "./metric.ts";

/** How a decimal is kept. */
export interface ScaleOptions {
  /** Fraction digits that a value may have. */
  readonly scale: number;
}

/** A decimal text, taken exactly, or a number, rounded to the scale. */
export type DecimalValue = string | number;

type Units = number | bigint;

const encodeUnits = (units: Units | null): unknown => (typeof units === "bigint" ? String(units) : units);
const decodeUnits = (json: unknown): Units | null => (typeof json === "string" ? BigInt(json) : json as number | null);

/** Sum of a decimal. Exact. */
export const sumOf = <E extends EventBase>(of: (event: E) => DecimalValue, { scale }: ScaleOptions): Metric<E> =>
  metric<E, { units: Units }>({
    kind: `sum(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ units: 0 }),
    add: (state, event) => {
      state.units = addScaled(state.units, unitsOf(of(event), scale));
    },
    merge: (into, from) => {
      into.units = addScaled(into.units, from.units);
    },
    result: (state) => formatScaled(state.units, scale),
    encode: (state) => encodeUnits(state.units),
    decode: (json) => ({ units: decodeUnits(json) ?? 0 }),
    running: () => {
      let units: Units = 0;
      return {
        push: (state) => {
          units = addScaled(units, state.units);
        },
        evict: (state) => {
          units = subtractScaled(units, state.units);
        },
        late: (_state, event) => {
          units = addScaled(units, unitsOf(of(event), scale));
        },
        result: () => formatScaled(units, scale),
      };
    },
  });

/**
 * Arithmetic mean Σ value / n of a decimal: the sum exact, the quotient rounded once, half to even, to `scale` fraction
 * digits.
 */
export const meanOf = <E extends EventBase>(of: (event: E) => DecimalValue, { scale }: ScaleOptions): Metric<E> =>
  metric<E, { units: Units; n: number }>({
    kind: `mean(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ units: 0, n: 0 }),
    add: (state, event) => {
      state.units = addScaled(state.units, unitsOf(of(event), scale));
      state.n++;
    },
    merge: (into, from) => {
      into.units = addScaled(into.units, from.units);
      into.n += from.n;
    },
    result: (state) => quotient(state, scale),
    encode: ({ units, n }) => [encodeUnits(units), n],
    decode: (json) => {
      const [units, n] = json as [unknown, number];
      return { units: decodeUnits(units) ?? 0, n };
    },
    running: () => {
      const sum: { units: Units; n: number } = { units: 0, n: 0 };
      return {
        push: ({ units, n }) => {
          sum.units = addScaled(sum.units, units);
          sum.n += n;
        },
        evict: ({ units, n }) => {
          sum.units = subtractScaled(sum.units, units);
          sum.n -= n;
        },
        late: (_state, event) => {
          sum.units = addScaled(sum.units, unitsOf(of(event), scale));
          sum.n++;
        },
        result: () => quotient(sum, scale),
      };
    },
  });

const quotient = ({ units, n }: { readonly units: Units; readonly n: number }, scale: number): string | null =>
  n === 0 ? null : formatScaled(divideScaled(units, n, { scale: 0 }), scale);

/** Highest value of a decimal. Exact. */
export const maxOf = <E extends EventBase>(of: (event: E) => DecimalValue, options: ScaleOptions): Metric<E> =>
  extreme("max", of, options);

/** Lowest value of a decimal. Exact. */
export const minOf = <E extends EventBase>(of: (event: E) => DecimalValue, options: ScaleOptions): Metric<E> =>
  extreme("min", of, options);

function extreme<E extends EventBase>(
  kind: "min" | "max",
  of: (event: E) => DecimalValue,
  { scale }: ScaleOptions,
): Metric<E> {
  const sign = kind === "max" ? 1 : -1;
  const take = (state: { units: Units | null }, units: Units) => {
    if (state.units === null || compareScaled(units, state.units) * sign > 0) state.units = units;
  };
  return metric<E, { units: Units | null }>({
    kind: `${kind}(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ units: null }),
    add: (state, event) => take(state, unitsOf(of(event), scale)),
    merge: (into, from) => {
      if (from.units !== null) take(into, from.units);
    },
    result: (state) => (state.units === null ? null : formatScaled(state.units, scale)),
    encode: (state) => encodeUnits(state.units),
    decode: (json) => ({ units: decodeUnits(json) }),
  });
}

/** The two decimals of a weighted mean. */
export interface WeightedOptions<E> extends ScaleOptions {
  readonly value: (event: E) => DecimalValue;
  readonly weight: (event: E) => DecimalValue;
}

/**
 * Weighted mean Σ(value · weight) / Σ weight, as in a volume-weighted average price: both sums exact, the quotient
 * rounded once, half to even, to `scale` fraction digits. Null where the weights sum up to 0.
 */
export const weightedMeanOf = <E extends EventBase>({ value, weight, scale }: WeightedOptions<E>): Metric<E> =>
  metric<E, { products: Units; weights: Units }>({
    kind: `weighted_mean(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ products: 0, weights: 0 }),
    add: (state, event) => {
      const units = unitsOf(weight(event), scale);
      state.products = addScaled(state.products, multiplyScaled(unitsOf(value(event), scale), units));
      state.weights = addScaled(state.weights, units);
    },
    merge: (into, from) => {
      into.products = addScaled(into.products, from.products);
      into.weights = addScaled(into.weights, from.weights);
    },
    // products has scale 2·s and weights s, so their quotient is in units of 10^-s.
    result: (state) =>
      BigInt(state.weights) === 0n
        ? null
        : formatScaled(divideScaled(state.products, state.weights, { scale: 0 }), scale),
    encode: (state) => [encodeUnits(state.products), encodeUnits(state.weights)],
    decode: (json) => {
      const [products, weights] = json as [unknown, unknown];
      return { products: decodeUnits(products) ?? 0, weights: decodeUnits(weights) ?? 0 };
    },
  });
