/**
 * Real tables that nobody wrote for us, each by the options that a user would give: every row becomes an event that fits.
 */
import assert from "node:assert/strict";
import { checkEvent, type EventBase, isFault } from "../../core/events/contract.ts";
import { recordedInput } from "../../ingest/replay/recorded_input.ts";
import { orderByTime, visitLines } from "../../ingest/replay/recorded_stream.ts";
import type { FieldMapping } from "../../ingest/source.ts";
import { plainMapping } from "../../ingest/sources/canonical.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { sharedDataTest, sharedPath } from "./shared_data.ts";

type Event = EventBase & Readonly<Record<string, unknown>>;

/** The events of a file, checked; the test fails on a row that is none. */
async function eventsOf(file: string, source: string, mapping: Partial<FieldMapping> | null): Promise<Event[]> {
  const how = { source: sourceByName(source), mapping: mapping && { ...plainMapping, ...mapping } };
  const input = await recordedInput(sharedPath(file), how);
  const found: Event[] = [];
  await visitLines(input, ({ head }) => {
    const { decoded, raw } = head!;
    if (decoded.kind === "ignored") return true;
    assert.ok(decoded.kind === "events", `${file}: ${raw} is ${JSON.stringify(decoded)}`);
    for (const { contract, value } of decoded.events) {
      const checked = checkEvent(contract, { value, appendTimeMs: Date.now() });
      assert.ok(!isFault(checked), `${file}: ${raw} is ${JSON.stringify(checked)}`);
      found.push(checked.event as Event);
    }
    return true;
  });
  assert.equal(new Set(found.map(({ event_id }) => event_id)).size, found.length, "each has an id of its own");
  return found;
}

const prices = { open: "open_x10000", high: "high_x10000", low: "low_x10000", close: "close_x10000" };
const NEW_YORK = "America/New_York";

const CHATS = [
  "chat/vod_overlap_a_arcsystemworksu_0509206174.csv.gz",
  "chat/vod_overlap_b_patstaresat_0509268120.csv.gz",
];

sharedDataTest("the chat of two videos, with commas, quotes and emotes in its messages", CHATS, async () => {
  const fields = { timestamp: "ts_utc", stream_id: "channel", user_id: "user" };
  const [a, b] = await Promise.all(CHATS.map((file) => eventsOf(file, "chat", { fields })));
  assert.deepEqual([a!.length, b!.length], [18_182, 16_351]);
  assert.deepEqual(new Set(a!.map(({ stream_id }) => stream_id)), new Set(["arcsystemworksu"]));
  assert.ok([...a!, ...b!].some(({ message }) => /[",]/.test(message as string)));
  assert.ok(a!.flatMap(({ emotes }) => emotes as string[]).filter((emote) => emote === "Kappa").length > 10);
});

sharedDataTest("minute bars whose time of day stands beside their date, in New York", [
  "stocks/lean_minute_spy_trades.csv",
], async () => {
  const mapping = {
    fields: { timestamp: "date+ms_since_midnight_et", ...prices },
    constants: { symbol: "SPY", interval: "1m" },
    timeZone: NEW_YORK,
    priceExponent: 4,
  };
  const found = await eventsOf("stocks/lean_minute_spy_trades.csv", "bars", mapping);
  assert.equal(found.length, 5_786);
  assert.deepEqual([found[0]!.timestamp, found[0]!.open], ["2013-10-04T08:06:00.000Z", "167.6500"]);
});

sharedDataTest(
  "minute bars of a day that only the file's name tells",
  ["market/lean_binance_btcbusd_1m_20221213.csv"],
  async () => {
    const mapping = {
      fields: { timestamp: "day+ms_since_midnight_utc" },
      constants: { day: "@name:lean_binance_btcbusd_1m_*", symbol: "BTCBUSD", interval: "1m" },
    };
    const found = await eventsOf("market/lean_binance_btcbusd_1m_20221213.csv", "bars", mapping);
    assert.deepEqual([found.length, found[1]!.timestamp, found[1]!.close], [
      1_440,
      "2022-12-13T00:01:00.000Z",
      "17226.99",
    ]);
  },
);

sharedDataTest("daily bars as pandas writes them, an unnamed column of numbers in front", [
  "stocks/pandas-ta_SPY_daily.csv",
], async () => {
  const mapping = { fields: { timestamp: "date" }, constants: { symbol: "SPY", interval: "1d" } };
  const found = await eventsOf("stocks/pandas-ta_SPY_daily.csv", "bars", mapping);
  assert.deepEqual([found.length, found[0]!.volume, found[0]!.column_1], [5_241, "4006500.0", "0"]);
});

sharedDataTest(
  "daily bars of floats with seventeen digits, newest first",
  ["stocks/yfinance_AET-L-1d-100x-error.csv"],
  async () => {
    const file = "stocks/yfinance_AET-L-1d-100x-error.csv";
    const mapping = { fields: { timestamp: "Date" }, constants: { symbol: "AET.L", interval: "1d" } };
    const found = await eventsOf(file, "bars", mapping);
    assert.deepEqual([found[0]!.close, found[0]!.timestamp], ["0.1455", "2022-06-05T23:00:00.000Z"]);
    const how = { source: sourceByName("bars"), mapping: { ...plainMapping, ...mapping } };
    assert.equal(await orderByTime(await recordedInput(sharedPath(file), how), Date.now()), "sorted");
  },
);

const FRAMES = [8, 9].map((day) => `market/binance_spot_btcusdt_2024080${day}_frames.gz`);
const TRADES = "market/binance_spot_btcusdt_trades_20240808_09.csv.gz";

sharedDataTest(
  "a table of trades is the same trades as the frames that it was made of",
  [...FRAMES, TRADES],
  async () => {
    const mapping = { fields: { timestamp: "T_ms", size: "qty", side: "buyer_is_maker" } };
    const facts = (
      { timestamp, symbol, trade_id, price, size, side }: Event,
    ) => [timestamp, symbol, trade_id, price, size, side];
    const fromTable = (await eventsOf(TRADES, "trades", mapping)).map(facts);
    const fromFrames = (await Promise.all(FRAMES.map((file) => eventsOf(file, "binance", null)))).flat().map(facts);
    assert.deepEqual(fromTable, fromFrames);
  },
);

sharedDataTest(
  "the viewing of eight people, each newest first",
  ["watch/ott_netflix_viewing_activity_8users.csv"],
  async () => {
    const file = "watch/ott_netflix_viewing_activity_8users.csv";
    const fields = {
      user_id: "Profile Name",
      timestamp: "Start Time",
      watch_duration_minutes: "Duration",
      show_name: "Title",
    };
    const found = await eventsOf(file, "watch", { fields });
    assert.equal(found.length, 9_992);
    assert.deepEqual([found[1]!.watch_duration_minutes, found[1]!.watch_date], [9.65, "2022-04-28"]);
    const how = { source: sourceByName("watch"), mapping: { ...plainMapping, fields } };
    assert.equal(await orderByTime(await recordedInput(sharedPath(file), how), Date.now()), "sorted");
  },
);
