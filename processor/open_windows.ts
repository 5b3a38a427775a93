/**
 * Open windows for readers: the WindowStore's slices merged into early panes, and its copy of the sessions.
 * @module
 */
import { partitionOf } from "../core/partitioner.ts";
import type { LiveUpdate, StoredSlice, SummaryStore, WindowStore } from "../core/ports.ts";
import { readCopy } from "./engine/session_table.ts";
import { SlicedPartition } from "./engine/sliced_partition.ts";
import { liveUpdateOf } from "./engine/pane.ts";
import type { Pipeline } from "./pipeline.ts";

/** Where to read from. */
export interface OpenWindowsOptions {
  readonly windowStore: Pick<WindowStore, "open">;
  readonly summaryStore: Pick<SummaryStore, "progress">;
  /** Partitions of the pipeline's topic. */
  readonly partitionCount: number;
}

/**
 * The slices are as of the WindowStore's last write, which is not that of the progress row: whatever the live feed says of
 * a window is newer, or will be followed by what is.
 */
const OLDEST = 0;

/** The windows that have not fired yet, as of the WindowStore's last write. */
export async function openWindows(pipeline: Pipeline, options: OpenWindowsOptions): Promise<LiveUpdate[]> {
  const { windowStore, summaryStore, partitionCount } = options;
  const [slices, progress] = await Promise.all([windowStore.open(pipeline.windowsName), summaryStore.progress()]);
  const byPartition = new Map<number, StoredSlice[]>();
  for (const slice of slices) {
    const partition = partitionOf(slice.key, partitionCount);
    const own = byPartition.get(partition);
    if (own === undefined) byPartition.set(partition, [slice]);
    else own.push(slice);
  }
  const updates: LiveUpdate[] = [];
  for (const [partition, own] of byPartition) {
    const found = progress.find((row) =>
      row.pipeline === pipeline.name && row.topic === pipeline.topic && row.partition === partition
    );
    if (found === undefined) continue;
    const { watermarkMs, eventTimeMsMax, nextOffset, generation } = found;
    if (pipeline.window.kind === "session") {
      const open = own.map(readCopy).filter(({ windowEndMs }) => windowEndMs > (watermarkMs ?? -Infinity));
      const how = { timing: "early" as const, revision: OLDEST };
      updates.push(...open.map((session) => liveUpdateOf(pipeline, { ...session, ...how }, generation)));
      continue;
    }
    const state = new SlicedPartition({
      pipeline,
      watermarkMs,
      eventTimeMsMax,
      keyedStates: [],
      tracksLive: false,
    });
    for (const slice of own) state.restoreSlice(slice, nextOffset);
    const panes = state.openPanes(OLDEST, "early");
    updates.push(...panes.map((pane) => liveUpdateOf(pipeline, pane, generation)));
  }
  return updates;
}
