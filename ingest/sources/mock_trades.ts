/**
 * Mock trades: seeded random walks of invented prices, with labelled spikes.
 * @module
 */
import { type Random, seededRandom } from "../../core/clock.ts";
import { type TradeEvent, tradeEvents } from "../../core/events/trades.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Decoded, type Source } from "../source.ts";
import { pacedSequence, type Place, type Tick, ticks } from "./mock_pace.ts";
import { byShare, eventRandom, jitterMs, normal, zipfShares } from "./mock_random.ts";
import { oneEvent } from "./outcome.ts";

const contract = anyContract(tradeEvents);

/** Source `mock_trades`. */
export const mockTrades: Source = {
  name: "mock_trades",
  about: "invented trades at a steady rate, with labelled price spikes",
  contracts: [contract],
  repeatable: true,
  async *open({ config: { mock }, clock, random, signal }) {
    const startMs = Math.floor(clock.nowMs());
    const trades = mockTradeEvents({
      seed: Math.floor(random.next() * 2 ** 32),
      startMs,
      ratePerSec: mock.ratePerSec,
      symbols: mock.symbols,
      ...(mock.fakeAnomalies ? { anomalyEveryRecords: mock.anomalyEveryRecords } : {}),
    });
    for await (const tick of ticks({ clock, signal, startMs })) {
      const batch = trades(tick).map((event): Decoded => oneEvent(contract, event));
      if (batch.length > 0) yield batch;
    }
  },
};

/** A trade of the mock market. */
export interface MockTradeEvent extends TradeEvent {
  /** The truth for detectors: this price is wrong. */
  readonly fake_anomaly?: "price_spike";
}

/** What decides the events of a mock market, all of it. */
export interface MockTradeOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly ratePerSec: number;
  /** By rank: under Zipf's law the first is traded most. */
  readonly symbols: readonly string[];
  /** Every so many records one is a spike; none without it. */
  readonly anomalyEveryRecords?: number;
}

/** The price of a spike is this many times the right one. */
export const SPIKE_FACTOR = 5;

/**
 * The events of a mock market by tick, in order of arrival. Event k follows from the options and the k events before it
 * (a price is a walk) and from nothing else; asking in wider or narrower ticks changes nothing.
 */
export function mockTradeEvents(options: MockTradeOptions): (tick: Tick) => MockTradeEvent[] {
  const { seed, startMs, ratePerSec, symbols, anomalyEveryRecords } = options;
  const places = pacedSequence({ startMs, ratePerSec });
  const shares = zipfShares(symbols.length, 0.7);
  const drawSymbol = byShare(shares);
  const markets = symbols.map((symbol, i) =>
    market(symbol, { seed: seed ^ Math.imul(i + 1, 0x9e3779b1), startMs, tradesPerSec: ratePerSec * shares[i]! })
  );
  const make = (place: Place): MockTradeEvent => {
    const random = eventRandom(seed, place.k);
    const spike = anomalyEveryRecords !== undefined && (place.k + 1) % anomalyEveryRecords === 0;
    const timeMs = Math.floor(place.pacedMs) - jitterMs(random);
    return markets[drawSymbol(random)]!({ timeMs, random, spike });
  };
  return (tick) => places(tick).map(make);
}

/** Volatility of a year in which nothing special happens. */
const YEARLY_VOLATILITY = 0.6;
const SECONDS_A_YEAR = 31_557_600;
/** How long a calm or wild time lasts on average. */
const CLUSTER_SEC = 60;
/** Standard deviation of the logarithm of volatility over clusters. */
const CLUSTER_SPREAD = 0.6;
/** Median size in units of the quote currency. */
const SIZE_QUOTE_MEDIAN = 400;
const SIZE_SPREAD = 1.2;
/** Trades of a symbol in a millisecond at most (PRODUCER_RATE_PER_SEC's upper bound), so that ids rise over restarts. */
const IDS_PER_MS = 100;

interface TradeDraw {
  readonly timeMs: number;
  readonly random: Random;
  readonly spike: boolean;
}

/**
 * One symbol: a geometric Brownian motion whose volatility is itself the exponential of a mean-reverting walk (Taylor's
 * stochastic volatility), which gives calm and wild times.
 */
function market(
  symbol: string,
  { seed, startMs, tradesPerSec }: { seed: number; startMs: number; tradesPerSec: number },
): (draw: TradeDraw) => MockTradeEvent {
  const walk = seededRandom(seed);
  const stepVolatility = YEARLY_VOLATILITY / Math.sqrt(SECONDS_A_YEAR * tradesPerSec);
  const memory = Math.exp(-1 / (CLUSTER_SEC * tradesPerSec));
  const first = firstPrice(symbol);
  let logPrice = Math.log(first);
  let logVolatility = normal(walk) * CLUSTER_SPREAD;
  let tradeId = startMs * IDS_PER_MS;

  return ({ timeMs, random, spike }) => {
    logVolatility = memory * logVolatility + Math.sqrt(1 - memory ** 2) * CLUSTER_SPREAD * normal(walk);
    const step = stepVolatility * Math.exp(logVolatility);
    logPrice += step * normal(walk) - step ** 2 / 2;
    const price = Math.max(0.01, Math.exp(logPrice));
    const size = Math.max(0.00001, SIZE_QUOTE_MEDIAN / price * Math.exp(SIZE_SPREAD * normal(random)));
    const trade: MockTradeEvent = {
      event_id: `mock_trades:${symbol}:${tradeId}`,
      timestamp: formatTime(timeMs),
      source: "mock_trades",
      symbol,
      trade_id: tradeId++,
      price: (spike ? price * SPIKE_FACTOR : price).toFixed(2),
      size: size.toFixed(5),
      side: random.next() < 0.5 ? "buy" : "sell",
    };
    return spike ? { ...trade, fake_anomaly: "price_spike" } : trade;
  };
}

/** Prices that people expect of well-known symbols; any other gets one from its name. */
function firstPrice(symbol: string): number {
  const [, known] = knownPrices.find(([start]) => symbol.toUpperCase().startsWith(start)) ?? [];
  if (known !== undefined) return known;
  let hash = 0;
  for (let i = 0; i < symbol.length; i++) hash = (Math.imul(hash, 31) + symbol.charCodeAt(i)) >>> 0;
  return 10 ** (1 + (hash % 1_000) / 500);
}

const knownPrices: readonly (readonly [string, number])[] = [["BTC", 60_000], ["ETH", 2_500], ["SOL", 150], [
  "BNB",
  550,
]];
