/**
 * THE LIST of adapters: opens the stores that a configuration chooses. An adapter is loaded when it is chosen, so that
 * nobody waits for the clients of servers that he does not have.
 * @module
 */
import { type Clock, type Random, seededRandom } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import type { RedisServer } from "../core/config/redis.ts";
import { UserError } from "../core/errors.ts";
import { derivedTopics } from "../core/events/mod.ts";
import type { EventLog, LiveFeed, SummaryStore, WindowStore } from "../core/ports.ts";
import { isRekeyTopic } from "../core/rekey.ts";
import { type StoreTrouble, type Troubled, troublesOf } from "../core/status.ts";
import type { SqlStore } from "./summary_store_sql.ts";
import { type Ownership, takeOwnership } from "./owner_lock.ts";

/** The four stores, opened. Disposing closes them and frees the DATA_DIR. */
export interface Stores extends AsyncDisposable {
  readonly log: EventLog;
  readonly windowStore: WindowStore;
  readonly summaryStore: SummaryStore;
  readonly liveFeed: LiveFeed;
  /** Of the DATA_DIR; null where none of the stores is embedded, so that other processes may share them all. */
  readonly ownership: Ownership | null;
  /** What went wrong with the servers of these stores since they were opened. */
  troubles(): readonly StoreTrouble[];
}

/** How to open stores. */
export interface StoreOptions {
  readonly clock: Clock;
  /** Told of what people should know: a store that was discarded, a server that is away. */
  readonly onNote: (note: string) => void;
  /** How long an event log whose server is away is waited for. Default: not at all. */
  readonly logAwayMsMax?: number;
}

/** Which adapter each store has, in words for people, and which variable decides it. */
export interface StoreChoice {
  readonly store: "event log" | "window store" | "summary store" | "live feed";
  readonly choice: string;
  readonly shared: boolean;
  readonly variable: string;
}

/** What a configuration chooses. */
export function storeChoices({ dataDir, kafka, redis, postgres }: Config): readonly StoreChoice[] {
  const redisAt = redis.server && `Redis at ${redis.server.host}:${redis.server.port}`;
  const of = (store: StoreChoice["store"], server: string | null, embedded: string, variable: string) => ({
    store,
    choice: server ?? `embedded${embedded}`,
    shared: server !== null,
    variable,
  });
  return [
    of("event log", kafka && `Kafka at ${kafka.bootstrapServers.join(", ")}`, `: ${dataDir}/log.db`, KAFKA),
    of("window store", redisAt, `: ${dataDir}/windows.db`, REDIS),
    of(
      "summary store",
      postgres && `Postgres at ${postgres.host}:${postgres.port}`,
      ` (PGlite): ${dataDir}/pg`,
      POSTGRES,
    ),
    of("live feed", redisAt, ": in this process", REDIS),
  ];
}

const KAFKA = "KAFKA_BOOTSTRAP_SERVERS";
const REDIS = "REDIS_URL";
const POSTGRES = "POSTGRES_URL";

/**
 * Sees that a command that is one of several processes has stores that they can share: all, or those that it needs.
 *
 * @throws {UserError} that names what is missing.
 */
export function requireShared(config: Config, command: string, needed?: readonly StoreChoice["store"][]): void {
  const missing = storeChoices(config).filter(({ shared, store }) => !shared && (needed?.includes(store) ?? true));
  if (missing.length === 0) return;
  const variables = [...new Set(missing.map(({ variable }) => variable))];
  throw new UserError("usage", {
    cause: `Cannot run ${command} as a process of its own: ${missing.map(({ store }) => store).join(", ")} would be ` +
      `embedded, and an embedded store has one owner`,
    fix: `set ${variables.join(", ")}, or use tidemark dev, which does everything in one process`,
  });
}

/**
 * Sees that a command that only reads has something to read: opening would make an embedded store that is not there.
 *
 * @throws {UserError} where the DATA_DIR holds none of an embedded store that is needed.
 */
export async function requireData(config: Config, needed: readonly StoreChoice["store"][]): Promise<void> {
  const { dataDir } = config;
  const files: Partial<Record<StoreChoice["store"], string>> = {
    "event log": `${dataDir}/log.db`,
    "summary store": `${dataDir}/pg/PG_VERSION`,
  };
  for (const { store, shared } of storeChoices(config)) {
    const file = files[store];
    if (shared || file === undefined || !needed.includes(store)) continue;
    try {
      await Deno.lstat(file);
    } catch (error) {
      // Whatever else is amiss with the folder is told by who opens it.
      if (!(error instanceof Deno.errors.NotFound)) continue;
      throw new UserError("usage", {
        cause: `Cannot read from ${dataDir}: it holds no ${store} of Tidemark`,
        fix: "name the folder of an earlier run by --data-dir or DATA_DIR; tidemark replay and dev fill one",
      });
    }
  }
}

