/**
 * THE LIST of metrics. A new metric is one file here and one line below.
 * @module
 */
export { collect, type CollectOptions } from "./collect.ts";
export { count } from "./count.ts";
export { distinct, type DistinctOptions } from "./distinct.ts";
export { type DerivedColumn, errorOf, Estimate } from "./estimate.ts";
export { type FirstLastOptions, firstOf, firstTextOf, lastOf, lastTextOf, type TieOptions } from "./first_last.ts";
export { distinctOfSignature, sampleOf, type SampleOptions, signatureOf } from "./hash_sample.ts";
export { type Metric, metric, type MetricDefinition, type MetricState, valueOver } from "./metric.ts";
export { type InNumbers } from "./numbers.ts";
export { type Ohlcv, ohlcv, type TradeOptions, vwapOf } from "./ohlcv.ts";
export { quantileOf, type QuantileOptions, quantilesOf } from "./quantiles.ts";
export { type RunningValue } from "./running.ts";
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
export { type QuotientOptions, ratioOf, type RatioOptions, share } from "./share.ts";
export { sumsBy, type SumsByOptions } from "./sums_by.ts";
export { tallyOf } from "./tally.ts";
export { topBy, type TopByOptions } from "./top_by.ts";
export { totalOf } from "./total.ts";
export { topK, type TopKOptions } from "./top_k.ts";
export { type SpreadOptions, stdDevOf, varianceOf } from "./variance.ts";
