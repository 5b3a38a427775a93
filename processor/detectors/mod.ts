/**
 * THE LIST of detectors. A new detector is one file here and one line below.
 * @module
 */
export {
  type Detector,
  type DetectorJson,
  type EventDetector,
  type PaneDetector,
  type PaneSample,
  type Verdict,
} from "./detector.ts";
export { zScore, zScoreOfEvents, type ZScoreOptions } from "./z_score.ts";
