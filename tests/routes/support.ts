/**
 * Services made of memory, and an app with the real routes behind `App.handler()`.
 * @module
 */
import { App, csp, type Middleware } from "fresh";
import { createEmbeddedLiveFeed } from "../../adapters/live_feed_embedded.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import type {
  ColumnSpec,
  LiveFeed,
  LiveUpdate,
  Progress,
  RowQuery,
  TableRows,
  TopicPartition,
} from "../../core/ports.ts";
import type { ProcessorStatus, SourceStatus, StoreTrouble } from "../../core/status.ts";
import type { PipelineInfo } from "../../core/pipeline_info.ts";
import { formatTime } from "../../core/time.ts";
import AnomalyList from "../../islands/AnomalyList.tsx";
import ChatRate from "../../islands/ChatRate.tsx";
import ConnectionBadge from "../../islands/ConnectionBadge.tsx";
import MomentList from "../../islands/MomentList.tsx";
import Price from "../../islands/Price.tsx";
import StatTiles from "../../islands/StatTiles.tsx";
import { LiveHub, liveHubOf } from "../../routes/(_lib)/live_hub.ts";
import { cspOptions, securityHeaders } from "../../routes/(_lib)/security.ts";
import type { Services, State } from "../../routes/(_lib)/state.ts";
import { withBuild } from "../standins/fresh/support.ts";

const column = (name: string, type: ColumnSpec["type"]): ColumnSpec => ({ name, type });

/** Columns as the stores give them, bookkeeping last. */
export const columns = {
  chat_summary_minute: [
    column("stream_id", "text"),
    column("window_start", "timestamptz"),
    column("window_end", "timestamptz"),
    column("chat_count", "bigint"),
    column("unique_chatters", "bigint"),
    column("top_emotes", "json"),
    column("processed_at", "timestamptz"),
    column("chat_generation", "bigint"),
    column("chat_revision", "bigint"),
  ],
  market_candles: [
    column("symbol", "text"),
    column("interval", "text"),
    column("window_start", "timestamptz"),
    column("window_end", "timestamptz"),
    column("close", "numeric"),
    column("trade_count", "bigint"),
    column("candles_revision", "bigint"),
  ],
  anomalies: [
    column("anomaly_id", "text"),
    column("event_time", "timestamptz"),
    column("pipeline", "text"),
    column("detector", "text"),
    column("metric", "text"),
    column("key", "text"),
    column("window_start", "timestamptz"),
    column("window_end", "timestamptz"),
    column("value", "double precision"),
    column("baseline", "double precision"),
    column("score", "double precision"),
    column("status", "text"),
    column("explanation", "text"),
    column("anomaly_revision", "bigint"),
  ],
  moment_context: [
    column("stream_id", "text"),
    column("moment_id", "text"),
    column("window_start", "timestamptz"),
    column("peak_at", "timestamptz"),
    column("window_end", "timestamptz"),
    column("kind", "text"),
    column("status", "text"),
    column("intensity", "double precision"),
    column("explanation", "text"),
    column("happened", "json"),
    column("viewers_before", "numeric"),
    column("viewers_after", "numeric"),
    column("revenue_before", "json"),
    column("revenue_after", "json"),
    column("metric", "text"),
    column("value", "double precision"),
    column("moment_revision", "bigint"),
  ],
} as const satisfies Record<string, readonly ColumnSpec[]>;

/** Names of the tables. */
export type TableName = keyof typeof columns;

/** Rows by the names of their columns, in any order. */
export type NamedRows = Partial<Record<TableName, Record<string, unknown>[]>>;

/** A store of rows in memory, read as a SummaryStore is. */
export class MemoryStore {
  readonly tablesByName: NamedRows;
  queries = 0;
  /** Set to make every query reject. */
  failure: Error | null = null;
  /** Awaited by every query. */
  delay: Promise<void> = Promise.resolve();

  constructor(tables: NamedRows) {
    this.tablesByName = tables;
  }

