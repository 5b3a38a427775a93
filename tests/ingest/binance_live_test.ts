/**
 * The live source against a server that cuts, stalls, repeats, refuses and shuts down: every trade once, in order of ids.
 */
import assert from "node:assert/strict";
import { binanceSource } from "../../ingest/sources/binance.ts";
import { frames, gives, idsOf, liveTest, quick, range, START_MS } from "../support/binance_run.ts";
import { FakeBinance } from "../support/fake_binance.ts";
import { emptyLog, quickTimes, withRun } from "../support/live_run.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { until } from "../support/until.ts";

liveTest(
  "trades arrive with their symbol as order and their id as place, and the streams are named in lower case",
  async (server, run) => {
    assert.equal(server.streams, "btcusdt@trade/btcusdt@kline_1m/ethusdt@trade/ethusdt@kline_1m");
    server.send([...frames(100, 120), ...frames(7, 9, "ETHUSDT")]);
    await gives(run, [100, 120]);
    await gives(run, [7, 9], "ETHUSDT");
    for (const { instance, seq, value } of run.records("market.trades")) {
      const { symbol, trade_id, price } = JSON.parse(value);
      assert.deepEqual([instance, seq, price], [`binance:${symbol}`, trade_id, "100.10000000"]);
    }
    assert.deepEqual([run.status().state, run.status().missed, server.asked], ["live", 0, []]);
  },
  { env: { BINANCE_SYMBOLS: "BTCUSDT,ETHUSDT", BINANCE_KLINES: "1m" } },
);

liveTest("what was traded during a cut is asked for, and the trades after it wait", async (server, run) => {
  server.send(frames(1, 10));
  await gives(run, [1, 10]);
  server.cut();
  server.lose(frames(11, 2_500));
  await server.connected(2);
  server.send(frames(2_501, 2_510));
  await gives(run, [1, 2_510]);
  assert.equal(run.status().reconnects, 1);
  assert.equal(server.asked.length, 3, "a thousand trades an answer");
});

liveTest(
  "twenty cuts, with frames lost before and after each, lose nothing and repeat nothing",
  async (server, run) => {
    let id = 1;
    for (let cuts = 0; cuts < 20; cuts++) {
      await run.until(() => server.clients > 0, "a connection");
      server.send(frames(id, id + 9));
      server.lose(frames(id + 10, id + 14));
      // Every second cut comes as soon as the last one has healed.
      if (cuts % 2 === 0) await server.sent();
      server.cut(cuts % 3 === 0 ? 1001 : 1011);
      id += 15;
    }
    await run.until(() => server.clients > 0, "a connection");
    server.send(frames(id, id + 1));
    await gives(run, [1, id + 1]);
  },
);

liveTest(
  "frames that come twice, late or in another order count once, in order, and are not asked for",
  async (server, run) => {
    server.send(frames(1, 5));
    await gives(run, [1, 5]);
    server.lose(frames(6, 9));
    const [six, seven, eight, nine] = frames(6, 9) as [string, string, string, string];
    server.repeat([nine, seven, six, eight, six, nine, ...frames(1, 3)]);
    await gives(run, [1, 9]);
    server.send(frames(10, 10));
    await gives(run, [1, 10]);
    assert.deepEqual(server.asked, []);
    assert.deepEqual([run.status().read, run.status().dead], [15, 0]);
  },
  { options: { gapGraceMs: 1_000 } },
);

liveTest("rubbish goes to dead, and a trade that it stands for is asked for", async (server, run) => {
  server.send(frames(1, 3));
  await gives(run, [1, 3]);
  const [four] = frames(4, 4);
  server.lose([four!]);
  server.repeat([
    four!.slice(0, 60),
    "hello",
    four!.replace('"100.10000000"', "100.1"),
    '{"error":{"code":2,"msg":"no"},"id":1}',
  ]);
  server.send(frames(5, 5));
  await gives(run, [1, 5]);
  const reasons = run.values("dead").map(({ reason }) => reason);
  assert.deepEqual(reasons, ["not_json", "not_json", "schema", "error_frame"]);
});

