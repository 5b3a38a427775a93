import * as z from "zod";
import { DECIMAL_SCALE } from "../decimal.ts";
import { type EventBase, eventBase, type EventContract, nonEmpty } from "./contract.ts";

/** A trade on a market. */
export interface TradeEvent extends EventBase {
  readonly symbol: string;
  /** Number of the trade at its venue; rises with time and decides ties of event time. */
  readonly trade_id: number;
  /** Decimal string. */
  readonly price: string;
  /** Decimal string. */
  readonly size: string;
  /** Side of the taker. */
  readonly side: "buy" | "sell";
}

const decimal = z.string().regex(
  new RegExp(`^\\d{1,18}(\\.\\d{1,${DECIMAL_SCALE}}0*)?$`),
  `expected a decimal string without sign or exponent, with at most ${DECIMAL_SCALE} fraction digits`,
);

/** Topic `market.trades`. */
export const tradeEvents: EventContract<TradeEvent> = {
  topic: "market.trades",
  partitions: 3,
  keyField: "symbol",
  schema: z.looseObject({
    ...eventBase,
    symbol: nonEmpty,
    trade_id: z.int().min(0),
    price: decimal,
    size: decimal,
    side: z.enum(["buy", "sell"]),
  }),
};
