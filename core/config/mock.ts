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
  /** Decides what is made; null = another one at each start. */
  readonly seed: number | null;
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
      about: "streams of the mock sources",
      ...names,
    },
    { name: "BINANCE_SYMBOLS", fallback: "BTCUSDT,ETHUSDT", about: "symbols of the market sources", ...names },
    {
      name: "PRODUCER_SEED",
      fallback: "",
      about: "seed of the mock sources; without it each start makes other events",
      ...integer(0, 4_294_967_295),
    },
    {
      name: "ENABLE_FAKE_ANOMALIES",
      fallback: "true",
      about: "whether mock sources make labelled anomalies; set to true, also replays of prices",
      ...flag,
    },
    {
      name: "ANOMALY_EVERY_SEC",
      fallback: "180",
      about: "time between two anomalies of the mock streams",
      ...integer(1, 86_400),
    },
    {
      name: "ANOMALY_EVERY_RECORDS",
      fallback: "1000",
      about: "records between two price spikes, mock or replayed",
      ...integer(2, 1_000_000_000),
    },
  ],
  read: (values) => ({
    ratePerSec: values.number("PRODUCER_RATE_PER_SEC"),
    channels: values.list("PRODUCER_CHANNELS"),
    symbols: values.list("BINANCE_SYMBOLS"),
    seed: values.text("PRODUCER_SEED") === "" ? null : values.number("PRODUCER_SEED"),
    fakeAnomalies: values.flag("ENABLE_FAKE_ANOMALIES"),
    anomalyEveryMs: values.number("ANOMALY_EVERY_SEC") * 1_000,
    anomalyEveryRecords: values.number("ANOMALY_EVERY_RECORDS"),
  }),
};
