/**
 * The live source of Binance against the fake host: what its tests share.
 * @module
 */
import assert from "node:assert/strict";
import { binanceSource } from "../../ingest/sources/binance.ts";
import { type BinanceLiveOptions, binanceLiveOptions } from "../../ingest/sources/binance_live.ts";
import { FakeBinance, tradeFrame } from "./fake_binance.ts";
import { type LiveRun, quickTimes, withRun } from "./live_run.ts";

/** Time of trade 0. */
export const START_MS = Date.UTC(2024, 0, 1);
/** Times that a test can wait for. */
export const quick: BinanceLiveOptions = {
  ...binanceLiveOptions,
  times: quickTimes,
  gapGraceMs: 20,
  gapBackOff: { firstMs: 10, maxMs: 50 },
};

/** Frames of trades with these ids. */
export const frames = (fromId: number, toId: number, symbol = "BTCUSDT"): string[] =>
  Array.from({ length: toId - fromId + 1 }, (_, i) => {
    const id = fromId + i;
    return tradeFrame({ symbol, id, timeMs: START_MS + id * 10 });
  });

/** Ids of the trades in the log, in order. */
export const idsOf = ({ values }: LiveRun, symbol = "BTCUSDT"): number[] =>
  values("market.trades").filter((trade) => trade.symbol === symbol).map(({ trade_id }) => trade_id as number);

/** Numbers from one to the other, both included. */
export const range = (fromId: number, toId: number): number[] =>
  Array.from({ length: toId - fromId + 1 }, (_, i) => fromId + i);

/** Waits for the trade, then asserts that all of them are there, each once and in order. */
export async function gives(run: LiveRun, [fromId, toId]: [number, number], symbol = "BTCUSDT"): Promise<void> {
  await run.until(() => idsOf(run, symbol).at(-1) === toId, `trade ${toId} of ${symbol}`);
  assert.deepEqual(idsOf(run, symbol), range(fromId, toId));
}

/** What a test changes. */
export interface Setting {
  readonly options?: Partial<BinanceLiveOptions>;
  readonly env?: Record<string, string>;
}

/** Registers a test of a live run that is connected to a server of its own. */
export function liveTest(
  name: string,
  body: (server: FakeBinance, run: LiveRun) => Promise<void>,
  { options = {}, env = {} }: Setting = {},
): void {
  Deno.test(name, async () => {
    await using server = new FakeBinance();
    const source = binanceSource({ ...quick, ...options });
    await withRun(source, { env: { BINANCE_SYMBOLS: "BTCUSDT", ...server.environment, ...env } }, async (run) => {
      await server.connected(1);
      await body(server, run);
    });
  });
}
