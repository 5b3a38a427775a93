/**
 * What the embedded stores share about node:sqlite: opening a file of ours, transactions, any JavaScript string in a
 * column, and failures in words that a user can act on.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { FREE_SPACE, isDiskFull, messageOf, UserError } from "../core/errors.ts";

/** Why a file cannot be used: not SQLite or damaged, somebody else's, another version of ours, in use, or without room. */
export type SqliteFault = "corrupt" | "foreign" | "version" | "locked" | "full" | "unopenable";

/** What to do where an embedded store's disk has no room. */
export const FREE_SPACE_OR_ELSEWHERE = `${FREE_SPACE}, or use another --data-dir`;

/** A database file that cannot be opened as what it should be. */
export class SqliteFileError extends Error {
  override readonly name = "SqliteFileError";
  /** What is wrong with the file. */
  readonly fault: SqliteFault;

  constructor(fault: SqliteFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What a file of ours is. */
export interface SqliteFormat {
  /** PRAGMA application_id: tells our kinds of files from each other and from everyone else's. */
  readonly applicationId: number;
  /** PRAGMA user_version: a file of another version is refused. */
  readonly version: number;
  /** Makes the tables of a new file. */
  readonly schema: string;
  readonly synchronous: "FULL" | "NORMAL";
  /** Looks through the whole file at opening: for small files that may be thrown away. */
  readonly quickCheck?: boolean;
}

/** Pages of 16 KiB: half the cost of 4 KiB for rows of a mebibyte, and still cheap for a row of 200 bytes. */
const PAGE_BYTES = 16_384;

/**
 * Opens or makes a database file: WAL, and held exclusively, since an embedded store has one owner and keeps a part of
 * its truth in memory. Throws {@link SqliteFileError}; a file that is not ours is left as it was.
 */
export function openSqlite(path: string, format: SqliteFormat): DatabaseSync {
  let db: DatabaseSync;
  try {
    db = new DatabaseSync(path);
  } catch (error) {
    throw new SqliteFileError("unopenable", `Cannot open ${path}: ${messageOf(error)}`, { cause: error });
  }
  try {
    prepareFile(db, path, format);
    return db;
  } catch (error) {
    db.close();
    if (error instanceof SqliteFileError) throw error;
    const fault = openFaultOf(messageOf(error));
    throw new SqliteFileError(fault, `Cannot open ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function prepareFile(db: DatabaseSync, path: string, format: SqliteFormat): void {
  db.exec(`PRAGMA page_size=${PAGE_BYTES}; PRAGMA locking_mode=EXCLUSIVE;`);
  // Whose file it is comes before journal_mode=WAL, which writes to it.
  const tables = numberOf(db, "SELECT count(*) FROM sqlite_schema");
  const applicationId = numberOf(db, "PRAGMA application_id");
  const version = numberOf(db, "PRAGMA user_version");
  const fresh = tables === 0 && applicationId === 0;
  if (!fresh && applicationId !== format.applicationId) {
    throw new SqliteFileError("foreign", `Cannot use ${path}: it is a database of another program`);
  }
  if (!fresh && version !== format.version) {
    throw new SqliteFileError(
      "version",
      `Cannot use ${path}: its format is version ${version}, this program needs ${format.version}`,
    );
  }
  db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=${format.synchronous}; PRAGMA cache_size=-8192;`);
  if (fresh) {
    transaction(db, () => {
      db.exec(format.schema);
      db.exec(`PRAGMA application_id=${format.applicationId}; PRAGMA user_version=${format.version};`);
    });
  } else if (format.quickCheck) {
    const [finding] = Object.values(db.prepare("PRAGMA quick_check(1)").get() ?? {});
    if (finding !== "ok") throw new SqliteFileError("corrupt", `Cannot use ${path}: ${String(finding)}`);
  }
}

// node:sqlite on Deno carries no result code, only SQLite's own message (sqlite3_errstr), which is fixed by that project.
function openFaultOf(message: string): SqliteFault {
  if (message.includes("not a database") || message.includes("malformed")) return "corrupt";
  if (message.includes("locked")) return "locked";
  if (isDiskFull(message)) return "full";
  return "unopenable";
}

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0] ?? 0);
}

/** Runs `body` in one transaction: everything that it wrote, or, when it throws, nothing. */
export function transaction<T>(db: DatabaseSync, body: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself, as it does for a full disk: the first error is the one to tell.
    }
    throw error;
  }
}

/** A failure of node:sqlite as a {@link UserError}; anything else as it is. `fixCorrupt` is for a damaged file. */
export function storeFailure(error: unknown, path: string, fixCorrupt: string): unknown {
  if (!(error instanceof Error) || (error as { code?: unknown }).code !== "ERR_SQLITE_ERROR") return error;
  const cause = `Cannot use ${path}: ${error.message}`;
  return new UserError("unavailable", { cause, fix: fixOf(error.message, fixCorrupt) }, { cause: error });
}

function fixOf(message: string, fixCorrupt: string): string {
  if (message.includes("malformed") || message.includes("not a database")) return fixCorrupt;
  if (isDiskFull(message)) return FREE_SPACE_OR_ELSEWHERE;
  if (message.includes("readonly")) return "make the file and its folder writable, or use another --data-dir";
  if (message.includes("locked")) return "stop the other process that uses the file, or use another --data-dir";
  return "check that disk and its free space, or use another --data-dir";
}

/**
 * A string for a column without type: as TEXT where SQLite can hold it, else its UTF-16 code units as a BLOB. TEXT is
 * UTF-8, which has no lone surrogates, and node:sqlite reads it up to the first NUL only.
 */
export function toColumn(text: string): string | Uint8Array {
  if (text.isWellFormed() && !text.includes("\0")) return text;
  const units = new Uint16Array(text.length);
  for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i);
  return new Uint8Array(units.buffer);
}

/** The string that {@link toColumn} was given. */
export function fromColumn(value: unknown): string {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) throw new TypeError(`Cannot read a text column: value is ${typeof value}`);
  const units = new Uint16Array(value.slice().buffer);
  const parts: string[] = [];
  // The argument list of one call is bounded by the stack.
  for (let i = 0; i < units.length; i += 8192) parts.push(String.fromCharCode(...units.subarray(i, i + 8192)));
  return parts.join("");
}
