/**
 * One connection to Postgres by npm:postgres, in the words of {@link SqlSession}: text in and text out.
 *
 * A transaction takes three round trips, whatever its number of steps: BEGIN with the fence, all other steps together, and
 * COMMIT by itself. COMMIT goes out only when every step has succeeded. The driver repeats a prepared statement that the
 * server has forgotten, and must never do so behind a COMMIT; and only a connection lost after it leaves a doubt.
 *
 * A client of the driver serves one connection here and never reconnects: whatever fails throws the client away.
 * @module
 */
import type { Socket } from "node:net";
import postgres from "postgres";
import type { PostgresTarget } from "../core/config/postgres.ts";
import { messageOf } from "../core/errors.ts";
import { ConnectionLostError, readDriverError } from "./summary_store_postgres_errors.ts";
import { openSocket, RefusedError } from "./summary_store_postgres_socket.ts";
import { SqlError, type SqlParam, type SqlRow, type SqlStep } from "./summary_store_session.ts";

/** Bounds of time; the first three are the server's own settings for the connection. */
export interface PostgresTimes {
  /** One statement. */
  readonly statementMs: number;
  /** Waiting for a lock. */
  readonly lockMs: number;
  /** A transaction whose client says nothing: frees what a stopped process holds. */
  readonly idleInTransactionMs: number;
  /** Opening a connection, log-in included. */
  readonly connectMs: number;
  /** A whole call as seen from here; then the connection is given up. */
  readonly callMs: number;
}

/** The bounds where nothing else is said. */
export const postgresTimes: PostgresTimes = {
  statementMs: 60_000,
  lockMs: 20_000,
  idleInTransactionMs: 10_000,
  connectMs: 5_000,
  callMs: 90_000,
};

/** How a connection is opened. */
export interface ConnectionOptions {
  readonly target: PostgresTarget;
  /** Certificates to trust in PEM, or null for the system's. */
  readonly ca: string | null;
  readonly times: PostgresTimes;
}

/** The rows of an answer and its command. */
interface Answer {
  readonly rows: SqlRow[];
  readonly command: string;
}

/** An open connection. One call at a time. */
export class PostgresConnection {
  readonly #socket: Socket;
  readonly #times: PostgresTimes;
  readonly #client: postgres.Sql;
  #loggedIn = false;
  #closing: Promise<void> | null = null;

  /** Opens a connection: a {@link ConnectionLostError}, {@link RefusedError} or {@link SqlError} says why it could not be had. */
  static async open(options: ConnectionOptions): Promise<PostgresConnection> {
    const { target, ca, times } = options;
    const endMs = performance.now() + times.connectMs;
    let socket: Socket;
    try {
      socket = await openSocket(target, { ca, timeoutMs: times.connectMs });
    } catch (error) {
      if (error instanceof RefusedError) throw error;
      throw new ConnectionLostError(messageOf(error), { inDoubt: false });
    }
    const connection = new PostgresConnection(socket, options);
    // The first statement logs in.
    const leftMs = Math.max(1, endMs - performance.now());
    await connection.#within(leftMs, () => connection.#run({ text: "SELECT 1", params: [] }));
    connection.#loggedIn = true;
    return connection;
  }

  private constructor(socket: Socket, { target, times }: ConnectionOptions) {
    this.#socket = socket;
    this.#times = times;
    socket.on("close", () => this.close());
    let taken = false;
    const options = {
      ...{ host: target.host, port: target.port, database: target.database, user: target.user, pass: target.password },
      // A second call is the driver's attempt to reconnect, which has neither a bound nor our TLS.
      socket: () => {
        if (taken) throw new Error("the connection was lost");
        taken = true;
        return socket;
      },
      ...{ max: 1, ssl: false, fetch_types: false, prepare: true, debug: false },
      ...{ idle_timeout: 0, max_lifetime: 0, connect_timeout: times.connectMs / 1000, keep_alive: 30, backoff: false },
      ...{ onnotice: () => {}, no_subscribe: true, max_pipeline: 100 },
      connection: {
        application_name: "tidemark",
        client_min_messages: "warning",
        statement_timeout: times.statementMs,
        lock_timeout: times.lockMs,
        idle_in_transaction_session_timeout: times.idleInTransactionMs,
      },
    };
    this.#client = postgres(options as unknown as postgres.Options<Record<string, never>>);
  }

