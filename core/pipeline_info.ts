/**
 * What the dashboard and the API know of a pipeline: enough to read its rows and to show a number of it.
 * @module
 */
import type { ColumnSpec } from "./ports.ts";

/** The number that a dashboard shows of a pipeline which has no chart of its own. */
export interface TileSpec {
  /** `Chat sessions`. */
  readonly title: string;
  /** The column that it shows. */
  readonly metric: string;
  /** How the values of the keys become one. */
  readonly over: "sum" | "mean" | "max";
}

/** A pipeline as its readers see it. */
export interface PipelineInfo {
  /** Its live channel has the same name. */
  readonly name: string;
  readonly table: string;
  /** The column that its windows are keyed by. */
  readonly key: string;
  /** Columns of the table's key that are the same in all of its rows. */
  readonly constants: Readonly<Record<string, string>>;
  /** Key columns, window_end, then what it fills. */
  readonly columns: readonly ColumnSpec[];
  /** Whether its windows have one size; those of sessions have any. */
  readonly window: "sliding" | "session";
  /** Null where it wants none. */
  readonly tile: TileSpec | null;
}
