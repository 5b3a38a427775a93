/**
 * What the dashboard is given to read.
 * @module
 */
import type { Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { infoOf } from "../../processor/pipeline_info.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import type { Services } from "../../routes/(_lib)/state.ts";

/** Readers of these stores; sources and processor of this process, where they run in it. */
export async function readersOf(
  stores: Stores,
  { sources, processor }: Pick<Services, "sources" | "processor">,
): Promise<Services> {
  const partitionCounts = new Map((await stores.log.topics()).map(({ topic, partitions }) => [topic, partitions]));
  return {
    store: stores.summaryStore,
    feed: stores.liveFeed,
    clock: systemClock,
    pipelines: pipelines.map(infoOf),
    openWindows: (name) => {
      const pipeline = pipelines.find((candidate) => candidate.name === name);
      if (pipeline === undefined) return Promise.resolve([]);
      return openWindows(pipeline, { ...stores, partitionCount: partitionCounts.get(pipeline.topic) ?? 1 });
    },
    sources,
    processor,
    troubles: () => stores.troubles(),
    startedMs: systemClock.nowMs(),
  };
}
