/**
 * The overview's first data, read on the server.
 * @module
 */
import type { AnomalyItem } from "./anomaly_shelf.ts";
import { liveHubOf } from "./live_hub.ts";
import { type LiveStatus, LiveStore } from "./live_store.ts";
import type { MomentItem } from "./moment_shelf.ts";
import { ANOMALIES_SHOWN_MAX, readRecent, tiledPipelines } from "./recent.ts";
import type { SeriesSet } from "./series.ts";
import type { TileSeed } from "./tile_shelf.ts";
import type { Services } from "./state.ts";

/** What the islands of the overview begin with; small enough to travel in the page. */
export interface OverviewData {
  /** The stores are still opening. */
  readonly isOpening: boolean;
  /** Id that the page's stream goes on from; null = begin with a snapshot. */
  readonly lastId: string | null;
  readonly chat: SeriesSet;
  readonly candles1s: SeriesSet;
  readonly candles1m: SeriesSet;
  readonly anomalies: readonly AnomalyItem[];
  readonly moments: readonly MomentItem[];
  readonly status: LiveStatus | null;
  readonly tiles: readonly TileSeed[];
}

const none: SeriesSet = { sizeMs: 0, series: [] };

/** Reads it; with no services the page says that the stores are opening, and its stream brings the data. */
export async function readOverview(services: Services | undefined): Promise<OverviewData> {
  if (services === undefined) {
    const empty = { chat: none, candles1s: none, candles1m: none, anomalies: [], moments: [], status: null, tiles: [] };
    return { isOpening: true, lastId: null, ...empty };
  }
  const hub = liveHubOf(services);
  await hub.ready();
  const { lastId } = hub; // before reading: what is published meanwhile is streamed after
  const store = new LiveStore();
  store.tiles.define(tiledPipelines(services));
  store.replace(await readRecent(services));
  const { chat, candles1s, candles1m, anomalies, moments } = store;
  return {
    isOpening: false,
    lastId,
    chat: chat.toSet(chat.keys()),
    candles1s: candles1s.toSet(candles1s.keys()),
    candles1m: candles1m.toSet(candles1m.keys()),
    anomalies: anomalies.items.slice(0, ANOMALIES_SHOWN_MAX),
    moments: moments.items,
    status: hub.status(),
    tiles: store.tiles.toSeeds(),
  };
}
