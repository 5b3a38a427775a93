/**
 * Ownership and progress: the program that acquires a partition, and progress rows as read.
 * @module
 */
import type { AcquiredPartition, Progress, TopicPartition } from "../core/ports.ts";
import { progressFields } from "./summary_store_commit.ts";
import type { SqlRow, SqlSession } from "./summary_store_session.ts";
import { arrayLiteral, decodeValue } from "./summary_store_values.ts";

/** Fields of {@link StoredProgress} with their columns. */
const fields = [
  ["pipeline", "pipeline", "text"],
  ["topic", "topic", "text"],
  ["partition", "partition", "integer"],
  ["epoch", "epoch", "bigint"],
  ...progressFields,
] as const;
const selected = fields.map(([, name]) => `"${name}"::text`).join(", ");

/** A progress row with its place and epoch. */
export type StoredProgress = Progress & TopicPartition & { readonly epoch: number };

/** Raises the epoch of the pipelines' rows above all of them and reads what is stored. */
export async function acquirePartition(
  session: SqlSession,
  { topic, partition }: TopicPartition,
  pipelines: readonly string[],
): Promise<AcquiredPartition> {
  if (pipelines.length === 0) throw new TypeError("Cannot acquire a partition: no pipeline is named");
  const params = [topic, String(partition), arrayLiteral(pipelines).literal];
  const mine = `topic = $1::text AND "partition" = $2::text::integer AND pipeline = ANY ($3::text::text[])`;
  const results = await session.transaction([
    {
      text: `INSERT INTO progress (topic, "partition", pipeline, epoch)
        SELECT DISTINCT $1::text, $2::text::integer, u.pipeline, 0 FROM unnest($3::text::text[]) AS u(pipeline)
        ORDER BY u.pipeline ON CONFLICT DO NOTHING`,
      params,
    },
    // The next statement then sees what the holder of the lock before us has committed.
    { text: `SELECT 1::text FROM progress WHERE ${mine} ORDER BY pipeline FOR UPDATE`, params },
    {
      text: `UPDATE progress SET epoch = (SELECT max(epoch) + 1 FROM progress WHERE ${mine}) WHERE ${mine}
        RETURNING ${selected}`,
      params,
    },
    {
      text: `SELECT pipeline::text, name::text, key::text, state::text FROM keyed_state WHERE ${mine}
        ORDER BY pipeline COLLATE "C", name COLLATE "C", key COLLATE "C"`,
      params,
    },
  ]);
  const [, , progressRows, stateRows] = results!;
  const rows = progressRows!.map(storedProgress);
  return {
    epoch: rows[0]!.epoch,
    progress: rows.filter((row) => row.incarnation !== null)
      .map(({ topic: _, partition: __, epoch: ___, ...progress }) => progress),
    keyedStates: stateRows!.map(([pipeline, name, key, state]) => ({
      pipeline: pipeline!,
      name: name!,
      key: key!,
      state: JSON.parse(state!) as unknown,
    })),
  };
}

/** Progress of all partitions that something was committed for. */
export async function readProgress(session: SqlSession): Promise<StoredProgress[]> {
  const rows = await session.query(`SELECT ${selected} FROM progress WHERE incarnation IS NOT NULL
    ORDER BY pipeline COLLATE "C", topic COLLATE "C", "partition"`);
  return rows.map(storedProgress);
}

/** A row as selected; its incarnation is null where nothing was committed yet, and callers leave such rows out. */
function storedProgress(row: SqlRow): StoredProgress {
  const entries = fields.map(([field, , type], index) => [field, decodeValue(row[index] ?? null, type)]);
  return Object.fromEntries(entries) as StoredProgress;
}
