/**
 * The joined row of a stream and window: chat, viewers, transactions, raids and titles, each by its own pipeline on its
 * own topic, read as one view; ratios keep currencies apart.
 */
import assert from "node:assert/strict";
import { openPgliteSession } from "../../adapters/summary_store_pglite.ts";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { contracts, derivedTopics } from "../../core/events/mod.ts";
import { formatTime, minutes, seconds } from "../../core/time.ts";
import { chat } from "../../processor/pipelines/chat.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { Processor } from "../../processor/processor.ts";
import { checkTables } from "../../processor/table_check.ts";
import { clockText, noonMs } from "../support/engine_kit.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts } from "../support/memory_ports.ts";
import { inTempFolder } from "../support/temp_folder.ts";

let sent = 0;
const event = (at: number, fields: object) => ({
  event_id: `e${sent++}`,
  timestamp: formatTime(noonMs + seconds(at)),
  source: "test",
  stream_id: "music",
  ...fields,
});
const says = (at: number, user: string, message: string) =>
  event(at, { user_id: user, username: user, message, emotes: [] });
const pays = (at: number, type: string, amount: string, currency: string) =>
  event(at, { user_id: "ann", type, amount, currency });
const watched = (at: number, viewer_count: number) => event(at, { viewer_count });
const titled = (at: number, title: string) => event(at, { title, category: "Music", language: "en", tags: [] });

const written: Readonly<Record<string, readonly object[]>> = {
  "events.chat": [
    says(1, "ann", "what a great song"),
    says(2, "bob", "you are trash, uninstall the game"),
    says(3, "ann", "hello chat"),
    says(70, "cem", "so good"),
  ],
  "events.viewer": [watched(5, 10), watched(15, 14), watched(185, 20)],
  "events.transactions": [
    pays(6, "bits", "300", "BITS"),
    pays(7, "subscription", "4.99", "USD"),
    pays(8, "donation", "5.01", "USD"),
    pays(9, "donation", "7.5", "EUR"),
  ],
  "events.stream_meta": [titled(4, "piano"), titled(75, "organ")],
  "events.raids": [event(66, { from_stream_id: "games", viewer_count: 40 })],
};

Deno.test("each pipeline fills its part of a stream's row, and ratios never mix currencies", () =>
  inTempFolder(async (dataDir) => {
    await using store = createSqlSummaryStore(await openPgliteSession({ dataDir }));
    await store.migrate();
    await checkTables(pipelines, store);
    const ports = { ...memoryPorts(new ManualClock(noonMs + minutes(5))), summaryStore: store };
    const topics = [...contracts.map(({ topic }) => topic), ...Object.values(derivedTopics)];
    await ports.log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
    const writes = Object.entries(written).map(([topic, values]) => ({
      topic,
      records: values.map((value) => (
        { key: "music", value: JSON.stringify(value), instance: null, seq: 0, runId: null }
      )),
    }));
    await ports.log.append({ writes });
    const stop = new AbortController();
    const processor = new Processor(ports, { pipelines, liveFeed: null, idleTimeoutMs: null });
    const running = processor.run(stop.signal);
    await Promise.race([processor.drain(), running]);
    stop.abort();
    await running;

    const rowsOf = async (table: string) => {
      const { columns, rows } = await store.query({ table, key: "music" });
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
    };
    const tumbling = await rowsOf("stream_tumbling_minute");
    assert.deepEqual(tumbling.map(({ window_start }) => clockText(window_start as number)), [
      "12:00:00",
      "12:01:00",
      "12:03:00",
    ]);
    const [first, second, last] = tumbling.map(({ window_start: _, window_end: __, transaction_sums: ___, ...row }) =>
      row
    );
    const { avg_sentiment, ...counted } = first!;
    assert.ok(Math.abs(Number(avg_sentiment)) < 1);
    assert.deepEqual(counted, {
      stream_id: "music",
      chat_count: 3,
      unique_chatters: 2,
      messages_per_chatter: "1.500",
      toxic_share: "0.3333",
      top_emotes: [],
      last_viewers: "14",
      mean_viewers: "12",
      peak_viewers: "14",
      messages_per_viewer: "0.250000",
      transaction_count: 4,
      revenue_per_minute: { EUR: "7.5", USD: "10" },
      bits_per_minute: "300",
      raid_count: null,
      raid_viewers: null,
      last_raid_from: null,
      title: "piano",
      category: "Music",
    });
    assert.deepEqual(
      [second!["chat_count"], second!["last_viewers"], second!["raid_viewers"], second!["last_raid_from"]],
      [1, null, "40", "games"],
    );
    assert.deepEqual([second!["revenue_per_minute"], second!["bits_per_minute"], second!["title"]], [
      null,
      null,
      "organ",
    ]);
    assert.deepEqual(
      [last!["chat_count"], last!["last_viewers"], last!["messages_per_viewer"], last!["title"]],
      [null, "20", null, "organ"],
      "a window without a message is there, under the title that was given before",
    );

    const chatRows = await rowsOf("chat_summary_minute");
    assert.ok(
      chatRows.every(({ chat_count }) => chat_count !== null),
      "the table of the chat holds windows of the chat",
    );
    assert.deepEqual(
      (chatRows.find(({ window_start }) => window_start === noonMs)!["top_toxic"] as { text: string }[]).map((one) =>
        one.text
      ),
      ["you are trash, uninstall the game"],
    );
    const sliding = await rowsOf("stream_summary_minute");
    const keys = sliding.map(({ window_start }) => window_start);
    assert.equal(new Set(keys).size, keys.length, "one row a window");
    assert.equal(sliding.filter(({ chat_count }) => chat_count !== null).length, chatRows.length);
    assert.equal(chat.table.table, "chat_summary_minute");
  }));
