/**
 * A finished kline of Binance as a bar.
 * @module
 */
import { barEvents } from "../../core/events/bars.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Decoded } from "../source.ts";
import type { JsonObject } from "./binance_trade.ts";
import { isObject } from "./binance_trade.ts";
import { ignored } from "./outcome.ts";

const contract = anyContract(barEvents);

/** Intervals that a bar can name: a month has no fixed length. */
const INTERVAL = /^[1-9]\d{0,3}[smhdw]$/;

/**
 * Decodes `{"e":"kline",…}`. The line is of kind `kline`; where it says that the interval is over (`x`), it brings the
 * bar as a side event. A bar that does not fit is for the door to bury.
 */
export function decodeKline(data: JsonObject): Decoded {
  const { s: symbol, k } = data;
  if (!isObject(k) || k.x !== true || typeof k.i !== "string" || !INTERVAL.test(k.i)) return ignored("kline");
  const { t: startMs, i: interval, o: open, h: high, l: low, c: close, v: volume, n, q } = k;
  const value = {
    event_id: `binance:${symbol}:${interval}:${startMs}`,
    timestamp: typeof startMs === "number" && Number.isSafeInteger(startMs) && startMs > 0 && startMs < 1e14
      ? formatTime(startMs)
      : startMs,
    source: "binance",
    symbol,
    interval,
    open,
    high,
    low,
    close,
    volume,
    trade_count: n,
    quote_volume: q,
  };
  return { kind: "ignored", ignoredKind: "kline", events: [{ contract, value }] };
}
