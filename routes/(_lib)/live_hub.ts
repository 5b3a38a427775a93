/**
 * The hub between the live feed and the browsers: one subscription to the feed per process, each update encoded once, one
 * timer for all clients, and no iterator, queue or timer of a client's own. Per client it keeps a place in the ring.
 *
 * Protocol: `retry`, then `snapshot` (or updates after Last-Event-ID), then `update` events; `gap` before a snapshot says
 * that updates were missed; `status`, `refresh` (moments with what was around them) and `heartbeat` carry no id, so that
 * they never move a client's place.
 * @module
 */
import { messageOf } from "../../core/errors.ts";
import { HourCount } from "./hour_count.ts";
import { HubClient } from "./hub_client.ts";
import { type LiveHubCounters, liveHubDefaults, type LiveHubOptions, zeroCounters } from "./live_hub_options.ts";
import type { LiveStatus } from "./live_store.ts";
import { MomentContexts } from "./moment_contexts.ts";
import { overviewChannels, readRecent } from "./recent.ts";
import { SnapshotCache } from "./snapshot_cache.ts";
import type { Services } from "./state.ts";
import { encodeEvent, type RingPiece, UpdateRing } from "./update_ring.ts";

/** How a client comes. */
export interface ConnectOptions {
  /** Empty = the overview's. */
  readonly channels?: readonly string[];
  readonly lastEventId?: string | null;
}

const encoder = new TextEncoder();
const RETRY = encoder.encode("retry: 1000\n\n");
/** As a comment for proxies, and as an event since EventSource does not show comments. */
const HEARTBEAT = encoder.encode(": heartbeat\n\nevent: heartbeat\ndata: {}\n\n");
/** Updates are joined up to about this size. */
const PIECE_BYTES = 65_536;
/** How long a feed or a store that failed is left alone. */
const RETRY_MS = 1_000;

/** Feeds all event streams of a process. */
export class LiveHub implements AsyncDisposable {
  readonly #services: Services;
  readonly #options: Required<LiveHubOptions>;
  readonly #ring: UpdateRing;
  readonly #clients = new Set<HubClient>();
  readonly #snapshots: SnapshotCache;
  readonly #contexts: MomentContexts;
  readonly #hour = new HourCount();
  readonly #stop = new AbortController();
  readonly #counters = zeroCounters();
  readonly #ready: Promise<void>;
  readonly #following: Promise<void>;
  #beating: Promise<void> | null = null;
  #flushScheduled = false;
  #statusText = "";
  #heartbeatMs = 0;

