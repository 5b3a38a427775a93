/**
 * Live market data of Binance. Its symbols, BINANCE_SYMBOLS, are those of the mock market as well: see mock.ts.
 * @module
 */
import type { Section } from "./variable.ts";

/** Where the source `binance` reads. */
export interface BinanceConfig {
  /** Host of the websocket streams. */
  readonly streamUrl: string;
  /** Host of the REST API that fills gaps. */
  readonly restUrl: string;
  /** Intervals of the bars to take beside the trades; none unless set. */
  readonly klines: readonly string[];
}

const INTERVAL = /^(1s|[135]m|15m|30m|[12468]h|12h|[13]d|1w)$/;

/** The section. */
export const binanceSection: Section<BinanceConfig> = {
  variables: [
    {
      name: "BINANCE_STREAM_URL",
      fallback: "wss://data-stream.binance.vision",
      expected: "a URL that begins with ws:// or wss://",
      about: "where Binance's streams are read",
      check: (value) => /^wss?:\/\//.test(value) && URL.canParse(value),
    },
    {
      name: "BINANCE_REST_URL",
      fallback: "https://data-api.binance.vision",
      expected: "a URL that begins with http:// or https://",
      about: "where trades are asked for that a stream has missed",
      check: (value) => /^https?:\/\//.test(value) && URL.canParse(value),
    },
    {
      name: "BINANCE_KLINES",
      fallback: "",
      expected: "Binance's intervals separated by commas, such as 1m,1h; one month is not offered",
      about: "intervals of finished bars to take beside the trades",
      check: (value) => value.split(",").every((interval) => INTERVAL.test(interval.trim())),
    },
  ],
  read: (values) => ({
    streamUrl: values.text("BINANCE_STREAM_URL").replace(/\/+$/, ""),
    restUrl: values.text("BINANCE_REST_URL").replace(/\/+$/, ""),
    klines: values.list("BINANCE_KLINES"),
  }),
};
