/**
 * The SummaryStore in SQL, one text for PGlite and for Postgres 15: an adapter brings a {@link SqlSession}.
 * @module
 */
import { UserError } from "../core/errors.ts";
import type {
  AcquiredPartition,
  RowQuery,
  RunCount,
  SummaryChange,
  SummaryStore,
  TableInfo,
  TableRows,
  TopicPartition,
} from "../core/ports.ts";
import { type Migration, migrations } from "../sql/mod.ts";
import { commitProgram, commitProof } from "./summary_store_commit.ts";
import { acquirePartition, readProgress, type StoredProgress } from "./summary_store_progress.ts";
import { dropEventDays } from "./raw_events_retention.ts";
import { EventPartitions } from "./raw_events_write.ts";
import { SqlError, type SqlSession, type SqlStep } from "./summary_store_session.ts";
import { type PageStart, type ReadableTable, readTables, TableReader } from "./summary_store_tables.ts";

/** How a store in SQL is made. */
export interface SqlSummaryStoreOptions {
  /** What {@link SummaryStore.migrate} applies. Default: sql/mod.ts. */
  readonly migrations?: readonly Migration[];
  /** Called after a commit that replaced characters that Postgres refuses, with the number of values changed. */
  readonly onReplaced?: (values: number) => void;
}

/** Rows of a scan's portion where the caller names no number. */
const portionRowsDefault = 2_000;

/** Key of the advisory lock that makes migrations of several processes take turns. */
const migrationLock: SqlStep = { text: "SELECT pg_advisory_xact_lock(7414638)::text", params: [] };

/** A SummaryStore in SQL. */
export interface SqlStore extends SummaryStore {
  /**
   * Names the database as it is: another server, another database, and one whose tables were made anew from a dump, have
   * other names. Epochs of one name only rise. Once it was migrated.
   */
  identity(): Promise<string>;
}

/** A SummaryStore on a session, which it owns from then on. */
export function createSqlSummaryStore(session: SqlSession, options: SqlSummaryStoreOptions = {}): SqlStore {
  return new SqlSummaryStore(session, options);
}

class SqlSummaryStore implements SqlStore {
  readonly #session: SqlSession;
  readonly #options: SqlSummaryStoreOptions;
  #tables: ReadableTable[] | null = null;
  readonly #eventPartitions: EventPartitions;
  #commits = 0;

  constructor(session: SqlSession, options: SqlSummaryStoreOptions) {
    this.#session = session;
    this.#options = options;
    this.#eventPartitions = new EventPartitions(session);
  }

