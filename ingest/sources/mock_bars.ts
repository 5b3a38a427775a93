/**
 * Mock bars: one a minute and symbol, of the mock market's prices, with labelled spikes.
 * @module
 */
import { type BarEvent, barEvents } from "../../core/events/bars.ts";
import { formatTime, minutes } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { priceWalk } from "./mock_market.ts";
import { type Tick } from "./mock_pace.ts";
import { eventRandom, normal } from "./mock_random.ts";
import { stepsIn } from "./mock_schedule.ts";
import { mockBatches, type MockStart, ownStreams } from "./mock_start.ts";

const contract = anyContract(barEvents);

/** Source `mock_bars`. */
export const mockBars: Source = {
  name: "mock_bars",
  about: "invented bars of a minute, with labelled price spikes",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_bars",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockBarEvents({
          ...start,
          symbols: ownStreams(context, mock.symbols),
          ...(mock.fakeAnomalies ? { anomalyEveryRecords: mock.anomalyEveryRecords } : {}),
        });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** A bar of the mock market. */
export interface MockBarEvent extends BarEvent {
  /** The truth for detectors: these prices are wrong. */
  readonly fake_anomaly?: "price_spike";
}

/** What decides mock bars. */
export interface MockBarOptions extends MockStart {
  readonly symbols: readonly string[];
  /** Every so many bars one is a spike; none without it. */
  readonly anomalyEveryRecords?: number;
}

const BAR_MS = minutes(1);
/** Prices that a bar is made of. */
const PRICES = 60;
const SPIKE_FACTOR = 5;
const VOLUME_QUOTE_MEDIAN = 200_000;
const SALT_BARS = 501;

/** The bars that end within each tick; the one of a minute follows from those before it, since prices are a walk. */
export function mockBarEvents(options: MockBarOptions): (tick: Tick) => MockBarEvent[] {
  const { seed, startMs, resumeMs, symbols, anomalyEveryRecords } = options;
  const walks = symbols.map((symbol, i) =>
    priceWalk(symbol, { seed: seed ^ Math.imul(i + 1, 0x9e3779b1), pricesPerSec: PRICES / (BAR_MS / 1_000) })
  );
  let made = 0;
  const barOf = (symbol: string, next: () => number, endMs: number): MockBarEvent => {
    const prices = Array.from({ length: PRICES }, next);
    const spike = anomalyEveryRecords !== undefined && ++made % anomalyEveryRecords === 0;
    const text = (price: number) => (spike ? price * SPIKE_FACTOR : price).toFixed(2);
    const timestamp = formatTime(endMs - BAR_MS);
    const random = eventRandom(seed, endMs / BAR_MS, SALT_BARS + symbols.indexOf(symbol));
    const bar: MockBarEvent = {
      event_id: `mock_bars:${symbol}:1m:${timestamp}`,
      timestamp,
      source: "mock_bars",
      symbol,
      interval: "1m",
      open: text(prices[0]!),
      high: text(Math.max(...prices)),
      low: text(Math.min(...prices)),
      close: text(prices.at(-1)!),
      volume: (VOLUME_QUOTE_MEDIAN / prices[0]! * Math.exp(0.5 * normal(random))).toFixed(5),
    };
    return spike ? { ...bar, fake_anomaly: "price_spike" } : bar;
  };
  const bars = (tick: Tick) =>
    stepsIn(tick, BAR_MS).flatMap((endMs) =>
      symbols.map((symbol, i) => barOf(symbol, () => walks[i]!().traded, endMs))
    );
  if (resumeMs !== undefined) bars({ fromMs: startMs, toMs: resumeMs });
  return bars;
}
