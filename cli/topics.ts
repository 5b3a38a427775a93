/**
 * The topics that a log must have.
 * @module
 */
import { contracts, derivedTopics } from "../core/events/mod.ts";
import type { EventLog } from "../core/ports.ts";

/** Makes the topics that are missing, and leaves the derived ones to retention alone: nothing is rebuilt from them. */
export async function ensureTopics(log: EventLog): Promise<void> {
  const derived = Object.values(derivedTopics);
  await log.ensureTopics([
    ...contracts.map(({ topic, partitions }) => ({ topic, partitions })),
    ...derived.map((topic) => ({ topic, partitions: 1 })),
  ]);
  for (const topic of derived) {
    await log.setRetentionFloor({ topic, partition: 0, offset: Number.MAX_SAFE_INTEGER });
  }
}