  async query({ table, key, where = {}, fromMs = -Infinity, toMs = Infinity, last }: RowQuery): Promise<TableRows> {
    this.queries++;
    await this.delay;
    if (this.failure !== null) throw this.failure;
    const specs = columns[table as TableName];
    const start = (row: Record<string, unknown>) => Number(row["window_start"]);
    const found = (this.tablesByName[table as TableName] ?? [])
      .filter((row) => key === undefined || row[specs[0].name] === key)
      .filter((row) => Object.entries(where).every(([name, value]) => row[name] === value))
      .filter((row) => start(row) >= fromMs && start(row) < toMs)
      .toSorted((a, b) => start(a) - start(b));
    const rows = last === undefined ? found : found.slice(-last);
    return { columns: specs, rows: rows.map((row) => specs.map(({ name }) => row[name] ?? null)) };
  }

  tables() {
    return Promise.resolve(Object.entries(columns).map(([table, specs]) => ({ table, key: [], columns: specs })));
  }

  /** Rows of progress. */
  readonly progressRows: (Progress & TopicPartition & { readonly epoch: number })[] = [];

  progress() {
    return Promise.resolve(this.progressRows);
  }
}

/** Services in memory, with their parts at hand. */
export interface MemoryServices extends Services {
  readonly store: MemoryStore;
  readonly feed: LiveFeed;
  readonly open: LiveUpdate[];
}

/** What services in memory are made of. */
export interface MemoryServicesOptions {
  readonly tables?: NamedRows;
  readonly open?: LiveUpdate[];
  readonly sources?: readonly SourceStatus[];
  readonly processor?: ProcessorStatus | null;
  readonly troubles?: readonly StoreTrouble[];
  readonly historyUpdatesMax?: number;
  readonly clock?: Clock;
  readonly pipelines?: readonly PipelineInfo[];
}

/** Makes services in memory. */
export function memoryServices(options: MemoryServicesOptions = {}): MemoryServices {
  const { tables = {}, open = [], sources = [], processor = null, clock = systemClock, pipelines = [] } = options;
  const { historyUpdatesMax = 1_000, troubles = [] } = options;
  return {
    store: new MemoryStore(tables),
    feed: createEmbeddedLiveFeed({ clock, historyUpdatesMax }),
    clock,
    open,
    pipelines,
    openWindows: (pipeline) => Promise.resolve(open.filter(({ channel }) => channel === pipeline)),
    sources: () => sources,
    processor: () => processor,
    troubles: () => troubles,
    startedMs: clock.nowMs(),
  };
}

/** An app with the project's own routes over these services. */
export async function appOver(services: Services | undefined, before: Middleware<State>[] = []): Promise<App<State>> {
  const provide: Middleware<State> = (ctx) => {
    ctx.state.services = services;
    return ctx.next();
  };
  const app = new App<State>().use(csp(cspOptions), securityHeaders(), ...before, provide).fsRoutes();
  const islands = { ChatRate, Price, MomentList, AnomalyList, StatTiles, ConnectionBadge };
  return withBuild(app, await routeModules(), {
    islands: Object.fromEntries(Object.entries(islands).map(([name, it]) => [`${name}.tsx`, { default: it }])),
  });
}

async function routeModules() {
  return {
    "_app.tsx": await import("../../routes/_app.tsx"),
    "_layout.tsx": await import("../../routes/_layout.tsx"),
    "_error.tsx": await import("../../routes/_error.tsx"),
    "index.tsx": await import("../../routes/index.tsx"),
    "api/_middleware.ts": await import("../../routes/api/_middleware.ts"),
    "api/[...path].ts": await import("../../routes/api/[...path].ts"),
    "api/health.ts": await import("../../routes/api/health.ts"),
    "api/ready.ts": await import("../../routes/api/ready.ts"),
    "metrics.ts": await import("../../routes/metrics.ts"),
    "api/stream.ts": await import("../../routes/api/stream.ts"),
    "api/v1/[pipeline].ts": await import("../../routes/api/v1/[pipeline].ts"),
  };
}

/** Runs with services whose hub and feed are closed at the end. */
export async function withServices(
  options: MemoryServicesOptions,
  use: (services: MemoryServices) => Promise<void>,
): Promise<void> {
  const services = memoryServices(options);
  try {
    await use(services);
  } finally {
    await liveHubOf(services)[Symbol.asyncDispose]();
    await services.feed[Symbol.asyncDispose]();
  }
}

