/**
 * What the oracle is told of a run beside the records: of which generation what is to be there at its end is, what idling
 * granted to it, and what it could not read.
 * @module
 */
import type { LogRecord } from "../../core/ports.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type { GrantFact } from "./history.ts";
import { simTopic } from "./pipelines.ts";
import type { World } from "./ports.ts";
import type { Scenario } from "./scenario.ts";
import type { GapFact } from "./takeover.ts";

/** A topic that was deleted, with what it held. */
export interface PastTopic {
  readonly incarnation: string;
  readonly partitions: readonly (readonly LogRecord[])[];
}

/** A run at its end. */
export interface Ending extends World {
  readonly scenario: Scenario;
  /** Of the pipelines, at the end. */
  readonly version: number;
  readonly past: readonly PastTopic[];
  /** The life that was there at the end: nothing cut its publishing off. */
  readonly lastLife: string;
  /** Windows that it drained, by pipeline. */
  readonly drained: ReadonlyMap<string, number>;
}

/** The facts of a run. */
export interface Facts {
  readonly partitionFor: (key: string) => number;
  /** Those that the generations at the end have met. */
  readonly grants: readonly GrantFact[];
  readonly gaps: readonly GapFact[];
  /** Whether a row is of the generation at the end. */
  isLast(row: { readonly pipeline: string; readonly key: string; readonly generation: number }): boolean;
  /** Pipelines that have started anew: what earlier generations wrote under other keys, and counted, is there as well. */
  readonly renewed: ReadonlySet<string>;
  /** Whether records are gone that nobody had read to the end. */
  readonly hasForgotten: boolean;
}

/** Gathers them. */
export async function factsOf({ scenario, history, summaryStore }: Ending): Promise<Facts> {
  const partitionFor = (key: string) => partitionOf(key, scenario.options.partitions);
  const generations = new Map<string, number>();
  const renewed = new Set<string>();
  for (const { pipeline, partition, generation } of await summaryStore.progress()) {
    generations.set(`${pipeline}/${partition}`, generation);
    if (generation > 0) renewed.add(pipeline);
  }
  const isOf = (fact: { pipeline: string; partition: number; generation: number }) =>
    generations.get(`${fact.pipeline}/${fact.partition}`) === fact.generation;
  return {
    partitionFor,
    grants: history.grants.filter(isOf),
    gaps: history.gaps.filter(isOf),
    isLast: ({ key, ...row }) => isOf({ ...row, partition: partitionFor(key) }),
    renewed,
    hasForgotten: scenario.steps.some(({ action }) => action.kind === "forget"),
  };
}

/** Records by run that were read in topics that are no more. */
export function pastReads({ past, history }: Ending): ReadonlyMap<string, number> {
  const reads = new Map<string, number>();
  for (const { incarnation, partitions } of past) {
    for (const [partition, records] of partitions.entries()) {
      for (const { runId } of records.slice(0, history.counted.get(`${incarnation}/${partition}`) ?? 0)) {
        reads.set(runId!, (reads.get(runId!) ?? 0) + 1);
      }
    }
  }
  return reads;
}

/** The topic that is there. */
export const recordsOf = ({ log }: Ending): readonly (readonly LogRecord[])[] => log.recordsOf(simTopic);
