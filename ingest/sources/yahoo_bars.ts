/**
 * The events of a chart: its finished bars, cleaned, with the splits and dividends of their day.
 *
 * Prices are as Yahoo has them at the moment of asking: divided by every split up to then, not reduced by dividends
 * (`adj_close` is). A split or a dividend stands on its own in the bar during which it came into force.
 * @module
 */
import { type BarEvent, barEvents } from "../../core/events/bars.ts";
import { days, formatTime, hours, minutes } from "../../core/time.ts";
import { anyContract, type DecodedEvent } from "../source.ts";
import type { Chart, ChartRow, Session } from "./yahoo_chart.ts";
import { type Bar, cleanBars, type Cleaned, type CleanOptions } from "./yahoo_clean.ts";
import { priceText, volumeText } from "./yahoo_decimal.ts";

/** A bar of Yahoo. */
export interface YahooBarEvent extends BarEvent {
  readonly currency?: string;
  readonly exchange?: string;
  /** Close reduced by later splits and dividends, as of the moment of asking. */
  readonly adj_close?: string;
  /** `4:1`: four shares of now for one of before. */
  readonly split?: string;
  readonly dividend?: string;
  readonly cleaned?: Cleaned;
  /** Higher than that of what was sent before for the same event_id; absent the first time. */
  readonly revision?: number;
}

/** What a chart holds for us. */
export interface ChartBars {
  /** Finished bars in order of time. */
  readonly bars: readonly YahooBarEvent[];
  /** Rows without prices. */
  readonly nulls: number;
  /** Rows of an interval that has not ended. */
  readonly unfinished: number;
}

/** Names of intervals that Yahoo spells otherwise. */
const intervalNames: Readonly<Record<string, string>> = { "60m": "1h", "1wk": "1w" };
const unitMs: Readonly<Record<string, number>> = { m: minutes(1), h: hours(1), d: days(1), w: days(7) };

/** An interval as in events, `1h`, of Yahoo's name, `60m`; null where it is not of a fixed length. */
export function intervalOf(granularity: string): string | null {
  const name = intervalNames[granularity] ?? granularity;
  return /^[1-9]\d{0,3}[mhdw]$/.test(name) ? name : null;
}

/** Length of an interval. */
export const intervalMs = (interval: string): number => Number(interval.slice(0, -1)) * unitMs[interval.slice(-1)]!;

/** The events of a chart of an interval of fixed length; null where it has none. */
export function barsOf(chart: Chart, reference: CleanOptions["reference"] = null): ChartBars | null {
  const interval = intervalOf(chart.granularity);
  if (interval === null) return null;
  const isDaily = /[dw]$/.test(interval);
  const rows = isDaily ? chart.rows.map((row) => atSessionStart(row, chart.session)) : chart.rows;
  const full: Bar[] = [];
  let [nulls, unfinished] = [0, 0];
  rows.forEach((row, i) => {
    const bar = barOf(row);
    if (bar === null) nulls++;
    else if (!isFinished(row, { before: rows[i - 1], isLast: i === rows.length - 1, interval, chart })) unfinished++;
    else full.push(bar);
  });
  const cleaned = cleanBars(full, { splits: chart.splits, reference });
  const actions = actionsBySecond(cleaned, chart);
  return { bars: cleaned.map((bar) => eventOf(bar, interval, chart, actions.get(bar.startSec))), nulls, unfinished };
}

/** An event for the door. */
export const decodedBar = (value: YahooBarEvent): DecodedEvent => ({ contract: anyContract(barEvents), value });

/** The running day's row carries the time of its last trade; later it will carry the start of the session. */
function atSessionStart(row: ChartRow, session: Session | null): ChartRow {
  if (session === null) return row;
  const ms = row.startSec * 1_000;
  return ms > session.startMs && ms < session.startMs + days(1) ? { ...row, startSec: session.startMs / 1_000 } : row;
}

function barOf({ startSec, open, high, low, close, volume, adjClose }: ChartRow): Bar | null {
  if (open === null || high === null || low === null || close === null) return null;
  return {
    startSec,
    open: priceText(open),
    high: priceText(high),
    low: priceText(low),
    close: priceText(close),
    volume: volumeText(volume ?? 0),
    adjClose: adjClose === null ? null : priceText(adjClose),
    cleaned: null,
  };
}

interface Place {
  readonly before: ChartRow | undefined;
  readonly isLast: boolean;
  readonly interval: string;
  readonly chart: Chart;
}

function isFinished({ startSec }: ChartRow, { before, isLast, interval, chart: { session, asOfMs } }: Place): boolean {
  const [startMs, lengthMs] = [startSec * 1_000, intervalMs(interval)];
  if (lengthMs < days(1) && isLast) {
    // The row of the running minute begins at its last trade, out of step with the others.
    const isInStep = before === undefined
      ? lengthMs > minutes(30) || startMs % lengthMs === 0
      : (startMs - before.startSec * 1_000) % lengthMs === 0;
    if (!isInStep) return false;
  }
  if (asOfMs === null) return true;
  return asOfMs >= endOf(startMs, { interval, session });
}

function endOf(startMs: number, { interval, session }: { interval: string; session: Session | null }): number {
  const plainMs = startMs + intervalMs(interval);
  // A day ends with its session, which is shorter than 24 hours for all but currencies.
  if (interval !== "1d" || session === null || startMs !== session.startMs) return plainMs;
  return session.endMs - session.startMs > hours(23) ? plainMs : session.endMs;
}

interface Actions {
  split?: string;
  dividend?: string;
}

/** Splits and dividends by the start of the bar during which they came into force. */
function actionsBySecond(bars: readonly Bar[], { splits, dividends }: Chart): Map<number, Actions> {
  const found = new Map<number, Actions>();
  const note = (dateSec: number, action: Actions) => {
    const bar = bars.findLast(({ startSec }) => startSec <= dateSec);
    if (bar !== undefined) found.set(bar.startSec, { ...found.get(bar.startSec), ...action });
  };
  for (const { dateSec, numerator, denominator } of splits) note(dateSec, { split: `${numerator}:${denominator}` });
  for (const { dateSec, amount } of dividends) note(dateSec, { dividend: priceText(amount) });
  return found;
}

function eventOf(bar: Bar, interval: string, chart: Chart, actions: Actions = {}): YahooBarEvent {
  const { symbol, currency, exchange } = chart;
  return {
    event_id: `yahoo:${symbol}:${interval}:${bar.startSec}`,
    timestamp: formatTime(bar.startSec * 1_000),
    source: "yahoo",
    symbol,
    interval,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: bar.volume,
    ...(bar.adjClose === null ? {} : { adj_close: bar.adjClose }),
    ...actions,
    ...(currency === null ? {} : { currency }),
    ...(exchange === null ? {} : { exchange }),
    ...(bar.cleaned === null ? {} : { cleaned: bar.cleaned }),
  };
}
