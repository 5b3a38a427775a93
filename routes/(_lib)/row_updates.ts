/**
 * Rows of tables as live updates, so that a snapshot and a stream of updates speak one language.
 * @module
 */
import type { ColumnSpec, LiveUpdate, TableRows } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import type { Version } from "./version.ts";

/** Columns that tell of the row rather than of the window. */
const isBookkeeping = ({ name }: ColumnSpec): boolean =>
  /^(processed_at|updated_at)$|_(generation|revision)$/.test(name);

/** A row by the names of its columns. */
type NamedRow = Readonly<Record<string, unknown>>;

interface NamedRows {
  readonly rows: readonly NamedRow[];
  readonly versionOf: (row: NamedRow) => Required<Version>;
  /** The row without bookkeeping and without these columns; times as text. */
  readonly valuesOf: (row: NamedRow, without: readonly string[]) => Record<string, unknown>;
}

function named({ columns, rows }: TableRows): NamedRows {
  const named = (ending: string) => columns.find(({ name }) => name.endsWith(ending))?.name ?? "";
  const [generation, revision] = [named("_generation"), named("_revision")];
  return {
    rows: rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]]))),
    versionOf: (row) => ({ generation: Number(row[generation] ?? 0), revision: Number(row[revision] ?? 0) }),
    valuesOf(row, without) {
      const shown = columns.filter((column) => !isBookkeeping(column) && !without.includes(column.name));
      return Object.fromEntries(shown.map(({ name, type }) => {
        const value = row[name];
        return [name, type === "timestamptz" && typeof value === "number" ? formatTime(value) : value];
      }));
    },
  };
}

/** Rows of a pipeline's table; `interval` in the key makes the channel's name: `candles_1s`. */
export function windowUpdates(rows: TableRows, { channel, key }: { channel: string; key: string }): LiveUpdate[] {
  const { rows: found, versionOf, valuesOf } = named(rows);
  return found.map((row) => ({
    channel: typeof row["interval"] === "string" ? `${channel}_${row["interval"]}` : channel,
    key: String(row[key]),
    window_start: formatTime(Number(row["window_start"])),
    ...versionOf(row),
    values: valuesOf(row, [key, "interval", "window_start"]),
  }));
}

/** Rows of table `anomalies`, or of view `moment_context`, under the channel's name. */
export function findingUpdates(rows: TableRows, channel: "anomalies" | "moments"): LiveUpdate[] {
  const { rows: found, versionOf, valuesOf } = named(rows);
  return found.map((row) => ({
    channel,
    key: String(row["key"] ?? row["stream_id"]),
    window_start: formatTime(Number(row["window_start"])),
    ...versionOf(row),
    values: { ...valuesOf(row, ["key", "stream_id", "window_start"]), source: "tidemark" },
  }));
}