liveTest(
  "serverShutdown: the successor is there before the old connection goes, nothing is lost or counted twice",
  async (server, run) => {
    server.send(frames(1, 10));
    await gives(run, [1, 10]);
    server.announceShutdown();
    await server.connected(2);
    // Both connections bring these.
    server.send(frames(11, 20));
    await gives(run, [1, 20]);
    await run.until(() => server.clients === 1, "the old connection to be closed");
    server.send(frames(21, 30));
    await gives(run, [1, 30]);
    assert.deepEqual([server.asked, run.status().reconnects, run.status().state], [[], 1, "live"]);
  },
);

liveTest("a connection is replaced before its 24 hours are over, without a gap", async (server, run) => {
  for (let id = 1; server.connections < 4; id += 5) {
    server.send(frames(id, id + 4));
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (server.connections >= 4) await gives(run, [1, id + 4]);
  }
  assert.deepEqual(server.asked, []);
}, { options: { times: { ...quickTimes, ageMsMax: 150 } } });

liveTest("a connection that stalls is asked for a sign of life, and left when it gives none", async (server, run) => {
  server.send(frames(1, 3));
  await gives(run, [1, 3]);
  await run.until(() => server.heard.length > 2, "signs of life to be asked for");
  assert.equal(server.connections, 1, "a connection that answers is kept, however little is traded");
  server.answers = false;
  await server.connected(2);
  assert.match(server.heard[0]!, /LIST_SUBSCRIPTIONS/);
  server.send(frames(4, 6));
  await gives(run, [1, 6]);
}, { options: { times: { ...quickTimes, silentMsMax: 100, answerMsMax: 100 } } });

liveTest("a host that refuses is tried again with growing waits, and the status says so", async (server, run) => {
  server.send(frames(1, 3));
  await gives(run, [1, 3]);
  server.refuses = true;
  server.cut();
  await run.until(() => run.status().failure !== null, "a failure to be shown");
  assert.equal(run.status().state, "connecting");
  assert.match(run.status().failure!, /cannot connect to 127\.0\.0\.1/);
  server.lose(frames(4, 6));
  server.refuses = false;
  await server.connected(2);
  server.send(frames(7, 8));
  await gives(run, [1, 8]);
  assert.deepEqual([run.status().state, run.status().failure], ["live", null]);
});

liveTest(
  "a host that asks to wait is left alone as long as it says, and the trades come afterwards",
  async (server, run) => {
    server.send(frames(1, 3));
    await gives(run, [1, 3]);
    server.rest = "blocked";
    server.lose(frames(4, 6));
    server.send(frames(7, 8));
    await run.until(() => run.status().state === "rate-limited", "the state rate-limited");
    const calls = server.asked.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(server.asked.length - calls <= 3, `${server.asked.length - calls} calls in half a second`);
    server.rest = "there";
    await gives(run, [1, 8]);
    assert.equal(run.status().state, "live");
  },
);

liveTest(
  "where old trades need a key the last thousand stand in; what is older is given up and counted",
  async (server, run) => {
    server.rest = "wants a key";
    server.send(frames(1, 3));
    await gives(run, [1, 3]);
    server.lose(frames(4, 1_500));
    server.send(frames(1_501, 1_501));
    await run.until(() => idsOf(run).at(-1) === 1_501, "trade 1501");
    assert.deepEqual(idsOf(run), [...range(1, 3), ...range(502, 1_501)]);
    assert.equal(run.status().missed, 498);
    server.lose(frames(1_502, 1_600));
    server.send(frames(1_601, 1_601));
    await run.until(() => idsOf(run).at(-1) === 1_601, "trade 1601");
    assert.deepEqual(idsOf(run).slice(-101), range(1_501, 1_601));
  },
);

liveTest("a history that lags behind the stream is asked again", async (server, run) => {
  server.rest = "behind";
  server.send(frames(1, 3));
  await gives(run, [1, 3]);
  server.lose(frames(4, 4));
  server.send(frames(5, 5));
  await until(() => server.asked.length >= 2, "two calls");
  server.rest = "there";
  await gives(run, [1, 5]);
});

