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

/** A decimal text, taken exactly, or a number, rounded to the scale; an event without a value is left out. */
export type DecimalValue = string | number | null | undefined;

/** A whole number of 10^-scale units. */
export type Units = number | bigint;

/** Units as JSON. */
export const encodeUnits = (units: Units | null): unknown => (typeof units === "bigint" ? String(units) : units);
/** Units from their JSON. */
export const decodeUnits = (
  json: unknown,
): Units | null => (typeof json === "string" ? BigInt(json) : json as number | null);

/** Adds to a sum among numbers; false where a number would round. */
function addUnits(numbers: Float64Array, at: number, units: Units): boolean {
  if (typeof units !== "number") return false;
  const sum = numbers[at]! + units;
  if (!Number.isSafeInteger(sum)) return false;
  numbers[at] = sum;
  return true;
}

/** Puts units among numbers; false where they are no number. */
function writeUnits(numbers: Float64Array, at: number, units: Units): boolean {
  if (typeof units !== "number") return false;
  numbers[at] = units;
  return true;
}

/**
 * Sum of a decimal. Exact.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["10.5", "1"], ["12", "2"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * const value = valueOver(sumOf<TradeEvent>((trade) => trade.price, { scale: 2 }), trades);
 * if (value !== "22.5") throw new Error(`${value} is not 22.5`);
 * ```
 */
