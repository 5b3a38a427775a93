import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";
import { decimalText } from "./decimal_text.ts";

/** A bar as its venue or vendor made it: prices of an interval; `timestamp` is the interval's start. */
export interface BarEvent extends EventBase {
  /** Name of what is traded: `AAPL`. */
  readonly symbol: string;
  /** `1s`, `1m`, `1h`, `1d`, …: a number and one of s, m, h, d, w. */
  readonly interval: string;
  /** First price; this and the rest are decimal strings. */
  readonly open: string;
  /** Highest price. */
  readonly high: string;
  /** Lowest price. */
  readonly low: string;
  /** Last price. */
  readonly close: string;
  /** How much was traded, in units of the symbol. */
  readonly volume: string;
}

/** Topic `market.bars`. */
export const barEvents: EventContract<BarEvent> = {
  topic: "market.bars",
  partitions: 3,
  keyField: "symbol",
  schema: z.looseObject({
    ...eventBase,
    symbol: identifier,
    interval: z.string().regex(/^[1-9]\d{0,3}[smhdw]$/, "expected an interval such as 1m or 1d"),
    open: decimalText,
    high: decimalText,
    low: decimalText,
    close: decimalText,
    volume: decimalText,
  }),
};
