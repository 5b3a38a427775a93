/**
 * The ports: what the engine and the dashboard ask of the outside. Adapters implement them, tests/contracts/ holds one
 * suite for each.
 *
 * Words used here: a *topic* is split into *partitions*; a *record* has an *offset* in its partition; *nextOffset* is the
 * offset of the first record not yet covered; an *epoch* is a number that rises with each owner of a partition, and
 * whoever comes with an older one is refused.
 * @module
 */
import type { KeptEvents } from "./kept_events.ts";
import type { TopicPartition } from "./ports_event_log.ts";

export type * from "./ports_event_log.ts";

// ── WindowStore ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** A slice as stored: the metrics' encoded states of one key in `[sliceStartMs, sliceStartMs + sliceMs)`. */
export interface StoredSlice {
  readonly key: string;
  readonly sliceStartMs: number;
  /** JSON text by the metrics' codecs. */
  readonly state: string;
}

/** Identity of a slice. */
export interface SliceId {
  readonly key: string;
  readonly sliceStartMs: number;
}

/** Highest sequence number seen per producer instance, least recently seen first. */
export type ProducerSeqs = readonly (readonly [instance: string, seq: number])[];

/** The hot state of one pipeline's partition. */
export interface WindowState {
  readonly epoch: number;
  /** Every record below is covered by the slices. */
  readonly nextOffset: number;
  /** Incarnation of the topic that the offsets belong to. */
  readonly incarnation: string;
  /** Definition that the slices were made by; another one cannot read them. */
  readonly generation: number;
  readonly seqs: ProducerSeqs;
  readonly slices: readonly StoredSlice[];
}

/** A change to the hot state. */
export interface WindowChange {
  readonly epoch: number;
  /** The stored nextOffset that this change was built on; null replaces the whole state (a snapshot). */
  readonly fromOffset: number | null;
  readonly nextOffset: number;
  readonly incarnation: string;
  readonly generation: number;
  readonly seqs: ProducerSeqs;
  readonly changed: readonly StoredSlice[];
  readonly dropped: readonly SliceId[];
}

/**
 * What became of a WindowStore commit: `fenced` = a higher epoch is stored, the caller is no longer the owner;
 * `diverged` = the epoch holds but the stored offset is not the one that the change was built on (or is missing): the
 * caller writes its whole state as a snapshot.
 */
export type WindowCommitOutcome = "committed" | "fenced" | "diverged";

/** The hot state: open slices of each pipeline's partition. Losing it costs a rebuild, never a row. */
export interface WindowStore extends AsyncDisposable {
  /** Writes a new owner's epoch; refused (false) when a higher one is stored. */
  claim(pipeline: string, partition: number, epoch: number): Promise<boolean>;
  /** The whole state, or null where nothing was committed yet. */
  load(pipeline: string, partition: number): Promise<WindowState | null>;
  /** Changed and dropped slices, seqs and nextOffset in one atomic step. */
  commit(pipeline: string, partition: number, change: WindowChange): Promise<WindowCommitOutcome>;
  /** Slices of all partitions, of one key where it is given: for readers, without promise of one moment. */
  open(pipeline: string, key?: string): Promise<StoredSlice[]>;
}

// ── SummaryStore ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Types of table columns. Values: text and numeric as strings, bigint as number, timestamptz as epoch ms, json as any JSON. */
export type ColumnType = "text" | "bigint" | "double precision" | "numeric" | "timestamptz" | "json";

/** A column of a table. */
export interface ColumnSpec {
  /** Its name. */
  readonly name: string;
  /** What it holds. */
  readonly type: ColumnType;
}

/** What a writer fills of a table: the key columns and the columns that it owns. */
export interface TableSpec {
  /** Name of the table. */
  readonly table: string;
  /** Who owns the columns; the pair (generation, revision) stands in `<owner>_generation`, `<owner>_revision`. */
  readonly owner: string;
  /** The primary key, in order. */
  readonly key: readonly ColumnSpec[];
  /** The columns that the owner fills. */
  readonly columns: readonly ColumnSpec[];
}

/** A row to upsert; `values` are those of key then columns. */
export interface SummaryRow {
  readonly values: readonly unknown[];
  /** nextOffset when the row was computed. */
  readonly revision: number;
}

