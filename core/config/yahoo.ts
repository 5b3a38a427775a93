/**
 * Live bars of Yahoo.
 * @module
 */
import { decimal, integer, oneOf, type Section } from "./variable.ts";

/** What the source `yahoo` asks for, and how often. */
export interface YahooConfig {
  readonly symbols: readonly string[];
  /** Interval of the bars that are polled while a market is open. */
  readonly interval: string;
  /** Time between two polls of a symbol while its market is open. */
  readonly pollMs: number;
  /** How far back the daily bars reach that are fetched first. */
  readonly historyDays: number;
  /** Calls a minute over all symbols. */
  readonly callsPerMinute: number;
  /** Host of the chart API. */
  readonly url: string;
}

const SYMBOL = /^[A-Za-z0-9^][\w.^=-]{0,31}$/;

/** The section. */
export const yahooSection: Section<YahooConfig> = {
  variables: [
    {
      name: "YAHOO_SYMBOLS",
      fallback: "AAPL,MSFT,SPY",
      expected: "one or more of Yahoo's symbols separated by commas, such as AAPL,^GSPC,BTC-USD,EURUSD=X",
      about: "symbols whose bars are read",
      check: (value) => value.split(",").every((symbol) => SYMBOL.test(symbol.trim())),
    },
    {
      name: "YAHOO_INTERVAL",
      fallback: "1m",
      about: "interval of the bars that are polled",
      ...oneOf("1m", "2m", "5m", "15m", "30m", "1h"),
    },
    { name: "YAHOO_POLL_SEC", fallback: "60", about: "time between two polls of a symbol", ...decimal(0.01, 86_400) },
    { name: "YAHOO_HISTORY_DAYS", fallback: "365", about: "days of daily bars fetched first", ...integer(1, 20_000) },
    { name: "YAHOO_CALLS_PER_MIN", fallback: "30", about: "calls a minute over all symbols", ...integer(1, 6_000) },
    {
      name: "YAHOO_URL",
      fallback: "https://query2.finance.yahoo.com",
      expected: "a URL that begins with http:// or https://",
      about: "where Yahoo's charts are read",
      check: (value) => /^https?:\/\//.test(value) && URL.canParse(value),
    },
  ],
  read: (values) => ({
    symbols: values.list("YAHOO_SYMBOLS"),
    interval: values.text("YAHOO_INTERVAL"),
    pollMs: values.number("YAHOO_POLL_SEC") * 1_000,
    historyDays: values.number("YAHOO_HISTORY_DAYS"),
    callsPerMinute: values.number("YAHOO_CALLS_PER_MIN"),
    url: values.text("YAHOO_URL").replace(/\/+$/, ""),
  }),
};
