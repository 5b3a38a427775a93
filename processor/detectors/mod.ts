/**
 * THE LIST of detectors. A new detector is one file here and one line below.
 * @module
 */
export {
  type BaselineJson,
  type Detector,
  detector,
  type DetectorBase,
  type DetectorJson,
  type EventDetector,
  type EventDetectorDefinition,
  type Judgement,
  type PaneDetector,
  type PaneDetectorDefinition,
  type PaneSample,
  type PaneWindow,
  type Verdict,
} from "./detector.ts";
export { rateJump, type RateJumpOptions } from "./rate_jump.ts";
export { threshold, type ThresholdOptions } from "./threshold.ts";
export { volatilitySpike, type VolatilitySpikeOptions } from "./volatility_spike.ts";
export { zScore, zScoreOfEvents, type ZScoreOptions } from "./z_score.ts";
