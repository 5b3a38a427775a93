/**
 * What the dashboard holds of the live feed, bounded; filled from rows on the server and from events in the browser.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";
import { type AnomalyItem, anomalyItemOf, AnomalyShelf } from "./anomaly_shelf.ts";
import { type MomentItem, momentItemOf, MomentShelf } from "./moment_shelf.ts";
import { TileShelf } from "./tile_shelf.ts";
import { type Point, SeriesTable } from "./series.ts";

/** What the server tells of itself by event `status`. */
export interface LiveStatus {
  /** Records that the processor has not taken in yet; null where it runs elsewhere. */
  readonly lag_records: number | null;
  /** Anomalies in the hour of event time before the newest event. */
  readonly anomalies_1h: number;
  readonly sources: readonly { readonly source: string; readonly state: string }[];
}

/** Bounded state of the overview's channels. */
export class LiveStore {
  /** Messages by stream. */
  readonly chat = new SeriesTable({ keysMax: 200, pointsMax: 120 });
  /** Closing prices by symbol, of 1-second candles. */
  readonly candles1s = new SeriesTable({ keysMax: 50, pointsMax: 1_000 });
  /** Closing prices by symbol, of 1-minute candles. */
  readonly candles1m = new SeriesTable({ keysMax: 50, pointsMax: 200 });
  readonly anomalies = new AnomalyShelf(50);
  readonly moments = new MomentShelf(100);
  /** Of the pipelines without a chart. */
  readonly tiles = new TileShelf();
  status: LiveStatus | null = null;

  /** Takes an update in; returns whether anything changed. */
  apply(update: LiveUpdate): boolean {
    switch (update.channel) {
      case "chat":
        return putPoint(this.chat, update, "chat_count");
      case "candles_1s":
        return putPoint(this.candles1s, update, "close");
      case "candles_1m":
        return putPoint(this.candles1m, update, "close");
      case "anomalies": {
        const item = anomalyItemOf(update);
        return item !== null && this.anomalies.put(item);
      }
      case "moments": {
        const item = momentItemOf(update);
        return item !== null && this.moments.put(item);
      }
      default:
        return this.tiles.apply(update);
    }
  }

  /** Takes listed anomalies in. */
  putAnomalies(items: readonly AnomalyItem[]): void {
    for (const item of items) this.anomalies.put(item);
  }

  /** Takes listed moments in. */
  putMoments(items: readonly MomentItem[]): void {
    for (const item of items) this.moments.put(item);
  }

  /** Replaces everything but the status by a snapshot. */
  replace(updates: readonly LiveUpdate[]): void {
    this.chat.clear();
    this.candles1s.clear();
    this.candles1m.clear();
    this.anomalies.clear();
    this.moments.clear();
    this.tiles.clear();
    for (const update of updates) this.apply(update);
  }
}

function putPoint(table: SeriesTable, update: LiveUpdate, metric: string): boolean {
  const { key, window_start, generation = 0, revision, values } = update;
  const raw = values[metric];
  // Decimals come as strings; null is a window without a value.
  const value = typeof raw === "number" || typeof raw === "string" ? Number(raw) : NaN;
  const endMs = Date.parse(String(values["window_end"]));
  const sizeMs = endMs - Date.parse(window_start);
  if (!Number.isFinite(value) || !(sizeMs > 0)) return false;
  const point: Point = [endMs, value, revision, generation];
  return table.put(key, sizeMs, point);
}
