/**
 * Cleaning of bars: errors that the bars around them prove, put right to the digit, with the original kept.
 *
 * - `hundredfold`: a bar, or a run of bars, in the wrong unit (pence for pounds): ×100 or ÷100. Which unit is the right
 *   one is told by the bars that were sent before, else by those in which shares changed hands, else by the greater
 *   number; where the evidence is even nothing is changed.
 * - `hundredfold_field`: one price of a bar that is 100 times the bar's others, or a hundredth of them.
 * - `wick`: a high or low far beyond what the bar itself and its neighbours have, as a trade that was cancelled leaves.
 *
 * ```
 * close   14.55  14.55  0.1455  0.1455  14.55      unit 0 0 −1 −1 0, the volume is in unit 0: −1 becomes ×100
 * ```
 * @module
 */
import type { Split } from "./yahoo_chart.ts";
import { shifted } from "./yahoo_decimal.ts";

/** The four prices of a bar. */
export const PRICE_FIELDS = ["open", "high", "low", "close"] as const;

/** One of them. */
export type PriceField = typeof PRICE_FIELDS[number];

/** What was changed: the rules, and the prices as they had come. */
export interface Cleaned extends Partial<Record<PriceField | "adj_close", string>> {
  readonly rules: readonly string[];
}

/** A bar with all of its prices, as decimal texts. */
export interface Bar extends Readonly<Record<PriceField, string>> {
  readonly startSec: number;
  readonly volume: string;
  readonly adjClose: string | null;
  readonly cleaned: Cleaned | null;
}

/** What is known beside the bars. */
export interface CleanOptions {
  readonly splits: readonly Split[];
  /** A close that is known to be right, and its time: of the last bar that was sent. */
  readonly reference: { readonly startSec: number; readonly close: number } | null;
}

/** A step of this much between neighbours is a change of unit: 100 times, give or take a wild day. */
const UNIT_RATIO_MIN = 75;
const UNIT_RATIO_MAX = 133;
/** A wick is cut when it is this many times beyond the neighbourhood. */
const WICK_RATIO = 5;
/** Neighbours on either side that a wick is compared with. */
const WICK_NEIGHBOURS = 2;

/** −1, 0 or 1: by how many units of 100 a price is above another. */
function unitStep(price: number, other: number): number {
  const ratio = price / other;
  if (ratio >= UNIT_RATIO_MIN && ratio <= UNIT_RATIO_MAX) return 1;
  if (1 / ratio >= UNIT_RATIO_MIN && 1 / ratio <= UNIT_RATIO_MAX) return -1;
  return 0;
}

/** Cleans bars in order of time. */
export function cleanBars(bars: readonly Bar[], options: CleanOptions): Bar[] {
  return cutWicks(alignUnits(bars.map(alignFields), options));
}

/** Middle of the bar's prices: one wrong price of four does not move it. */
function levelOf(bar: Bar): number {
  const prices = PRICE_FIELDS.map((field) => Number(bar[field])).sort((a, b) => a - b);
  return Math.sqrt(prices[1]! * prices[2]!);
}

function changed(bar: Bar, rule: string, change: Partial<Record<PriceField, string>>): Bar {
  const originals = Object.fromEntries(Object.keys(change).map((field) => [field, bar[field as PriceField]]));
  // A price that two rules changed keeps what had come, not what stood in between.
  const cleaned: Cleaned = { ...originals, ...bar.cleaned, rules: [...bar.cleaned?.rules ?? [], rule] };
  return { ...bar, ...change, cleaned };
}

function alignFields(bar: Bar): Bar {
  const level = levelOf(bar);
  const wrong = PRICE_FIELDS.filter((field) => unitStep(Number(bar[field]), level) !== 0);
  // Of two and two nobody knows which are the wrong ones.
  if (wrong.length !== 1) return bar;
  const [field] = wrong as [PriceField];
  return changed(bar, "hundredfold_field", { [field]: shifted(bar[field], -2 * unitStep(Number(bar[field]), level)) });
}

