/**
 * The live source against faults in any order, and against the real recordings.
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { binanceSource } from "../../ingest/sources/binance.ts";
import { frames, idsOf, liveTest, quick, range } from "../support/binance_run.ts";
import { FakeBinance } from "../support/fake_binance.ts";
import { withRun } from "../support/live_run.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

for (const seed of [1, 2, 3]) {
  liveTest(`a hundred faults in the order of seed ${seed}: every trade once and in order`, async (server, run) => {
    const random = seededRandom(seed);
    let id = 1;
    const next = (count: number) => frames(id, (id += count) - 1);
    const faults: (() => void)[] = [
      () => server.cut(random.next() < 0.5 ? 1001 : 1011),
      () => server.lose(next(1 + Math.floor(random.next() * 1_200))),
      () => server.repeat(frames(Math.max(1, id - 30), id - 1)),
      () => server.repeat(['{"stream":"btcusdt@trade","data":{"e":"tra', "\u0000", "[]", "{}"]),
      () => server.announceShutdown(),
      () => (server.rest = (["there", "blocked", "broken", "behind"] as const)[Math.floor(random.next() * 4)]!),
      () => (server.refuses = random.next() < 0.4),
      () => {
        const six = next(6);
        server.lose(six);
        server.repeat(six.toReversed());
      },
    ];
    server.send(next(5));
    for (let step = 0; step < 100; step++) {
      faults[Math.floor(random.next() * faults.length)]!();
      server.send(next(1 + Math.floor(random.next() * 20)));
      await new Promise((resolve) => setTimeout(resolve, random.next() * 12));
    }
    server.rest = "there";
    server.refuses = false;
    await run.until(() => server.clients > 0 && run.status().state === "live", "a connection");
    await run.until(
      () => {
        // A trade that nothing follows is not known to be missing.
        server.send(next(1));
        return run.status().missed > 0 || idsOf(run).length >= id - 3;
      },
      "all trades",
      15_000,
    );
    await server.sent();
    const found = idsOf(run);
    assert.deepEqual(found, range(1, found.length));
    assert.equal(run.status().missed, 0);
  }, { options: { gapBackOff: { firstMs: 10, maxMs: 2_000 } } });
}

const RECORDINGS = ["market/binance_spot_btcusdt_20240808_frames.gz", "market/binance_spot_btcusdt_20240809_frames.gz"];

sharedDataTest(
  "all 99,574 real frames, cut, repeated and lost in part on their way, give the 19,904 trades once",
  RECORDINGS,
  async () => {
    const lines = (await Promise.all(RECORDINGS.map(sharedLines))).flat().map((line) => line.slice(line.indexOf("{")));
    assert.equal(lines.length, 99_574);
    await using server = new FakeBinance();
    await withRun(binanceSource(quick), { env: { BINANCE_SYMBOLS: "BTCUSDT", ...server.environment } }, async (run) => {
      await server.connected(1);
      const portion = 2_500;
      for (let at = 0; at < lines.length; at += portion) {
        await run.until(() => server.clients > 0, "a connection");
        server.send(lines.slice(at, at + portion));
        await server.sent();
        if (at % (4 * portion) === portion) server.cut();
        if (at % (4 * portion) === 2 * portion) server.repeat(lines.slice(at, at + 100));
        if (at % (4 * portion) === 3 * portion) server.announceShutdown();
      }
      await run.until(() => idsOf(run).length >= 19_904, "all trades", 30_000);
      const ids = idsOf(run);
      assert.deepEqual(ids, range(ids[0]!, ids[0]! + 19_903));
      const { dead, missed, reconnects } = run.status();
      assert.deepEqual([dead, missed], [0, 0]);
      assert.ok(reconnects >= 5, String(reconnects));
    });
  },
);
