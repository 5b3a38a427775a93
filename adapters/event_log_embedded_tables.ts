/**
 * The embedded log's tables and what is kept of them in memory.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { memoPartitioner } from "../core/partitioner.ts";
import { openSqlite, type SqliteFormat } from "./sqlite.ts";

/** A partition as kept in memory; the file holds the same, but the floor. */
export interface PartitionState {
  readonly id: number;
  readonly topic: string;
  readonly partition: number;
  startOffset: number;
  nextOffset: number;
  lastAppendMs: number;
  bytes: number;
  /** Retention may delete below; not stored: each owner says it anew. */
  floor: number;
}

/** A topic as kept in memory. */
export interface TopicState {
  readonly id: number;
  readonly topic: string;
  readonly incarnation: string;
  readonly partitions: readonly PartitionState[];
  /** Partition of a key. */
  readonly partitionOf: (key: string) => number;
}

const format: SqliteFormat = {
  applicationId: 0x74644c31, // tdL1
  version: 1,
  synchronous: "FULL", // append resolves when durable
  // batches.id is rowIdOf(): a small append writes no page of an index. `text` is last, so that what a read and retention
  // must know of a row of a mebibyte is had without it.
  schema: `
    CREATE TABLE topics (id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, incarnation TEXT NOT NULL) STRICT;
    CREATE TABLE partitions (
      id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL, partition INTEGER NOT NULL, start_offset INTEGER NOT NULL,
      next_offset INTEGER NOT NULL, last_append_ms INTEGER NOT NULL, bytes INTEGER NOT NULL,
      UNIQUE (topic_id, partition)) STRICT;
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY, records INTEGER NOT NULL, bytes INTEGER NOT NULL, append_ms INTEGER NOT NULL,
      dictionary TEXT NOT NULL, columns BLOB NOT NULL, text ANY NOT NULL) STRICT;
    CREATE TABLE positions (id TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;`,
};

/** Room for offsets in a row id: 2^40 records a partition, and within 2^53 8,191 partitions. */
const OFFSETS_PER_PARTITION = 2 ** 40;
/** The highest partition id that {@link rowIdOf} takes. */
export const PARTITION_ID_MAX = 8_191;

/** Id of the row that begins at `offset`: rows of one partition stand together, in order. */
export function rowIdOf(partitionId: number, offset: number): number {
  return partitionId * OFFSETS_PER_PARTITION + offset;
}

/** The offset in a row id. */
export function offsetOf(rowId: number): number {
  return rowId % OFFSETS_PER_PARTITION;
}

/** The prepared statements. */
export type LogStatements = ReturnType<typeof prepareStatements>;

function prepareStatements(db: DatabaseSync) {
  const as = (sql: string): StatementSync => db.prepare(sql);
  return {
    insertBatch: as(`INSERT INTO batches (id, records, bytes, append_ms, dictionary, columns, text)
      VALUES (?, ?, ?, ?, ?, ?, ?)`),
    updateEnd: as("UPDATE partitions SET next_offset = ?, last_append_ms = ?, bytes = ? WHERE id = ?"),
    savePosition: as(`INSERT INTO positions (id, state) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET state = excluded.state`),
    loadPosition: as("SELECT state FROM positions WHERE id = ?"),
    idAt: as("SELECT id FROM batches WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1"),
    sizes: as("SELECT id, records, bytes FROM batches WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 5000"),
    batches: as(`SELECT id, records, append_ms, dictionary, columns, text FROM batches
      WHERE id BETWEEN ? AND ? ORDER BY id`),
    oldest: as("SELECT id, records, bytes, append_ms FROM batches WHERE id BETWEEN ? AND ? ORDER BY id LIMIT 1"),
    deleteBatch: as("DELETE FROM batches WHERE id = ?"),
    updateStart: as("UPDATE partitions SET start_offset = ?, bytes = ? WHERE id = ?"),
    insertTopic: as("INSERT INTO topics (topic, incarnation) VALUES (?, ?)"),
    insertPartition: as(`INSERT INTO partitions
      (topic_id, partition, start_offset, next_offset, last_append_ms, bytes) VALUES (?, ?, 0, 0, 0, 0)`),
    topics: as("SELECT id, topic, incarnation FROM topics ORDER BY topic"),
    partitions: as("SELECT * FROM partitions WHERE topic_id = ? ORDER BY partition"),
  };
}

/** Opens the file and prepares the statements; throws `SqliteFileError`. */
export function openLogTables(path: string): { db: DatabaseSync; statements: LogStatements } {
  const db = openSqlite(path, format);
  return { db, statements: prepareStatements(db) };
}

/** The topics with their partitions as stored. */
export function readTopics(statements: LogStatements): Map<string, TopicState> {
  const topics = new Map<string, TopicState>();
  for (const { id, topic, incarnation } of statements.topics.all() as { [name: string]: unknown }[]) {
    topics.set(String(topic), readTopic(statements, Number(id), String(topic), String(incarnation)));
  }
  return topics;
}

/** One topic with its partitions as stored. */
export function readTopic(statements: LogStatements, id: number, topic: string, incarnation: string): TopicState {
  const partitions = (statements.partitions.all(id) as { [name: string]: unknown }[]).map((row): PartitionState => ({
    id: Number(row.id),
    topic,
    partition: Number(row.partition),
    startOffset: Number(row.start_offset),
    nextOffset: Number(row.next_offset),
    lastAppendMs: Number(row.last_append_ms),
    bytes: Number(row.bytes),
    floor: 0,
  }));
  return { id, topic, incarnation, partitions, partitionOf: memoPartitioner(partitions.length) };
}
