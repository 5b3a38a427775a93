import assert from "node:assert/strict";
import fc from "fast-check";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import { type TradeEvent, tradeEvents } from "../../core/events/trades.ts";
import type { Decoded } from "../../ingest/source.ts";
import { binanceDecoder } from "../../ingest/sources/binance.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

const FRAMES = ["market/binance_spot_btcusdt_20240808_frames.gz", "market/binance_spot_btcusdt_20240809_frames.gz"];
const TRADES = "market/binance_spot_btcusdt_trades_20240808_09.csv.gz";
const CRYPTOFEED = "market/cryptofeed_BINANCE.ws.1.0.txt";

const decode = (line: string): Decoded => binanceDecoder()(line);
const payload = {
  e: "trade",
  E: 1_700_000_000_456,
  s: "BTCUSDT",
  t: 42,
  p: "61837.63000000",
  q: "0.02000000",
  T: 1_700_000_000_123,
  m: true,
  M: true,
};
const combined = (data: unknown, stream = "btcusdt@trade") => JSON.stringify({ stream, data });

function event(text: string): Record<string, unknown> {
  const decoded = decode(text);
  assert.equal(decoded.kind, "events", text);
  return (decoded.kind === "events" ? decoded.events[0]!.value : undefined) as Record<string, unknown>;
}

sharedDataTest("the two real recordings give the 19,904 trades of the trades table", [...FRAMES, TRADES], async () => {
  const counts: Record<string, number> = {};
  const found: TradeEvent[] = [];
  for (const file of FRAMES) {
    const decoder = binanceDecoder();
    for (const line of await sharedLines(file)) {
      const decoded = decoder(line);
      const kind = decoded.kind === "ignored" ? decoded.ignoredKind : decoded.kind;
      counts[kind] = (counts[kind] ?? 0) + 1;
      if (decoded.kind !== "events") continue;
      const checked = checkEvent(tradeEvents, { value: decoded.events[0]!.value, appendTimeMs: Date.UTC(2026, 0, 1) });
      assert.ok(!isFault(checked), line);
      found.push(checked.event);
    }
  }
  assert.deepEqual(counts, { events: 19_904, bookTicker: 73_174, depth: 6_496 });
  const [, ...rows] = await sharedLines(TRADES);
  assert.equal(rows.length, found.length);
  rows.forEach((row, i) => {
    const [, sentMs, timeMs, symbol, id, price, size, maker] = row.split(",");
    const trade = found[i]! as TradeEvent & { sent_at: string };
    assert.deepEqual(
      [Date.parse(trade.sent_at), Date.parse(trade.timestamp), trade.symbol, trade.trade_id, trade.price, trade.size],
      [Number(sentMs), Number(timeMs), symbol, Number(id), price, size],
    );
    assert.equal(trade.side, maker === "1" ? "sell" : "buy");
  });
});

sharedDataTest("cryptofeed's recording has a header, other streams and nothing dead", [CRYPTOFEED], async () => {
  const decoder = binanceDecoder();
  const kinds = new Set<string>();
  for (const line of await sharedLines(CRYPTOFEED)) {
    const decoded = decoder(line);
    assert.equal(decoded.kind, "ignored", line);
    if (decoded.kind === "ignored") kinds.add(decoded.ignoredKind);
  }
  assert.deepEqual([...kinds].sort(), ["aggTrade", "blank", "bookTicker", "depth", "header", "kline"]);
});

Deno.test("a trade keeps the digits of its frame", () => {
  assert.deepEqual(event(combined(payload)), {
    event_id: "binance:BTCUSDT:42",
    timestamp: "2023-11-14T22:13:20.123Z",
    source: "binance",
    symbol: "BTCUSDT",
    trade_id: 42,
    price: "61837.63000000",
    size: "0.02000000",
    side: "sell",
    sent_at: "2023-11-14T22:13:20.456Z",
  });
});

Deno.test("a trade may come in any dress", () => {
  const expected = event(combined(payload));
  const cases = [
    JSON.stringify(payload),
    JSON.stringify(payload, null, " ").replaceAll("\n", ""),
    `1700000000123456789 ${combined(payload)}`,
    `1700000000.0633569: ${combined(payload)}`,
    `1700000000123,${combined(payload)}`,
    `\ufeff${combined(payload)}\r\n`,
    combined({ ...payload, E: payload.E * 1_000 + 7, T: payload.T * 1_000 + 999 }),
    combined(payload, "BTCUSDT@TRADE"),
    JSON.stringify({ data: payload, stream: "btcusdt@trade" }),
  ];
  for (const text of cases) assert.deepEqual(event(text), expected, text);
});

Deno.test("a buyer who is the taker makes a buy", () => {
  assert.equal(event(combined({ ...payload, m: false })).side, "buy");
});

