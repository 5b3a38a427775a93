/**
 * The browser's side of the event stream: one EventSource per page, shared by all islands. It reconnects by itself, since
 * EventSource gives up for good on some failures (a 503 among them) and waits as it likes on others.
 *
 * One connection per page, not per browser: a page hidden for a minute gives its connection back, so that the six that
 * HTTP/1.1 allows per host are not used up by forgotten tabs. Sharing one between tabs would replace {@link openSource}.
 * @module
 */
import { type Signal, signal } from "@preact/signals";
import type { LiveUpdate } from "../../core/ports.ts";
import { type LiveStatus, LiveStore } from "./live_store.ts";

/** How the page stands to the server; `ended` = connected, but every source has finished. */
export type ConnectionPhase = "connecting" | "live" | "stale" | "reconnecting" | "paused" | "ended";

/** A phase and since when it holds. */
export interface Connection {
  readonly phase: ConnectionPhase;
  readonly sinceMs: number;
}

/** The connection as the server renders it. */
export const NOT_CONNECTED: Connection = { phase: "connecting", sinceMs: 0 };

/** Heartbeats come every 15 s: after this a connection is no longer to be trusted … */
const STALE_MS = 25_000;
/** … and after this it is given up. */
const GIVE_UP_MS = 40_000;
/** Islands redraw at most four times a second. */
const TICK_MS = 250;
const RETRY_MS_MIN = 500;
/** A server that restarts is back within seconds; one that is away for longer is asked less often. */
const RETRY_MS_MAX_AT_FIRST = 1_500;
const RETRY_MS_MAX = 5_000;
const AT_FIRST_MS = 60_000;
const HIDDEN_MS_MAX = 60_000;

type Timer = ReturnType<typeof setTimeout>;

/** The page's connection and what came over it. */
class LiveClient {
  readonly store = new LiveStore();
  readonly connection: Signal<Connection> = signal(NOT_CONNECTED);
  /** Rises when there is something new to draw, at most every {@link TICK_MS}. */
  readonly tick = signal(0);
  /** When an update last came, by channel. */
  readonly arrivals = new Map<string, number>();
  #lastId: string | null = null;
  #source: EventSource | null = null;
  #started = false;
  #heardMs = 0;
  #retries = 0;
  #retryTimer: Timer | undefined;
  #tickTimer: Timer | undefined;
  #hiddenTimer: Timer | undefined;

  /** Connects once; a page rendered with data names the id to go on from. */
  start(lastId: string | null): void {
    this.#lastId ??= lastId;
    if (this.#started) return;
    this.#started = true;
    this.#enter("connecting");
    // The other islands of the page put their data in first, and one of them may know the id.
    setTimeout(() => this.#open(), 0);
    setInterval(() => this.#watch(), 1_000);
    globalThis.addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => this.#onVisibility());
  }

  #open(): void {
    this.#source?.close();
    clearTimeout(this.#retryTimer);
    this.#heardMs = Date.now();
    const source = openSource(this.#lastId);
    this.#source = source;
    const on = (name: string, take: (data: unknown, id: string) => void) =>
      source.addEventListener(name, (event) => {
        this.#heard();
        take(JSON.parse(event.data), event.lastEventId);
      });
    on("update", (data, id) => {
      const update = data as LiveUpdate;
      this.#lastId = id;
      this.arrivals.set(update.channel, Date.now());
      if (this.store.apply(update)) this.#changed();
    });
    on("snapshot", (data, id) => {
      this.#lastId = id;
      const { updates } = data as { updates: readonly LiveUpdate[] };
      this.store.replace(updates);
      for (const { channel } of updates) this.arrivals.set(channel, Date.now());
      this.#changed();
    });
    on("refresh", (data) => {
      const { updates } = data as { updates: readonly LiveUpdate[] };
      const changes = updates.map((update) => this.store.apply(update));
      if (changes.includes(true)) this.#changed();
    });
    on("gap", () => {}); // the snapshot that follows replaces everything
    on("status", (data) => {
      this.store.status = data as LiveStatus;
      this.#changed();
    });
    on("heartbeat", () => {});
    source.onopen = () => this.#heard();
    source.onerror = () => this.#lost();
  }

  #heard(): void {
    this.#heardMs = Date.now();
    this.#retries = 0;
    const sources = this.store.status?.sources ?? [];
    this.#enter(sources.length > 0 && sources.every(({ state }) => state === "ended") ? "ended" : "live");
  }

  /** Closes what is left of the connection and tries again after a while. */
  #lost(): void {
    this.#source?.close();
    this.#source = null;
    const { phase, sinceMs } = this.connection.peek();
    // A stale connection that is given up has been of no use for longer than just now.
    if (phase !== "connecting") this.#enter("reconnecting", phase === "stale" ? sinceMs : Date.now());
    const isAtFirst = Date.now() - sinceMs < AT_FIRST_MS || phase !== "reconnecting";
    const delayMs = Math.min(RETRY_MS_MIN * 1.5 ** this.#retries++, isAtFirst ? RETRY_MS_MAX_AT_FIRST : RETRY_MS_MAX);
    clearTimeout(this.#retryTimer);
    // Spread by a fifth, or a server that comes back meets all of its pages in one moment.
    this.#retryTimer = setTimeout(() => this.#open(), delayMs * (0.8 + 0.4 * Math.random()));
  }

  #retryNow(): void {
    if (this.#source === null && this.connection.peek().phase !== "paused") this.#open();
  }

  #watch(): void {
    const silentMs = Date.now() - this.#heardMs;
    const { phase } = this.connection.peek();
    if (this.#source !== null && silentMs > GIVE_UP_MS) this.#lost();
    else if ((phase === "live" || phase === "ended") && silentMs > STALE_MS) this.#enter("stale", this.#heardMs);
    this.#changed(); // ages go on without news
  }

  #onVisibility(): void {
    clearTimeout(this.#hiddenTimer);
    if (document.visibilityState === "hidden") {
      this.#hiddenTimer = setTimeout(() => this.#pause(), HIDDEN_MS_MAX);
    } else if (this.connection.peek().phase === "paused") {
      this.#enter("connecting");
      this.#open();
    } else this.#retryNow();
  }

  #pause(): void {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#source = null;
    this.#enter("paused");
  }

  #enter(phase: ConnectionPhase, sinceMs = Date.now()): void {
    if (this.connection.peek().phase === phase) return;
    this.connection.value = { phase, sinceMs };
    this.#changed();
  }

  #changed(): void {
    this.#tickTimer ??= setTimeout(() => {
      this.#tickTimer = undefined;
      this.tick.value++;
    }, TICK_MS);
  }
}

/** Opens the stream of the overview's channels; a new EventSource sends no Last-Event-ID, the query does. */
function openSource(lastId: string | null): EventSource {
  return new EventSource(lastId === null ? "/api/stream" : `/api/stream?last_event_id=${encodeURIComponent(lastId)}`);
}

/** The one client of the page; on the server it is never started. */
export const liveClient = new LiveClient();
