/**
 * THE LIST of detectors. A new detector is one file here and one line below.
 * @module
 */
export {
  type BaselineJson,
  type Detector,
  type DetectorJson,
  type EventDetector,
  type Judgement,
  type PaneDetector,
  type PaneSample,
  type PaneWindow,
  type Verdict,
} from "./detector.ts";
export { rateJump, type RateJumpOptions } from "./rate_jump.ts";
export { threshold, type ThresholdOptions } from "./threshold.ts";
export { volatilitySpike, type VolatilitySpikeOptions } from "./volatility_spike.ts";
export { zScore, zScoreOfEvents, type ZScoreOptions } from "./z_score.ts";
