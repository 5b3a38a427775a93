/**
 * The SummaryStore on a Postgres server, version 15 or later.
 *
 * A server that is away (restarted, failed over, not reachable) is waited for here, not in the engine: only here a commit
 * whose answer was lost can be told from one that never happened. A call is tried again with growing pauses for a stated
 * time, then it rejects; the processor ends by that, and its successor takes over from the progress rows. What Postgres
 * refuses for good (a value, a missing right, a full disk) rejects at once.
 *
 * A commit is as durable as the server's synchronous_commit makes it (on by default). Behind a pooler that hands
 * connections out by transaction prepared statements must be supported by it.
 * @module
 */
import type { Clock, Random } from "../core/clock.ts";
import type { PostgresTarget } from "../core/config/postgres.ts";
import { messageOf, UserError } from "../core/errors.ts";
import type { Troubled } from "../core/status.ts";
import { PostgresConnection, type PostgresTimes, postgresTimes } from "./summary_store_postgres_connection.ts";
import { ConnectionLostError, isTransient, placeOf, userErrorOf } from "./summary_store_postgres_errors.ts";
import { PostgresPool } from "./summary_store_postgres_pool.ts";
import type { SqlParam, SqlRow, SqlSession, SqlStep, TransactionOptions } from "./summary_store_session.ts";
import { createSqlSummaryStore, type SqlStore } from "./summary_store_sql.ts";

/** For how long a call is tried again while the server is away. */
export interface RetryBounds {
  /** Opening the store. */
  readonly openMs: number;
  /** A transaction. */
  readonly transactionMs: number;
  /** A query, behind which a reader waits. */
  readonly queryMs: number;
  /** The longest pause between two attempts. */
  readonly pauseMsMax: number;
}

/** The bounds where nothing else is said. */
export const retryBounds: RetryBounds = { openMs: 30_000, transactionMs: 180_000, queryMs: 10_000, pauseMsMax: 3_000 };

/** The pause after the first failed attempt; it doubles with each. */
const firstPauseMs = 50;

/** Calls that may wait for one of the connections. */
const waitingMax = 1_000;

/** What Postgres must be at least: its number as `server_version_num` gives it. */
const versionMin = 150_000;

/** How to open the store. */
export interface PostgresOptions {
  readonly target: PostgresTarget;
  readonly clock: Clock;
  /** Spreads attempts of several processes in time. */
  readonly random: Random;
  /** What people should know: the server is away, it is back after so many attempts, a call is made again. */
  readonly onNote?: (note: string) => void;
  /** Called with the number of values in which a commit replaced U+0000 or a lone surrogate by U+FFFD. */
  readonly onReplaced?: (values: number) => void;
  readonly times?: Partial<PostgresTimes>;
  readonly retry?: Partial<RetryBounds>;
}

/** Opens the store; rejects with a UserError where the server cannot be had or is too old. */
export async function openPostgresStore(options: PostgresOptions): Promise<SqlStore & Troubled> {
  const { onReplaced } = options;
  const session = await openPostgresSession(options);
  const store = createSqlSummaryStore(session, onReplaced ? { onReplaced } : {});
  return Object.assign(store, { troubles: () => session.troubles() });
}

/** Opens the bare session, for SQL of one's own beside the store made on it. */
export async function openPostgresSession(options: PostgresOptions): Promise<SqlSession & Troubled> {
  const { target } = options;
  const session = new PostgresSession(options, await readCa(target));
  try {
    await session.check();
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error instanceof UserError ? error : userErrorOf(error, target);
  }
}

async function readCa({ caFile }: PostgresTarget): Promise<string | null> {
  if (caFile === undefined) return null;
  try {
    return await Deno.readTextFile(caFile);
  } catch (error) {
    throw new UserError("unavailable", {
      cause: `Cannot read the certificates in ${caFile}: ${messageOf(error)}`,
      fix: "Correct POSTGRES_CA_FILE.",
    });
  }
}

class PostgresSession implements SqlSession, Troubled {
  readonly #options: PostgresOptions;
  readonly #retry: RetryBounds;
  readonly #pool: PostgresPool;
  readonly #closing = new AbortController();
  /** Attempts that failed since the server was last heard of; 0 while it is there. */
  #failedAttempts = 0;
  /** Attempts that failed and were made again, and calls that were given up, since it was opened. */
  readonly #troubles = { retries: 0, given_up: 0 };

