/**
 * What the dashboard is given to read.
 * @module
 */
import type { Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { partitionCountOf, partitionCounts } from "../../processor/engine/partition_counts.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { infoOf } from "../../processor/pipeline_info.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import type { Services } from "../../routes/(_lib)/state.ts";

/** Readers of these stores; sources and processor of this process, where they run in it. */
export async function readersOf(
  stores: Stores,
  { sources, processor }: Pick<Services, "sources" | "processor">,
): Promise<Services> {
  const counts = await partitionCounts(stores.log);
  return {
    store: stores.summaryStore,
    feed: stores.liveFeed,
    clock: systemClock,
    pipelines: pipelines.map(infoOf),
    async openWindows(name) {
      const pipeline = pipelines.find((candidate) => candidate.name === name);
      if (pipeline === undefined) return [];
      const partitionCount = await partitionCountOf(stores.log, counts, pipeline.topic);
      return await openWindows(pipeline, { ...stores, partitionCount });
    },
    sources,
    processor,
    troubles: () => stores.troubles(),
    startedMs: systemClock.nowMs(),
  };
}
