/**
 * Trades that a stream has missed, asked for by their ids over REST.
 *
 * `historicalTrades` answers from an id on; some hosts want a key for it, or do not have it. `trades`, the last 1,000, is
 * free everywhere and stands in. `aggTrades` is of no use: it has sums of trades, not trades.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { RateLimit } from "../connect/rate_limit.ts";
import { isObject, type JsonObject } from "./binance_trade.ts";

/** Trades of one answer. */
const ANSWER_TRADES_MAX = 1_000;
const ANSWER_MS_MAX = 10_000;
/** Each call weighs 25, and an address has 6,000 a minute: half of it is left to others. */
const CALLS = { callsMax: 20, perMs: 10_000 };
/** Where a refusal does not say how long it lasts. */
const BLOCKED_MS = 60_000;

/** The host wants to be left alone for a time. */
export class BlockedError extends Error {
  override readonly name = "BlockedError";

  constructor(readonly untilMs: number, status: number) {
    super(`Binance asks to wait (${status})`);
  }
}

/** What asks. */
export interface HistoryOptions {
  /** Address of the REST API. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A symbol's past trades. */
export class TradeHistory {
  readonly #options: HistoryOptions;
  readonly #limit: RateLimit;
  #blockedUntilMs = 0;
  #hasOld = true;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#limit = new RateLimit(options.clock, CALLS);
  }

  /**
   * Payloads, as a trade stream has them, of trades from this id on: up to 1,000, in order; where only the last 1,000 can
   * be had, those. Rejects with a {@link BlockedError}, or when the host does not answer as documented.
   */
  async tradesFrom(symbol: string, fromId: number): Promise<readonly JsonObject[]> {
    const query = `symbol=${encodeURIComponent(symbol)}&limit=${ANSWER_TRADES_MAX}`;
    const old = this.#hasOld ? await this.#get(`historicalTrades?${query}&fromId=${fromId}`) : null;
    this.#hasOld = old !== null;
    const rows = old ?? await this.#get(`trades?${query}`);
    if (!Array.isArray(rows)) throw new Error("Cannot read Binance's trades: the answer is no list");
    return rows.filter(isObject).map((row) => payloadOf(symbol, row)).sort((a, b) => Number(a.t) - Number(b.t));
  }

  /** The JSON of an answer; null where the host does not give it without a key. */
  async #get(path: string): Promise<unknown> {
    const { url, clock, signal } = this.#options;
    if (clock.nowMs() < this.#blockedUntilMs) throw new BlockedError(this.#blockedUntilMs, 429);
    if (!(await this.#limit.take(signal))) throw new Error("Cannot ask Binance: the source ends");
    const response = await this.#options.fetch(`${url}/api/v3/${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    const { status } = response;
    if (status === 429 || status === 418) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get("retry-after") ?? NaN);
      this.#blockedUntilMs = clock.nowMs() + (seconds >= 0 ? seconds * 1_000 : BLOCKED_MS);
      throw new BlockedError(this.#blockedUntilMs, status);
    }
    if (response.ok) return await response.json();
    const text = await response.text();
    if (status === 401 || status === 403 || status === 404 || /-201[45]\b/.test(text)) return null;
    throw new Error(`Cannot get trades from Binance: it answered ${status} ${text.slice(0, 200)}`);
  }
}

const payloadOf = (symbol: string, { id, price, qty, time, isBuyerMaker }: JsonObject): JsonObject => ({
  e: "trade",
  s: symbol,
  t: id,
  p: price,
  q: qty,
  T: time,
  m: isBuyerMaker,
});
