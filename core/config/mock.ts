/**
 * What the mock sources make.
 * @module
 */
import { flag, integer, names, type Section } from "./variable.ts";

/** What the mock sources make. */
export interface MockConfig {
  /** Events a second and source. */
  readonly ratePerSec: number;
  /** Streams of the mock chat. */
  readonly channels: readonly string[];
  /** Symbols of the mock trades. */
  readonly symbols: readonly string[];
  readonly fakeAnomalies: boolean;
  /** Time between two labelled anomalies in chat. */
  readonly anomalyEveryMs: number;
  /** Records between two labelled anomalies in trades. */
  readonly anomalyEveryRecords: number;
}

/** The section. */
export const mockSection: Section<MockConfig> = {
  variables: [
    { name: "PRODUCER_RATE_PER_SEC", fallback: "10", about: "mock events a second and source", ...integer(1, 100_000) },
    {
      name: "PRODUCER_CHANNELS",
      fallback: "demo_stream,gaming_stream,music_stream",
      about: "streams of the mock chat",
      ...names,
    },
    { name: "BINANCE_SYMBOLS", fallback: "BTCUSDT,ETHUSDT", about: "symbols of the market sources", ...names },
    { name: "ENABLE_FAKE_ANOMALIES", fallback: "true", about: "whether mock sources make labelled anomalies", ...flag },
    { name: "ANOMALY_EVERY_SEC", fallback: "180", about: "time between two mock chat spikes", ...integer(1, 86_400) },
    {
      name: "ANOMALY_EVERY_RECORDS",
      fallback: "1000",
      about: "trades between two mock price spikes",
      ...integer(2, 1_000_000_000),
    },
  ],
  read: (values) => ({
    ratePerSec: values.number("PRODUCER_RATE_PER_SEC"),
    channels: values.list("PRODUCER_CHANNELS"),
    symbols: values.list("BINANCE_SYMBOLS"),
    fakeAnomalies: values.flag("ENABLE_FAKE_ANOMALIES"),
    anomalyEveryMs: values.number("ANOMALY_EVERY_SEC") * 1_000,
    anomalyEveryRecords: values.number("ANOMALY_EVERY_RECORDS"),
  }),
};