  constructor(options: PostgresOptions, ca: string | null) {
    this.#options = options;
    this.#retry = { ...retryBounds, ...options.retry };
    const { target } = options;
    const times = { ...postgresTimes, ...options.times };
    this.#pool = new PostgresPool(() => PostgresConnection.open({ target, ca, times }), {
      connectionsMax: target.connectionsMax,
      waitingMax,
    });
  }

  troubles(): Readonly<Record<string, number>> {
    return { ...this.#troubles };
  }

  /** Refuses a server that this SQL is not for. */
  async check(): Promise<void> {
    const text = `SELECT current_setting('server_version_num')::text, current_setting('server_version')::text,
      current_setting('server_encoding')::text`;
    const [row] = await this.#persist(this.#retry.openMs, () => this.#pool.use((one) => one.query(text, [])));
    const [number, version, encoding] = row!;
    const place = placeOf(this.#options.target);
    if (Number(number) < versionMin) {
      throw new UserError("unavailable", {
        cause: `Cannot use Postgres at ${place}: its version is ${version}`,
        fix: `Use version ${versionMin / 10_000} or later.`,
      });
    }
    if (encoding !== "UTF8") {
      throw new UserError("unavailable", {
        cause: `Cannot use Postgres at ${place}: its database has the encoding ${encoding}`,
        fix: "Create the database with ENCODING 'UTF8'.",
      });
    }
  }

  query(text: string, params: readonly SqlParam[] = []): Promise<SqlRow[]> {
    return this.#persist(this.#retry.queryMs, () => this.#pool.use((one) => one.query(text, params)));
  }

  transaction(steps: readonly SqlStep[], { proof }: TransactionOptions = {}): Promise<SqlRow[][] | null> {
    let inDoubt = false;
    return this.#persist(this.#retry.transactionMs, async () => {
      if (inDoubt) {
        const found = await this.#pool.use((one) => one.transaction([proof!]));
        if (found![0]!.length > 0) return [];
        inDoubt = false;
      }
      try {
        return await this.#pool.use((one) => one.transaction(steps));
      } catch (error) {
        inDoubt = proof !== undefined && error instanceof ConnectionLostError && error.inDoubt;
        throw error;
      }
    }, () => inDoubt ? "; whether its last change was written is not known" : "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#pool.close();
  }

  /** Makes a call until it succeeds, fails for good, or its time is over. */
  async #persist<T>(boundMs: number, call: () => Promise<T>, remark: () => string = () => ""): Promise<T> {
    const { clock, random, target } = this.#options;
    const { signal } = this.#closing;
    const endMs = clock.nowMs() + boundMs;
    for (let pauseMs = firstPauseMs;; pauseMs = Math.min(pauseMs * 2, this.#retry.pauseMsMax)) {
      if (signal.aborted) throw new Error("The connection to Postgres is closed");
      try {
        const result = await call();
        this.#noteSuccess();
        return result;
      } catch (error) {
        if (!isTransient(error) || signal.aborted) throw error;
        const waitMs = pauseMs * (0.5 + random.next() / 2);
        if (clock.nowMs() + waitMs > endMs) {
          this.#troubles.given_up++;
          throw userErrorOf(error, target, ` for ${boundMs / 1000} s${remark()}`);
        }
        this.#troubles.retries++;
        this.#noteFailure(error, boundMs);
        await clock.sleep(waitMs, signal);
      }
    }
  }

  #noteFailure(error: unknown, boundMs: number): void {
    const { target, onNote } = this.#options;
    const place = placeOf(target);
    if (!(error instanceof ConnectionLostError)) {
      return onNote?.(`Postgres at ${place}: trying again: ${messageOf(error)}`);
    }
    if (this.#failedAttempts++ > 0) return;
    onNote?.(`Postgres at ${place} is away, trying again for ${boundMs / 1000} s: ${messageOf(error)}`);
  }

  #noteSuccess(): void {
    const { target, onNote } = this.#options;
    if (this.#failedAttempts === 0) return;
    onNote?.(`Postgres at ${placeOf(target)} answers again, failed attempts: ${this.#failedAttempts}`);
    this.#failedAttempts = 0;
  }
}
