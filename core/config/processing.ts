/**
 * How a processor uses its machine.
 * @module
 */
import { integer, type Section } from "./variable.ts";

/** Settings of processing. */
export interface ProcessingConfig {
  /** Threads of one `process`: each has partitions of its own. */
  readonly processorThreads: number;
}

/** The section. */
export const processingSection: Section<ProcessingConfig> = {
  variables: [
    {
      name: "PROCESSOR_THREADS",
      fallback: "1",
      about: "threads of one process command, each a member of the group with partitions of its own",
      ...integer(1, 64),
    },
  ],
  read: (values) => ({ processorThreads: values.number("PROCESSOR_THREADS") }),
};
