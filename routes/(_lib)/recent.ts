/**
 * What a dashboard shows first: the newest rows and the open windows, as live updates. "Newest" goes by the event time of
 * the newest row, not by the wall clock: a replay of 2019 is shown as well as the present.
 * @module
 */
import type { PipelineInfo } from "../../core/pipeline_info.ts";
import type { LiveUpdate, RowQuery, TableRows } from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import { CHART_SPAN_MS, DENSE_CANDLES_MIN, SPARSE_SPAN_MS } from "./chart_spans.ts";
import { findingUpdates, windowUpdates } from "./row_updates.ts";
import type { Services } from "./state.ts";
import { isEarlier } from "./version.ts";

/** Streams that are drawn. */
export const STREAMS_SHOWN_MAX = 5;
/** Symbols that are read with their history. */
export const SYMBOLS_SHOWN_MAX = 6;
/** Anomalies that are listed. */
export const ANOMALIES_SHOWN_MAX = 20;
/** Events that are listed. */
export const MOMENTS_SHOWN_MAX = 20;
/** Moments that these are made of: those of several pipelines may be one event. */
export const MOMENTS_READ_MAX = 50;

/** Newest rows that tell which keys there are. */
const NEWEST_ROWS = 400;
/** Rows of one key: 15 minutes of seconds, and the minutes among them. */
const KEY_ROWS_MAX = 1_200;
const OPEN_WINDOWS_MAX = 2_000;
const TILES_SHOWN_MAX = 12;

/** Channels that the overview draws charts and lists of. */
const CHARTED_CHANNELS: readonly string[] = ["chat", "candles_1s", "candles_1m", "anomalies", "moments"];
/** Those that have no windows. */
const FINDING_CHANNELS: readonly string[] = ["anomalies", "moments"];

/** The pipelines that the overview shows by a tile: those without a chart. */
export const tiledPipelines = ({ pipelines }: Pick<Services, "pipelines">): readonly PipelineInfo[] =>
  pipelines.filter(({ name, tile }) => tile !== null && !CHARTED_CHANNELS.includes(name)).slice(0, TILES_SHOWN_MAX);

/** Channels of the overview: what a stream carries that names none. */
export const overviewChannels = (services: Pick<Services, "pipelines">): readonly string[] => [
  ...CHARTED_CHANNELS,
  ...tiledPipelines(services).map(({ name }) => name),
];

/** What to read. */
export interface RecentOptions {
  /** Default: the overview's. Those without a table have their open windows only. */
  readonly channels?: readonly string[];
  readonly anomaliesMax?: number;
}

/** Reads what there is, one update for each window, anomaly or moment, ordered by window start. */
export async function readRecent(
  services: Pick<Services, "store" | "openWindows" | "pipelines">,
  { channels = overviewChannels(services), anomaliesMax = ANOMALIES_SHOWN_MAX }: RecentOptions = {},
): Promise<LiveUpdate[]> {
  const wanted = new Set(channels);
  const query = (rows: RowQuery) => services.store.query(rows);
  const candles = [...wanted].some((channel) => channel.startsWith("candles_"));
  const rows = await Promise.all([
    wanted.has("chat") ? readChat(query) : [],
    candles ? readCandles(query) : [],
    ...services.pipelines.filter(({ name }) => wanted.has(name) && !CHARTED_CHANNELS.includes(name)).map((pipeline) =>
      readPipeline(query, pipeline)
    ),
    wanted.has("anomalies") ? readAnomalies(query, anomaliesMax) : [],
    wanted.has("moments") ? readMoments(query) : [],
  ]);
  const open = await Promise.all(
    [...wanted].filter((channel) => !FINDING_CHANNELS.includes(channel)).map((channel) =>
      services.openWindows(channel)
    ),
  );
  return newestRevisions([...rows.flat(), ...newest(open.flat())].filter(({ channel }) => wanted.has(channel)));
}

const readAnomalies = async (query: Query, last: number): Promise<LiveUpdate[]> =>
  findingUpdates(await query({ table: "anomalies", last }), "anomalies");

