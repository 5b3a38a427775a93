/**
 * Mock trades: seeded random walks of invented prices, with labelled spikes.
 * @module
 */
import type { Random } from "../../core/clock.ts";
import { type TradeEvent, tradeEvents } from "../../core/events/trades.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { priceWalk } from "./mock_market.ts";
import { pacedSequence, type Place, type Tick } from "./mock_pace.ts";
import { byShare, eventRandom, jitterMs, normal, zipfShares } from "./mock_random.ts";
import { mockBatches, type MockStart, ownStreams } from "./mock_start.ts";

const contract = anyContract(tradeEvents);

/** Source `mock_trades`. */
export const mockTrades: Source = {
  name: "mock_trades",
  about: "invented trades at a steady rate, with labelled price spikes",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_trades",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockTradeEvents({
          ...start,
          ratePerSec: mock.ratePerSec,
          symbols: ownStreams(context, mock.symbols),
          ...(mock.fakeAnomalies ? { anomalyEveryRecords: mock.anomalyEveryRecords } : {}),
        });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** A trade of the mock market. */
export interface MockTradeEvent extends TradeEvent {
  /** The truth for detectors: this price is wrong. */
  readonly fake_anomaly?: "price_spike";
}

/** What decides the events of a mock market, all of it. */
export interface MockTradeOptions extends MockStart {
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
  const { seed, startMs, resumeMs, ratePerSec, symbols, anomalyEveryRecords } = options;
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
  // A walk has to be walked again to where it stood, a little at a time.
  for (let fromMs = startMs; resumeMs !== undefined && fromMs < resumeMs; fromMs += WALK_MS) {
    for (const place of places({ fromMs, toMs: Math.min(fromMs + WALK_MS, resumeMs) })) make(place);
  }
  return (tick) => places(tick).map(make);
}

const WALK_MS = 1_000;

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

/** One symbol: its prices with sizes, sides and numbers. */
function market(
  symbol: string,
  { seed, startMs, tradesPerSec }: { seed: number; startMs: number; tradesPerSec: number },
): (draw: TradeDraw) => MockTradeEvent {
  const nextPrice = priceWalk(symbol, { seed, pricesPerSec: tradesPerSec });
  let tradeId = startMs * IDS_PER_MS;

  return ({ timeMs, random, spike }) => {
    const { traded, middle } = nextPrice();
    const size = Math.max(0.00001, SIZE_QUOTE_MEDIAN / middle * Math.exp(SIZE_SPREAD * normal(random)));
    const trade: MockTradeEvent = {
      event_id: `mock_trades:${symbol}:${tradeId}`,
      timestamp: formatTime(timeMs),
      source: "mock_trades",
      symbol,
      trade_id: tradeId++,
      price: (spike ? traded * SPIKE_FACTOR : traded).toFixed(2),
      size: size.toFixed(5),
      // Above the middle the buyer pays the ask, below it the seller takes the bid.
      side: traded >= middle ? "buy" : "sell",
    };
    return spike ? { ...trade, fake_anomaly: "price_spike" } : trade;
  };
}
