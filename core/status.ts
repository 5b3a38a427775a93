/**
 * What the running parts tell of themselves, for the dashboard and for people.
 * @module
 */
import type { TopicPartition } from "./ports.ts";

/**
 * What a source is doing: `stale` = connected, but silent for longer than its feed ever is; `rate-limited` = the other
 * side asked it to wait; `failed` = it has given up, and `failure` says why.
 */
export type SourceState = "connecting" | "live" | "stale" | "rate-limited" | "failed" | "ended";

/** What a running source tells of itself. Counts are since its start. */
export interface SourceStatus {
  readonly source: string;
  readonly state: SourceState;
  /** Events and lines that came to the door. */
  readonly read: number;
  /** Those of them that could not be let in. */
  readonly dead: number;
  /** When the last event came in; null before the first. */
  readonly lastEventMs: number | null;
  /** Why it failed, or what it struggles with now: a log that is away, a channel that does not answer. */
  readonly failure: string | null;
  /** Connections made anew after the first. */
  readonly reconnects: number;
  /** Frames that wait in memory. */
  readonly queueFrames: number;
  /** Frames that came while the queue was full, and were dropped. */
  readonly queueDropped: number;
  /** Records that wait on disk because the log is, or was, away. */
  readonly spoolRecords: number;
  readonly spoolBytes: number;
  /** Records that came while the spool was full or could not be written, and were dropped. */
  readonly spoolDropped: number;
  /** Times that the spool's disk refused to be written or read. */
  readonly spoolFailures: number;
  /** Events that are known to have happened and could not be had: a gap that was given up. */
  readonly missed: number;
}

/** The status of a source that has done nothing yet. */
export const newSourceStatus = (source: string): SourceStatus => ({
  source,
  state: "connecting",
  read: 0,
  dead: 0,
  lastEventMs: null,
  failure: null,
  reconnects: 0,
  queueFrames: 0,
  queueDropped: 0,
  spoolRecords: 0,
  spoolBytes: 0,
  spoolDropped: 0,
  spoolFailures: 0,
  missed: 0,
});

/** One partition of one pipeline. */
export interface PartitionStatus extends TopicPartition {
  readonly pipeline: string;
  readonly nextOffset: number;
  readonly endOffset: number;
  /** Null before the first event. */
  readonly watermarkMs: number | null;
  /** Events that passed without the fields of an enricher, over the whole history. */
  readonly unenriched: number;
}

/** The lookup of an internal topic's copier, over the source partitions in hand. Counts are since its start. */
export interface LookupStatus {
  readonly lookup: string;
  /** The internal topic that it writes. */
  readonly topic: string;
  /** Versions of rows in memory; each source partition keeps its own. */
  readonly rows: number;
  /** Events that were copied without a row. */
  readonly missed: number;
  /** Rows that came when an event of their time, or a later one, was copied without them. */
  readonly lateRows: number;
  /** Records of the table that are no row, or whose fields could not be made. */
  readonly failedRows: number;
  /** Rows that were forgotten because there were too many. */
  readonly droppedRows: number;
}

/** How far the processor is. */
export interface ProcessorStatus {
  /** Records taken in since the start. */
  readonly records: number;
  /** Records in the log that are not yet taken in, as last seen. */
  readonly lagRecords: number;
  readonly partitions: readonly PartitionStatus[];
  /** What lookups counted; left out where no pipeline has one. */
  readonly lookups?: readonly LookupStatus[];
  /** How often processing started anew after a failure. */
  readonly restarts: number;
}

/** How often something went wrong between this process and a store, and was mended or given up, since it was opened. */
export interface StoreTrouble {
  readonly store: StoreName;
  /** `retries`, `given_up`, `reconnects`, …: what docs/operations.md lists. */
  readonly kind: string;
  readonly times: number;
}

/** The stores as metrics name them: the event log, open windows, the tables, the live feed. */
export type StoreName = "log" | "windows" | "tables" | "live";

/** An adapter that counts what goes wrong with its server, by kind. */
export interface Troubled {
  troubles(): Readonly<Record<string, number>>;
}

/** What an adapter has counted; nothing where it has no server. */
export const troublesOf = (store: StoreName, adapter: Partial<Troubled> | undefined): StoreTrouble[] =>
  Object.entries(adapter?.troubles?.() ?? {}).map(([kind, times]) => ({ store, kind, times }));

/** One number for each store and kind, as of a process that has several connections. */
export function sumOfTroubles(troubles: readonly StoreTrouble[]): StoreTrouble[] {
  const byKind = new Map<string, StoreTrouble>();
  for (const trouble of troubles) {
    const key = `${trouble.store} ${trouble.kind}`;
    byKind.set(key, { ...trouble, times: trouble.times + (byKind.get(key)?.times ?? 0) });
  }
  return [...byKind.values()];
}

/** How far processors of one process are together: their partitions are different ones. */
export function sumOfStatuses(statuses: readonly ProcessorStatus[]): ProcessorStatus {
  const sum = (of: (status: ProcessorStatus) => number) => statuses.reduce((all, one) => all + of(one), 0);
  const lookups = sumOfLookups(statuses.flatMap((status) => status.lookups ?? []));
  return {
    records: sum(({ records }) => records),
    lagRecords: sum(({ lagRecords }) => lagRecords),
    partitions: statuses.flatMap(({ partitions }) => partitions),
    restarts: sum(({ restarts }) => restarts),
    ...(lookups.length > 0 && { lookups }),
  };
}

/** One of each lookup: its source partitions are divided among the processors. */
function sumOfLookups(lookups: readonly LookupStatus[]): LookupStatus[] {
  return [...Map.groupBy(lookups, ({ topic }) => topic).values()].map(([first, ...others]) =>
    others.reduce((all, one) => ({
      ...all,
      rows: all.rows + one.rows,
      missed: all.missed + one.missed,
      lateRows: all.lateRows + one.lateRows,
      failedRows: all.failedRows + one.failedRows,
      droppedRows: all.droppedRows + one.droppedRows,
    }), first!)
  );
}
