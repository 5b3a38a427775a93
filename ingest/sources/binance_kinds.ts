/**
 * Which stream of Binance a frame belongs to, by the stream's name or, in a frame without one, by its shape.
 * @module
 */

/** Kinds that Binance's spot streams are counted as when they yield no event. */
export const binanceKinds: ReadonlySet<string> = new Set([
  "aggTrade",
  "avgPrice",
  "blank",
  "bookTicker",
  "depth",
  "header",
  "kline",
  "miniTicker",
  "reply",
  "serverShutdown",
  "ticker",
]);

/**
 * The kind of a stream: its name before the first option, without interval or number of levels.
 * `btcusdt@depth5@100ms` is `depth`, `btcusdt@kline_1m` is `kline`, `!miniTicker@arr` is `miniTicker`.
 */
export function streamKind(stream: string): string {
  const parts = stream.split("@");
  const name = (stream.startsWith("!") ? parts[0]?.slice(1) : parts[1]) ?? "";
  return /^[A-Za-z]{1,24}/.exec(name)?.[0] ?? "other";
}

/** The kind of a payload that came without its stream's name; undefined when it has no shape that we know. */
export function frameKind(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const frame = payload as Readonly<Record<string, unknown>>;
  // The shutdown notice arrives as an event of its own, in an envelope called "event".
  if (typeof frame.event === "object" && frame.event !== null) return frameKind(frame.event);
  if (typeof frame.e === "string") return kindByType.get(frame.e) ?? /[A-Za-z]{1,24}/.exec(frame.e)?.[0];
  if ("lastUpdateId" in frame && "bids" in frame) return "depth";
  if ("u" in frame && "b" in frame && "a" in frame) return "bookTicker";
  return undefined;
}

/** Event types that are named otherwise than their streams. */
const kindByType: ReadonlyMap<string, string> = new Map([
  ["depthUpdate", "depth"],
  ["24hrTicker", "ticker"],
  ["24hrMiniTicker", "miniTicker"],
  ["1hTicker", "ticker"],
  ["4hTicker", "ticker"],
  ["1dTicker", "ticker"],
]);
