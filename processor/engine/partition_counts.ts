/**
 * A topic whose number of partitions has changed is not read on: nearly every key lies elsewhere now, so that two
 * partitions would write rows of the same windows, each with a part of the events.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import type { EventLog, Progress, TopicPartition } from "../../core/ports.ts";
import type { Pipeline } from "../pipeline.ts";

/** Partitions by topic. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** How many partitions each topic has now. */
export async function partitionCounts(log: EventLog): Promise<PartitionCounts> {
  return new Map((await log.topics()).map(({ topic, partitions }) => [topic, partitions]));
}

/**
 * How many partitions a topic has, which may have been made after they were counted. Never a guess: most records would
 * count as misplaced, and the next start would be refused.
 */
export async function partitionCountOf(log: EventLog, counts: PartitionCounts, topic: string): Promise<number> {
  const count = counts.get(topic) ?? (await partitionCounts(log)).get(topic);
  if (count === undefined) throw new Error(`Cannot read topic ${topic}: the log does not name it among its topics`);
  return count;
}

/**
 * Compares with what earlier owners have stored; a topic that was made anew may have any number.
 *
 * @throws {UserError} for a topic that has another number than it was read with.
 */
export async function refuseStoredCounts(
  log: EventLog,
  { pipelines, stored, counts }: {
    pipelines: readonly Pipeline[];
    stored: readonly (Progress & TopicPartition)[];
    counts: PartitionCounts;
  },
): Promise<void> {
  for (const row of stored) {
    const count = counts.get(row.topic);
    if (count === undefined || row.partitionCount === null || row.partitionCount === count) continue;
    if (row.partition >= count) continue;
    if (!pipelines.some(({ name, topic }) => name === row.pipeline && topic === row.topic)) continue;
    if (await log.incarnation(row, row) === row.incarnation) throw changed(row.topic, row.partitionCount, count);
  }
}

/** The highest generation of each pipeline on another topic than it reads now: its rows are older than any from now on. */
export function generationsElsewhere(
  pipelines: readonly Pipeline[],
  stored: readonly (Progress & TopicPartition)[],
): Map<string, number> {
  const generations = new Map<string, number>();
  for (const { name, topic } of pipelines) {
    const others = stored.filter((row) => row.pipeline === name && row.topic !== topic);
    if (others.length > 0) generations.set(name, Math.max(...others.map(({ generation }) => generation)));
  }
  return generations;
}

/**
 * Compares with what this process began with. A topic that is gone is not looked at.
 *
 * @throws {UserError} for a topic that has another number.
 */
export function refuseNewCounts(before: PartitionCounts, now: PartitionCounts, topics: Iterable<string>): void {
  for (const topic of topics) {
    const [old, count] = [before.get(topic), now.get(topic)];
    if (old !== undefined && count !== undefined && count !== old) throw changed(topic, old, count);
  }
}

const changed = (topic: string, before: number, now: number): UserError =>
  new UserError("unavailable", {
    cause: `topic ${topic} has ${now} partitions and was read with ${before}: most of its keys lie elsewhere now`,
    fix: `make the topic anew with the partitions that you want and start again, or use another TOPIC_PREFIX`,
  });