export const sumOf = <E extends EventBase>(of: (event: E) => DecimalValue, { scale }: ScaleOptions): Metric<E> =>
  metric<E, { units: Units }>({
    kind: `sum(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ units: 0 }),
    add: (state, event) => {
      const value = of(event);
      if (value !== undefined && value !== null) state.units = addScaled(state.units, unitsOf(value, scale));
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
          const value = of(event);
          if (value !== undefined && value !== null) units = addScaled(units, unitsOf(value, scale));
        },
        result: () => formatScaled(units, scale),
      };
    },
    inNumbers: {
      zeros: [0],
      add: (numbers, at, event) => {
        const value = of(event);
        return value === undefined || value === null || addUnits(numbers, at, unitsOf(value, scale));
      },
      write: (numbers, at, { units }) => writeUnits(numbers, at, units),
      read: (numbers, at) => ({ units: numbers[at]! }),
    },
  });

/**
 * Arithmetic mean Σ value / n of a decimal: the sum exact, the quotient rounded once, half to even, to `scale` fraction
 * digits. Null without values.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["10.5", "1"], ["12", "2"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * const value = valueOver(meanOf<TradeEvent>((trade) => trade.price, { scale: 2 }), trades);
 * if (value !== "11.25") throw new Error(`${value} is not 11.25`);
 * ```
 */
export const meanOf = <E extends EventBase>(of: (event: E) => DecimalValue, { scale }: ScaleOptions): Metric<E> =>
  metric<E, { units: Units; n: number }>({
    kind: `mean(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ units: 0, n: 0 }),
    add: (state, event) => {
      const value = of(event);
      if (value === undefined || value === null) return;
      state.units = addScaled(state.units, unitsOf(value, scale));
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
          const value = of(event);
          if (value === undefined || value === null) return;
          sum.units = addScaled(sum.units, unitsOf(value, scale));
          sum.n++;
        },
        result: () => quotient(sum, scale),
      };
    },
    inNumbers: {
      zeros: [0, 0],
      add: (numbers, at, event) => {
        const value = of(event);
        if (value === undefined || value === null) return true;
        if (!addUnits(numbers, at, unitsOf(value, scale))) return false;
        numbers[at + 1]!++;
        return true;
      },
      write: (numbers, at, { units, n }) => {
        numbers[at + 1] = n;
        return writeUnits(numbers, at, units);
      },
      read: (numbers, at) => ({ units: numbers[at]!, n: numbers[at + 1]! }),
    },
  });

const quotient = ({ units, n }: { readonly units: Units; readonly n: number }, scale: number): string | null =>
  n === 0 ? null : formatScaled(divideScaled(units, n, { scale: 0 }), scale);

/**
 * Highest value of a decimal. Exact; null without values.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["10.5", "1"], ["12", "2"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * const value = valueOver(maxOf<TradeEvent>((trade) => trade.price, { scale: 2 }), trades);
 * if (value !== "12") throw new Error(`${value} is not 12`);
 * ```
 */
export const maxOf = <E extends EventBase>(of: (event: E) => DecimalValue, options: ScaleOptions): Metric<E> =>
  extreme("max", of, options);

/**
 * Lowest value of a decimal. Exact; null without values.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["10.5", "1"], ["12", "2"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * const value = valueOver(minOf<TradeEvent>((trade) => trade.price, { scale: 2 }), trades);
 * if (value !== "10.5") throw new Error(`${value} is not 10.5`);
 * ```
 */
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
    add: (state, event) => {
      const value = of(event);
      if (value !== undefined && value !== null) take(state, unitsOf(value, scale));
    },
    merge: (into, from) => {
      if (from.units !== null) take(into, from.units);
    },
    result: (state) => (state.units === null ? null : formatScaled(state.units, scale)),
    encode: (state) => encodeUnits(state.units),
    decode: (json) => ({ units: decodeUnits(json) }),
    // NaN stands for none.
    inNumbers: {
      zeros: [NaN],
      add: (numbers, at, event) => {
        const value = of(event);
        if (value === undefined || value === null) return true;
        const units = unitsOf(value, scale);
        if (typeof units !== "number") return false;
        if (Number.isNaN(numbers[at]!) || (units - numbers[at]!) * sign > 0) numbers[at] = units;
        return true;
      },
      write: (numbers, at, { units }) => writeUnits(numbers, at, units ?? NaN),
      read: (numbers, at) => ({ units: Number.isNaN(numbers[at]!) ? null : numbers[at]! }),
    },
  });
}

/** The two decimals of a weighted mean. */
export interface WeightedOptions<E> extends ScaleOptions {
  /** What the mean is taken of. */
  readonly value: (event: E) => DecimalValue;
  /** How much it counts. */
  readonly weight: (event: E) => DecimalValue;
}

/**
 * Weighted mean Σ(value · weight) / Σ weight, as in a volume-weighted average price: both sums exact, the quotient
 * rounded once, half to even, to `scale` fraction digits. Null where the weights sum up to 0.
 *
 * @example
 * ```ts
 * import type { TradeEvent } from "../../core/events/trades.ts";
 * import { valueOver } from "./metric.ts";
 *
 * const trades = [["10.5", "1"], ["12", "2"]].map(([price, size]) => ({ price, size }) as TradeEvent);
 * const value = valueOver(weightedMeanOf<TradeEvent>({ value: (trade) => trade.price, weight: (trade) => trade.size, scale: 2 }), trades);
 * if (value !== "11.5") throw new Error(`${value} is not 11.5`);
 * ```
 */
export const weightedMeanOf = <E extends EventBase>({ value, weight, scale }: WeightedOptions<E>): Metric<E> =>
  metric<E, { products: Units; weights: Units }>({
    kind: `weighted_mean(${scale})`,
    version: 1,
    column: "numeric",
    zero: () => ({ products: 0, weights: 0 }),
    add: (state, event) => {
      const [weighed, weighing] = [value(event), weight(event)];
      if (weighed === undefined || weighed === null || weighing === undefined || weighing === null) return;
      const units = unitsOf(weighing, scale);
      state.products = addScaled(state.products, multiplyScaled(unitsOf(weighed, scale), units));
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
    inNumbers: {
      zeros: [0, 0],
      add: (numbers, at, event) => {
        const [weighed, weighing] = [value(event), weight(event)];
        if (weighed === undefined || weighed === null || weighing === undefined || weighing === null) return true;
        const units = unitsOf(weighing, scale);
        const before = numbers[at]!;
        if (!addUnits(numbers, at, multiplyScaled(unitsOf(weighed, scale), units))) return false;
        if (addUnits(numbers, at + 1, units)) return true;
        numbers[at] = before;
        return false;
      },
      write: (numbers, at, { products, weights }) =>
        writeUnits(numbers, at, products) && writeUnits(numbers, at + 1, weights),
      read: (numbers, at) => ({ products: numbers[at]!, weights: numbers[at + 1]! }),
    },
  });
