/**
 * Real recordings through the whole program: the tables equal a recount by plain means, and what was read once is never
 * counted again.
 */
import assert from "node:assert/strict";
import { sharedDataTest, sharedPath } from "../ingest/shared_data.ts";
import { writeChatFile } from "../support/chat_file.ts";
import { gunzipText, recountCandles, recountChat } from "../support/recount.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { exportedLines, lastJson, tidemark, tidemarkOk } from "../support/tidemark.ts";

const CHAT = "chat/xqcow_raw_irc_20190915.txt.gz";
const DAY_8 = "market/binance_spot_btcusdt_20240808_frames.gz";
const DAY_9 = "market/binance_spot_btcusdt_20240809_frames.gz";
const TRADES = "market/binance_spot_btcusdt_trades_20240808_09.csv.gz";

const CHAT_HEADER = "stream_id,window_start,window_end,chat_count,unique_chatters,top_emotes,unique_chatters_error";
/** What the chat's texts scored; a recount by plain means has no words for that. */
const SCORES_HEADER = ",avg_sentiment,toxic_share,top_toxic,messages_per_chatter";
const SCORES = /,-?[01](\.\d{1,4})?,[01](\.\d{1,4})?,("\[.*\]"|\[\]),\d+\.\d{3}$/;

/** The counts of an exported table of chat; each row has its scores behind them. */
const countsOf = ([header = "", ...rows]: readonly string[]): string[] => {
  assert.ok(header.endsWith(SCORES_HEADER), header);
  return [header.slice(0, -SCORES_HEADER.length), ...rows.map((row) => row.replace(SCORES, ""))];
};

const CANDLE_HEADER = "symbol,interval,window_start,window_end,open,high,low,close,volume,vwap,trade_count";

const callOf = (
  files: readonly string[],
  source: string,
  dataDir: string,
): string[] => ["replay", ...files, "--source", source, "--speed", "max", "--drain", "--json", "--data-dir", dataDir];

async function assertNothingNew(call: readonly string[], skipped: number): Promise<void> {
  const { code, stdout, stderr } = await tidemark(call);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /nothing is new: every line was read by an earlier run; nothing was written/);
  const counts = lastJson(stdout);
  assert.deepEqual([counts.read, counts.accepted, counts.skipped], [0, 0, skipped]);
}

sharedDataTest(
  "a real chat is counted line by line, its table equals a recount, and again nothing is new",
  [CHAT],
  () =>
    inTempFolder(async (folder) => {
      const call = callOf([sharedPath(CHAT)], "twitch", folder);
      const { read, accepted, dead, late, duplicate, ignored, ignored_kinds } = lastJson(await tidemarkOk(call));
      assert.deepEqual([read, accepted, ignored], [5_000, 4_933, 67]);
      assert.deepEqual([dead, late, duplicate], [0, 0, 0]);
      assert.deepEqual(ignored_kinds, { CLEARCHAT: 58, USERNOTICE: 9 });
      const expected = [CHAT_HEADER, ...recountChat(await gunzipText(sharedPath(CHAT)))];
      const exported = await exportedLines("chat_summary_minute", folder);
      assert.deepEqual(countsOf(exported), expected);

      await assertNothingNew(call, 5_000);
      assert.deepEqual(await exportedLines("chat_summary_minute", folder), exported);

      // The next file is four years later: by its watermark every line of the first would be late.
      const later = `${folder}/later.jsonl`;
      const shape = { seed: 1, lines: 500, streams: 9, durationMs: 60_000, lateShare: 0, lateMsMax: 0, lineBytes: 200 };
      await writeChatFile({ path: later, ...shape });
      await tidemarkOk(callOf([later], "chat", folder));
      const withLater = await exportedLines("chat_summary_minute", folder);
      assert.ok(withLater.length > expected.length);
      await assertNothingNew(call, 5_000);
      assert.deepEqual(await exportedLines("chat_summary_minute", folder), withLater);
      assert.deepEqual(withLater.filter((line) => line.startsWith("xqcow,")), exported.slice(1));
    }),
);

sharedDataTest(
  "two days of real trades give the candles of a recount, to the last digit",
  [DAY_8, DAY_9, TRADES],
  () =>
    inTempFolder(async (folder) => {
      const files = [DAY_8, DAY_9].map(sharedPath);
      const { read, accepted, dead, late, duplicate, ignored } = lastJson(
        await tidemarkOk(callOf(files, "binance", folder)),
      );
      assert.deepEqual([read, accepted, ignored], [99_574, 19_904, 79_670]);
      assert.deepEqual([dead, late, duplicate], [0, 0, 0]);
      const expected = [CANDLE_HEADER, ...recountCandles(await gunzipText(sharedPath(TRADES)))];
      assert.deepEqual(await exportedLines("market_candles", folder), expected);

      await assertNothingNew(callOf(files, "binance", folder), 99_574);
      assert.deepEqual(await exportedLines("market_candles", folder), expected);
    }),
);

sharedDataTest("one day after the other gives the same candles, also when the first is sent again", [
  DAY_8,
  DAY_9,
  TRADES,
], () =>
  inTempFolder(async (folder) => {
    const expected = [CANDLE_HEADER, ...recountCandles(await gunzipText(sharedPath(TRADES)))];
    await tidemarkOk(callOf([sharedPath(DAY_8)], "binance", folder));
    await tidemarkOk(callOf([sharedPath(DAY_9)], "binance", folder));
    await assertNothingNew(callOf([sharedPath(DAY_8)], "binance", folder), 41_249);
    assert.deepEqual(await exportedLines("market_candles", folder), expected);
  }));
