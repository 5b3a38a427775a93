/**
 * The operator of each kind of window.
 * @module
 */
import { SessionPartition } from "./session_partition.ts";
import { SlicedPartition } from "./sliced_partition.ts";
import type { PipelineStart, WindowOperator } from "./window_operator.ts";

/** The operator that a pipeline's windows need. */
export const windowOperator = (start: PipelineStart): WindowOperator =>
  start.pipeline.window.kind === "session" ? new SessionPartition(start) : new SlicedPartition(start);
