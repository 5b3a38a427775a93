/**
 * A trade of Binance: from the payload's one-letter fields to an event.
 * @module
 */
import { tradeEvents } from "../../core/events/trades.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Decoded } from "../source.ts";
import { dead, oneEvent, shownValue } from "./outcome.ts";

const contract = anyContract(tradeEvents);

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field that is not as Binance documents it. */
class FieldError extends Error {
  constructor(readonly field: string, expected: string, found: unknown) {
    super(`expected ${expected}, found ${shownValue(found)}`);
  }
}

/** Decodes `{"e":"trade",…}`; `at` is the path of the payload in its frame: `data.` or nothing. */
export function decodeTrade(data: JsonObject, at: string): Decoded {
  try {
    return oneEvent(contract, tradeValue(data));
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    const path = at + error.field;
    return dead(contract, { reason: "schema", path, message: `${path}: ${error.message}` });
  }
}

function tradeValue(data: JsonObject): Record<string, unknown> {
  const { s: symbol, t: tradeId, p, q, m } = data;
  if (typeof symbol !== "string" || symbol === "") throw new FieldError("s", "a symbol such as BTCUSDT", symbol);
  if (typeof tradeId !== "number" || !Number.isSafeInteger(tradeId) || tradeId < 0) {
    throw new FieldError("t", "the trade's number", tradeId);
  }
  if (typeof m !== "boolean") throw new FieldError("m", "true or false (buyer is maker)", m);
  const value: Record<string, unknown> = {
    event_id: `binance:${symbol}:${tradeId}`,
    timestamp: timeOf(data, "T"),
    source: "binance",
    symbol,
    trade_id: tradeId,
    price: decimalOf("p", p),
    size: decimalOf("q", q),
    // A buyer who was the maker means that the taker sold.
    side: m ? "sell" : "buy",
  };
  if (data.E !== undefined) value.sent_at = timeOf(data, "E");
  return value;
}

function decimalOf(field: string, value: unknown): string {
  if (typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value)) return value;
  throw new FieldError(field, "a decimal string without sign or exponent", value);
}

/** From here on a time is in microseconds (`timeUnit=MICROSECOND`): as milliseconds it would lie beyond the year 5000. */
const MICROSECONDS_FROM = 1e14;

function timeOf(data: JsonObject, field: "E" | "T"): string {
  const value = data[field];
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) {
    const timeMs = value >= MICROSECONDS_FROM ? Math.floor(value / 1_000) : value;
    if (timeMs < MICROSECONDS_FROM) return formatTime(timeMs);
  }
  throw new FieldError(field, "epoch milliseconds or microseconds", value);
}
