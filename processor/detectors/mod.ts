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
  type DetectorParameters,
  type EventDetector,
  type EventDetectorDefinition,
  type JudgedSample,
  type Judgement,
  type MomentDetector,
  type MomentDetectorDefinition,
  type MomentSample,
  type PaneDetector,
  type PaneDetectorDefinition,
  type PaneSample,
  type PaneWindow,
  type ReadMetric,
  type SeenEvent,
  type Verdict,
  type WrittenName,
} from "./detector.ts";
export { episode, type EpisodeOptions } from "./episode.ts";
export { flood, type FloodOptions } from "./flood.ts";
export { peak, type PeakOptions } from "./peak.ts";
export { raid, type RaidOptions } from "./raid.ts";
export { rateJump, type RateJumpOptions } from "./rate_jump.ts";
export { threshold, type ThresholdOptions } from "./threshold.ts";
export { volatilitySpike, type VolatilitySpikeOptions } from "./volatility_spike.ts";
export { zScore, zScoreOfEvents, type ZScoreOptions } from "./z_score.ts";
