/**
 * The little of a database that the SummaryStore's SQL needs. Text in and text out: every parameter is text (or null) and
 * is cast in the SQL, every selected column is cast to text. So no driver's own types stand between PGlite and Postgres.
 * @module
 */

/** A parameter: text that the SQL casts (`$1::text::bigint`), or null. */
export type SqlParam = string | null;

/** A row: the selected columns, all cast to text. */
export type SqlRow = readonly (string | null)[];

/** One statement of a transaction program. */
export interface SqlStep {
  readonly text: string;
  /** Left out: `text` is a script of any number of statements, and gives no rows. */
  readonly params?: readonly SqlParam[];
  /** Without a row of it the whole transaction is rolled back. */
  readonly guard?: boolean;
}

/** How a transaction program is to be run. */
export interface TransactionOptions {
  /**
   * A statement that gives a row where the transaction was written, asked when the answer to its COMMIT was lost; it must wait
   * for a transaction that is still at work. Without it a transaction in doubt is run again, so it must be safe to repeat.
   */
  readonly proof?: SqlStep;
}

/** A connection, or a pool of them. Calls are safe side by side. */
export interface SqlSession extends AsyncDisposable {
  /** The rows of one statement that only reads: it may be repeated. */
  query(text: string, params?: readonly SqlParam[]): Promise<SqlRow[]>;
  /**
   * Runs the steps in order in one READ COMMITTED transaction: the rows of each, or null when a guard rolled it back; no
   * rows where the answer was lost and `proof` showed that it was written. A rejection says that nothing was written, or,
   * where it says so, that the connection was lost and did not come back within the bound: then it is unknown.
   */
  transaction(steps: readonly SqlStep[], options?: TransactionOptions): Promise<SqlRow[][] | null>;
}

/** Postgres refused a statement; what the transaction wrote is undone. */
export class SqlError extends Error {
  override readonly name = "SqlError";
  /** The five letters by which Postgres names the fault. */
  readonly sqlState: string;

  constructor(message: string, sqlState: string) {
    super(`${message} (SQLSTATE ${sqlState})`);
    this.sqlState = sqlState;
  }
}
