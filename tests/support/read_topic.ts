/**
 * Reads what a process left in the log of its data folder, once it has ended.
 * @module
 */
import { openEmbeddedLog } from "../../adapters/event_log_embedded.ts";
import { systemClock } from "../../core/clock.ts";
import type { EventLog, LogRecord } from "../../core/ports.ts";

/** Opens the log of a data folder that nobody owns at the moment. */
export function openLogOf(dataDir: string): Promise<EventLog> {
  const path = `${dataDir}/log.db`;
  return openEmbeddedLog({ path, clock: systemClock, retentionMs: Infinity, sizeBytesMax: Infinity });
}

/** All records of a topic, partition after partition. */
export async function recordsOf(log: EventLog, topic: string): Promise<LogRecord[]> {
  const left = (await log.endOffsets(topic)).filter((end) => end > 0).length;
  const byPartition = new Map<number, LogRecord[]>();
  const stop = new AbortController();
  const options = {
    topics: [topic],
    group: "test",
    onAssign: () => Promise.resolve(0),
    onRevoke: () => Promise.resolve(),
    signal: stop.signal,
  };
  let ended = 0;
  if (left > 0) {
    for await (const { partition, records, endOffset } of log.consume(options)) {
      byPartition.set(partition, [...byPartition.get(partition) ?? [], ...records]);
      if (records.at(-1)?.offset === endOffset - 1) ended++;
      if (ended === left) stop.abort();
    }
  }
  return [...byPartition].sort(([a], [b]) => a - b).flatMap(([, records]) => records);
}

/** The values of a topic of a data folder. */
export async function topicValues<T>(dataDir: string, topic: string): Promise<T[]> {
  await using log = await openLogOf(dataDir);
  return (await recordsOf(log, topic)).map(({ value }) => JSON.parse(value) as T);
}
