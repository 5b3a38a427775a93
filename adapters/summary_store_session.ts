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

/** A connection, or a pool of them. Calls are safe side by side. */
export interface SqlSession extends AsyncDisposable {
  /** The rows of one statement. */
  query(text: string, params?: readonly SqlParam[]): Promise<SqlRow[]>;
  /**
   * Runs the steps in order in one READ COMMITTED transaction, sent as one message: the rows of each, or null when a
   * guard rolled it back. A rejection says that nothing was written, or, when the connection was lost, that it is unknown.
   */
  transaction(steps: readonly SqlStep[]): Promise<SqlRow[][] | null>;
}
