/**
 * Trades and bars one by one, as the log holds them: what `export raw_ticks` writes where no table keeps them.
 * @module
 */
import { barEvents } from "../core/events/bars.ts";
import { tradeEvents } from "../core/events/trades.ts";
import type { ColumnSpec, EventLog, LogRecord, RowQuery, TableRows, TopicPartition } from "../core/ports.ts";
import { parseTime } from "../core/time.ts";

/** Name of the table, also of the one that a store may have. */
export const RAW_TICKS = "raw_ticks";

const topics = [tradeEvents.topic, barEvents.topic];

/** Columns; those of bars are empty for trades, and the other way round. */
export const tickColumns: readonly ColumnSpec[] = [
  { name: "symbol", type: "text" },
  { name: "event_time", type: "timestamptz" },
  { name: "price", type: "numeric" },
  { name: "size", type: "numeric" },
  { name: "side", type: "text" },
  { name: "trade_id", type: "text" },
  { name: "interval", type: "text" },
  { name: "open", type: "numeric" },
  { name: "high", type: "numeric" },
  { name: "low", type: "numeric" },
  { name: "close", type: "numeric" },
  { name: "volume", type: "numeric" },
  { name: "source", type: "text" },
  { name: "fake_anomaly", type: "text" },
  { name: "append_time", type: "timestamptz" },
  { name: "topic", type: "text" },
  { name: "partition", type: "bigint" },
  { name: "offset", type: "bigint" },
];

type Rows = TableRows["rows"];

/** The ticks that the log holds at this moment, partition by partition in the order of their append. */
export async function* tickPortions(
  log: ReadableLog,
  query: Omit<RowQuery, "table">,
): AsyncGenerator<Rows> {
  const present = new Set((await log.topics()).map(({ topic }) => topic));
  for (const topic of topics.filter((name) => present.has(name))) {
    const ends = await log.endOffsets(topic);
    const starts = await log.startOffsets(topic);
    for (const [partition, end] of ends.entries()) {
      if (starts[partition]! < end) yield* portionsOf(log, { topic, partition, ends }, query);
    }
  }
}

type ReadableLog = Pick<EventLog, "topics" | "startOffsets" | "endOffsets" | "consume">;

async function* portionsOf(
  log: ReadableLog,
  at: TopicPartition & { readonly ends: readonly number[] },
  query: Omit<RowQuery, "table">,
): AsyncGenerator<Rows> {
  const end = at.ends[at.partition]!;
  const stop = new AbortController();
  const batches = log.consume({
    topics: [at.topic],
    group: `export-${at.topic}-${at.partition}`,
    // The other partitions have their own turn.
    onAssign: ({ partition }) => Promise.resolve(partition === at.partition ? 0 : at.ends[partition] ?? 0),
    onRevoke: () => Promise.resolve(),
    signal: stop.signal,
  });
  try {
    for await (const { partition, records } of batches) {
      if (partition !== at.partition) continue;
      yield records.filter(({ offset }) => offset < end).flatMap((record) => rowOf(record, at, query));
      if (records.at(-1)!.offset >= end - 1) return;
    }
  } finally {
    stop.abort();
  }
}

function rowOf(
  { value, offset, appendTimeMs }: LogRecord,
  { topic, partition }: TopicPartition,
  { fromMs = -Infinity, toMs = Infinity, key }: Omit<RowQuery, "table">,
): Rows {
  const tick = tickOf(value);
  const timeMs = parseTime(tick?.timestamp);
  // Whatever a foreign producer wrote beside ticks is in topic `dead`.
  if (tick === null || typeof timeMs !== "number" || timeMs < fromMs || timeMs >= toMs) return [];
  if (key !== undefined && tick.symbol !== key) return [];
  const known: Readonly<Record<string, unknown>> = {
    ...tick,
    event_time: timeMs,
    append_time: appendTimeMs,
    topic,
    partition,
    offset,
  };
  return [tickColumns.map(({ name }) => known[name] ?? null)];
}

function tickOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value as Record<string, unknown> : null;
  } catch {
    return null;
  }
}
