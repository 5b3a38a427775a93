/**
 * The counts of a run, over the door and all partitions: read = accepted + dead + late + duplicate + ignored.
 * @module
 */
import type { PipelineCounts, SummaryStore } from "../core/ports.ts";
import type { ReplayCounts } from "../ingest/replay/replay.ts";
import type { Pipeline } from "../processor/pipeline.ts";

/** What a run printed with --json says. */
export interface RunOutcome {
  readonly run: string;
  readonly read: number;
  readonly accepted: number;
  readonly dead: number;
  readonly late: number;
  readonly duplicate: number;
  readonly ignored: number;
  readonly ignored_kinds: Readonly<Record<string, number>>;
  /** Lines that a finished run had read before, or that stand in two files of the call; not part of `read`. */
  readonly skipped: number;
  /** Counts by pipeline; `unenriched` only where enrichers are at work. */
  readonly pipelines: Readonly<Record<string, Readonly<PipelineCounts>>>;
  readonly duration_ms: number;
}

/** Puts the counts together, for these pipelines. */
export async function outcomeOf(
  store: Pick<SummaryStore, "runCounts">,
  { input, drained, pipelines, durationMs }: {
    input: { readonly runId: string; counts(): ReplayCounts };
    drained: ReadonlyMap<string, number>;
    pipelines: readonly Pipeline[];
    durationMs: number;
  },
): Promise<RunOutcome> {
  const door = input.counts();
  const stored = await store.runCounts(input.runId);
  const count = (pipeline: string, counter: string): number =>
    stored.find((row) => row.pipeline === pipeline && row.counter === counter)?.value ?? 0;
  const perPipeline = pipelines.map(({ name, enrichers }) => {
    const counters = ["in", "accepted", "dead", "late", "late_partial", "duplicate"];
    if (enrichers.length > 0) counters.push("unenriched");
    const counts = Object.fromEntries(counters.map((counter) => [counter, count(name, counter)]));
    return [name, { ...counts, windows: count(name, "windows") + (drained.get(name) ?? 0) }] as const;
  });
  return {
    run: input.runId,
    read: door.read,
    // Of a topic that no pipeline reads, what the door let in is what there is.
    accepted: pipelines.length === 0 ? door.read - door.dead - door.ignored : count("", "accepted"),
    dead: door.dead + count("", "dead"),
    late: count("", "late"),
    duplicate: count("", "duplicate"),
    ignored: door.ignored,
    ignored_kinds: door.ignoredKinds,
    skipped: door.skipped,
    pipelines: Object.fromEntries(perPipeline) as Record<string, PipelineCounts>,
    duration_ms: durationMs,
  };
}
