/**
 * Tiles of the pipelines that have no chart of their own: one number each, over all keys.
 *
 * Of windows of one size it is that of the newest complete window (the newest, before there is a complete one); of sessions, which end when they like, that of each
 * key's newest one.
 * @module
 */
import type { PipelineInfo, TileSpec } from "../../core/pipeline_info.ts";
import type { LiveUpdate } from "../../core/ports.ts";
import { type SeriesSet, SeriesTable } from "./series.ts";

/** A tile with what is known of it, small enough to travel in the page. */
export interface TileSeed {
  /** The pipeline, and its channel. */
  readonly name: string;
  readonly spec: TileSpec;
  readonly window: PipelineInfo["window"];
  readonly set: SeriesSet;
}

/** A tile as it is drawn; null = nothing known. */
export interface ShownTile {
  readonly name: string;
  readonly title: string;
  readonly value: number | null;
  /** Keys that the value is made of. */
  readonly keys: number;
  /** End of the window; null for sessions. */
  readonly toMs: number | null;
}

interface Tile extends Omit<TileSeed, "set"> {
  readonly table: SeriesTable;
}

/** The tiles of a page. */
export class TileShelf {
  readonly #tiles = new Map<string, Tile>();

  /** Makes room for pipelines; those without a tile are left out. */
  define(pipelines: readonly Pick<PipelineInfo, "name" | "tile" | "window">[]): void {
    for (const { name, tile, window } of pipelines) {
      if (tile !== null) this.#open({ name, spec: tile, window });
    }
  }

  /** Takes tiles with their points in. */
  putSeeds(seeds: readonly TileSeed[]): void {
    for (const { set, ...tile } of seeds) this.#open(tile).table.putSet(set);
  }

  /** The tiles with their points, to travel to a browser. */
  toSeeds(): TileSeed[] {
    return [...this.#tiles.values()].map(({ table, ...tile }) => ({ ...tile, set: table.toSet(table.keys()) }));
  }

  /** Takes an update in; false where it changes nothing. */
  apply({ channel, key, window_start, generation = 0, revision, values }: LiveUpdate): boolean {
    const tile = this.#tiles.get(channel);
    if (tile === undefined) return false;
    const raw = values[tile.spec.metric];
    const value = typeof raw === "number" || typeof raw === "string" ? Number(raw) : NaN;
    const startMs = Date.parse(window_start);
    const endMs = Date.parse(String(values["window_end"]));
    if (!Number.isFinite(value) || !(endMs > startMs)) return false;
    // A session keeps its start while its end moves on.
    return tile.window === "session"
      ? tile.table.put(key, 1, [startMs, value, revision, generation])
      : tile.table.put(key, endMs - startMs, [endMs, value, revision, generation]);
  }

  /** Forgets all points. */
  clear(): void {
    for (const { table } of this.#tiles.values()) table.clear();
  }

  /** The tiles as they are drawn. */
  shown(): ShownTile[] {
    return [...this.#tiles.values()].map(({ name, spec, window, table }) => {
      const toMs = window === "session" ? null : newestCompleteEnd(table);
      const values = toMs === null ? newestOfEach(table) : table.valuesAt(toMs);
      const value = values.length === 0 ? null : combined(values, spec.over);
      return { name, title: spec.title, value, keys: values.length, toMs: value === null ? null : toMs };
    });
  }

  #open(tile: Omit<TileSeed, "set">): Tile {
    let found = this.#tiles.get(tile.name);
    if (found === undefined) {
      found = { ...tile, table: new SeriesTable({ keysMax: 200, pointsMax: 20 }) };
      this.#tiles.set(tile.name, found);
    }
    return found;
  }
}

/** End of the newest window that is complete, or of the newest one where none is. */
function newestCompleteEnd(table: SeriesTable): number {
  const { completeMs } = table.frontier();
  const ends = table.toSet(table.keys()).series.flatMap(({ points }) => points.map(([endMs]) => endMs));
  const complete = ends.filter((endMs) => endMs <= completeMs);
  return Math.max(...(complete.length > 0 ? complete : ends));
}

const newestOfEach = (table: SeriesTable): number[] =>
  table.toSet(table.keys()).series.flatMap(({ points }) => points.length === 0 ? [] : [points.at(-1)![1]]);

function combined(values: readonly number[], over: TileSpec["over"]): number {
  if (over === "max") return Math.max(...values);
  const sum = values.reduce((total, value) => total + value, 0);
  return over === "sum" ? sum : sum / values.length;
}