Deno.test("other frames are ignored by their stream", () => {
  const cases: readonly [string, string][] = [
    [combined({ u: 1, b: "1", a: "2" }, "btcusdt@bookTicker"), "bookTicker"],
    [combined({ e: "depthUpdate" }, "btcusdt@depth@100ms"), "depth"],
    [combined({ e: "depthUpdate" }, "btcusdt@depth"), "depth"],
    [combined({ lastUpdateId: 1 }, "btcusdt@depth5@100ms"), "depth"],
    [combined({ e: "aggTrade" }, "btcusdt@aggTrade"), "aggTrade"],
    [combined({ e: "kline" }, "btcusdt@kline_1m"), "kline"],
    [combined({ e: "kline" }, "btcusdt@kline_1d@+08:00"), "kline"],
    [combined([{ e: "24hrMiniTicker" }], "!miniTicker@arr@3000ms"), "miniTicker"],
    [combined({ e: "avgPrice" }, "btcusdt@avgPrice"), "avgPrice"],
    [combined({}, "nothing"), "other"],
    ['{"e":"depthUpdate","E":1}', "depth"],
    ['{"e":"24hrTicker","E":1}', "ticker"],
    ['[{"e":"24hrTicker","E":1}]', "ticker"],
    ['{"u":1,"s":"X","b":"1","B":"1","a":"1","A":"1"}', "bookTicker"],
    ['1700000000123456789 {"lastUpdateId":1,"bids":[],"asks":[]}', "depth"],
    ['{"e":"serverShutdown","E":1}', "serverShutdown"],
    ['{"event":{"e":"serverShutdown","E":1}}', "serverShutdown"],
    ['{"result":null,"id":1}', "reply"],
    ['{"result":["btcusdt@trade"],"id":"x"}', "reply"],
    ["wss://stream.binance.com:9443/stream?streams=btcusdt@trade", "header"],
    ["", "blank"],
    [" \r\n", "blank"],
  ];
  for (const [text, kind] of cases) assert.deepEqual(decode(text), { kind: "ignored", ignoredKind: kind }, text);
});

Deno.test("rubbish, error frames and odd trades are dead, with their path", () => {
  const odd = (change: Record<string, unknown>) => combined({ ...payload, ...change });
  const cases: readonly [string, string, string][] = [
    ["hello", "not_json", ""],
    ["12 {}", "not_json", ""],
    ["{", "not_json", ""],
    ['{"stream":"btcusdt@trade","data":{"e":"trade",', "not_json", ""],
    ['{"stream":"btcusdt@depth","data":{"e":"depthUpdate"', "not_json", ""],
    ["null", "not_json", ""],
    ["{}", "schema", ""],
    ["[]", "schema", ""],
    ["[1]", "schema", ""],
    ['{"stream":5,"data":{}}', "schema", ""],
    ['{"error":{"code":2,"msg":"Invalid request"},"id":1}', "error_frame", "error"],
    ['{"code":-1121,"msg":"Invalid symbol."}', "error_frame", "code"],
    [combined({ e: "other" }), "schema", "data.e"],
    [combined("text"), "schema", "data.e"],
    [odd({ s: undefined }), "schema", "data.s"],
    [odd({ t: "42" }), "schema", "data.t"],
    [odd({ t: 2 ** 53 }), "schema", "data.t"],
    [odd({ t: -1 }), "schema", "data.t"],
    [odd({ p: 61_837.63 }), "schema", "data.p"],
    [odd({ p: "-1" }), "schema", "data.p"],
    [odd({ p: "1e5" }), "schema", "data.p"],
    [odd({ q: "" }), "schema", "data.q"],
    [odd({ q: null }), "schema", "data.q"],
    [odd({ T: "1700000000123" }), "schema", "data.T"],
    [odd({ T: 0 }), "schema", "data.T"],
    [odd({ T: 1.5 }), "schema", "data.T"],
    [odd({ T: 1_700_000_000_123_456_789 }), "schema", "data.T"],
    [odd({ m: "true" }), "schema", "data.m"],
    [odd({ E: "later" }), "schema", "data.E"],
    [JSON.stringify({ ...payload, p: [[]] }), "schema", "p"],
  ];
  for (const [text, reason, path] of cases) {
    const decoded = decode(text);
    assert.ok(decoded.kind === "dead", text);
    assert.deepEqual([decoded.fault.reason, decoded.fault.path], [reason, path], text);
    assert.ok(decoded.fault.message.length > 10 && decoded.fault.message.length < 300, decoded.fault.message);
    assert.equal(decoded.contract.topic, "market.trades");
  }
});

Deno.test("the decoder throws for no frame", () => {
  const decoder = binanceDecoder();
  const depth = 100_000;
  decoder(combined(payload).replace('"BTCUSDT"', "[".repeat(depth) + "]".repeat(depth)));
  fc.assert(fc.property(fc.json(), fc.string({ unit: "binary" }), (json, text) => {
    for (const line of [json, text, `{"stream":"x@trade","data":${json}}`, `1700000000123 ${json}`]) decoder(line);
    for (const field of Object.keys(payload)) decoder(combined({ ...payload, [field]: JSON.parse(json) }));
  }));
});
