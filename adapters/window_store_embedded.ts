/**
 * The hot state in one SQLite file of its own: losing it costs a rebuild, never a row, so that a damaged file is put
 * aside and made anew.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { UserError } from "../core/errors.ts";
import type {
  ProducerSeqs,
  StoredSlice,
  WindowChange,
  WindowCommitOutcome,
  WindowState,
  WindowStore,
} from "../core/ports.ts";
import { loopTurn } from "./notifier.ts";
import {
  FREE_SPACE_OR_ELSEWHERE,
  fromColumn,
  openSqlite,
  type SqliteFault,
  SqliteFileError,
  type SqliteFormat,
  storeFailure,
  toColumn,
  transaction,
} from "./sqlite.ts";

/** How to open an embedded window store. */
export interface EmbeddedWindowStoreOptions {
  /** The file; made when missing, its folder must exist. */
  readonly path: string;
  /** Names the database that gives the epochs: windows under those of another one are discarded. Default: not known. */
  readonly database?: string;
  /** Told why a file that could not be used was moved to `<path>.corrupt-<n>`, or why its windows were discarded. */
  readonly onDiscard?: (reason: string) => void;
}

const format: SqliteFormat = {
  applicationId: 0x74645731, // tdW1
  version: 2,
  synchronous: "NORMAL", // what a power cut takes is rebuilt from the log
  quickCheck: true,
  // next_offset is null from a claim to the first commit.
  schema: `
    CREATE TABLE origin (database TEXT NOT NULL) STRICT;
    CREATE TABLE parts (
      id INTEGER PRIMARY KEY, pipeline TEXT NOT NULL, partition INTEGER NOT NULL, epoch INTEGER NOT NULL,
      next_offset INTEGER, incarnation TEXT, generation INTEGER, seqs TEXT, UNIQUE (pipeline, partition)) STRICT;
    CREATE TABLE slices (
      part_id INTEGER NOT NULL, key ANY NOT NULL, slice_start_ms INTEGER NOT NULL, state ANY NOT NULL,
      PRIMARY KEY (part_id, key, slice_start_ms)) STRICT;`,
};

/** Discarded files are kept for a look, but not without end: the last name is used again. */
const DISCARDED_FILES_MAX = 9;

/**
 * Opens or makes the store. A damaged or foreign file, or one of another version, is moved aside. Throws
 * UserError("unavailable") where the file cannot be had at all.
 */
export function openEmbeddedWindowStore(options: EmbeddedWindowStoreOptions): Promise<WindowStore> {
  // A promise for the port's sake: the work itself is done at once.
  return Promise.resolve().then(() => {
    const db = openOrDiscard(options);
    try {
      return new EmbeddedWindowStore(db, options);
    } catch (error) {
      db.close();
      throw storeFailure(error, options.path, fixCorrupt(options.path));
    }
  });
}

function openOrDiscard({ path, onDiscard }: EmbeddedWindowStoreOptions): DatabaseSync {
  try {
    return openFile(path);
  } catch (error) {
    if (!(error instanceof SqliteFileError)) throw error;
    moveAside(path);
    onDiscard?.(error.message);
    return openFile(path);
  }
}

/** Opens a file; one that is no good fails with a {@link SqliteFileError}, one that cannot be had with its fix. */
function openFile(path: string): DatabaseSync {
  try {
    return openSqlite(path, format);
  } catch (error) {
    if (!(error instanceof SqliteFileError)) throw storeFailure(error, path, fixCorrupt(path));
    const fix = fixes[error.fault];
    if (fix === undefined) throw error;
    throw new UserError("unavailable", { cause: error.message, fix }, { cause: error });
  }
}

const fixCorrupt = (path: string): string => `delete ${path}: it is rebuilt from the log`;

