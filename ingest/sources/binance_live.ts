/**
 * Live trades of Binance: combined streams of a websocket, in the order of their ids, gaps filled over REST.
 *
 * ```
 * socket ─▶ queue ─▶ decode ─▶ order by symbol ─▶ batch + positions
 *             ▲                   │ gap
 *             └── answer ◀── REST ┘
 * ```
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { type BackOff, backOffMs } from "../connect/back_off.ts";
import { FrameQueue } from "../connect/frame_queue.ts";
import { keepConnected, type KeepTimes } from "../connect/keep_connected.ts";
import type { OpenSocket } from "../connect/live_socket.ts";
import { RecentIds } from "../connect/recent_ids.ts";
import type { Decode, Decoded, SourceBatch, SourceContext } from "../source.ts";
import { ownNames, wholeShard } from "../sharding.ts";
import { BlockedError, TradeHistory } from "./binance_history.ts";
import { TradeOrder } from "./binance_order.ts";
import { decodeTrade, type JsonObject } from "./binance_trade.ts";
import { ignored } from "./outcome.ts";

/** What a test changes. */
export interface BinanceLiveOptions {
  readonly open: OpenSocket;
  readonly fetch: typeof fetch;
  readonly times: KeepTimes;
  /** How long a gap is left to fill itself before it is asked for. */
  readonly gapGraceMs: number;
  readonly gapBackOff: BackOff;
}

/** As Binance wants it. A connection ends after 24 hours: its successor comes ten minutes earlier. */
export const binanceLiveOptions: BinanceLiveOptions = {
  open: (url) => new WebSocket(url),
  fetch: (input, init) => fetch(input, init),
  times: {
    backOff: { firstMs: 500, maxMs: 60_000 },
    openMsMax: 15_000,
    readyMsMax: 15_000,
    goodMs: 30_000,
    silentMsMax: 60_000,
    answerMsMax: 15_000,
    ageMsMax: 24 * 3_600_000 - 10 * 60_000,
  },
  gapGraceMs: 250,
  gapBackOff: { firstMs: 500, maxMs: 15_000 },
};

/** A gap that has not become smaller for so long is given up. */
export const GAP_MS_MAX = 5 * 60_000;
/** Of a longer gap the oldest part is given up at once. */
export const GAP_TRADES_MAX = 100_000;
/** Calls that fail one after the other before a gap is given up. */
const GAP_FAILURES_MAX = 8;
/** Streams of a connection. */
const STREAMS_MAX = 1_024;

/** What was asked for has come, or is given up. */
interface Answer {
  readonly symbol: string;
  readonly payloads: readonly JsonObject[];
  readonly gaveUp: boolean;
  readonly taken: () => void;
}

/** Where the trades of a symbol stand. */
const positionId = (symbol: string): string => `binance:${symbol}`;

/** A shutdown notice is short; a look into every frame for it costs nothing. */
const isShutdown = (text: string): boolean => text.length < 500 && text.includes('"serverShutdown"');

/** Batches of live trades until the signal aborts. */
export async function* binanceLive(
  context: SourceContext,
  { decode, options }: { decode: Decode; options: BinanceLiveOptions },
): AsyncGenerator<SourceBatch> {
  const { monitor, signal, clock } = context;
  const streams = streamsOf(context);
  const queue = new FrameQueue<string | Answer>(monitor, {
    unitsOf: (item) => typeof item === "string" ? item.length : 0,
  });
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const market = new Market({ ...context, signal: ending }, { decode, options, queue });
  await market.load();
  const connection = keepConnected({
    url: `${context.config.binance.streamUrl}/stream?streams=${streams.join("/")}`,
    open: options.open,
    clock,
    random: context.random,
    signal: ending,
    monitor,
    times: options.times,
    probe: '{"method":"LIST_SUBSCRIPTIONS","id":1}',
    onOpen: (socket) => socket.markReady(),
    onFrame: (text, socket) => {
      if (isShutdown(text)) socket.retire();
      queue.push(text);
    },
  }).finally(() => queue.close());
  // Seen below, when what is queued was handed over; until then it must not end the process.
  connection.catch(() => {});
  try {
    for await (const items of queue.batches(ending)) {
      const batch = market.take(items);
      if (batch.decoded.length > 0) yield batch;
    }
    await connection;
  } finally {
    stop.abort();
    await Promise.allSettled([connection, market.settled()]);
  }
}

