/**
 * `export TABLE --format csv|json|parquet --to FILE`: a table as a file, streaming, a time range of it if wanted.
 * @module
 */
import { openLog, openSummaryStore, requireData } from "../../adapters/mod.ts";
import { takeOwnership } from "../../adapters/owner_lock.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import type { ColumnSpec, RowQuery, SummaryStore, TableInfo, TableRows } from "../../core/ports.ts";
import { parseTime } from "../../core/time.ts";
import { type Call, parseCall, usableConfig, userPath } from "../arguments.ts";
import { exportFormats } from "../export/formats.ts";
import { RAW_TICKS, tickColumns, tickPortions } from "../ticks.ts";
import { isBookkeeping } from "../export/values.ts";
import { writeOutput } from "../output_file.ts";
import { interruption, say, showProgress } from "../terminal.ts";

const options = { format: "string", to: "string", from: "string", until: "string", key: "string" } as const;

/** Runs the command; exit code. */
export async function exportTable(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "export", options, words: true });
  await using opened = new AsyncDisposableStack();
  const [table] = call.words;
  const to = call.text("to");
  const formatName = call.text("format") ?? "csv";
  const format = Object.hasOwn(exportFormats, formatName) ? exportFormats[formatName] : undefined;
  if (table === undefined || to === undefined || format === undefined || call.words.length > 1) {
    throw new UserError("usage", {
      cause: format === undefined ? `Cannot export as "${formatName}"` : "Cannot export: a table and a file are needed",
      fix: `tidemark export TABLE --format ${
        Object.keys(exportFormats).join("|")
      } --to FILE [--from TIME] [--until TIME]`,
    });
  }
  const { columns, portions } = table === RAW_TICKS
    ? await rawTicks(call, opened)
    : await rowsOfTable(call, { table, opened });
  let rowCount = 0;
  const counted = async function* () {
    for await (const rows of portions) {
      rowCount += rows.length;
      showProgress(`${rowCount} rows`);
      yield rows;
    }
  };
  using signal = interruption();
  if (!await writeOutput(userPath(to), format(columns, counted()), signal)) {
    say(`interrupted before ${to} was whole`);
    return exitCodes.interrupted;
  }
  say(`${table}: ${rowCount} rows in ${to}`);
  return 0;
}

/** What is written. */
interface Exported {
  readonly columns: readonly ColumnSpec[];
  readonly portions: AsyncIterable<TableRows["rows"]>;
}

async function rowsOfTable(
  call: Call,
  { table, opened }: { table: string; opened: AsyncDisposableStack },
): Promise<Exported> {
  const query = queryOf(call, table);
  const config = usableConfig(call);
  await requireData(config, ["summary store"]);
  if (config.postgres === null) opened.use(await takeOwnership(config.dataDir));
  const store = opened.use(await openSummaryStore(config, { clock: systemClock, onNote: say }));
  return await exportedOf(store, { table, query });
}

async function exportedOf(
  store: SummaryStore,
  { table, query }: { table: string; query: RowQuery },
): Promise<Exported> {
  const { columns } = await tableOf(store, table);
  const kept = columns.map((column, index) => ({ column, index })).filter(({ column }) => !isBookkeeping(column));
  const portions = async function* () {
    for await (const { rows } of store.scan(query)) yield rows.map((row) => kept.map(({ index }) => row[index]));
  };
  return { columns: kept.map(({ column }) => column), portions: portions() };
}

/** Ticks of the table that keeps them, where one does, else as the log holds them. */
async function rawTicks(call: Call, opened: AsyncDisposableStack): Promise<Exported> {
  const query = queryOf(call, RAW_TICKS);
  const config = usableConfig(call);
  await requireData(config, ["summary store", "event log"]);
  if (config.postgres === null || config.kafka === null) opened.use(await takeOwnership(config.dataDir));
  const options = { clock: systemClock, onNote: say };
  const store = opened.use(await openSummaryStore(config, options));
  const log = opened.use(await openLog(config, options));
  const isTable = (await store.tables()).some(({ table }) => table === RAW_TICKS);
  const isFilled = isTable && (await store.query({ table: RAW_TICKS, last: 1 })).rows.length > 0;
  if (isFilled) return await exportedOf(store, { table: RAW_TICKS, query });
  return { columns: tickColumns, portions: tickPortions(log, query) };
}

async function tableOf(store: SummaryStore, name: string): Promise<TableInfo> {
  const tables = await store.tables();
  const found = tables.find(({ table }) => table === name);
  if (found) return found;
  throw new UserError("usage", {
    cause: `Cannot export "${name}": there is no such table`,
    fix: `name one of ${[...new Set([...tables.map(({ table }) => table), RAW_TICKS])].join(", ")}`,
  });
}

function queryOf(call: Call, table: string): RowQuery {
  const time = (name: string): number | undefined => {
    const text = call.text(name);
    if (text === undefined) return undefined;
    const timeMs = parseTime(/^-?\d+$/.test(text) ? Number(text) : text);
    if (typeof timeMs === "number") return timeMs;
    throw new UserError("usage", { cause: `Cannot read --${name}: ${timeMs}`, fix: "such as 2024-08-08T23:54:00Z" });
  };
  const [fromMs, toMs, key] = [time("from"), time("until"), call.text("key")];
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) {
    const range = `--from ${call.text("from")} and --until ${call.text("until")}`;
    throw new UserError("usage", {
      cause: `Cannot export ${table}: nothing lies between ${range}`,
      fix: "name an --until later than --from; rows of that very time are left out",
    });
  }
  return {
    table,
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(key === undefined ? {} : { key }),
  };
}