  async migrate(): Promise<void> {
    const known = this.#options.migrations ?? migrations;
    const results = await this.#session.transaction([
      migrationLock,
      {
        text: `CREATE TABLE IF NOT EXISTS migrations (
          name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
        params: [],
      },
      { text: `SELECT name FROM migrations ORDER BY name COLLATE "C"`, params: [] },
    ]);
    const applied = results![2]!.map(([name]) => name!);
    const unknown = applied.filter((name) => !known.some((migration) => migration.name === name));
    if (unknown.length > 0) {
      throw new UserError("usage", {
        cause: `The store was made by a newer version of Tidemark: it has the migration ${unknown.at(-1)}`,
        fix: "Update Tidemark, or choose another DATA_DIR or POSTGRES_URL.",
      });
    }
    for (const { name, sql } of known) {
      if (applied.includes(name)) continue;
      // Another process may have been first: then the guard leaves it at that.
      await this.#session.transaction([
        migrationLock,
        {
          guard: true,
          text: "SELECT 'missing' WHERE NOT EXISTS (SELECT FROM migrations WHERE name = $1::text)",
          params: [name],
        },
        { text: sql },
        { text: "INSERT INTO migrations (name) VALUES ($1::text)", params: [name] },
      ]);
    }
    this.#tables = null;
  }

  async identity(): Promise<string> {
    const tables = `(SELECT oid FROM pg_database WHERE datname = current_database())::text || '.' ||
      'progress'::regclass::oid::text`;
    const server = "SELECT (SELECT system_identifier FROM pg_control_system())::text || '.' || ";
    const [row] = await this.#session.query(server + tables).catch((error) => {
      // A server may keep its own name from ordinary users, or have none: the tables' is told all the same.
      if (error instanceof SqlError && ["42501", "42883"].includes(error.sqlState)) {
        return this.#session.query(`SELECT '0.' || ${tables}`);
      }
      throw error;
    });
    return row![0]!;
  }

  acquire(partition: TopicPartition, pipelines: readonly string[]): Promise<AcquiredPartition> {
    return acquirePartition(this.#session, partition, pipelines);
  }

  async commit(change: SummaryChange): Promise<"committed" | "fenced"> {
    // An epoch belongs to one owner, so that no other commit has the same id.
    const commitId = `${change.epoch}:${++this.#commits}`;
    const { steps, replaced } = await commitProgram(change, commitId);
    const run = async () => {
      if (change.events) await this.#eventPartitions.ensure(change.events.rows);
      return await this.#session.transaction(steps, { proof: commitProof(change, commitId) });
    };
    const results = await run().catch((error) => {
      // No partition for a row (check_violation): another process's retention has dropped a day that this one knew.
      if (!(change.events && error instanceof SqlError && error.sqlState === "23514")) throw error;
      this.#eventPartitions.forget();
      return run();
    });
    if (results === null) return "fenced";
    if (replaced > 0) this.#options.onReplaced?.(replaced);
    return "committed";
  }

  dropEvents(beforeMs: number): Promise<number> {
    this.#eventPartitions.forget();
    return dropEventDays(this.#session, beforeMs);
  }

  progress(): Promise<StoredProgress[]> {
    return readProgress(this.#session);
  }

  async runCounts(runId: string): Promise<RunCount[]> {
    const rows = await this.#session.query(
      `SELECT pipeline::text, counter::text, sum(value)::text FROM run_counts WHERE run_id = $1::text
        GROUP BY pipeline, counter ORDER BY pipeline COLLATE "C", counter COLLATE "C"`,
      [runId],
    );
    return rows.map(([pipeline, counter, value]) => ({
      runId,
      pipeline: pipeline!,
      counter: counter!,
      value: Number(value),
    }));
  }

  async tables(): Promise<TableInfo[]> {
    this.#tables = await readTables(this.#session);
    return this.#tables.map(({ table, key, columns }) => ({ table, key, columns }));
  }

  async query(query: RowQuery): Promise<TableRows> {
    const reader = await this.#reader(query);
    const { text, params } = reader.rows();
    return reader.decode(await this.#session.query(text, params));
  }

  /** Pages by key, each its own statement: memory is bounded, and no transaction stands open while the reader waits. */
  async *scan(query: RowQuery, options: { readonly portionRows?: number } = {}): AsyncIterable<TableRows> {
    const rowsMax = options.portionRows ?? portionRowsDefault;
    if (!(rowsMax >= 1)) throw new RangeError(`Cannot scan in portions: portionRows is ${rowsMax}`);
    const reader = await this.#reader(query);
    let start: PageStart | null = null;
    let left = query.last ?? Infinity;
    if (query.last !== undefined) {
      const { text, params } = reader.firstOfLast(query.last);
      const [first] = await this.#session.query(text, params);
      if (!first) return;
      start = { at: first, inclusive: true };
    }
    while (left > 0) {
      const limit = Math.min(rowsMax, left);
      const { text, params } = reader.rows({ start, rowsMax: limit });
      const rows = await this.#session.query(text, params);
      if (rows.length > 0) yield reader.decode(rows);
      if (rows.length < limit) return;
      left -= rows.length;
      start = { at: reader.place(rows.at(-1)!), inclusive: false };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  async #reader(query: RowQuery): Promise<TableReader> {
    const find = () => this.#tables?.find((table) => table.table === query.table);
    const table = find() ?? (await this.tables(), find());
    if (!table) {
      throw new UserError("usage", {
        cause: `There is no table ${query.table}`,
        fix: `Tables: ${this.#tables!.map((known) => known.table).join(", ")}.`,
      });
    }
    return new TableReader(table, query);
  }
}