  constructor(services: Services, options: LiveHubOptions = {}) {
    this.#services = services;
    this.#options = { ...liveHubDefaults, ...options };
    this.#ring = new UpdateRing({
      updatesMax: this.#options.historyUpdatesMax,
      bytesMax: this.#options.historyBytesMax,
    });
    this.#snapshots = new SnapshotCache(services, this.#ring, { ageMaxMs: this.#options.snapshotAgeMaxMs });
    this.#contexts = new MomentContexts(services, { everyMs: this.#options.contextMs });
    const primed = Promise.withResolvers<void>();
    this.#following = this.#follow(primed.resolve);
    // A feed that is away must not keep a page from coming: it then starts with a snapshot.
    const patience = this.#services.clock.sleep(RETRY_MS, this.#stop.signal);
    this.#ready = Promise.all([Promise.race([primed.promise, patience]), this.#seed()]).then(() => {});
  }

  /** Resolves when what the feed still had is in the ring. */
  ready(): Promise<void> {
    return this.#ready;
  }

  /** Id of the newest update: whoever reads the stores after this may resume from it. */
  get lastId(): string {
    return this.#ring.lastId;
  }

  /** What it has done. */
  get counters(): Readonly<LiveHubCounters> {
    return { ...this.#counters, clients: this.#clients.size };
  }

  /** What the server tells of itself. */
  status(): LiveStatus {
    return {
      lag_records: this.#services.processor()?.lagRecords ?? null,
      anomalies_1h: this.#hour.count(),
      sources: this.#services.sources().map(({ source, state }) => ({ source, state })),
    };
  }

  /** Opens a stream; null where there are too many. */
  connect({ channels = [], lastEventId = null }: ConnectOptions = {}): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (this.#clients.size >= this.#options.clientsMax || this.#stop.signal.aborted) {
      this.#counters.refused++;
      return null;
    }
    const client = new HubClient({
      channels: channels.length > 0 ? channels : overviewChannels(this.#services),
      onPull: (puller) => this.#onPull(puller),
      onCancel: (leaver) => this.#remove(leaver, "cancelled"),
    });
    this.#clients.add(client);
    this.#counters.connected++;
    this.#beating ??= this.#beat();
    this.#send(client, RETRY);
    const cursor = lastEventId === null ? null : this.#ring.numberAfter(lastEventId);
    if (cursor === null) {
      void this.#sync(client, { gap: lastEventId !== null });
    } else {
      this.#counters.resumed++;
      client.cursor = cursor;
      client.phase = "streaming";
      this.#sendStatus(client);
      this.#pump(client);
    }
    return client.body;
  }

  /** Ends all streams and the subscription. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    for (const client of [...this.#clients]) this.#remove(client);
    await Promise.allSettled([this.#following, this.#beating, this.#ready]);
  }

  async #follow(primed: () => void): Promise<void> {
    const { feed, clock } = this.#services;
    const { signal } = this.#stop;
    let afterId = "0-0";
    while (!signal.aborted) {
      try {
        const target = await feed.lastId();
        if (target === this.#ring.lastId) primed();
        for await (const message of feed.subscribe({ channels: [], afterId, signal })) {
          if (message.type === "gap") this.#ring.restart(message.id);
          else {
            this.#ring.push(message.id, message.update);
            this.#hour.note(message.update);
            this.#counters.updates++;
          }
          if (message.type === "gap" || message.id === target) primed();
          this.#scheduleFlush();
        }
        break; // the feed was closed
      } catch (error) {
        this.#counters.feedFailures++;
        this.#counters.failure = messageOf(error);
        afterId = this.#ring.lastId;
        await clock.sleep(RETRY_MS, signal);
      }
    }
    primed();
    this.#stop.abort(); // without a feed nobody is to be let in
    for (const client of [...this.#clients]) this.#remove(client);
  }

  /** The hour's anomalies from before this hub; a store that fails costs the count of those only. */
  async #seed(): Promise<void> {
    try {
      for (const update of await readRecent(this.#services, { channels: ["anomalies"], anomaliesMax: 2_000 })) {
        this.#hour.note(update);
      }
    } catch (error) {
      this.#countStoreFailure(error);
    }
  }

  async #sync(client: HubClient, { gap }: { gap: boolean }): Promise<void> {
    client.phase = "syncing";
    client.stalledSinceMs = null;
    if (gap) {
      this.#counters.gaps++;
      this.#send(client, encodeEvent({ name: "gap", data: {} }));
    }
    try {
      const { bytes, cursor } = await this.#snapshots.read(client);
      if (client.phase !== "syncing") return; // it has left meanwhile
      this.#counters.snapshots++;
      this.#send(client, bytes);
      client.cursor = cursor;
      client.phase = "streaming";
      this.#sendStatus(client);
      this.#pump(client);
    } catch (error) {
      this.#countStoreFailure(error);
      this.#remove(client); // it comes again, and finds the store as it then is
    }
  }

  #scheduleFlush(): void {
    if (this.#flushScheduled || this.#clients.size === 0) return;
    this.#flushScheduled = true;
    void this.#services.clock.sleep(this.#options.flushDelayMs, this.#stop.signal).then(() => {
      this.#flushScheduled = false;
      const pieces = new Map<string, RingPiece>();
      for (const client of this.#clients) this.#pump(client, pieces);
    });
  }

  /** Sends what a client has still to get, as far as it has room; those at one place share the bytes. */
  #pump(client: HubClient, pieces = new Map<string, RingPiece>()): void {
    const { behindUpdatesMax, behindBytesMax } = this.#options;
    while (client.phase === "streaming" && client.cursor < this.#ring.end) {
      const isLost = client.cursor < this.#ring.oldest;
      const isFar = () =>
        this.#ring.end - client.cursor > behindUpdatesMax || this.#ring.bytesFrom(client.cursor) > behindBytesMax;
      if (isLost || (!client.hasRoom && isFar())) {
        client.phase = "behind";
        this.#counters.behind++;
        if (client.hasRoom) void this.#sync(client, { gap: true });
        return;
      }
      if (!client.hasRoom) {
        client.stalledSinceMs ??= this.#services.clock.nowMs();
        return;
      }
      const { cursor, channels, channelsKey } = client;
      const name = `${cursor} ${channelsKey}`;
      const piece = pieces.get(name) ?? this.#ring.join(cursor, { channels, bytesMax: PIECE_BYTES });
      pieces.set(name, piece);
      client.cursor = piece.end;
      this.#send(client, piece.bytes);
    }
  }

  #onPull(client: HubClient): void {
    client.stalledSinceMs = null;
    if (client.phase === "behind") void this.#sync(client, { gap: true });
    else this.#pump(client);
  }

  /** One timer for all clients, while there are any. */
  async #beat(): Promise<void> {
    const { clock } = this.#services;
    const { heartbeatMs, statusMs, stallMaxMs } = this.#options;
    this.#heartbeatMs = clock.nowMs();
    while (this.#clients.size > 0) {
      await clock.sleep(Math.min(statusMs, heartbeatMs), this.#stop.signal);
      const nowMs = clock.nowMs();
      const status = this.#statusBytes();
      this.#refreshContexts();
      const isHeartbeat = nowMs - this.#heartbeatMs >= heartbeatMs;
      if (isHeartbeat) this.#heartbeatMs = nowMs;
      for (const client of [...this.#clients]) {
        if (client.hasRoom) {
          if (status !== null) this.#send(client, status);
          this.#sendContexts(client);
          if (isHeartbeat) this.#send(client, HEARTBEAT);
        } else if (nowMs - (client.stalledSinceMs ??= nowMs) >= stallMaxMs) {
          this.#counters.stalled++;
          this.#remove(client, "lost");
        }
      }
    }
    this.#beating = null;
  }

  /** The status where it has changed since it was last asked for; no failure of it may stop the heartbeat. */
  #statusBytes(): Uint8Array<ArrayBuffer> | null {
    try {
      const status = this.status();
      const text = JSON.stringify(status);
      if (text === this.#statusText) return null;
      this.#statusText = text;
      return encodeEvent({ name: "status", data: status });
    } catch (error) {
      this.#countStoreFailure(error);
      return null;
    }
  }

  /** Not awaited: a slow store must not hold the heartbeat up. */
  #refreshContexts(): void {
    if (![...this.#clients].some(({ channels }) => channels.has("moments"))) return;
    this.#contexts.refresh().catch((error) => this.#countStoreFailure(error));
  }

  #sendContexts(client: HubClient): void {
    const { version, bytes } = this.#contexts;
    if (bytes === null || client.phase !== "streaming") return;
    if (client.contextVersion === version || !client.channels.has("moments")) return;
    client.contextVersion = version;
    this.#send(client, bytes);
  }

  #sendStatus(client: HubClient): void {
    this.#send(client, encodeEvent({ name: "status", data: this.status() }));
  }

  #send(client: HubClient, bytes: Uint8Array<ArrayBuffer>): void {
    client.write(bytes);
    this.#counters.bytes += bytes.length;
  }

  #remove(client: HubClient, how: Parameters<HubClient["close"]>[0] = "served"): void {
    client.close(how);
    this.#clients.delete(client);
  }

  #countStoreFailure(error: unknown): void {
    this.#counters.storeFailures++;
    this.#counters.failure = messageOf(error);
  }
}

const hubs = new WeakMap<Services, LiveHub>();

/** The hub of these services, made at the first call; disposing it ends every stream. */
export function liveHubOf(services: Services): LiveHub {
  const hub = hubs.get(services) ?? new LiveHub(services);
  hubs.set(services, hub);
  return hub;
}

/** Whether a name may be a channel. */
export const isChannelName = (name: string): boolean => /^[a-z][a-z0-9_]{0,47}$/.test(name);