liveTest(
  "a gap that nobody fills is given up after some tries and counted; other symbols do not wait for it",
  async (server, run) => {
    server.rest = "broken";
    server.send([...frames(1, 3), ...frames(1, 3, "ETHUSDT")]);
    await gives(run, [1, 3]);
    server.send(frames(7, 8));
    server.send(frames(4, 20, "ETHUSDT"));
    await gives(run, [1, 20], "ETHUSDT");
    assert.deepEqual(idsOf(run), range(1, 3));
    await run.until(() => idsOf(run).at(-1) === 8, "trade 8");
    assert.deepEqual([idsOf(run), run.status().missed], [[1, 2, 3, 7, 8], 3]);
  },
  { env: { BINANCE_SYMBOLS: "BTCUSDT,ETHUSDT" } },
);

liveTest("a finished kline becomes a bar, once, also where two connections bring it", async (server, run) => {
  const k = {
    t: START_MS,
    T: START_MS + 59_999,
    s: "BTCUSDT",
    i: "1m",
    o: "1.0",
    c: "2.0",
    h: "3.0",
    l: "0.5",
    v: "9.0",
  };
  const kline = (x: boolean) =>
    JSON.stringify({
      stream: "btcusdt@kline_1m",
      data: { e: "kline", E: START_MS, s: "BTCUSDT", k: { ...k, n: 4, q: "5.0", x } },
    });
  server.send([kline(false), kline(true), kline(true), ...frames(1, 1)]);
  await gives(run, [1, 1]);
  assert.deepEqual(run.values("market.bars"), [{
    event_id: `binance:BTCUSDT:1m:${START_MS}`,
    timestamp: "2024-01-01T00:00:00.000Z",
    source: "binance",
    symbol: "BTCUSDT",
    interval: "1m",
    open: "1.0",
    high: "3.0",
    low: "0.5",
    close: "2.0",
    volume: "9.0",
    trade_count: 4,
    quote_volume: "5.0",
  }]);
});

Deno.test("after a restart the trades in between are asked for, from the last one that was saved", async () => {
  await using server = new FakeBinance();
  const log = await emptyLog();
  const env = { BINANCE_SYMBOLS: "btcusdt", ...server.environment };
  await withRun(binanceSource(quick), { env, log }, async (run) => {
    await server.connected(1);
    server.send(frames(1, 10));
    await gives(run, [1, 10]);
  });
  server.lose(frames(11, 30));
  await withRun(binanceSource(quick), { env, log, seed: 2 }, async (run) => {
    await server.connected(2);
    server.send(frames(31, 32));
    await gives(run, [1, 32]);
  });
});

Deno.test("while the log is away trades are spooled with their position, over a restart, and each is appended once", () =>
  inTempFolder(async (folder) => {
    await using server = new FakeBinance();
    const log = await emptyLog();
    const setting = { env: { BINANCE_SYMBOLS: "BTCUSDT", ...server.environment }, log, spoolFolder: `${folder}/spool` };
    await withRun(binanceSource(quick), setting, async (run) => {
      await server.connected(1);
      server.send(frames(1, 10));
      await gives(run, [1, 10]);
      log.refuses = true;
      server.send(frames(11, 20));
      // Beside the trades there are their scores.
      const isSpooled = () => run.status().read === 20 && run.status().spoolRecords > 10;
      await run.until(isSpooled, "ten trades in the spool");
      assert.equal(run.status().failure, "the log is away: the log is on leave");
    });
    server.lose(frames(21, 25));
    // The log is back in the middle of the second life.
    setTimeout(() => (log.refuses = false), 300);
    await withRun(binanceSource(quick), { ...setting, seed: 2 }, async (run) => {
      await server.connected(2);
      server.send(frames(26, 30));
      await gives(run, [1, 30]);
      assert.ok(server.asked.every((path) => path.includes("fromId=21")), server.asked.join());
    });
  }));
