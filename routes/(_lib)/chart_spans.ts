/**
 * How much of the past charts show.
 * @module
 */
import { hours, minutes } from "../../core/time.ts";

/** Usually so much. */
export const CHART_SPAN_MS = minutes(15);
/** Where 1-second candles are sparse, minutes are shown, and so much of them. */
export const SPARSE_SPAN_MS = hours(2);
/** Fewer 1-second candles than this in {@link CHART_SPAN_MS} are no line. */
export const DENSE_CANDLES_MIN = 60;
