/**
 * `export TABLE --format csv|json|parquet --to FILE`: a table as a file, streaming, a time range of it if wanted.
 * @module
 */
import { open } from "node:fs/promises";
import { openSummaryStore } from "../../adapters/mod.ts";
import { takeOwnership } from "../../adapters/owner_lock.ts";
import { systemClock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import type { RowQuery, SummaryStore, TableInfo } from "../../core/ports.ts";
import { parseTime } from "../../core/time.ts";
import { type Call, parseCall, usableConfig, userPath } from "../arguments.ts";
import { exportFormats } from "../export/formats.ts";
import { isBookkeeping } from "../export/values.ts";
import { say, showProgress } from "../terminal.ts";

const options = { format: "string", to: "string", from: "string", until: "string", key: "string" } as const;

/** Runs the command; exit code. */
export async function exportTable(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "export", options });
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
  const config = usableConfig(call);
  await using _ownership = config.postgres === null ? await takeOwnership(config.dataDir) : null;
  await using store = await openSummaryStore(config, { clock: systemClock, onNote: say });
  const { columns } = await tableOf(store, table);
  const query = queryOf(call, table);
  const kept = columns.map((column, index) => ({ column, index })).filter(({ column }) => !isBookkeeping(column));
  let rowCount = 0;
  const portions = async function* () {
    for await (const { rows } of store.scan(query)) {
      rowCount += rows.length;
      showProgress(`${rowCount} rows`);
      yield rows.map((row) => kept.map(({ index }) => row[index]));
    }
  };
  await writeFile(userPath(to), format(kept.map(({ column }) => column), portions()));
  say(`${table}: ${rowCount} rows in ${to}`);
  return 0;
}

async function tableOf(store: SummaryStore, name: string): Promise<TableInfo> {
  const tables = await store.tables();
  const found = tables.find(({ table }) => table === name);
  if (found) return found;
  throw new UserError("usage", {
    cause: `Cannot export "${name}": there is no such table`,
    fix: `name one of ${tables.map(({ table }) => table).join(", ")}`,
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
  return {
    table,
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(key === undefined ? {} : { key }),
  };
}

async function writeFile(path: string, portions: AsyncIterable<Uint8Array>): Promise<void> {
  const unwritable = (error: unknown) =>
    new UserError("unavailable", {
      cause: `Cannot write ${path}: ${(error as Error).message}`,
      fix: "choose a file in a folder that exists and can be written",
    }, { cause: error });
  const file = await open(path, "w").catch((error) => Promise.reject(unwritable(error)));
  try {
    for await (const bytes of portions) await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}
