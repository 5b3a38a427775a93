/**
 * The topics that a log must have.
 * @module
 */
import { contracts, derivedTopics } from "../core/events/mod.ts";
import type { EventLog } from "../core/ports.ts";
import { isRekeyTopic } from "../core/rekey.ts";
import { pipelines } from "../processor/pipelines/mod.ts";
import { ensureRekeyTopics } from "../processor/rekey_targets.ts";

/**
 * Makes the topics that are missing, and leaves those that no pipeline reads to retention alone: nothing is rebuilt from
 * them, and nobody else would ever say so.
 */
export async function ensureTopics(log: EventLog): Promise<void> {
  const derived = Object.values<string>(derivedTopics);
  await log.ensureTopics([
    ...contracts.map(({ topic, partitions }) => ({ topic, partitions })),
    ...derived.map((topic) => ({ topic, partitions: 1 })),
  ]);
  await ensureRekeyTopics(log, pipelines);
  const read = new Set(
    pipelines.flatMap(({ contract, topic, lookup }) => [contract.topic, topic, lookup?.table.topic ?? topic]),
  );
  const ours = new Set([...contracts.map(({ topic }) => topic), ...derived]);
  for (const { topic, partitions } of await log.topics()) {
    if (read.has(topic) || !(ours.has(topic) || isRekeyTopic(topic))) continue;
    for (let partition = 0; partition < partitions; partition++) {
      await log.setRetentionFloor({ topic, partition, offset: Number.MAX_SAFE_INTEGER });
    }
  }
}
