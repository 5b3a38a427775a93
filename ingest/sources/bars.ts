/**
 * Canonical bars.
 * @module
 */
import { barEvents } from "../../core/events/bars.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";
import { idPart } from "./table_shape.ts";

/** Source `bars`. */
export const bars: Source = canonicalSource("bars", {
  about: "bars of a market as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(barEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      symbol: "text",
      interval: "text",
      open: "price",
      high: "price",
      low: "price",
      close: "price",
      volume: "decimal",
    },
    made: {
      event_id: ({ event: { symbol, interval, timestamp }, source }) =>
        [source, symbol, interval, timestamp].map(idPart).join(":"),
    },
  },
});
