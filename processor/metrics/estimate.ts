/**
 * Values that may be estimates, and columns that are made of another metric's value.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { ColumnType } from "../../core/ports.ts";
import type { Metric } from "./metric.ts";

/** A value beyond a metric's exact bound, with its error; as a number it is the value. */
export class Estimate {
  /** The estimate. */
  readonly value: number;
  /** Relative standard error: 0.0081 = 0.81 %. */
  readonly error: number;

  /** An estimate with its error. */
  constructor(value: number, error: number) {
    this.value = value;
    this.error = error;
  }

  /** The estimate, as a number. */
  valueOf(): number {
    return this.value;
  }

  /** Told from a number again by {@link reviveValue}. */
  toJSON(): unknown {
    return { $estimate: [this.value, this.error] } satisfies EstimateJson;
  }
}

interface EstimateJson {
  readonly $estimate: readonly [value: number, error: number];
}

/** The value of a metric that went through JSON, an estimate again where it was one. */
export function reviveValue(json: unknown): unknown {
  if (typeof json !== "object" || json === null || !("$estimate" in json)) return json;
  return new Estimate(...(json as EstimateJson).$estimate);
}

/** The value as the metric's own column holds it. */
export const plainValue = (value: unknown): unknown => value instanceof Estimate ? value.value : value;

/** A column that is made of the value of a metric beside it, and has no state of its own. */
export interface DerivedColumn {
  /** The metric that it is made of: the same object that stands under another name. */
  readonly from: Metric;
  /** Name and parameters: `error(distinct(16384))`. A change starts a new generation. */
  readonly kind: string;
  /** Version of the formula. A change starts a new generation. */
  readonly version: number;
  /** Type of the column. */
  readonly column: ColumnType;
  /** The column's value. */
  of(value: unknown): unknown;
}

/** Tells a derived column from a metric. */
export const isDerived = (entry: Metric | DerivedColumn): entry is DerivedColumn => "from" in entry;

/**
 * The error of a metric that may switch to an estimate: null while it is exact, else the relative standard error.
 *
 * @example
 * ```ts
 * import { distinct } from "./distinct.ts";
 * import { errorOf } from "./estimate.ts";
 * import type { ChatEvent } from "../../core/events/chat.ts";
 *
 * const chatters = distinct<ChatEvent>((event) => event.user_id);
 * const metrics = { unique_chatters: chatters, unique_chatters_error: errorOf(chatters) };
 * if (metrics.unique_chatters_error.of(7) !== null) throw new Error("7 is exact");
 * ```
 */
export const errorOf = <E extends EventBase>(metric: Metric<E>): DerivedColumn => ({
  from: metric as unknown as Metric,
  kind: `error(${metric.kind})`,
  version: metric.version,
  column: "double precision",
  of: (value) => value instanceof Estimate ? value.error : null,
});
