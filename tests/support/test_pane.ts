/**
 * A detector on panes, used as the engine does for a window that fires.
 * @module
 */
import type { DetectorJson, PaneDetector, PaneSample, Verdict } from "../../processor/detectors/mod.ts";

/** Judges a sample by what came before it, then remembers it; null where it is nothing out of the ordinary. */
export function testPane(detector: PaneDetector, state: DetectorJson, sample: PaneSample): Verdict | null {
  const baseline = detector.baseline(state, sample);
  detector.remember(state, sample);
  const judgement = baseline && detector.judge(baseline, sample.value);
  return judgement?.anomalous ? judgement.verdict() : null;
}
