import { DECIMAL_SCALE } from "../../core/decimal.ts";
import { type TransactionEvent, transactionEvents } from "../../core/events/transactions.ts";
import { count, sumsBy } from "../metrics/mod.ts";
import { pipeline } from "../pipeline.ts";
import { streamMinute } from "./stream_minute.ts";

/** Subscriptions, donations and bits per stream, by type and currency: amounts of two currencies are never added up. */
export const transactions = pipeline<TransactionEvent>({
  name: "transactions",
  contract: transactionEvents,
  key: "stream_id",
  ...streamMinute,
  metrics: {
    transaction_count: count(),
    transaction_sums: sumsBy({
      by: { type: (event) => event.type, currency: (event) => event.currency },
      amount: (event) => event.amount,
      scale: DECIMAL_SCALE,
    }),
  },
  tile: { title: "Transactions a minute" },
});