/** Runs with a hub of its own bounds. */
export async function withHub(
  options: MemoryServicesOptions & { hub?: ConstructorParameters<typeof LiveHub>[1] },
  use: (hub: LiveHub, services: MemoryServices) => Promise<void>,
): Promise<void> {
  const services = memoryServices(options);
  const hub = new LiveHub(services, options.hub);
  try {
    await hub.ready();
    await use(hub, services);
  } finally {
    await hub[Symbol.asyncDispose]();
    await services.feed[Symbol.asyncDispose]();
  }
}

/** An update of channel `chat`: a minute that ends so many seconds after noon. */
export function chatUpdate(
  count: number,
  options: { key?: string; endS?: number; revision?: number } = {},
): LiveUpdate {
  const { key = "demo_stream", endS = 0, revision = count } = options;
  const endMs = Date.UTC(2024, 7, 8, 12) + endS * 1_000;
  return {
    channel: "chat",
    key,
    window_start: formatTime(endMs - 60_000),
    generation: 1,
    revision,
    values: { window_end: formatTime(endMs), chat_count: count, unique_chatters: 1, top_emotes: [] },
  };
}

/** A row of `chat_summary_minute`: a minute that ends so many seconds after noon. */
export function chatRow(count: number, options: { key?: string; endS?: number; revision?: number } = {}) {
  const { key = "demo_stream", endS = 0, revision = count } = options;
  const endMs = Date.UTC(2024, 7, 8, 12) + endS * 1_000;
  return {
    stream_id: key,
    window_start: endMs - 60_000,
    window_end: endMs,
    chat_count: count,
    unique_chatters: 1,
    top_emotes: [{ emote: "Kappa", count: 3 }],
    processed_at: endMs,
    chat_generation: 1,
    chat_revision: revision,
  };
}

/** A row of `market_candles` of one second that ends so many seconds after noon. */
export function candleRow(close: string, options: { symbol?: string; endS?: number; interval?: "1s" | "1m" } = {}) {
  const { symbol = "BTCUSDT", endS = 0, interval = "1s" } = options;
  const endMs = Date.UTC(2024, 7, 8, 12) + endS * 1_000;
  const sizeMs = interval === "1s" ? 1_000 : 60_000;
  const window = { window_start: endMs - sizeMs, window_end: endMs };
  return { symbol, interval, ...window, close, trade_count: 3, candles_revision: endS + 10_000 };
}

/** A row of `anomalies` so many seconds after noon. */
export function anomalyRow(id: string, options: { key?: string; atS?: number; explanation?: string } = {}) {
  const { key = "demo_stream", atS = 0, explanation = "120 is 4.0 standard deviations above the mean of 30" } = options;
  const atMs = Date.UTC(2024, 7, 8, 12) + atS * 1_000;
  return {
    anomaly_id: id,
    event_time: atMs,
    pipeline: "chat",
    detector: "z_score(chat_count)",
    metric: "chat_count",
    key,
    window_start: atMs - 60_000,
    window_end: atMs,
    value: 120,
    baseline: 30,
    score: 4,
    status: "active",
    explanation,
    anomaly_revision: 7,
  };
}

/** A row of view `moment_context`: a moment of half a minute that begins so many seconds after noon. */
export function momentRow(id: string, options: { key?: string; kind?: string; atS?: number; more?: object } = {}) {
  const { key = "demo_stream", kind = "chat", atS = 0, more = {} } = options;
  const atMs = Date.UTC(2024, 7, 8, 12) + atS * 1_000;
  return {
    stream_id: key,
    moment_id: id,
    window_start: atMs,
    peak_at: atMs + 10_000,
    window_end: atMs + 30_000,
    kind,
    status: "active",
    intensity: 4,
    explanation: "120 is 9.6 standard deviations above the mean of 30",
    happened: { top_emotes: [{ emote: "PogChamp", count: 13 }] },
    viewers_before: "100",
    viewers_after: null,
    revenue_before: { USD: "1.5" },
    revenue_after: { USD: "6.5" },
    metric: kind === "viewers" ? "peak_viewers" : "chat_count",
    value: 120,
    moment_revision: 7,
    ...more,
  };
}