/** The symbols that are this producer's. */
const symbolsOf = ({ config, shard = wholeShard }: SourceContext): readonly string[] =>
  ownNames(config.mock.symbols, shard, "BINANCE_SYMBOLS");

function streamsOf(context: SourceContext): string[] {
  const { klines } = context.config.binance;
  const symbols = symbolsOf(context);
  const streams = symbols.map((symbol) => symbol.toLowerCase()).flatMap((symbol) => [
    `${symbol}@trade`,
    ...klines.map((interval) => `${symbol}@kline_${interval}`),
  ]);
  if (streams.length <= STREAMS_MAX) return streams;
  throw new UserError("usage", {
    cause: `Cannot read ${streams.length} streams of Binance: a connection takes ${STREAMS_MAX}`,
    fix: "name fewer symbols in BINANCE_SYMBOLS, or fewer intervals in BINANCE_KLINES",
  });
}

/** The trades of all symbols: orders what comes and has gaps filled. */
class Market {
  readonly #context: SourceContext;
  readonly #decode: Decode;
  readonly #options: BinanceLiveOptions;
  readonly #queue: FrameQueue<string | Answer>;
  readonly #history: TradeHistory;
  readonly #orders = new Map<string, TradeOrder<Decoded>>();
  readonly #filling = new Map<string, Promise<void>>();
  readonly #bars = new RecentIds();

  constructor(
    context: SourceContext,
    { decode, options, queue }: {
      decode: Decode;
      options: BinanceLiveOptions;
      queue: FrameQueue<string | Answer>;
    },
  ) {
    this.#context = context;
    this.#decode = decode;
    this.#options = options;
    this.#queue = queue;
    const { clock, signal, config: { binance: { restUrl: url } } } = context;
    this.#history = new TradeHistory({ url, fetch: options.fetch, clock, signal });
  }

