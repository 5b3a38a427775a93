/**
 * How islands read live data. The first render is made of the island's props on the server and in the browser alike;
 * later ones read the page's shared store.
 * @module
 */
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Connection, liveClient, NOT_CONNECTED } from "./live_client.ts";
import { LiveStore } from "./live_store.ts";

/** What an island brings along. */
export interface LiveSeed {
  /** Id to go on from; null where the page was rendered without data. */
  readonly lastId: string | null;
  /** Puts the island's data into a store. */
  fill(store: LiveStore): void;
}

/** What an island draws from. */
export interface LiveView {
  readonly store: LiveStore;
  readonly connection: Connection;
  /** 0 at the first render. */
  readonly tick: number;
  /** The browser's clock; 0 at the first render. */
  readonly nowMs: number;
  /** How long a channel has been silent; 0 at the first render. */
  silentMs(channel: string): number;
}

/** Renders again when there is something new, at most four times a second. */
export function useLive({ lastId, fill }: LiveSeed): LiveView {
  const [{ tick, startMs }, setTick] = useState({ tick: 0, startMs: 0 });
  const first = useMemo(() => {
    const store = new LiveStore();
    fill(store);
    return store;
  }, []);
  useEffect(() => {
    const openedMs = Date.now();
    fill(liveClient.store);
    liveClient.start(lastId);
    return liveClient.tick.subscribe((value) => {
      if (value > 0) setTick({ tick: value, startMs: openedMs });
    });
  }, []);
  if (tick === 0) return { store: first, connection: NOT_CONNECTED, tick, nowMs: 0, silentMs: () => 0 };
  const nowMs = Date.now();
  return {
    store: liveClient.store,
    connection: liveClient.connection.peek(),
    tick,
    nowMs,
    silentMs: (channel) => nowMs - (liveClient.arrivals.get(channel) ?? startMs),
  };
}