function alignUnits(bars: readonly Bar[], options: CleanOptions): Bar[] {
  const levels = bars.map(levelOf);
  let unit = 0;
  const units = bars.map((bar, i) => {
    const before = bars[i - 1];
    if (before === undefined) return unit;
    const ratio = levels[i]! / levels[i - 1]!;
    // A split that Yahoo has not yet taken out of the bars before explains a step; there is no error in it.
    const splitRatio = 1 / splitFactor(options.splits, before.startSec, bar.startSec);
    if (!isNear(ratio, splitRatio)) unit += unitStep(levels[i]!, levels[i - 1]!);
    return unit;
  });
  const right = rightUnit(bars, { units, levels, ...options });
  if (right === null) return [...bars];
  return bars.map((bar, i) => units[i] === right ? bar : inUnit(bar, 2 * (right - units[i]!)));
}

const isNear = (a: number, b: number): boolean => a / b > 0.5 && a / b < 2;

/** How many shares of the later time one of the earlier has become. */
function splitFactor(splits: readonly Split[], fromSec: number, toSec: number): number {
  return splits.filter(({ dateSec }) => dateSec > fromSec && dateSec <= toSec)
    .reduce((product, { numerator, denominator }) => product * numerator / denominator, 1);
}

interface Units extends CleanOptions {
  readonly units: readonly number[];
  readonly levels: readonly number[];
}

/** The unit that is right; null where nothing tells. */
function rightUnit(bars: readonly Bar[], { units, levels, splits, reference }: Units): number | null {
  if (reference !== null && bars.length > 0) {
    // The nearest bar in time tells best; Yahoo has divided what was before a split.
    const distances = bars.map(({ startSec }) => Math.abs(startSec - reference.startSec));
    const nearest = distances.indexOf(Math.min(...distances));
    const close = reference.close / splitFactor(splits, reference.startSec, Infinity);
    return units[nearest]! - unitStep(levels[nearest]!, close);
  }
  const evidence = (counts: (bar: Bar) => boolean) => {
    const byUnit = new Map<number, number>();
    bars.forEach((bar, i) => counts(bar) && byUnit.set(units[i]!, (byUnit.get(units[i]!) ?? 0) + 1));
    const [first, second] = [...byUnit].sort((a, b) => b[1] - a[1]);
    return first !== undefined && first[1] > (second?.[1] ?? 0) ? first[0] : null;
  };
  return evidence(({ volume }) => Number(volume) > 0) ?? evidence(() => true);
}

function inUnit(bar: Bar, power: number): Bar {
  const change = Object.fromEntries(PRICE_FIELDS.map((field) => [field, shifted(bar[field], power)]));
  const moved = changed(bar, "hundredfold", change);
  if (bar.adjClose === null) return moved;
  return {
    ...moved,
    adjClose: shifted(bar.adjClose, power),
    cleaned: { ...moved.cleaned!, adj_close: bar.adjClose },
  };
}

function cutWicks(bars: readonly Bar[]): Bar[] {
  return bars.map((bar, i) => {
    const around = bars.slice(Math.max(0, i - WICK_NEIGHBOURS), i + WICK_NEIGHBOURS + 1).filter((other) =>
      other !== bar
    );
    // A bar on its own has nothing to be compared with.
    if (around.length < WICK_NEIGHBOURS) return bar;
    const body = [Number(bar.open), Number(bar.close)];
    const top = Math.max(...body, ...around.map(({ high }) => Number(high)));
    const bottom = Math.min(...body, ...around.map(({ low }) => Number(low)));
    let found = bar;
    if (Number(bar.high) > WICK_RATIO * top) found = changed(found, "wick", { high: higher(bar.open, bar.close) });
    if (Number(bar.low) > 0 && Number(bar.low) * WICK_RATIO < bottom) {
      found = changed(found, "wick", { low: higher(bar.open, bar.close) === bar.open ? bar.close : bar.open });
    }
    return found;
  });
}

const higher = (a: string, b: string): string => (Number(a) >= Number(b) ? a : b);
