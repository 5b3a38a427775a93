/**
 * Pipelines as their readers see them.
 * @module
 */
import type { PipelineInfo, TileSpec } from "../core/pipeline_info.ts";
import type { ColumnSpec } from "../core/ports.ts";
import type { Pipeline } from "./pipeline.ts";

/** What the dashboard and the API need of a pipeline. */
export function infoOf({ name, keyField, constants, table, window, tile }: Pipeline): PipelineInfo {
  const constantColumns = table.key.slice(1, -1);
  return {
    name,
    table: table.table,
    key: keyField,
    constants: Object.fromEntries(constantColumns.map((column, i) => [column.name, constants[i]!])),
    columns: [...table.key, ...table.columns],
    window: window.kind === "session" ? "session" : "sliding",
    tile,
  };
}

const NUMERIC: readonly string[] = ["bigint", "numeric", "double precision"];

/** The tile of a pipeline that does not say what it should show: its first number, added up where it is a count. */
export function defaultTile(name: string, columns: readonly ColumnSpec[]): TileSpec | null {
  const first = columns.find(({ type }) => NUMERIC.includes(type));
  if (first === undefined) return null;
  const words = name.replaceAll("_", " ");
  return {
    title: words[0]!.toUpperCase() + words.slice(1),
    metric: first.name,
    over: first.type === "bigint" ? "sum" : "mean",
  };
}