/** A row that is to go. */
export interface DeletedRow {
  /** Values of the key columns. */
  readonly key: readonly unknown[];
  /** nextOffset when it was superseded. */
  readonly revision: number;
}

/** Rows of one table by one owner; no two with the same key, the deleted ones included. */
export interface RowSet {
  readonly spec: TableSpec;
  readonly generation: number;
  readonly rows: readonly SummaryRow[];
  /**
   * Rows to delete, under the rule by which a row is replaced; one that is not there is no fault. Where other owners
   * have written to the row, it stays, with this owner's columns null; with its last owner it goes.
   */
  readonly deleted: readonly DeletedRow[];
}

/** Cumulative counts of a pipeline's partition. */
export interface PipelineCounts {
  in: number;
  accepted: number;
  dead: number;
  late: number;
  late_partial: number;
  duplicate: number;
  windows: number;
  /** Offsets that the log's retention had deleted before they were read; absent = none, as below. */
  lost?: number;
  /** Those of `late` that came for windows that could not be rebuilt, since the log holds their events no more. */
  not_rebuildable?: number;
  /** Those of `windows` that fired without some of their events, which the log holds no more. */
  partial?: number;
  /** Keys whose detector state went for that of another one, since there were too many; absent before the first. */
  detector_keys_dropped?: number;
  /** Events that an enricher of the pipeline could not score, and that passed without its fields; absent before the first. */
  unenriched?: number;
}

/** The truth about how far a pipeline's partition is. */
export interface Progress {
  readonly pipeline: string;
  readonly nextOffset: number;
  /** Null before the first accepted event. */
  readonly watermarkMs: number | null;
  /** Highest event time seen; null before the first accepted event. */
  readonly eventTimeMsMax: number | null;
  /**
   * Watermark that idling granted at nextOffset and that is not yet acted upon; null where there is none. It is stored
   * before windows fire by it, so that an owner that takes over fires the same ones.
   */
  readonly idleWatermarkMs: number | null;
  /** Lowest offset of any event in a retained slice, or nextOffset where none is retained. */
  readonly rebuildOffset: number;
  readonly incarnation: string;
  /** Windows that end here or before stand as they are: the log holds their events no more; null = none. */
  readonly frozenEndMs: number | null;
  /** Windows that start here or before may lack events; null = none, {@link Number.MAX_SAFE_INTEGER} = not known yet. */
  readonly partialStartMs: number | null;
  /** Of the last record below nextOffset, for {@link EventLog.incarnation}; null where none was read. */
  readonly witness: string | null;
  /** Partitions of the topic when this was written; null where it is not known. */
  readonly partitionCount: number | null;
  readonly generation: number;
  /** Fingerprint of windows and metrics: another one starts a new generation. */
  readonly definition: string;
  readonly seqs: ProducerSeqs;
  readonly counts: Readonly<PipelineCounts>;
}

/** State that is kept by key with the progress: of a detector, of an open session. */
export interface KeyedState {
  readonly pipeline: string;
  /** Whose state it is: the detector's name, that of the sessions, or that of how far an earlier generation counted. */
  readonly name: string;
  readonly key: string;
  /** JSON by the owner's codec; null = the row is deleted. */
  readonly state: unknown;
}

/** What a run adds to a counter: pipeline "" for outcomes of lines, else that pipeline's own counters. */
export interface RunCount {
  readonly runId: string;
  readonly pipeline: string;
  readonly counter: string;
  readonly value: number;
}

/** One commit of one partition for all pipelines of its topic: everything or nothing. */
export interface SummaryChange extends TopicPartition {
  readonly epoch: number;
  /** Progress of each of the pipelines, of one incarnation. */
  readonly progress: readonly Progress[];
  readonly rows: readonly RowSet[];
  readonly keyedStates: readonly KeyedState[];
  /** Added to what is stored. */
  readonly runCounts: readonly RunCount[];
  /** Kept where no progress stored for the incarnation covers their offset yet, so that none is there twice. */
  readonly events?: KeptEvents;
}

/** A partition as its new owner finds it. */
export interface AcquiredPartition {
  readonly epoch: number;
  /** Progress of the pipelines that have one. */
  readonly progress: readonly Progress[];
  readonly keyedStates: readonly KeyedState[];
}