/**
 * Opens all stores and brings the tables up to date.
 *
 * @throws {UserError} when a server cannot be reached, or the folder is owned, unwritable or holds something else.
 */
export async function openStores(config: Config, options: StoreOptions): Promise<Stores> {
  await using opened = new AsyncDisposableStack();
  const embeds = storeChoices(config).some(({ shared, store }) => !shared && store !== "live feed");
  const ownership = embeds ? opened.use(await takeOwnership(config.dataDir)) : null;
  const summaryStore = opened.use(await openSummaryStore(config, options));
  const log = opened.use(await openLog(config, options));
  const windowStore = opened.use(await openWindowStore(config, options, await summaryStore.identity()));
  const liveFeed = opened.use(await openLiveFeed(config, options));
  const all = opened.move();
  const stores = { log, windowStore, summaryStore, liveFeed };
  const troubles = () => [
    ...troublesOf("log", log),
    ...troublesOf("windows", windowStore),
    ...troublesOf("tables", summaryStore),
    ...troublesOf("live", liveFeed),
  ];
  return { ...stores, ownership, troubles, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Opens the event log alone: on Kafka, else in the DATA_DIR, which the caller owns. */
export async function openLog(config: Config, options: StoreOptions): Promise<EventLog & Partial<Troubled>> {
  const { clock, onNote, logAwayMsMax: awayMsMax = 0 } = options;
  const { kafka, topicPrefix, logRetentionMs: retentionMs } = config;
  if (kafka !== null) {
    const { openKafkaLog } = await import("./event_log_kafka.ts");
    return await openKafkaLog({ config: kafka, topicPrefix, retentionMs, clock, onNote, awayMsMax });
  }
  const { openEmbeddedLog } = await import("./event_log_embedded.ts");
  return await openEmbeddedLog({
    path: `${config.dataDir}/log.db`,
    clock,
    retentionMs,
    sizeBytesMax: config.logSizeBytesMax,
    neverWaits: (topic) => Object.values<string>(derivedTopics).includes(topic) || isRekeyTopic(topic),
  });
}

async function openWindowStore(
  config: Config,
  options: StoreOptions,
  database: string,
): Promise<WindowStore & Partial<Troubled>> {
  const { server } = config.redis;
  if (server !== null) {
    const { openRedisWindowStore } = await import("./window_store_redis.ts");
    return await openRedisWindowStore({ ...redisOptions(config, options, server), database });
  }
  const { openEmbeddedWindowStore } = await import("./window_store_embedded.ts");
  return await openEmbeddedWindowStore({
    path: `${config.dataDir}/windows.db`,
    database,
    onDiscard: (reason) => options.onNote(`window store discarded, open windows are rebuilt: ${reason}`),
  });
}

async function openLiveFeed(config: Config, options: StoreOptions): Promise<LiveFeed & Partial<Troubled>> {
  const { server } = config.redis;
  if (server !== null) {
    const { openRedisLiveFeed } = await import("./live_feed_redis.ts");
    return await openRedisLiveFeed(redisOptions(config, options, server));
  }
  const { createEmbeddedLiveFeed } = await import("./live_feed_embedded.ts");
  return createEmbeddedLiveFeed({ clock: options.clock });
}

function redisOptions({ redis, topicPrefix }: Config, options: StoreOptions, server: RedisServer) {
  const { clock, onNote } = options;
  return { config: { ...redis, server }, prefix: topicPrefix, clock, random: randomOf(options), onNote };
}

/** Spreads the retries of many processes. */
const randomOf = ({ clock }: StoreOptions): Random => seededRandom(clock.nowMs() ^ Deno.pid);

/** Opens the SummaryStore alone, for readers of tables: Postgres, else the embedded one, whose DATA_DIR the caller owns. */
export async function openSummaryStore(config: Config, options: StoreOptions): Promise<SqlStore & Partial<Troubled>> {
  const store = await openTables(config, options);
  try {
    await store.migrate();
    return store;
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

async function openTables(config: Config, options: StoreOptions): Promise<SqlStore & Partial<Troubled>> {
  const { clock, onNote } = options;
  const onReplaced = (values: number) =>
    onNote(`${values} texts held characters that no table can store; U+FFFD stands for them`);
  if (config.postgres !== null) {
    const { openPostgresStore } = await import("./summary_store_postgres.ts");
    return await openPostgresStore({ target: config.postgres, clock, random: randomOf(options), onNote, onReplaced });
  }
  const { openPgliteStore } = await import("./summary_store_pglite.ts");
  return await openPgliteStore({
    dataDir: config.dataDir,
    onProgress: (step) => {
      if (step === "creating") onNote("first start: making the tables' database, this takes some seconds");
    },
    onReplaced,
  });
}
