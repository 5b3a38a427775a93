/**
 * Canonical trades.
 * @module
 */
import { tradeEvents } from "../../core/events/trades.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `trades`. */
export const trades: Source = canonicalSource("trades", {
  about: "trades as Tidemark keeps them, JSONL or CSV",
  contract: anyContract(tradeEvents),
  columns: {
    event_id: "text",
    timestamp: "time",
    source: "text",
    symbol: "text",
    trade_id: "integer",
    price: "text",
    size: "text",
    side: "text",
  },
});