/** Moments that stand, with viewers and money around them. */
async function readMoments(query: Query): Promise<LiveUpdate[]> {
  const rows = await query({ table: "moment_context", where: { status: "active" }, last: MOMENTS_READ_MAX });
  return findingUpdates(rows, "moments");
}

type Query = (query: RowQuery) => Promise<TableRows>;

const startMsOf = ({ window_start }: LiveUpdate): number => Date.parse(window_start);

/** The newest rows of all streams, and the history of those that say most. */
async function readChat(query: Query): Promise<LiveUpdate[]> {
  const table = "chat_summary_minute";
  const shape = { channel: "chat", key: "stream_id" };
  const recent = windowUpdates(await query({ table, last: NEWEST_ROWS }), shape);
  const newestRow = recent.at(-1);
  if (newestRow === undefined) return [];
  const messages = new Map<string, number>();
  for (const { key, values } of recent) messages.set(key, (messages.get(key) ?? 0) + Number(values["chat_count"] ?? 0));
  const loudest = [...messages].sort((a, b) => b[1] - a[1] || compareCodePoints(a[0], b[0]));
  const keys = loudest.slice(0, STREAMS_SHOWN_MAX).map(([key]) => key);
  const fromMs = startMsOf(newestRow) - CHART_SPAN_MS;
  const histories = await Promise.all(keys.map((key) => query({ table, key, fromMs, last: KEY_ROWS_MAX })));
  return [...recent, ...histories.flatMap((rows) => windowUpdates(rows, shape))];
}

async function readCandles(query: Query): Promise<LiveUpdate[]> {
  const table = "market_candles";
  const shape = { channel: "candles", key: "symbol" };
  const recent = windowUpdates(await query({ table, last: NEWEST_ROWS }), shape);
  const newestRow = recent.at(-1);
  if (newestRow === undefined) return [];
  const newestMs = startMsOf(newestRow);
  const keys = [...new Set(recent.map(({ key }) => key))].sort(compareCodePoints).slice(0, SYMBOLS_SHOWN_MAX);
  const histories = await Promise.all(keys.map(async (key) => {
    const read = async (spanMs: number) =>
      windowUpdates(await query({ table, key, fromMs: newestMs - spanMs, last: KEY_ROWS_MAX }), shape);
    const dense = await read(CHART_SPAN_MS);
    const candles1s = dense.filter(({ channel }) => channel === "candles_1s").length;
    return candles1s < DENSE_CANDLES_MIN ? await read(SPARSE_SPAN_MS) : dense;
  }));
  return [...recent, ...histories.flat()];
}

/** The newest rows of a pipeline that has no chart of its own. */
async function readPipeline(query: Query, { name, table, key, constants }: PipelineInfo): Promise<LiveUpdate[]> {
  const rows = await query({ table, where: constants, last: NEWEST_ROWS });
  return windowUpdates(rows, { channel: name, key }).map((update) => ({ ...update, channel: name }));
}

/** Bounds open windows: those of thousands of keys would be more than a dashboard can use. */
function newest(open: readonly LiveUpdate[]): readonly LiveUpdate[] {
  if (open.length <= OPEN_WINDOWS_MAX) return open;
  return open.toSorted((a, b) => (a.window_start < b.window_start ? 1 : -1)).slice(0, OPEN_WINDOWS_MAX);
}

/** One update for each window, anomaly or moment, the latest one, ordered by window start. */
function newestRevisions(updates: readonly LiveUpdate[]): LiveUpdate[] {
  const held = new Map<string, LiveUpdate>();
  for (const update of updates) {
    const { channel, key, window_start, values } = update;
    const id = JSON.stringify([channel, key, window_start, values["anomaly_id"] ?? values["moment_id"]]);
    const other = held.get(id);
    if (other === undefined || !isEarlier(update, other)) held.set(id, update);
  }
  return [...held.values()].sort((a, b) =>
    compareCodePoints(a.window_start, b.window_start) || compareCodePoints(a.channel, b.channel) ||
    compareCodePoints(a.key, b.key)
  );
}
