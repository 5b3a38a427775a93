/**
 * Retention of kept events: whole days are dropped, which costs the same whatever they hold.
 * @module
 */
import { days } from "../core/time.ts";
import { partitionLock, partitionName } from "./raw_events_write.ts";
import type { SqlSession } from "./summary_store_session.ts";

const partitionsSql = `SELECT c.relname::text FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'raw_events'::regclass ORDER BY c.relname COLLATE "C"`;

/** Drops the partitions of days that ended at or before the time; gives how many. */
export async function dropEventDays(session: SqlSession, beforeMs: number): Promise<number> {
  // Names of days sort as the days do.
  const firstKept = partitionName(Math.floor(Math.max(beforeMs, 0) / days(1)) * days(1));
  const names = (await session.query(partitionsSql)).map(([name]) => name!);
  const old = names.filter((name) => /^raw_events_\d{8}$/.test(name) && name < firstKept);
  // One at a time: dropping waits for every reader and writer of the whole table, and they wait for it.
  for (const name of old) {
    await session.transaction([partitionLock, { text: `DROP TABLE IF EXISTS ${name}` }]);
  }
  return old.length;
}
