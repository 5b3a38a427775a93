import { type BarEvent, barEvents } from "../../../core/events/bars.ts";
import { type TradeEvent, tradeEvents } from "../../../core/events/trades.ts";
import { Recent } from "../recent.ts";
import type { Rule, RuleCheck } from "../rule.ts";

/** Prices that the median is taken of: after three in a row of another level that one is taken. */
const PRICES = 5;

/** How far a price may lie from the median of the ones before, as a share of the median. */
const TRADE_JUMP_MAX = 0.2;
/** Bars are days apart; half the price or a half more is a split that nobody took out, or an error. */
const BAR_JUMP_MAX = 0.5;

/** The trade's price is far from those before it. */
export const tradeJump: Rule<TradeEvent> = {
  name: "price_jump",
  about: `the price is within ${TRADE_JUMP_MAX * 100} % of the median of the symbol's ${PRICES} trades before`,
  severity: "mark",
  weight: 3,
  contracts: [tradeEvents],
  open: () => {
    const jumps = jumpCheck(TRADE_JUMP_MAX);
    return { passes: ({ symbol, price }) => jumps.passes(symbol, Number(price)), forget: jumps.forget };
  },
};

/** The bar's close is far from those before it. */
export const barJump: Rule<BarEvent> = {
  name: "price_jump",
  about: `the close is within ${BAR_JUMP_MAX * 100} % of the median of the symbol's ${PRICES} bars before`,
  severity: "mark",
  weight: 3,
  contracts: [barEvents],
  open: () => {
    const jumps = jumpCheck(BAR_JUMP_MAX);
    return {
      passes: ({ symbol, interval, close }) => jumps.passes(`${symbol} ${interval}`, Number(close)),
      forget: jumps.forget,
    };
  },
};

interface JumpCheck extends Pick<Required<RuleCheck>, "forget"> {
  passes(key: string, price: number): boolean;
}

/** The newest prices of a stretch, in a ring. */
interface Ring {
  readonly prices: number[];
  /** Where the next one goes: the oldest stands there once the ring is full. */
  next: number;
}

const inOrder = ({ prices, next }: Ring): readonly number[] =>
  prices.length < PRICES ? prices : [...prices.slice(next), ...prices.slice(0, next)];

function jumpCheck(jumpMax: number): JumpCheck {
  const recent = new Recent<Ring>();
  return {
    passes(key, price) {
      let ring = recent.present(key);
      if (ring === undefined) recent.set(key, ring = { prices: [], next: 0 });
      const { prices } = ring;
      const before = prices.length < PRICES ? recent.before(key) : undefined;
      const known = before === undefined ? prices : [...inOrder(before), ...prices].slice(-PRICES);
      const passes = isNear(price, known, jumpMax);
      prices[ring.next] = price;
      ring.next = (ring.next + 1) % PRICES;
      return passes;
    },
    forget: () => recent.forget(),
  };
}

function isNear(price: number, known: readonly number[], jumpMax: number): boolean {
  if (known.length === 0) return true;
  // Near every price is near their median: the usual case, without sorting.
  const near = (other: number) => Math.abs(price - other) <= jumpMax * other;
  let i = 0;
  while (i < known.length && near(known[i]!)) i++;
  if (i === known.length) return true;
  const sorted = known.toSorted((a, b) => a - b);
  // Of an even number both middle ones count, so that one wrong price of two does not accuse the right one after it.
  return near(sorted[sorted.length >> 1]!) || near(sorted[(sorted.length - 1) >> 1]!);
}
