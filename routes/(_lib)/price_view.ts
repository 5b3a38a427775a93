/**
 * Which candles the price chart shows.
 * @module
 */
import { DENSE_CANDLES_MIN, SPARSE_SPAN_MS } from "./chart_spans.ts";
import { chartViewOf } from "./chat_view.ts";
import type { ChartView } from "./line_chart.ts";
import type { LiveStore } from "./live_store.ts";

/** Symbols that can be chosen. */
const SYMBOLS_MAX = 12;
/** Before so many minutes there are, seconds are shown however few. */
const SPARSE_MINUTES = 15;

/** A symbol's prices as shown. */
export interface PriceView {
  readonly symbol: string | null;
  readonly interval: "1s" | "1m";
  readonly chart: ChartView;
  readonly price: number | null;
  /** The first price of what is shown. */
  readonly firstPrice: number | null;
  readonly points: number;
}

/** The symbols there are, in the order of their names. */
export function symbolsOf({ candles1s, candles1m }: LiveStore): string[] {
  return [...new Set([...candles1s.keys(), ...candles1m.keys()])].sort().slice(0, SYMBOLS_MAX);
}

/** The prices of one symbol; its place among the symbols decides colour and shape. */
export function priceViewOf(store: LiveStore, wanted: string | null): PriceView {
  const symbols = symbolsOf(store);
  const symbol = wanted !== null && symbols.includes(wanted) ? wanted : symbols[0] ?? null;
  const lines = symbol === null ? [] : [[symbol, symbols.indexOf(symbol)] as const];
  const seconds = chartViewOf(store.candles1s, lines, { gapMs: 60_000 });
  const minutes = chartViewOf(store.candles1m, lines, { gapMs: 600_000, spanMs: SPARSE_SPAN_MS });
  const count = ({ lines }: ChartView) => lines[0]?.points.length ?? 0;
  const isSparse = count(seconds) < DENSE_CANDLES_MIN && count(minutes) >= SPARSE_MINUTES;
  const chart = isSparse || count(seconds) === 0 && count(minutes) > 0 ? minutes : seconds;
  const points = chart.lines[0]?.points ?? [];
  return {
    symbol,
    interval: chart === minutes ? "1m" : "1s",
    // A price holds until the next trade: nothing of it is provisional in the way a count is.
    chart: { ...chart, completeMs: Infinity },
    price: points.at(-1)?.[1] ?? null,
    firstPrice: points[0]?.[1] ?? null,
    points: points.length,
  };
}

/** The last price of each symbol. */
export function lastPrices(store: LiveStore, symbolsMax: number): { symbol: string; price: number | null }[] {
  return symbolsOf(store).slice(0, symbolsMax).map((symbol) => {
    const points = [store.candles1s.points(symbol).at(-1), store.candles1m.points(symbol).at(-1)];
    const [seconds, minutes] = points;
    // Both end at the last trade; only where there are no seconds do the minutes speak.
    return { symbol, price: seconds?.[1] ?? minutes?.[1] ?? null };
  });
}
