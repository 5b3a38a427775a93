/**
 * A response of Yahoo's chart API, read out of its JSON text: as the host sends it, or recorded with its request.
 * @module
 */
import * as z from "zod";
import type { Fault } from "../../core/events/contract.ts";
import { jsonFault } from "./json_position.ts";
import { shownValue } from "./outcome.ts";

/** The regular session that is under way, or the next one, or the last: as Yahoo has it. */
export interface Session {
  readonly startMs: number;
  readonly endMs: number;
  /** IANA name of the exchange's time zone. */
  readonly timeZone: string;
}

/** A row of a chart; null where Yahoo has no value. */
export interface ChartRow {
  readonly startSec: number;
  readonly open: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly close: number | null;
  readonly volume: number | null;
  readonly adjClose: number | null;
}

/** A split of a share into several, or of several into one. */
export interface Split {
  readonly dateSec: number;
  readonly numerator: number;
  readonly denominator: number;
}

/** A dividend, in the currency of the prices. */
export interface Dividend {
  readonly dateSec: number;
  readonly amount: number;
}

/** A chart. */
export interface Chart {
  readonly symbol: string;
  readonly currency: string | null;
  readonly exchange: string | null;
  /** Yahoo's own name of the interval: `1m`, `1d`, `1wk`. */
  readonly granularity: string;
  readonly session: Session | null;
  /** In order of time, each start once. */
  readonly rows: readonly ChartRow[];
  readonly splits: readonly Split[];
  readonly dividends: readonly Dividend[];
  /** When the host answered; null where that is not recorded. */
  readonly asOfMs: number | null;
}

const numbers = z.array(z.number().nullable()).optional();
const second = z.int().min(-62_135_596_800).max(253_402_300_799);
const period = z.looseObject({ start: second, end: second });

const resultSchema = z.looseObject({
  meta: z.looseObject({
    symbol: z.string().min(1),
    dataGranularity: z.string(),
    currency: z.string().nullish(),
    exchangeName: z.string().nullish(),
    exchangeTimezoneName: z.string().nullish(),
    regularMarketTime: second.nullish(),
    currentTradingPeriod: z.looseObject({ regular: period }).nullish(),
  }),
  timestamp: z.array(second).optional(),
  indicators: z.looseObject({
    quote: z.array(z.looseObject({ open: numbers, high: numbers, low: numbers, close: numbers, volume: numbers })),
    adjclose: z.array(z.looseObject({ adjclose: numbers })).optional(),
  }),
  events: z.looseObject({
    splits: z.record(
      z.string(),
      z.looseObject({ date: second, numerator: z.number().positive(), denominator: z.number().positive() }),
    ).optional(),
    dividends: z.record(z.string(), z.looseObject({ date: second, amount: z.number() })).optional(),
  }).optional(),
});

type Result = z.infer<typeof resultSchema>;

/** What is wrong with a document. */
export class ChartFault {
  constructor(readonly fault: Fault) {}
}

/** Reads a document. */
export function readChart(text: string): Chart | ChartFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new ChartFault({ reason: "not_json", path: "", message: `not JSON: ${jsonFault(text)}` });
  }
  const { body, dateMs, path } = unwrapped(value);
  const chart = member(body, "chart");
  const error = member(chart, "error");
  if (error !== null && error !== undefined) {
    const [code, description] = [member(error, "code"), member(error, "description")];
    const message = `Yahoo answered with an error: ${shownValue(code)}, ${shownValue(description)}`;
    return new ChartFault({ reason: "error_frame", path: `${path}chart.error`, message });
  }
  const results = member(chart, "result");
  const first = Array.isArray(results) ? results[0] : undefined;
  const at = `${path}chart.result`;
  if (first === undefined) {
    const message = `${at}: expected a response of Yahoo's chart API, found ${shownValue(results)}`;
    return new ChartFault({ reason: "schema", path: at, message });
  }
  const parsed = resultSchema.safeParse(first);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = [at, 0, ...issue?.path ?? []].join(".");
    return new ChartFault({ reason: "schema", path: where, message: `${where}: ${issue?.message ?? "does not fit"}` });
  }
  return chartOf(parsed.data, dateMs);
}

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

/** The body of a recorded response with the time of its answer; a bare body stays as it is. */
function unwrapped(value: unknown): { body: unknown; dateMs: number | null; path: string } {
  const response = member(value, "response");
  if (response === undefined) return { body: value, dateMs: null, path: "" };
  const dateMs = Date.parse(String(member(member(response, "headers"), "date")));
  const json = member(response, "bodyJson");
  if (json !== undefined) return { body: json, dateMs: numberOrNull(dateMs), path: "response.bodyJson." };
  let body: unknown;
  try {
    body = JSON.parse(String(member(response, "body")));
  } catch {
    body = undefined;
  }
  return { body, dateMs: numberOrNull(dateMs), path: "response.body." };
}

const numberOrNull = (value: number): number | null => Number.isFinite(value) ? value : null;

function chartOf({ meta, timestamp = [], indicators, events }: Result, dateMs: number | null): Chart {
  const [quote = {}] = indicators.quote;
  const adjusted = indicators.adjclose?.[0]?.adjclose;
  const bySecond = new Map<number, ChartRow>();
  timestamp.forEach((startSec, i) => {
    const cell = (column: readonly (number | null)[] | undefined) => column?.[i] ?? null;
    const { open, high, low, close, volume } = quote;
    const row: ChartRow = {
      startSec,
      open: cell(open),
      high: cell(high),
      low: cell(low),
      close: cell(close),
      volume: cell(volume),
      adjClose: cell(adjusted),
    };
    bySecond.set(startSec, row);
  });
  const regular = meta.currentTradingPeriod?.regular;
  const timeZone = meta.exchangeTimezoneName ?? "UTC";
  return {
    symbol: meta.symbol,
    currency: meta.currency ?? null,
    exchange: meta.exchangeName ?? null,
    granularity: meta.dataGranularity,
    session: regular ? { startMs: regular.start * 1_000, endMs: regular.end * 1_000, timeZone } : null,
    rows: [...bySecond.values()].sort((a, b) => a.startSec - b.startSec),
    splits: Object.values(events?.splits ?? {}).map(({ date, ...rest }) => ({
      dateSec: date,
      numerator: rest.numerator,
      denominator: rest.denominator,
    })),
    dividends: Object.values(events?.dividends ?? {}).map(({ date, amount }) => ({ dateSec: date, amount })),
    asOfMs: dateMs ?? (meta.regularMarketTime == null ? null : meta.regularMarketTime * 1_000),
  };
}
