/**
 * Tables, rows and changes that the tests of a SummaryStore write.
 * @module
 */
import assert from "node:assert/strict";
import type { Progress, RowSet, SummaryChange, SummaryRow, SummaryStore, TableSpec } from "../../core/ports.ts";

/** One minute. */
export const minuteMs = 60_000;
/** Where the windows of the cases begin. */
export const startMs = Date.UTC(2024, 7, 8, 23, 54);

/** What the chat pipeline fills. */
export const chatSpec: TableSpec = {
  table: "chat_summary_minute",
  owner: "chat",
  key: [{ name: "stream_id", type: "text" }, { name: "window_start", type: "timestamptz" }],
  columns: [
    { name: "window_end", type: "timestamptz" },
    { name: "chat_count", type: "bigint" },
    { name: "unique_chatters", type: "bigint" },
    { name: "top_emotes", type: "json" },
  ],
};

/** Part of what the candle pipelines fill. */
export const candleSpec: TableSpec = {
  table: "market_candles",
  owner: "candles",
  key: [{ name: "symbol", type: "text" }, { name: "interval", type: "text" }, {
    name: "window_start",
    type: "timestamptz",
  }],
  columns: [
    { name: "window_end", type: "timestamptz" },
    { name: "open", type: "numeric" },
    { name: "volume", type: "numeric" },
    { name: "trade_count", type: "bigint" },
  ],
};

/** What detectors fill. */
export const anomalySpec: TableSpec = {
  table: "anomalies",
  owner: "anomaly",
  key: [{ name: "anomaly_id", type: "text" }],
  columns: [
    { name: "event_time", type: "timestamptz" },
    ...["pipeline", "detector", "metric", "key"].map((name) => ({ name, type: "text" as const })),
    { name: "window_start", type: "timestamptz" },
    { name: "window_end", type: "timestamptz" },
    ...["value", "baseline", "score"].map((name) => ({ name, type: "double precision" as const })),
    { name: "status", type: "text" },
    { name: "explanation", type: "text" },
  ],
};

/** Progress at an offset. */
export function progressOf(pipeline: string, nextOffset: number, more: Partial<Progress> = {}): Progress {
  const counts = { in: 0, accepted: 0, dead: 0, late: 0, late_partial: 0, duplicate: 0, windows: 0 };
  return {
    pipeline,
    nextOffset,
    watermarkMs: null,
    eventTimeMsMax: null,
    idleWatermarkMs: null,
    rebuildOffset: 0,
    incarnation: "first",
    witness: null,
    partitionCount: null,
    frozenEndMs: null,
    partialStartMs: null,
    generation: 1,
    definition: "d1",
    seqs: [],
    counts,
    ...more,
  };
}

/** A change of partition 0 for the pipeline chat. */
export function changeOf(topic: string, epoch: number, more: Partial<SummaryChange> = {}): SummaryChange {
  const progress = [progressOf("chat", 1)];
  return { topic, partition: 0, epoch, progress, rows: [], keyedStates: [], runCounts: [], ...more };
}

/** A row of {@link chatSpec}. */
export function chatRow(stream: string, windowStartMs: number, chatCount: number | null, revision = 1): SummaryRow {
  return { revision, values: [stream, windowStartMs, windowStartMs + minuteMs, chatCount, 1, []] };
}

/** A row set. */
export function rowsOf(spec: TableSpec, rows: readonly SummaryRow[], generation = 1): RowSet {
  return { spec, generation, rows, deleted: [] };
}

/** A store that is open and migrated, and SQL beside it: rows of text, for what the port does not show. */
export interface SummaryStoreUnderTest extends AsyncDisposable {
  readonly store: SummaryStore;
  sql(text: string): Promise<readonly (readonly (string | null)[])[]>;
}

/** One sentence of the suite. */
export type Case = (under: SummaryStoreUnderTest, unique: string) => Promise<void>;

/** Commits the rows under an ownership taken for them. */
export async function write(store: SummaryStore, topic: string, rows: readonly RowSet[]): Promise<void> {
  const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
  assert.equal(await store.commit(changeOf(topic, epoch, { rows })), "committed");
}

/** Values of the named columns of a key's rows. */
export async function read(
  store: SummaryStore,
  table: string,
  key: string,
  names: readonly string[],
): Promise<unknown[][]> {
  const { columns, rows } = await store.query({ table, key });
  const indexes = names.map((name) => columns.findIndex((column) => column.name === name));
  return rows.map((row) => indexes.map((index) => row[index]));
}
