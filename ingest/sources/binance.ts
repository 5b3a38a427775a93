/**
 * Binance spot trades: websocket frames, of a combined stream (`{"stream":…,"data":…}`) or of a single one; recorded or
 * live.
 * @module
 */
import { barEvents } from "../../core/events/bars.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import { anyContract, type Decode, type Decoded, type Source } from "../source.ts";
import { binanceKinds, frameKind, streamKind } from "./binance_kinds.ts";
import { decodeKline } from "./binance_kline.ts";
import { binanceLive, type BinanceLiveOptions, binanceLiveOptions } from "./binance_live.ts";
import { decodeTrade, isObject, type JsonObject } from "./binance_trade.ts";
import { jsonFault } from "./json_position.ts";
import { boundedKinds, dead, EVENT_UNITS_MAX, ignored, shown, shownValue, tooLarge } from "./outcome.ts";

const contract = anyContract(tradeEvents);

/** Source `binance` with what a test changes. */
export const binanceSource = (options: BinanceLiveOptions): Source => ({
  name: "binance",
  about: "Binance spot trades and finished klines; other streams of the same socket are counted and left",
  contracts: [contract, anyContract(barEvents)],
  recorded: { form: "lines", decoder: binanceDecoder },
  quietMsMax: 120_000,
  open: (context) => binanceLive(context, { decode: binanceDecoder(), options }),
});

/** Source `binance`. */
export const binance: Source = binanceSource(binanceLiveOptions);

/** A decoder of Binance frames; a receive time may stand before the JSON. */
export function binanceDecoder(): Decode {
  const kindOf = boundedKinds(binanceKinds);
  return (line) => {
    if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
    const found = frameOf(line);
    if (typeof found !== "string") return found;
    const cheap = cheapKind(found);
    if (cheap !== undefined) return ignored(cheap);
    let frame: unknown;
    try {
      frame = JSON.parse(found);
    } catch {
      return dead(contract, { reason: "not_json", path: "", message: `not JSON: ${jsonFault(found)}` });
    }
    return decodeFrame(frame, kindOf);
  };
}

/** A recorder's stamp before the frame: seconds with a fraction, ms, µs or ns; cryptofeed sets a colon after it. */
const RECEIVE_TIME = /^\d{9,20}(?:\.\d+)?[:,]?\s*$/;

function frameOf(line: string): string | Decoded {
  const text = line.trim();
  if (text.charCodeAt(0) === 123) return text;
  if (text === "") return ignored("blank");
  if (/^(wss?|https?):\/\//.test(text)) return ignored("header");
  const start = text.search(/[{[]/);
  if (start === 0 || (start > 0 && RECEIVE_TIME.test(text.slice(0, start)))) return text.slice(start);
  return dead(contract, {
    reason: "not_json",
    path: "",
    message: `expected a JSON frame, a receive time before it at most, found ${shown(text)}`,
  });
}

const ENVELOPE = '{"stream":"';

/** Streams whose frames are most of the input; their JSON need not be read at all. */
const cheapStreams: ReadonlyMap<string, string> = new Map([
  ["bookTicker", "bookTicker"],
  ["aggTrade", "aggTrade"],
  ...["depth", "depth5", "depth10", "depth20"].flatMap((name) =>
    ["", "@100ms", "@1000ms"].map((speed) => [name + speed, "depth"] as const)
  ),
]);

/** The kind of a frame that is written exactly as Binance does and is of no interest; undefined = parse it. */
function cheapKind(frame: string): string | undefined {
  if (!frame.startsWith(ENVELOPE)) return undefined;
  const nameEnd = frame.indexOf('"', ENVELOPE.length);
  const at = frame.indexOf("@", ENVELOPE.length);
  if (at < 0 || at > nameEnd || !frame.startsWith('","data":{', nameEnd) || !frame.endsWith("}}")) return undefined;
  return cheapStreams.get(frame.slice(at + 1, nameEnd));
}

function decodeFrame(frame: unknown, kindOf: (kind: string) => string): Decoded {
  if (Array.isArray(frame)) {
    const kind = frameKind(frame[0]);
    if (kind !== undefined) return ignored(kindOf(kind));
  }
  if (!isObject(frame)) return unknownFrame();
  if (typeof frame.stream === "string" && "data" in frame) {
    const { data } = frame;
    if (isObject(data) && data.e === "trade") return decodeTrade(data, "data.");
    if (isObject(data) && data.e === "kline") return decodeKline(data);
    const kind = streamKind(frame.stream);
    if (kind === "trade") {
      const e = isObject(data) ? data.e : data;
      return dead(contract, {
        reason: "schema",
        path: "data.e",
        message: `data.e: expected "trade", found ${shownValue(e)}`,
      });
    }
    return ignored(kindOf(kind));
  }
  if (frame.e === "trade") return decodeTrade(frame, "");
  if (frame.e === "kline") return decodeKline(frame);
  if (frame.error !== undefined || (typeof frame.code === "number" && frame.code !== 0)) return errorFrame(frame);
  if ("result" in frame && "id" in frame) return ignored("reply");
  const kind = frameKind(frame);
  return kind === undefined ? unknownFrame() : ignored(kindOf(kind));
}

function errorFrame(frame: JsonObject): Decoded {
  const error = isObject(frame.error) ? frame.error : frame;
  return dead(contract, {
    reason: "error_frame",
    path: frame.error === undefined ? "code" : "error",
    message: `Binance answered with an error: code ${shownValue(error.code)}, ${shownValue(error.msg)}`,
  });
}

function unknownFrame(): Decoded {
  return dead(contract, {
    reason: "schema",
    path: "",
    message: 'expected a frame of Binance: {"stream":…,"data":…}, or a payload with its type in "e"',
  });
}
