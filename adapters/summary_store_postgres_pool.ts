/**
 * A bounded number of connections, opened when needed. A call waits for a free one in turn; so many may wait.
 * @module
 */
import type { PostgresConnection } from "./summary_store_postgres_connection.ts";

/** Bounds of a pool. */
export interface PoolBounds {
  readonly connectionsMax: number;
  /** Calls that may wait for a connection; one more is refused. */
  readonly waitingMax: number;
}

/** Connections to lend. */
export class PostgresPool {
  readonly #open: () => Promise<PostgresConnection>;
  readonly #bounds: PoolBounds;
  readonly #free: PostgresConnection[] = [];
  readonly #lent = new Set<PostgresConnection>();
  readonly #waiting: (() => void)[] = [];
  /** Connections lent or being opened. */
  #used = 0;
  #closed = false;

  constructor(open: () => Promise<PostgresConnection>, bounds: PoolBounds) {
    this.#open = open;
    this.#bounds = bounds;
  }

  /** Calls that wait for a connection. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Lends a connection for one call. */
  async use<T>(call: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    await this.#enter();
    let connection: PostgresConnection | null = null;
    try {
      connection = this.#takeFree() ?? await this.#open();
      this.#lent.add(connection);
      if (this.#closed) throw new Error("The connection to Postgres is closed");
      return await call(connection);
    } finally {
      if (connection) {
        this.#lent.delete(connection);
        if (this.#closed) await connection.close();
        else if (connection.alive) this.#free.push(connection);
      }
      const next = this.#waiting.shift();
      if (next) next();
      else this.#used--;
    }
  }

  /** Closes every connection; calls under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#free.splice(0), ...this.#lent].map((connection) => connection.close()));
  }

  /** The place of whoever leaves goes to the first that waits. */
  #enter(): Promise<void> {
    if (this.#used < this.#bounds.connectionsMax) {
      this.#used++;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#bounds.waitingMax) {
      return Promise.reject(
        new Error(`Cannot ask Postgres: ${this.#waiting.length} calls wait for its ${this.#used} connections already`),
      );
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** A connection that the server has closed meanwhile is left out. */
  #takeFree(): PostgresConnection | null {
    for (;;) {
      const connection = this.#free.pop();
      if (connection === undefined) return null;
      if (connection.alive) return connection;
    }
  }
}
