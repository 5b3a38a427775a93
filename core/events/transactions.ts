import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";
import { decimalText } from "./decimal_text.ts";

/** Money, or what stands for it, that a viewer gives to a stream. */
export interface TransactionEvent extends EventBase {
  /** Channel, without `#`. */
  readonly stream_id: string;
  /** Who paid. */
  readonly user_id: string;
  /** What for. */
  readonly type: "subscription" | "donation" | "bits";
  /** Decimal string, in `currency`. */
  readonly amount: string;
  /** ISO 4217 code in capitals; `BITS` for bits, whose amount is their number. */
  readonly currency: string;
}

/** Topic `events.transactions`. */
export const transactionEvents: EventContract<TransactionEvent> = {
  topic: "events.transactions",
  partitions: 1,
  keyField: "stream_id",
  schema: z.looseObject({
    ...eventBase,
    stream_id: identifier,
    user_id: identifier,
    type: z.enum(["subscription", "donation", "bits"]),
    amount: decimalText,
    currency: z.string().regex(/^[A-Z]{3,5}$/, "expected a currency code in capitals such as USD"),
  }),
};