/** What to do about a file that may be good but cannot be had; any other is made anew. */
const fixes: Partial<Record<SqliteFault, string>> = {
  locked: "stop the other process that uses the file, or use another --data-dir",
  full: FREE_SPACE_OR_ELSEWHERE,
  unopenable: "make sure that the folder exists and is writable, or use another --data-dir",
};

function moveAside(path: string): void {
  let n = 1;
  while (n < DISCARDED_FILES_MAX && exists(`${path}.corrupt-${n}`)) n++;
  for (const suffix of ["", "-wal", "-shm"]) {
    // A file without its -wal would be another file, and a -wal left here would be taken for the new one's.
    if (exists(path + suffix)) Deno.renameSync(path + suffix, `${path}.corrupt-${n}${suffix}`);
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** A row of `parts`. */
interface PartRow {
  readonly id: number;
  readonly epoch: number;
  readonly next_offset: number | null;
  readonly incarnation: string | null;
  readonly generation: number | null;
  readonly seqs: string | null;
}

class EmbeddedWindowStore implements WindowStore {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #part: StatementSync;
  readonly #claim: StatementSync;
  readonly #saveProgress: StatementSync;
  readonly #saveSlice: StatementSync;
  readonly #dropSlice: StatementSync;
  readonly #dropSlices: StatementSync;
  readonly #dropPart: StatementSync;
  readonly #slices: StatementSync;
  readonly #open: StatementSync;
  readonly #openOfKey: StatementSync;
  /** Parts that this process has claimed: their epochs are of the database as it is now. */
  readonly #claimed = new Set<string>();
  readonly #onDiscard: (reason: string) => void;
  /** Whether that has been said: what holds for one part holds for all. */
  #wentBack = false;
  #closed = false;

  constructor(db: DatabaseSync, { path, database, onDiscard = () => {} }: EmbeddedWindowStoreOptions) {
    this.#db = db;
    this.#path = path;
    this.#onDiscard = onDiscard;
    if (database !== undefined) this.#belongTo(database);
    this.#part = db.prepare("SELECT * FROM parts WHERE pipeline = ? AND partition = ?");
    this.#claim = db.prepare(`INSERT INTO parts (pipeline, partition, epoch) VALUES (?, ?, ?)
      ON CONFLICT (pipeline, partition) DO UPDATE SET epoch = excluded.epoch`);
    this.#saveProgress = db.prepare(
      "UPDATE parts SET next_offset = ?, incarnation = ?, generation = ?, seqs = ? WHERE id = ?",
    );
    this.#saveSlice = db.prepare(`INSERT INTO slices (part_id, key, slice_start_ms, state) VALUES (?, ?, ?, ?)
      ON CONFLICT (part_id, key, slice_start_ms) DO UPDATE SET state = excluded.state`);
    this.#dropSlice = db.prepare("DELETE FROM slices WHERE part_id = ? AND key = ? AND slice_start_ms = ?");
    this.#dropSlices = db.prepare("DELETE FROM slices WHERE part_id = ?");
    this.#dropPart = db.prepare("DELETE FROM parts WHERE id = ?");
    const select = "SELECT key, slice_start_ms, state FROM slices";
    this.#slices = db.prepare(`${select} WHERE part_id = ? ORDER BY key, slice_start_ms`);
    const ofPipeline = `${select} WHERE part_id IN (SELECT id FROM parts WHERE pipeline = ?)`;
    this.#open = db.prepare(`${ofPipeline} ORDER BY key, slice_start_ms`);
    this.#openOfKey = db.prepare(`${ofPipeline} AND key = ? ORDER BY key, slice_start_ms`);
  }

  claim(pipeline: string, partition: number, epoch: number): Promise<boolean> {
    return this.#do(() =>
      transaction(this.#db, () => {
        const stored = this.#partOf(pipeline, partition);
        const part = `${partition} ${pipeline}`;
        if (stored !== undefined && stored.epoch > epoch) {
          if (this.#claimed.has(part)) return false;
          // One process owns the file, and every epoch is higher than those before it began: the database went back.
          this.#dropSlices.run(stored.id);
          this.#dropPart.run(stored.id);
          if (!this.#wentBack) this.#onDiscard("the tables' database is older than the windows");
          this.#wentBack = true;
        }
        this.#claim.run(pipeline, partition, epoch);
        this.#claimed.add(part);
        return true;
      })
    );
  }

  /** Epochs of two databases cannot be compared, nor can what was written under them. */
  #belongTo(database: string): void {
    transaction(this.#db, () => {
      const origin = this.#db.prepare("SELECT database FROM origin").get()?.database;
      if (origin === database) return;
      this.#db.exec("DELETE FROM slices; DELETE FROM parts; DELETE FROM origin;");
      this.#db.prepare("INSERT INTO origin (database) VALUES (?)").run(database);
      if (origin !== undefined) this.#onDiscard("the tables are in another database than before");
    });
  }

  load(pipeline: string, partition: number): Promise<WindowState | null> {
    return this.#do(() => {
      const part = this.#partOf(pipeline, partition);
      if (part === undefined || part.next_offset === null) return null;
      return {
        epoch: part.epoch,
        nextOffset: part.next_offset,
        incarnation: part.incarnation ?? "",
        generation: part.generation ?? 0,
        seqs: JSON.parse(part.seqs ?? "[]") as ProducerSeqs,
        slices: this.#slices.all(part.id).map(sliceOf),
      };
    });
  }

  commit(pipeline: string, partition: number, change: WindowChange): Promise<WindowCommitOutcome> {
    return this.#do(() => transaction(this.#db, () => this.#apply(pipeline, partition, change)));
  }

  #apply(pipeline: string, partition: number, change: WindowChange): WindowCommitOutcome {
    const stored = this.#partOf(pipeline, partition);
    if (stored !== undefined && stored.epoch > change.epoch) return "fenced";
    const isSnapshot = change.fromOffset === null;
    // A missing row and a claim without a commit are both unequal to any offset.
    if (!isSnapshot && (stored?.next_offset ?? null) !== change.fromOffset) return "diverged";
    if (stored?.epoch !== change.epoch) this.#claim.run(pipeline, partition, change.epoch);
    this.#claimed.add(`${partition} ${pipeline}`);
    const id = stored?.id ?? this.#partOf(pipeline, partition)!.id;
    if (isSnapshot) this.#dropSlices.run(id);
    for (const { key, sliceStartMs } of change.dropped) this.#dropSlice.run(id, toColumn(key), sliceStartMs);
    for (const { key, sliceStartMs, state } of change.changed) {
      this.#saveSlice.run(id, toColumn(key), sliceStartMs, toColumn(state));
    }
    this.#saveProgress
      .run(change.nextOffset, change.incarnation, change.generation, JSON.stringify(change.seqs), id);
    return "committed";
  }

  open(pipeline: string, key?: string): Promise<StoredSlice[]> {
    return this.#do(() => {
      const rows = key === undefined ? this.#open.all(pipeline) : this.#openOfKey.all(pipeline, toColumn(key));
      return rows.map(sliceOf);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (!this.#closed) this.#db.close();
    this.#closed = true;
    return Promise.resolve();
  }

  #partOf(pipeline: string, partition: number): PartRow | undefined {
    return this.#part.get(pipeline, partition) as unknown as PartRow | undefined;
  }

  /** The work is synchronous; what it throws becomes a rejection, and the event loop turns once after it. */
  async #do<T>(body: () => T): Promise<T> {
    if (this.#closed) throw new Error("Cannot use the window store: it is closed");
    try {
      const result = body();
      await loopTurn();
      return result;
    } catch (error) {
      throw storeFailure(error, this.#path, fixCorrupt(this.#path));
    }
  }
}

function sliceOf(row: Record<string, unknown>): StoredSlice {
  return { key: fromColumn(row.key), sliceStartMs: Number(row.slice_start_ms), state: fromColumn(row.state) };
}
