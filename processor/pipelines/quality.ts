import { DECIMAL_SCALE } from "../../core/decimal.ts";
import { type QualityEvent, qualityEvents } from "../../core/events/quality.ts";
import { days, seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { ratioOf, tallyOf, totalOf } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";

/** The score of each topic's minutes: the door sends parts, this adds them up. */
export const quality = pipeline<QualityEvent>({
  name: "quality",
  contract: qualityEvents,
  key: "topic",
  window: tumbling({ sizeMs: seconds(60) }),
  outOfOrdernessMs: 0,
  allowedLatenessMs: days(2),
  metrics: {
    score: ratioOf({
      dividend: (part) => part.weight_passed,
      divisor: (part) => part.weight,
      scale: 0,
      digits: DECIMAL_SCALE,
    }),
    rows: totalOf((part) => part.rows),
    weight: totalOf((part) => part.weight),
    weight_passed: totalOf((part) => part.weight_passed),
    failed: tallyOf((part) => part.failed),
  },
  table: "quality_minute",
});
