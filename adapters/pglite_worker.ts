/**
 * The worker that PGlite runs in: one call after the other, a transaction program in one message.
 * @module
 */
import process from "node:process";
import type { PGlite } from "@electric-sql/pglite";
import { messageOf, UserError } from "../core/errors.ts";
import { openCluster } from "./pglite_cluster.ts";
import { PgliteUpkeep } from "./pglite_upkeep.ts";
import type { PgliteCall, PgliteFailure, PgliteReply, PgliteRequest, PgliteResult } from "./pglite_protocol.ts";
import type { SqlParam, SqlRow, SqlStep } from "./summary_store_session.ts";

/** The global scope of a worker, which the DOM's types know as a window's. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<PgliteRequest>) => void) | null;
  postMessage(reply: PgliteReply): void;
  close(): void;
}

/** PGlite is no longer in a state to go on in: a statement ended without Postgres's word that it did. */
class BrokenError extends Error {
  override readonly name = "BrokenError";
}

/** Status of the throw by which the engine carries an error of SQL to where it is handled. */
const sqlErrorStatus = 100;

const scope = globalThis as unknown as WorkerScope;
let db: PGlite | null = null;
let upkeep: PgliteUpkeep | null = null;
let broken = false;
/** The last line that Postgres logged of a fault that it does not survive. */
let lastWords = "";
let queue: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  queue = queue.then(() => answer(data));
};

// Deno tells nobody that a worker has ended itself; callers would wait for ever.
const refuseExit = (code?: unknown): never => {
  throw new BrokenError(`PGlite asked for the end of its process (${String(code)})`);
};
Deno.exit = refuseExit;
process.exit = refuseExit;
scope.close = refuseExit;

async function answer({ id, call }: PgliteRequest): Promise<void> {
  if (broken) return;
  try {
    scope.postMessage({ kind: "done", id, result: await perform(call) });
    if (call.kind === "transaction") await upkeep!.afterTransaction(call.steps);
  } catch (error) {
    const failure = failureOf(error);
    // Before it is open, and by Postgres's own refusal, a call fails alone.
    if (!upkeep || failure.sqlState !== undefined) return scope.postMessage({ kind: "failed", id, failure });
    broken = true;
    scope.postMessage({ kind: "fatal", failure });
  }
}

/** The functions of PGlite's engine that its message loop calls. */
interface Engine {
  _PostgresMainLoopOnce(): void;
  _PostgresSendReadyForQueryIfNecessary(): void;
  _pgl_pq_flush(): void;
  stackRestore(pointer: number): void;
}

/**
 * PGlite's loop swallows whatever the engine throws, so that an abort (a disk that is full or gone) would pass for an
 * answer or turn for ever. The first throw that is not an error of SQL ends the engine; stackRestore is what the loop calls
 * after a throw, outside of its catch.
 */
function watchEngine(engine: Engine): void {
  const turn = engine._PostgresMainLoopOnce;
  engine._PostgresMainLoopOnce = () => {
    try {
      turn();
    } catch (error) {
      if ((error as { status?: unknown }).status === sqlErrorStatus) throw error;
      const end = () => {
        throw new BrokenError(lastWords || messageOf(error));
      };
      engine._PostgresMainLoopOnce = end;
      engine.stackRestore = end;
      engine._PostgresSendReadyForQueryIfNecessary = () => {};
      engine._pgl_pq_flush = () => {};
      end();
    }
  };
}

async function perform(call: PgliteCall): Promise<PgliteResult> {
  switch (call.kind) {
    case "open":
      db = await open(call);
      watchEngine(db.Module as unknown as Engine);
      upkeep = new PgliteUpkeep(db);
      return null;
    case "query":
      return await rowsOf(call.text, call.params);
    case "transaction":
      return await transact(call.steps);
    case "close":
      await db?.close();
      return null;
  }
}

async function open({ dataDir, image }: Extract<PgliteCall, { kind: "open" }>): Promise<PGlite> {
  try {
    return await openCluster(dataDir, {
      image,
      onStep: (step) => scope.postMessage({ kind: "step", step }),
      onLog: (line) => {
        if (/\b(PANIC|FATAL):/.test(line)) lastWords = line;
      },
    });
  } catch (error) {
    // Of an end of Postgres itself PGlite says only that there was one.
    if (lastWords === "" || error instanceof UserError) throw error;
    throw new BrokenError(lastWords, { cause: error });
  }
}

async function rowsOf(text: string, params: readonly SqlParam[]): Promise<SqlRow[]> {
  // It would end without a word of Postgres, as after a crash.
  if (text.replace(/\/\*.*?\*\/|--[^\n]*|[\s;]+/gs, "") === "") {
    throw Object.assign(new Error("The statement is empty"), { code: "42601", severity: "ERROR" });
  }
  const { rows, command } = await db!.query<(string | null)[]>(text, [...params], { rowMode: "array" });
  if (command === undefined) throw new BrokenError("PGlite did not complete a statement");
  return rows as unknown as SqlRow[];
}

/** Runs a script; the last statement must have ended with the given word where one is given. */
async function script(text: string, ending?: "COMMIT"): Promise<void> {
  const command = (await db!.exec(text)).at(-1)?.command;
  // PGlite swallows a crash of the engine, so silence must not pass for success: least of all on COMMIT.
  if (command === undefined || (ending && command !== ending)) {
    throw new BrokenError(`PGlite did not complete ${ending ?? "a script"}: it said ${command ?? "nothing"}`);
  }
}

async function transact(steps: readonly SqlStep[]): Promise<SqlRow[][] | null> {
  await script("BEGIN");
  const results: SqlRow[][] = [];
  try {
    for (const { text, params, guard } of steps) {
      if (!params) await script(text);
      const rows = params ? await rowsOf(text, params) : [];
      if (guard && rows.length === 0) {
        await script("ROLLBACK");
        return null;
      }
      results.push(rows);
    }
  } catch (error) {
    if (failureOf(error).sqlState === undefined) throw error;
    await script("ROLLBACK");
    throw error;
  }
  await script("COMMIT", "COMMIT");
  return results;
}

function failureOf(error: unknown): PgliteFailure {
  const message = messageOf(error);
  if (error instanceof UserError) return { message, user: { code: error.code, fix: error.fix } };
  const { code, severity, detail } = error as { code?: unknown; severity?: unknown; detail?: unknown };
  if (typeof code !== "string" || severity !== "ERROR") return { message };
  return { message: typeof detail === "string" ? `${message} (${detail})` : message, sqlState: code };
}
