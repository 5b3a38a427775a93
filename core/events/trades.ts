import * as z from "zod";
import { type EventBase, eventBase, type EventContract, fitsBase, identifier, isIdentifier } from "./contract.ts";
import { decimalText, isDecimalText } from "./decimal_text.ts";

/** A trade on a market. */
export interface TradeEvent extends EventBase {
  /** Name of what is traded: `BTCUSDT`. */
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

/** Topic `market.trades`. */
export const tradeEvents: EventContract<TradeEvent> = {
  topic: "market.trades",
  partitions: 3,
  keyField: "symbol",
  schema: z.looseObject({
    ...eventBase,
    symbol: identifier,
    trade_id: z.int().min(0),
    price: decimalText,
    size: decimalText,
    side: z.enum(["buy", "sell"]),
  }),
  fits(value) {
    const { symbol, trade_id, price, size, side } = value;
    return fitsBase(value) && isIdentifier(symbol) && Number.isSafeInteger(trade_id) && (trade_id as number) >= 0 &&
      isDecimalText(price) && isDecimalText(size) && (side === "buy" || side === "sell");
  },
};
