/**
 * THE LIST of adapters: opens the stores that a configuration chooses.
 * @module
 */
import type { Clock } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import { derivedTopics } from "../core/events/mod.ts";
import type { EventLog, LiveFeed, SummaryStore, WindowStore } from "../core/ports.ts";
import { openEmbeddedLog } from "./event_log_embedded.ts";
import { createEmbeddedLiveFeed } from "./live_feed_embedded.ts";
import { type Ownership, takeOwnership } from "./owner_lock.ts";
import { openPgliteStore } from "./summary_store_pglite.ts";
import { openEmbeddedWindowStore } from "./window_store_embedded.ts";

/** The four stores, opened. Disposing closes them and frees the DATA_DIR. */
export interface Stores extends AsyncDisposable {
  readonly log: EventLog;
  readonly windowStore: WindowStore;
  readonly summaryStore: SummaryStore;
  readonly liveFeed: LiveFeed;
  readonly ownership: Ownership;
}

/** How to open stores. */
export interface StoreOptions {
  readonly clock: Clock;
  /** Told of what people should know: a store that was discarded, a first start that takes longer. */
  readonly onNote: (note: string) => void;
}

/**
 * Opens all stores of a DATA_DIR and brings the tables up to date.
 *
 * @throws {UserError} when the folder is owned, unwritable or holds something else.
 */
export async function openStores(config: Config, { clock, onNote }: StoreOptions): Promise<Stores> {
  await using opened = new AsyncDisposableStack();
  const ownership = opened.use(await takeOwnership(config.dataDir));
  const summaryStore = opened.use(await openSummaryStore(config, { clock, onNote }));
  const log = opened.use(await openLog(config, { clock, onNote }));
  const windowStore = opened.use(
    await openEmbeddedWindowStore({
      path: `${config.dataDir}/windows.db`,
      onDiscard: (reason) => onNote(`window store discarded, open windows are rebuilt: ${reason}`),
    }),
  );
  const liveFeed = opened.use(createEmbeddedLiveFeed({ clock }));
  const all = opened.move();
  return { log, windowStore, summaryStore, liveFeed, ownership, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openLog(config: Config, { clock, onNote }: StoreOptions): Promise<EventLog> {
  const { kafka, topicPrefix, logRetentionMs: retentionMs } = config;
  if (kafka !== null) {
    // Only where it is chosen: reading the client's code takes a third of a second.
    const { openKafkaLog } = await import("./event_log_kafka.ts");
    return await openKafkaLog({ config: kafka, topicPrefix, retentionMs, clock, onNote });
  }
  return await openEmbeddedLog({
    path: `${config.dataDir}/log.db`,
    clock,
    retentionMs,
    sizeBytesMax: config.logSizeBytesMax,
    neverWaits: (topic) => Object.values<string>(derivedTopics).includes(topic),
  });
}

/** Opens the SummaryStore alone, for readers of tables. The DATA_DIR must be owned by the caller. */
export async function openSummaryStore(config: Config, { onNote }: StoreOptions): Promise<SummaryStore> {
  const store = await openPgliteStore({
    dataDir: config.dataDir,
    onProgress: (step) => {
      if (step === "creating") onNote("first start: making the tables' database, this takes some seconds");
    },
    onReplaced: (values) => onNote(`${values} texts held characters that no table can store; U+FFFD stands for them`),
  });
  try {
    await store.migrate();
    return store;
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}
