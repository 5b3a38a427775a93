/**
 * The test kit: a clock and a source in a test's hand, a pipeline over some events. Imported as "tidemark/testing".
 * @module
 */
export { ManualClock } from "./manual_clock.ts";
export {
  type NamedRow,
  type PipelineRun,
  type RunOptions,
  runPipeline,
  showPipeline,
  showSource,
} from "./run_pipeline.ts";
export { testPane } from "./test_pane.ts";
export { TestSource } from "./test_source.ts";
