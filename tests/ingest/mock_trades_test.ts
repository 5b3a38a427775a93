import assert from "node:assert/strict";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import { zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { type MockTradeEvent, mockTradeEvents, type MockTradeOptions } from "../../ingest/sources/mock_trades.ts";

const START_MS = Date.UTC(2025, 0, 1);
const base: MockTradeOptions = { seed: 7, startMs: START_MS, ratePerSec: 100, symbols: ["BTCUSDT", "ETHUSDT"] };

function events(options: MockTradeOptions, lengthMs: number, tickMs = 100): MockTradeEvent[] {
  const trades = mockTradeEvents(options);
  const found: MockTradeEvent[] = [];
  for (let at = 0; at < lengthMs; at += tickMs) {
    found.push(...trades({ fromMs: START_MS + at, toMs: START_MS + Math.min(at + tickMs, lengthMs) }));
  }
  return found;
}

const ofSymbol = (found: readonly MockTradeEvent[], symbol: string) => found.filter((trade) => trade.symbol === symbol);

Deno.test("the same seed gives the same trades, in ticks of any width", () => {
  assert.deepEqual(events(base, 5_000), events(base, 5_000, 1_700));
  assert.notDeepEqual(events(base, 5_000), events({ ...base, seed: 8 }, 5_000));
  assert.equal(events(base, 5_000).length, 500);
});

Deno.test("trades fit the contract; prices have two fraction digits, sizes five", () => {
  for (const value of events(base, 20_000)) {
    const checked = checkEvent(tradeEvents, { value, appendTimeMs: START_MS + 20_000 });
    assert.ok(!isFault(checked), JSON.stringify(checked));
    assert.match(value.price, /^\d+\.\d\d$/);
    assert.match(value.size, /^\d+\.\d{5}$/);
    assert.ok(Number(value.price) > 0 && Number(value.size) > 0);
  }
});

Deno.test("numbers of trades rise without a gap per symbol, and over restarts", () => {
  const found = events(base, 10_000);
  for (const symbol of base.symbols) {
    const ids = ofSymbol(found, symbol).map((trade) => trade.trade_id);
    assert.ok(ids.length > 100);
    ids.forEach((id, i) => assert.equal(id, ids[0]! + i));
  }
  const fast = mockTradeEvents({ ...base, symbols: ["X"], ratePerSec: 100_000 });
  const last = fast({ fromMs: START_MS, toMs: START_MS + 500 }).at(-1)!;
  const restarted = mockTradeEvents({ ...base, symbols: ["X"], startMs: START_MS + 500 });
  const [next] = restarted({ fromMs: START_MS + 500, toMs: START_MS + 600 });
  assert.ok(next!.trade_id > last.trade_id);
});

Deno.test("prices walk with no preferred direction, near to where they began, seen through a narrow spread", () => {
  const found = ofSymbol(events(base, 600_000, 10_000), "BTCUSDT").map((trade) => Number(trade.price));
  const steps = found.slice(1).map((price, i) => Math.log(price / found[i]!));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const deviation = Math.sqrt(steps.reduce((sum, step) => sum + step ** 2, 0) / steps.length);
  assert.ok(deviation > 1e-5 && deviation < 1e-3, String(deviation));
  assert.ok(Math.abs(mean) < 4 * deviation / Math.sqrt(steps.length), String(mean));
  assert.ok(found.every((price) => price > 50_000 && price < 70_000));
});

Deno.test("three standard deviations find the labelled prices, and hardly any other", () => {
  for (const ratePerSec of [10, 1_000]) {
    const detector = zScoreOfEvents<MockTradeEvent>("price", {
      value: (trade) => Number(trade.price),
      threshold: 3,
      stdDevMin: 0.05,
    });
    const states = new Map(base.symbols.map((symbol) => [symbol, detector.zero()]));
    let [labelled, found, wrong] = [0, 0, 0];
    const trades = events({ ...base, ratePerSec, anomalyEveryRecords: 1_000 }, 50_000_000 / ratePerSec, 1_000);
    for (const trade of trades) {
      const verdict = detector.test(states.get(trade.symbol)!, Number(trade.price), {
        event: trade,
        eventTimeMs: Date.parse(trade.timestamp),
      });
      if (trade.fake_anomaly !== undefined) labelled++;
      if (verdict !== null) trade.fake_anomaly === undefined ? wrong++ : found++;
    }
    assert.deepEqual([trades.length, labelled, found], [50_000, 50, 50], `at ${ratePerSec} a second`);
    assert.ok(wrong <= 10, `${wrong} of 50,000 trades are called anomalies at ${ratePerSec} a second`);
  }
});

Deno.test("calm and wild times come in clusters", () => {
  const found = ofSymbol(events({ ...base, ratePerSec: 5 }, 14_400_000, 60_000), "BTCUSDT");
  const prices = found.map((trade) => Number(trade.price));
  const perMinute: number[] = [];
  const size = Math.floor(prices.length / 60);
  for (let i = 0; i < 60; i++) {
    const part = prices.slice(i * size, (i + 1) * size);
    perMinute.push(Math.sqrt(part.slice(1).reduce((sum, price, k) => sum + Math.log(price / part[k]!) ** 2, 0) / size));
  }
  assert.ok(Math.max(...perMinute) > 2 * Math.min(...perMinute));
});

Deno.test("every so many records one has five times its price and a label, and the walk goes on as if it had not", () => {
  const plain = events(base, 10_000);
  const spiked = events({ ...base, anomalyEveryRecords: 250 }, 10_000);
  const labelled = spiked.flatMap((trade, k) => (trade.fake_anomaly === "price_spike" ? [k] : []));
  assert.deepEqual(labelled, [249, 499, 749, 999]);
  spiked.forEach((trade, k) => {
    if (!labelled.includes(k)) return assert.deepEqual(trade, plain[k]);
    assert.ok(Math.abs(Number(trade.price) / Number(plain[k]!.price) - 5) < 1e-5);
  });
});

Deno.test("symbols that nobody knows have prices as well", () => {
  const found = events({ ...base, symbols: ["NEW", "OTHER"] }, 1_000);
  for (const symbol of ["NEW", "OTHER"]) {
    const [first] = ofSymbol(found, symbol);
    assert.ok(Number(first!.price) >= 9 && Number(first!.price) < 1_100);
  }
});
