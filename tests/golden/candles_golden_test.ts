/**
 * The candle pipelines from trades to table: one row a symbol, interval and window, decimals to the last digit.
 */
import assert from "node:assert/strict";
import type { Anomaly } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import type { NewRecord } from "../../core/ports.ts";
import { candles } from "../../processor/pipelines/candles.ts";
import { clockText, Engine } from "../support/engine_kit.ts";
import { golden, readTable, writeTable } from "../support/text_table.ts";

const record = (symbol: string, id: number, rest: { time: string; price: string; size: string }): NewRecord => ({
  key: symbol,
  value: JSON.stringify({
    event_id: `${symbol}:${id}`,
    timestamp: `2024-01-01T${rest.time}Z`,
    source: "test",
    symbol,
    trade_id: id,
    price: rest.price,
    size: rest.size,
    side: "buy",
  }),
  instance: null,
  seq: 0,
  runId: "run",
});

/** Processes a table of trades, in the order of its lines. */
async function processed(...tables: string[]): Promise<Engine> {
  const engine = await Engine.open();
  await engine.ports.log.ensureTopics([tradeEvents]);
  for (const text of tables) {
    const records = readTable(text).map(([time, symbol, id, price, size]) =>
      record(symbol!, Number(id), { time: time!, price: price!, size: size! })
    );
    await engine.ports.log.append({ writes: [{ topic: tradeEvents.topic, records }] });
    await engine.process(candles, { drains: true });
  }
  return engine;
}

const HEADER = "symbol interval from open high low close volume vwap trade_count";

async function tableOf(engine: Engine, interval: string): Promise<string> {
  const { rows } = await engine.ports.summaryStore.query({ table: "market_candles" });
  const chosen = rows.filter((row) => row[1] === interval);
  return writeTable(
    HEADER,
    chosen.map(([symbol, name, from, _to, ...values]) => [symbol, name, clockText(from as number), ...values]),
  );
}

const trades = `
  time          symbol  id  price     size
  12:00:00.100  BTC     1   61000.00  0.10000000
  12:00:00.900  BTC     2   61002.50  0.30000000
  12:00:00.900  BTC     4   60999.00  0.00000001
  12:00:00.900  BTC     3   61010.00  0.20000000
  12:00:00.500  ETH     1   2500.10   1.00000000
  12:00:01.000  BTC     5   61001.00  2.00000000
  12:00:59.999  ETH     2   2499.90   3.00000000
  12:01:00.000  ETH     3   2600.00   0.00000003
`;

Deno.test("a candle holds first and last by time, then by trade id, and sums without rounding", async () => {
  const engine = await processed(trades);
  assert.equal(
    await tableOf(engine, "1s"),
    golden(`
      symbol  interval  from      open    high    low     close   volume      vwap            trade_count
      BTC     1s        12:00:00  61000   61010   60999   60999   0.60000001  61004.58333324  4
      BTC     1s        12:00:01  61001   61001   61001   61001   2           61001           1
      ETH     1s        12:00:00  2500.1  2500.1  2500.1  2500.1  1           2500.1          1
      ETH     1s        12:00:59  2499.9  2499.9  2499.9  2499.9  3           2499.9          1
      ETH     1s        12:01:00  2600    2600    2600    2600    0.00000003  2600            1
    `),
  );
  assert.equal(
    await tableOf(engine, "1m"),
    golden(`
      symbol  interval  from      open    high    low     close   volume      vwap            trade_count
      BTC     1m        12:00:00  61000   61010   60999   61001   2.60000001  61001.82692307  5
      ETH     1m        12:00:00  2500.1  2500.1  2499.9  2499.9  4           2499.95         2
      ETH     1m        12:01:00  2600    2600    2600    2600    0.00000003  2600            1
    `),
  );
});

/**
 * ```
 * 12:00         12:01         12:02         12:03:30         watermark 12:03:29
 * |── 1m ───────|                            ▲ newest
 *  ▲ sent last: the candle of its second has closed for good (2 min), that of its minute takes it (2 h)
 * ```
 */
Deno.test("each interval has its own patience: a late trade that one has closed for still corrects another", async () => {
  const engine = await processed(`
    time          symbol  id  price  size
    12:00:00.100  BTC     1   100    1
    12:03:30.000  BTC     3   300    1
    12:00:00.200  BTC     2   200    1
  `);
  assert.equal(
    await tableOf(engine, "1s"),
    golden(`
      symbol  interval  from      open  high  low  close  volume  vwap  trade_count
      BTC     1s        12:00:00  100   100   100  100    1       100   1
      BTC     1s        12:03:30  300   300   300  300    1       300   1
    `),
  );
  assert.equal(
    await tableOf(engine, "1m"),
    golden(`
      symbol  interval  from      open  high  low  close  volume  vwap  trade_count
      BTC     1m        12:00:00  100   200   100  200    2       150   2
      BTC     1m        12:03:00  300   300   300  300    1       300   1
    `),
  );
  const late = engine.ports.log.valuesOf<{ pipeline: string; event: { trade_id: number } }>(derivedTopics.late);
  assert.deepEqual(late.map(({ pipeline, event }) => [pipeline, event.trade_id]), [["candles_1s", 2]]);
});

Deno.test("two runs, the first one drained, give the candles of one", async () => {
  const [head = "", ...lines] = trades.trim().split("\n");
  const [first, second] = [[head, ...lines.slice(0, 3)], [head, ...lines.slice(3)]].map((part) => part.join("\n"));
  const [whole, parts] = [await processed(trades), await processed(first!, second!)];
  for (const interval of ["1s", "1m"]) assert.equal(await tableOf(parts, interval), await tableOf(whole, interval));
});

Deno.test("a price that leaves the band of the trades before it is an anomaly, named by its trade", async () => {
  const lines = Array.from({ length: 40 }, (_, i) => {
    const time = `12:00:${String(i).padStart(2, "0")}.000`;
    return `${time} BTC ${i} ${i === 35 ? "61500.00" : `6100${i % 3}.00`} 0.10000000`;
  });
  const engine = await processed(["time symbol id price size", ...lines].join("\n"));
  const anomalies = engine.ports.log.valuesOf<Anomaly>(derivedTopics.anomalies);
  const shown = anomalies.map(({ event_id, detector, value, timestamp }) => [
    event_id,
    detector,
    value,
    timestamp.slice(11, 19),
  ]);
  assert.equal(
    writeTable("event_id detector value at", shown),
    golden(`
      event_id                              detector        value  at
      candles_1s:z_score(price):BTC:BTC:35  z_score(price)  61500  12:00:35
    `),
  );
});
