/**
 * Canonical trades.
 * @module
 */
import { tradeEvents } from "../../core/events/trades.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";
import { idPart } from "./table_shape.ts";

/** Source `trades`. */
export const trades: Source = canonicalSource("trades", {
  about: "trades as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(tradeEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      symbol: "text",
      trade_id: "integer",
      price: "price",
      size: "decimal",
      side: "side",
    },
    made: {
      event_id: ({ event: { symbol, trade_id }, source }) =>
        symbol !== undefined && trade_id !== undefined ? [source, symbol, trade_id].map(idPart).join(":") : undefined,
    },
  },
});
