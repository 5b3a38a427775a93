/**
 * The internal topics that pipelines with `rekey: true` read: which there are, and how they are made.
 * @module
 */
import type { EventContract } from "../core/events/contract.ts";
import type { EventLog } from "../core/ports.ts";
import type { Pipeline } from "./pipeline.ts";

/** A topic that is copied into an internal one under another key. */
export interface RekeyTarget {
  /** Of the source topic. */
  readonly contract: EventContract;
  readonly keyField: string;
  /** The internal topic. */
  readonly topic: string;
}

/** The internal topics of these pipelines, each once. */
export function rekeyTargets(pipelines: readonly Pipeline[]): RekeyTarget[] {
  const rekeyed = pipelines.filter((pipeline) => pipeline.rekeyed);
  return [...new Map(rekeyed.map(({ contract, keyField, topic }) => [topic, { contract, keyField, topic }])).values()];
}

/** Makes the internal topics that are missing, with as many partitions as their sources have. */
export async function ensureRekeyTopics(
  log: Pick<EventLog, "topics" | "ensureTopics">,
  pipelines: readonly Pipeline[],
): Promise<void> {
  const targets = rekeyTargets(pipelines);
  if (targets.length === 0) return;
  const counts = new Map((await log.topics()).map(({ topic, partitions }) => [topic, partitions]));
  await log.ensureTopics(targets.map(({ topic, contract }) => ({
    topic,
    partitions: counts.get(contract.topic) ?? contract.partitions,
  })));
}
