/**
 * The numbers at the top of the overview.
 * @module
 */
import type { LiveStore } from "./live_store.ts";
import { lastPrices } from "./price_view.ts";

/** The overview's numbers; null = not known. */
export interface Tiles {
  /** Messages in the newest complete window, over all streams. */
  readonly messages: number | null;
  /** When that window ended. */
  readonly messagesToMs: number | null;
  /** Streams with messages in it. */
  readonly streams: number | null;
  readonly prices: readonly { readonly symbol: string; readonly price: number | null }[];
  readonly anomalies: number | null;
  readonly lagRecords: number | null;
  /** Sources that are live, of so many; null where none run in this process. */
  readonly sources: { readonly live: number; readonly all: number; readonly failed: number } | null;
}

const PRICES_SHOWN_MAX = 2;

/** Reads the numbers off. */
export function tilesOf(store: LiveStore): Tiles {
  const { chat, status } = store;
  const { completeMs } = chat.frontier();
  const counts = chat.valuesAt(completeMs);
  const inState = (name: string) => status?.sources.filter(({ state }) => state === name).length ?? 0;
  return {
    messages: counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0),
    messagesToMs: counts.length === 0 ? null : completeMs,
    streams: counts.length === 0 ? null : counts.filter((count) => count > 0).length,
    prices: lastPrices(store, PRICES_SHOWN_MAX),
    anomalies: status?.anomalies_1h ?? null,
    lagRecords: status?.lag_records ?? null,
    sources: !status || status.sources.length === 0
      ? null
      : { live: inState("live"), all: status.sources.length, failed: inState("failed") },
  };
}