  /** Whether another call can be made. */
  get alive(): boolean {
    return this.#closing === null;
  }

  /** The rows of one statement. */
  query(text: string, params: readonly SqlParam[]): Promise<SqlRow[]> {
    return this.#within(this.#times.callMs, async () => (await this.#run({ text, params }, { once: true })).rows);
  }

  /** As {@link SqlSession.transaction}, tried once. */
  transaction(steps: readonly SqlStep[]): Promise<SqlRow[][] | null> {
    return this.#within(this.#times.callMs, (sent) => this.#transact(steps, sent));
  }

  /** Ends the connection; what is under way fails, and what the driver still holds back with it. */
  close(): Promise<void> {
    // The driver's good-bye waits for nothing, but it does not end a connection that is silent.
    this.#closing ??= this.#client.end({ timeout: 0 }).catch(() => {}).then(() => void this.#socket.destroy());
    return this.#closing;
  }

  async #transact(steps: readonly SqlStep[], onCommit: () => void): Promise<SqlRow[][] | null> {
    const results: SqlRow[][] = [];
    let group: SqlStep[] = [{ text: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" }];
    try {
      for (const [index, step] of steps.entries()) {
        group.push(step);
        if (!step.guard && index < steps.length - 1) continue;
        const answers = await this.#runAll(group);
        results.push(...(results.length === 0 ? answers.slice(1) : answers).map(({ rows }) => rows));
        group = [];
        if (step.guard && results.at(-1)!.length === 0) {
          await this.#run({ text: "ROLLBACK" });
          return null;
        }
      }
    } catch (error) {
      if (error instanceof SqlError && this.alive) await this.#run({ text: "ROLLBACK" });
      throw error;
    }
    onCommit();
    const { command } = await this.#run({ text: "COMMIT" });
    // Postgres answers ROLLBACK where a step had failed; we would have seen that, and must not take it for a commit.
    if (command !== "COMMIT") throw new Error(`Cannot commit: Postgres answered ${command}`);
    return results;
  }

  /** Sends all without waiting in between; the first failure is thrown once every answer is there. */
  async #runAll(steps: readonly SqlStep[]): Promise<Answer[]> {
    const settled = await Promise.allSettled(steps.map((step) => this.#run(step)));
    const failed = settled.find(({ status }) => status === "rejected");
    if (failed) throw (failed as PromiseRejectedResult).reason;
    return settled.map((answer) => (answer as PromiseFulfilledResult<Answer>).value);
  }

  async #run({ text, params }: SqlStep, { once = false } = {}): Promise<Answer> {
    try {
      // The few texts of transactions are planned once a connection; a reader's are many, and each is planned for its values.
      const sent = this.#client.unsafe<SqlRow[]>(text, [...params ?? []], { prepare: !once });
      const result = await sent.values();
      return { rows: params ? [...result] as unknown as SqlRow[] : [], command: result.command };
    } catch (error) {
      const { message, sqlState, fatal } = readDriverError(error);
      if (!fatal) throw new SqlError(message, sqlState!);
      this.close();
      // Refused at the door is an answer; later the server's last words say nothing about what it has done.
      if (this.#loggedIn || sqlState === null) throw new ConnectionLostError(message, { inDoubt: false });
      throw new SqlError(message, sqlState);
    }
  }

  /** Gives the connection up after the time; tells what a loss means once COMMIT has been sent. */
  async #within<T>(timeoutMs: number, call: (onCommit: () => void) => Promise<T>): Promise<T> {
    let inDoubt = false;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.close();
    }, timeoutMs);
    try {
      return await call(() => inDoubt = true);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) throw error;
      throw new ConnectionLostError(late ? `no answer within ${timeoutMs} ms` : error.message, { inDoubt });
    } finally {
      clearTimeout(timer);
    }
  }
}
