/**
 * THE LIST of metrics. A new metric is one file here and one line below.
 * @module
 */
export { count } from "./count.ts";
export { distinct } from "./distinct.ts";
export { type FirstLastOptions, firstOf, lastOf } from "./first_last.ts";
export { type Metric, metric, type MetricDefinition, type MetricState } from "./metric.ts";
export { quotientOf, type QuotientOptions } from "./quotient.ts";
export {
  type DecimalValue,
  maxOf,
  meanOf,
  minOf,
  type ScaleOptions,
  sumOf,
  weightedMeanOf,
  type WeightedOptions,
} from "./scaled.ts";
export { tallyOf } from "./tally.ts";
export { totalOf } from "./total.ts";
export { topK, type TopKOptions } from "./top_k.ts";
