/**
 * What a Postgres server does in the background and PGlite, a single process, never does: checkpoints, which bound the log
 * on disk and the time of a recovery, and vacuum, which bounds tables whose rows are rewritten with every commit.
 * @module
 */
import type { PGlite } from "@electric-sql/pglite";
import type { SqlStep } from "./summary_store_session.ts";

/** A checkpoint once so much log has been written since the last one. */
const logBytesMax = 32 * 1024 * 1024;

/** The log is looked at after so many transactions, or so many characters of parameters. */
const transactionsMax = 64;
const charactersMax = 4 * 1024 * 1024;

const logBytesSql = `
  SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()`;

/** As autovacuum's defaults: 50 dead rows and a fifth of the table. */
const bloatedSql = `
  SELECT quote_ident(relname) AS name FROM pg_stat_user_tables WHERE n_dead_tup > 50 + 0.2 * n_live_tup`;

/** Counts what was written and tidies up when there is enough of it. Called between calls, so it delays only the next. */
export class PgliteUpkeep {
  readonly #db: PGlite;
  #transactions = 0;
  #characters = 0;

  constructor(db: PGlite) {
    this.#db = db;
  }

  /** Counts a transaction; now and then a checkpoint and a vacuum. */
  async afterTransaction(steps: readonly SqlStep[]): Promise<void> {
    this.#transactions++;
    for (const { params } of steps) for (const param of params ?? []) this.#characters += param?.length ?? 0;
    if (this.#transactions < transactionsMax && this.#characters < charactersMax) return;
    this.#transactions = 0;
    this.#characters = 0;
    const { rows: [log] } = await this.#db.query<{ bytes: number }>(logBytesSql);
    if (log!.bytes < logBytesMax) return;
    const { rows: bloated } = await this.#db.query<{ name: string }>(bloatedSql);
    for (const { name } of bloated) await this.#db.exec(`VACUUM (ANALYZE) ${name}`);
    await this.#db.exec("CHECKPOINT");
  }
}
