/**
 * What tests of the Redis adapters share: stores on a test's server, with short times, and what they noted.
 * @module
 */
import type { RedisLiveFeed, RedisLiveFeedOptions } from "../../adapters/live_feed_redis.ts";
import { openRedisLiveFeed } from "../../adapters/live_feed_redis.ts";
import type { RedisWindowStore, RedisWindowStoreOptions } from "../../adapters/window_store_redis.ts";
import { openRedisWindowStore } from "../../adapters/window_store_redis.ts";
import { seededRandom, systemClock } from "../../core/clock.ts";
import type { StoredSlice, WindowChange } from "../../core/ports.ts";
import type { RedisTestServer } from "./services/redis.ts";

/** Options that a test leaves to the kit. */
type Common = "clock" | "random" | "onNote" | "config";

/** What a test may say of a window store. */
export type WindowStoreSettings = Partial<RedisWindowStoreOptions> & { readonly notes?: string[] };

/** What a test may say of a live feed. */
export type LiveFeedSettings = Partial<RedisLiveFeedOptions> & { readonly notes?: string[] };

function common(server: RedisTestServer, notes: string[]): Pick<RedisWindowStoreOptions, Common> {
  return {
    config: server.config(),
    clock: systemClock,
    random: seededRandom(1),
    onNote: (note) => void notes.push(note),
  };
}

/** Opens a window store on a server, below a name of its own unless one is given. */
export function windowStoreOn(
  server: RedisTestServer,
  { notes = [], ...options }: WindowStoreSettings = {},
): Promise<RedisWindowStore> {
  return openRedisWindowStore({ ...common(server, notes), prefix: `test-${crypto.randomUUID()}`, ...options });
}

/** Opens a live feed on a server, below a name of its own unless one is given. */
export function liveFeedOn(
  server: RedisTestServer,
  { notes = [], ...options }: LiveFeedSettings = {},
): Promise<RedisLiveFeed> {
  return openRedisLiveFeed({ ...common(server, notes), prefix: `test-${crypto.randomUUID()}`, ...options });
}

/** The same server by way of a relay on another port. */
export function configThrough(server: RedisTestServer, port: number): RedisWindowStoreOptions["config"] {
  const config = server.config();
  return { ...config, server: { ...config.server, port } };
}

/** A change of epoch 1 that replaces all, with the rest as given. */
export const windowChange = (rest: Partial<WindowChange> = {}): WindowChange => ({
  epoch: 1,
  fromOffset: null,
  nextOffset: 10,
  incarnation: "i",
  generation: 1,
  seqs: [],
  changed: [],
  dropped: [],
  ...rest,
});

/** So many slices of as many keys, all with the same state. */
export const manySlices = (count: number, state: string): StoredSlice[] =>
  Array.from({ length: count }, (_, i) => ({ key: `k${i % 7}`, sliceStartMs: 10_000 * Math.floor(i / 7), state }));

/** Slices in one order, since the port promises none. */
export const inOrder = (slices: readonly StoredSlice[]): StoredSlice[] =>
  slices.toSorted((a, b) => a.sliceStartMs - b.sliceStartMs || (a.key < b.key ? -1 : 1));