  /** Reads where each symbol stands, so that what was traded between two processes is a gap like any other. */
  async load(): Promise<void> {
    for (const name of symbolsOf(this.#context)) {
      const symbol = name.toUpperCase();
      const found = await this.#context.loadPosition(positionId(symbol)) as { tradeId?: number } | null;
      this.#orders.set(symbol, new TradeOrder(found?.tradeId ?? null));
    }
  }

  /** What these frames and answers let through, with the positions after it. */
  take(items: readonly (string | Answer)[]): SourceBatch {
    const decoded: Decoded[] = [];
    const before = new Map([...this.#orders].map(([symbol, { lastId }]) => [symbol, lastId]));
    for (const item of items) {
      if (typeof item === "string") this.#takeDecoded(this.#decode(item), decoded);
      else this.#takeAnswer(item, decoded);
    }
    const positions = [];
    let missed = 0;
    for (const [symbol, order] of this.#orders) {
      missed += order.missed;
      if (order.lastId !== before.get(symbol)) {
        positions.push({ id: positionId(symbol), state: { tradeId: order.lastId } });
      }
      if (order.gap !== null && !this.#filling.has(symbol) && !this.#context.signal.aborted) {
        this.#filling.set(symbol, this.#fill(symbol, order).finally(() => this.#filling.delete(symbol)));
      }
    }
    this.#context.monitor.missed = missed;
    return { decoded, positions };
  }

  /** Resolves when no gap is being filled any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#filling.values());
  }

  #takeDecoded(found: Decoded, into: Decoded[]): void {
    const trade = found.kind === "events" ? found.events[0] : undefined;
    const { symbol, trade_id: id } = (trade?.value ?? {}) as { symbol?: string; trade_id?: number };
    const order = symbol === undefined ? undefined : this.#orders.get(symbol);
    if (trade === undefined || order === undefined || id === undefined) return void into.push(this.#once(found));
    const place = { instance: `binance:${symbol}`, seq: id };
    const taken = order.take(id, { kind: "events", events: [{ ...trade, order: place }] });
    if (taken === "repeat") into.push(ignored("repeat"));
    else into.push(...taken);
  }

  /** A frame that brings a bar, the first time. */
  #once(found: Decoded): Decoded {
    if (found.kind !== "ignored" || found.events === undefined) return found;
    const { event_id: id } = found.events[0]!.value as { event_id: string };
    return this.#bars.isNew(id) ? found : ignored("repeat");
  }

  #takeAnswer({ symbol, payloads, gaveUp, taken }: Answer, into: Decoded[]): void {
    for (const payload of payloads) this.#takeDecoded(decodeTrade(payload, ""), into);
    if (gaveUp) into.push(...this.#orders.get(symbol)?.giveUp() ?? []);
    taken();
  }

  /** Asks until the gap is closed, or gives it up. */
  async #fill(symbol: string, order: TradeOrder<Decoded>): Promise<void> {
    const { clock, signal } = this.#context;
    await clock.sleep(this.#options.gapGraceMs, signal);
    let progressMs = clock.nowMs();
    for (let failures = 0; order.gap !== null && !signal.aborted;) {
      // Nothing is released by this: the newest part of the gap still stands before what waits.
      order.giveUp(GAP_TRADES_MAX);
      const { fromId, toId } = order.gap;
      let failure: unknown = null;
      let payloads: readonly JsonObject[] = [];
      let isHopeless = false;
      try {
        const found = await this.#history.tradesFrom(symbol, fromId);
        payloads = found.filter(({ t }) => typeof t === "number" && t >= fromId && t <= toId);
        // An answer that reaches beyond the gap and has none of it: these trades cannot be had any more.
        isHopeless = payloads.length === 0 && Number(found.at(-1)?.t) > toId;
      } catch (error) {
        if (signal.aborted) return;
        failure = error;
      }
      if (payloads.length > 0) [progressMs, failures] = [clock.nowMs(), 0];
      else if (!isHopeless) await this.#rest(failure, { failures: ++failures, untilMs: progressMs + GAP_MS_MAX });
      isHopeless ||= failures > GAP_FAILURES_MAX || clock.nowMs() - progressMs >= GAP_MS_MAX;
      if (payloads.length > 0 || isHopeless) await this.#answer(symbol, payloads, isHopeless);
    }
  }

  /** Waits before the gap is asked for again; as long as the host wants where it says so. */
  async #rest(failure: unknown, { failures, untilMs }: { failures: number; untilMs: number }): Promise<void> {
    const { clock, random, signal, monitor } = this.#context;
    if (!(failure instanceof BlockedError)) {
      return await clock.sleep(backOffMs(this.#options.gapBackOff, { failures, random }), signal);
    }
    monitor.link = "rate-limited";
    await clock.sleep(Math.max(1, Math.min(failure.untilMs, untilMs) - clock.nowMs()), signal);
    if (monitor.link === "rate-limited") monitor.link = "live";
  }

  /** Puts an answer into the queue and waits until it was taken: so that there is one at a time. */
  async #answer(symbol: string, payloads: readonly JsonObject[], gaveUp: boolean): Promise<void> {
    const { signal } = this.#context;
    const taken = Promise.withResolvers<void>();
    const end = () => taken.resolve();
    if (signal.aborted) return;
    signal.addEventListener("abort", end);
    this.#queue.pushAlways({ symbol, payloads, gaveUp, taken: end });
    await taken.promise;
    signal.removeEventListener("abort", end);
  }
}