/** Which rows of a table to read. */
export interface RowQuery {
  readonly table: string;
  /** Only rows with window_start (or event time) at or after. */
  readonly fromMs?: number;
  /** Only rows before. */
  readonly toMs?: number;
  /** Only rows whose first key column has this value. */
  readonly key?: string;
  /** Only rows whose text columns have these values: `{ interval: "1s" }`. */
  readonly where?: Readonly<Record<string, string>>;
  /** At most so many rows, the newest; they come in ascending order all the same. */
  readonly last?: number;
}

/** A table's columns and rows as read: types as in {@link ColumnType}. */
export interface TableRows {
  readonly columns: readonly ColumnSpec[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A table as a reader sees it. */
export interface TableInfo {
  readonly table: string;
  /** Names of the primary key's columns, in order; a view has none. */
  readonly key: readonly string[];
  readonly columns: readonly ColumnSpec[];
}

/**
 * Rows to keep, and the truth about progress. SQL behind it is one text for all adapters, within PostgreSQL 15.
 */
export interface SummaryStore extends AsyncDisposable {
  /** Applies the numbered sql files that are missing, each once. */
  migrate(): Promise<void>;
  /** Makes the caller the owner: raises the epoch of the partition for these pipelines and reads what is stored. */
  acquire(partition: TopicPartition, pipelines: readonly string[]): Promise<AcquiredPartition>;
  /**
   * One transaction. `fenced` when another epoch is stored. Rows are accepted, and deleted, where (generation, revision)
   * is at least the stored pair. Rejects when the store fails: with nothing written, or, where a server went away and
   * stayed away, with an outcome that only the progress tells.
   */
  commit(change: SummaryChange): Promise<"committed" | "fenced">;
  /**
   * Drops kept events by whole days of append (UTC), those that ended at or before the time; the number of days dropped.
   */
  dropEvents(beforeMs: number): Promise<number>;
  /** Progress of every pipeline's partition. */
  progress(): Promise<(Progress & TopicPartition & { readonly epoch: number })[]>;
  /** Sums of a run's counters over partitions. */
  runCounts(runId: string): Promise<RunCount[]>;
  /** The tables, and the views with a window_start, that can be read and exported. */
  tables(): Promise<TableInfo[]>;
  /** Rows ordered by key, then window_start, or as {@link RowQuery.last} says. */
  query(query: RowQuery): Promise<TableRows>;
  /** The same in portions of at most `portionRows` rows, for any number of rows. */
  scan(query: RowQuery, options?: { readonly portionRows?: number }): AsyncIterable<TableRows>;
}

// ── LiveFeed ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the dashboard needs to redraw one value. */
export interface LiveUpdate {
  /** `chat`, `candles_1s`, `anomalies`, `moments`: the pipeline or table that it comes from. */
  readonly channel: string;
  readonly key: string;
  /** ISO 8601 UTC. */
  readonly window_start: string;
  /** Which definition and topic incarnation it comes from; absent = 0. */
  readonly generation?: number;
  /** A reader ignores an update with a lower (generation, revision) than it holds for (channel, key, window_start). */
  readonly revision: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a subscriber receives; `gap` = updates were missed, read a snapshot. */
export type LiveMessage =
  | { readonly type: "update"; readonly id: string; readonly update: LiveUpdate }
  | { readonly type: "gap"; readonly id: string };

/** How to subscribe. */
export interface SubscribeOptions {
  /** Only these channels; empty = all. */
  readonly channels: readonly string[];
  /** Updates after this id; an unknown or expired one gives `gap` first. Without it: from now on. */
  readonly afterId?: string;
  readonly signal: AbortSignal;
}

/**
 * A feed of updates with one rising id sequence `<ms>-<n>`; channels only filter. A bounded history answers a resume.
 * A subscriber that falls behind the history is told so by `gap`, never by silence.
 */
export interface LiveFeed extends AsyncDisposable {
  publish(updates: readonly LiveUpdate[]): Promise<void>;
  subscribe(options: SubscribeOptions): AsyncIterable<LiveMessage>;
  /** Id of the newest update: `0-0` before the first. */
  lastId(): Promise<string>;
}
