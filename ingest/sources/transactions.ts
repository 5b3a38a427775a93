/**
 * Canonical transactions.
 * @module
 */
import { transactionEvents } from "../../core/events/transactions.ts";
import { anyContract, type Source } from "../source.ts";
import { canonicalSource } from "./canonical.ts";

/** Source `transactions`. */
export const transactions: Source = canonicalSource("transactions", {
  about: "subscriptions, donations and bits as Tidemark keeps them: JSON, CSV or Parquet",
  shape: {
    contract: anyContract(transactionEvents),
    columns: {
      event_id: "text",
      timestamp: "time",
      source: "text",
      stream_id: "text",
      user_id: "text",
      type: "text",
      amount: "decimal",
      currency: "text",
    },
    made: {
      currency: ({ event }) => (event.type === "bits" ? "BITS" : undefined),
    },
  },
});
