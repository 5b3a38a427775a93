/**
 * The internal topics that pipelines with `rekey: true` or a lookup read: which there are, and how they are made.
 * @module
 */
import type { EventContract } from "../core/events/contract.ts";
import type { EventLog } from "../core/ports.ts";
import type { Lookup } from "./lookup.ts";
import type { Pipeline } from "./pipeline.ts";

/** A topic that is copied into an internal one, under another key or with the fields of a lookup. */
export interface RekeyTarget {
  /** Of the source topic. */
  readonly contract: EventContract;
  readonly keyField: string;
  /** The internal topic. */
  readonly topic: string;
  /** What adds fields to the copies. */
  readonly lookup: Lookup | null;
  /** Whether a pipeline reads the table of the lookup as its topic: that one writes the dead letters. */
  readonly isTableRead: boolean;
}

/** The internal topics of these pipelines, each once. */
export function rekeyTargets(pipelines: readonly Pipeline[]): RekeyTarget[] {
  const rekeyed = pipelines.filter((pipeline) => pipeline.rekeyed);
  const read = new Set(pipelines.map(({ contract }) => contract.topic));
  const targets = rekeyed.map(({ contract, keyField, topic, lookup }) => {
    const isTableRead = lookup !== null && read.has(lookup.table.topic);
    return { contract, keyField, topic, lookup, isTableRead };
  });
  return [...new Map(targets.map((target) => [target.topic, target])).values()];
}

/** Makes the internal topics that are missing, with as many partitions as their sources have, and tables of lookups. */
export async function ensureRekeyTopics(
  log: Pick<EventLog, "topics" | "ensureTopics">,
  pipelines: readonly Pipeline[],
): Promise<void> {
  const targets = rekeyTargets(pipelines);
  if (targets.length === 0) return;
  const counts = new Map((await log.topics()).map(({ topic, partitions }) => [topic, partitions]));
  const internal = targets.map(({ topic, contract }) => ({
    topic,
    partitions: counts.get(contract.topic) ?? contract.partitions,
  }));
  const tables = targets.flatMap(({ lookup }) => lookup === null ? [] : [lookup.table]);
  await log.ensureTopics([...internal, ...tables.map(({ topic, partitions }) => ({ topic, partitions }))]);
}
