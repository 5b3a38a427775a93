/**
 * Prices of the mock market: geometric Brownian motion whose volatility comes in calm and wild times, seen through the
 * bounce between bid and ask.
 * @module
 */
import { seededRandom } from "../../core/clock.ts";
import { normal } from "./mock_random.ts";

/** Volatility of a year in which nothing special happens. */
const YEARLY_VOLATILITY = 0.3;
const SECONDS_A_YEAR = 31_557_600;
/** How long a calm or wild time lasts on average. */
const CLUSTER_SEC = 600;
/** Standard deviation of the logarithm of volatility over clusters. */
const CLUSTER_SPREAD = 0.5;
/**
 * Half of the spread between bid and ask, in steps of the walk. It is wide beside the walk over a hundred trades and
 * never more than itself, so that three standard deviations of the prices just before are left by what is no price at
 * all; and as on a real market it widens with volatility.
 */
const HALF_SPREAD_STEPS = 24;
/** And not below this share of the price, however fast trades follow each other. */
const HALF_SPREAD_MIN = 0.0003;

/** The next price as traded, and the true one in the middle. */
export interface MarketPrice {
  readonly traded: number;
  readonly middle: number;
}

/** A market of one symbol; each call is the next of `pricesPerSec` prices a second. */
export function priceWalk(
  symbol: string,
  { seed, pricesPerSec }: { seed: number; pricesPerSec: number },
): () => MarketPrice {
  const walk = seededRandom(seed);
  const stepVolatility = YEARLY_VOLATILITY / Math.sqrt(SECONDS_A_YEAR * pricesPerSec);
  // Taylor's stochastic volatility: the logarithm of volatility is a mean-reverting walk of its own.
  const memory = Math.exp(-1 / (CLUSTER_SEC * pricesPerSec));
  const shock = Math.sqrt(1 - memory ** 2) * CLUSTER_SPREAD;
  const halfSpread = Math.max(HALF_SPREAD_MIN, stepVolatility * HALF_SPREAD_STEPS);
  let logPrice = Math.log(firstPrice(symbol));
  let logVolatility = normal(walk) * CLUSTER_SPREAD;
  return () => {
    logVolatility = memory * logVolatility + shock * normal(walk);
    const wildness = Math.exp(logVolatility);
    const step = stepVolatility * wildness;
    logPrice += step * normal(walk) - step ** 2 / 2;
    const middle = Math.max(0.01, Math.exp(logPrice));
    return { middle, traded: middle * (1 + halfSpread * wildness * (2 * walk.next() - 1)) };
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

const knownPrices: readonly (readonly [string, number])[] = [
  ["BTC", 60_000],
  ["ETH", 2_500],
  ["SOL", 150],
  ["BNB", 550],
];
