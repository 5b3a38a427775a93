/**
 * The SummaryStore on PGlite: Postgres in this process, in a worker, its files in `<dataDir>/pg`.
 *
 * A commit that was acknowledged is on disk: it survives a kill of the process and, as the log is forced to disk by fsync,
 * a loss of power. One process at a time may open a DATA_DIR; the caller sees to that.
 * @module
 */
import { FREE_SPACE, isDiskFull, UserError } from "../core/errors.ts";
import type { PgliteStep } from "./pglite_cluster.ts";
import type { PgliteCall, PgliteFailure, PgliteReply, PgliteRequest, PgliteResult } from "./pglite_protocol.ts";
import { SqlError, type SqlParam, type SqlRow, type SqlSession, type SqlStep } from "./summary_store_session.ts";
import { createSqlSummaryStore, type SqlStore } from "./summary_store_sql.ts";

/** How to open the embedded store. */
export interface PgliteOptions {
  /** Absolute path of the DATA_DIR; made if it is missing. */
  readonly dataDir: string;
  /** Called as opening goes on: a first start takes longer, and says so by "unpacking" or "creating". */
  readonly onProgress?: (step: PgliteStep) => void;
  /** Called with the number of values in which a commit replaced U+0000 or a lone surrogate by U+FFFD. */
  readonly onReplaced?: (values: number) => void;
  /** False: the first start never uses the prepared image. For tests. */
  readonly image?: boolean;
}

/** Opens the store; rejects with a UserError where the folder holds something else. */
export async function openPgliteStore(options: PgliteOptions): Promise<SqlStore> {
  const { onReplaced } = options;
  return createSqlSummaryStore(await openPgliteSession(options), onReplaced ? { onReplaced } : {});
}

/** Opens the bare session, for SQL of one's own beside the store made on it. */
export async function openPgliteSession(options: PgliteOptions): Promise<SqlSession> {
  const session = new PgliteSession(options);
  try {
    await session.call({ kind: "open", dataDir: options.dataDir, image: options.image ?? true });
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
  return session;
}

/** Never called: `deno compile`, `deno check` and `deno cache` follow an import, but not `new Worker`. */
export function importPgliteWorker(): Promise<unknown> {
  return import("./pglite_worker.ts");
}

interface PendingCall {
  resolve(result: PgliteResult): void;
  reject(error: Error): void;
}

class PgliteSession implements SqlSession {
  readonly #worker = new Worker(new URL("./pglite_worker.ts", import.meta.url), { type: "module", name: "pglite" });
  readonly #pending = new Map<number, PendingCall>();
  readonly #onProgress: ((step: PgliteStep) => void) | undefined;
  #lastId = 0;
  /** Why no call can be made any more. */
  #ended: string | null = null;
  #closing: Promise<void> | null = null;

  constructor({ onProgress }: PgliteOptions) {
    this.#onProgress = onProgress;
    this.#worker.onmessage = ({ data }: MessageEvent<PgliteReply>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#end(`The embedded Postgres has failed: ${event.message}`);
    };
    this.#worker.onmessageerror = () => this.#end("The embedded Postgres has failed: a message could not be read");
  }

  async query(text: string, params: readonly SqlParam[] = []): Promise<SqlRow[]> {
    return await this.call({ kind: "query", text, params }) as SqlRow[];
  }

  async transaction(steps: readonly SqlStep[]): Promise<SqlRow[][] | null> {
    return await this.call({ kind: "transaction", steps }) as SqlRow[][] | null;
  }

  call(call: PgliteCall): Promise<PgliteResult> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(errorOf({ message: this.#ended }));
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, call } satisfies PgliteRequest);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      if (this.#ended === null) await this.call({ kind: "close" });
    } finally {
      this.#end("The embedded Postgres is closed");
    }
  }

  #receive(reply: PgliteReply): void {
    if (reply.kind === "step") return this.#onProgress?.(reply.step);
    if (reply.kind === "fatal") return this.#end(`The embedded Postgres has failed: ${reply.failure.message}`);
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending?.resolve(reply.result);
    else pending?.reject(errorOf(reply.failure));
  }

  #end(why: string): void {
    this.#ended ??= why;
    this.#worker.terminate();
    for (const { reject } of this.#pending.values()) reject(errorOf({ message: this.#ended }));
    this.#pending.clear();
  }
}

function errorOf({ message, sqlState, user }: PgliteFailure): Error {
  if (user) return new UserError(user.code, { cause: message, fix: user.fix });
  if (isDiskFull(message)) {
    // Where Postgres logged it, the line begins with a time and the number of a process.
    const cause = `Cannot use the embedded tables: ${message.replace(/^.*\b(?:PANIC|FATAL):\s*/, "")}`;
    return new UserError("unavailable", { cause, fix: `${FREE_SPACE}, or use another --data-dir` });
  }
  return sqlState === undefined ? new Error(message) : new SqlError(message, sqlState);
}
