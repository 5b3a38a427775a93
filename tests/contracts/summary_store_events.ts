/**
 * Contract of a SummaryStore: events that are kept one by one, their days and their retention.
 * @module
 */
import assert from "node:assert/strict";
import type { KeptEvent, KeptEvents } from "../../core/kept_events.ts";
import type { SummaryStore } from "../../core/ports.ts";
import { type Case, changeOf, progressOf } from "./summary_store_fixture.ts";

const dayMs = 86_400_000;
const noonMs = Date.UTC(2024, 7, 8, 12);

/** An event at an offset, appended a second later than the one before. */
const eventAt = (offset: number, more: Partial<KeptEvent> = {}): KeptEvent => ({
  offset,
  appendTimeMs: noonMs + offset * 1000,
  eventTimeMs: noonMs - 5 + offset * 1000,
  key: `k${offset}`,
  value: `{"n":${offset}}`,
  ...more,
});

const eventsFrom = (from: number, to: number): KeptEvent[] =>
  Array.from({ length: to - from }, (_, n) => eventAt(from + n));

const keep = (rows: readonly KeptEvent[], kind: KeptEvents["kind"] = "raw") => ({ events: { kind, rows } });

/** Values of columns of a topic's kept events, in the order of the table. */
async function kept(store: SummaryStore, topic: string, names: readonly string[]): Promise<unknown[][]> {
  const { columns, rows } = await store.query({ table: "raw_events" });
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  return rows.filter((row) => row[at("topic")] === topic).map((row) => names.map((name) => row[at(name)]));
}

const offsets = async (store: SummaryStore, topic: string) => (await kept(store, topic, ["offset"])).flat();

/** The cases. */
export const keptEvents: Record<string, Case> = {
  async "kept events come back with all that they were, in the order of their offsets"({ store }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const odd = eventAt(3, { key: null, eventTimeMs: -7, value: '{"b":[1,2.50,null],"a":"é\\n😀"}' });
    await store.commit(changeOf(topic, epoch, { ...keep([odd, eventAt(1)]), progress: [progressOf("chat", 4)] }));
    await store.commit(
      changeOf(topic, epoch, { ...keep([eventAt(4)], "enriched"), progress: [progressOf("chat", 5)] }),
    );
    const names = ["append_day", "incarnation", "partition", "append_time", "event_time", "key", "kind", "value"];
    const day = Date.UTC(2024, 7, 8);
    assert.deepEqual(await kept(store, topic, ["offset", ...names]), [
      [1, day, "first", 0, noonMs + 1000, noonMs + 995, "k1", "raw", { n: 1 }],
      [3, day, "first", 0, noonMs + 3000, -7, null, "raw", { b: [1, 2.5, null], a: "é\n😀" }],
      [4, day, "first", 0, noonMs + 4000, noonMs + 3995, "k4", "enriched", { n: 4 }],
    ]);
  },

  async "a fenced commit keeps no event, nor does one that fails"({ store }, topic) {
    const zombie = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const owner = await store.acquire({ topic, partition: 0 }, ["chat"]);
    assert.equal(await store.commit(changeOf(topic, zombie.epoch, keep(eventsFrom(0, 3)))), "fenced");
    const bad = { ...keep(eventsFrom(0, 3)), runCounts: [{ runId: topic, pipeline: "", counter: "x", value: 0.5 }] };
    await assert.rejects(() => store.commit(changeOf(topic, owner.epoch, bad)), Error);
    assert.deepEqual(await offsets(store, topic), []);
  },

  async "offsets that are covered are not kept again, whoever brings them"({ store }, topic) {
    const at = { topic, partition: 0 };
    const commit = async (from: number, to: number, pipelines = ["chat"]) => {
      const { epoch } = await store.acquire(at, pipelines);
      const progress = pipelines.map((pipeline) => progressOf(pipeline, to));
      assert.equal(
        await store.commit(changeOf(topic, epoch, { ...keep(eventsFrom(from, to)), progress })),
        "committed",
      );
    };
    await commit(0, 5);
    await commit(3, 8);
    await commit(8, 8);
    // A pipeline that begins anew reads what another has covered.
    await commit(0, 4, ["candles"]);
    await commit(4, 9, ["candles"]);
    assert.deepEqual(await offsets(store, topic), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  },

  async "a topic that was made anew keeps its events beside those of its predecessor"({ store }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    await store.commit(changeOf(topic, epoch, { ...keep(eventsFrom(0, 2)), progress: [progressOf("chat", 2)] }));
    const progress = [progressOf("chat", 1, { incarnation: "second" })];
    await store.commit(changeOf(topic, epoch, { ...keep([eventAt(0, { value: "2" })]), progress }));
    assert.deepEqual(await kept(store, topic, ["incarnation", "offset"]), [["first", 0], ["first", 1], ["second", 0]]);
  },

  async "retention drops the days that ended before, and only those; what was covered does not come back"(
    { store },
    topic,
  ) {
    const start = Date.UTC(1999, 11, 30);
    const at = (offset: number, timeMs: number) => eventAt(offset, { appendTimeMs: timeMs });
    const rows = [
      at(0, start),
      at(1, start + dayMs - 1),
      at(2, start + dayMs),
      at(3, start + 2 * dayMs - 1),
      at(4, start + 2 * dayMs),
    ];
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const progress = [progressOf("chat", 5)];
    await store.commit(changeOf(topic, epoch, { ...keep(rows), progress }));
    assert.equal(await store.dropEvents(start + dayMs - 1), 0);
    assert.deepEqual(await offsets(store, topic), [0, 1, 2, 3, 4]);
    assert.equal(await store.dropEvents(start + dayMs), 1);
    assert.deepEqual(await offsets(store, topic), [2, 3, 4]);
    await store.commit(changeOf(topic, epoch, { ...keep(rows), progress }));
    assert.deepEqual(await offsets(store, topic), [2, 3, 4]);
    assert.equal(await store.dropEvents(start + 3 * dayMs - 1), 2);
    assert.equal(await store.dropEvents(start + 3 * dayMs - 1), 0);
    assert.deepEqual(await offsets(store, topic), [4]);
    // A day that was dropped can be written to again.
    await store.commit(changeOf(topic, epoch, { ...keep([at(5, start)]), progress: [progressOf("chat", 6)] }));
    assert.deepEqual(await offsets(store, topic), [5, 4]);
    assert.equal(await store.dropEvents(start + 4 * dayMs), 2);
  },

  async "a day dropped by another's retention between two commits is made again"({ store, sql }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const at = (offset: number) => keep([eventAt(offset, { appendTimeMs: 5 * dayMs })]);
    await store.commit(changeOf(topic, epoch, { ...at(0), progress: [progressOf("chat", 1)] }));
    await sql("DROP TABLE raw_events_19700106");
    assert.equal(
      await store.commit(changeOf(topic, epoch, { ...at(1), progress: [progressOf("chat", 2)] })),
      "committed",
    );
    assert.deepEqual(await offsets(store, topic), [1]);
  },

  async "no value stops a commit: odd characters, deep nesting, a megabyte"({ store }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const deep = (levels: number) => `{"a":${"[".repeat(levels)}"]"${"]".repeat(levels)}}`;
    const values = [
      '{"symbol":"a\\u0000b\\ud83d"}',
      '{"symbol":"\\uD83D\\uDE00 \\\\u0000"}',
      deep(400),
      deep(100_000),
      JSON.stringify({ symbol: "x".repeat(1_000_000) }),
      '{"symbol":1e999}',
    ];
    const rows = values.map((value, n) => eventAt(n, { value, key: `\0${n}\ud83d` }));
    await store.commit(changeOf(topic, epoch, { ...keep(rows), progress: [progressOf("chat", rows.length)] }));
    const found = (await kept(store, topic, ["value"])).flat();
    assert.deepEqual(found[0], { symbol: "a\ufffdb\ufffd" });
    assert.deepEqual(found[1], { symbol: "😀 \\u0000" });
    assert.deepEqual(found[2], JSON.parse(deep(400)));
    assert.deepEqual(found[3], deep(100_000));
    assert.deepEqual(found[4], JSON.parse(values[4]!));
    assert.deepEqual(found[5], { symbol: Infinity });
    assert.deepEqual((await kept(store, topic, ["key"]))[0], ["\ufffd0\ufffd"]);
  },

  async "trades and bars can be read as ticks"({ store }, symbol) {
    const trade = { symbol, price: "61.50", size: "0.0001", side: "buy", trade_id: 7, source: "binance" };
    const bar = {
      symbol,
      interval: "1m",
      open: "1",
      high: "3.0",
      low: "0.5",
      close: "2",
      volume: "10",
      source: "yahoo",
    };
    for (const [topic, value] of [["market.trades", trade], ["market.bars", bar], ["events.chat", trade]] as const) {
      const { epoch } = await store.acquire({ topic, partition: 0 }, ["candles"]);
      const rows = [eventAt(0, { key: symbol, value: JSON.stringify(value) })];
      await store.commit(changeOf(topic, epoch, { ...keep(rows), progress: [progressOf("candles", 1)] }));
    }
    const { columns, rows } = await store.query({ table: "raw_ticks", key: symbol, fromMs: noonMs - 5, toMs: noonMs });
    const names = columns.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 5), ["symbol", "event_time", "price", "size", "side"]);
    const shown = ["topic", "symbol", "event_time", "price", "trade_id", "interval", "high", "volume"];
    assert.deepEqual(rows.map((row) => shown.map((name) => row[names.indexOf(name)])), [
      ["market.bars", symbol, noonMs - 5, null, null, "1m", "3.0", "10"],
      ["market.trades", symbol, noonMs - 5, "61.50", "7", null, null, null],
    ]);
    assert.deepEqual((await store.query({ table: "raw_ticks", key: symbol, toMs: noonMs - 5 })).rows, []);
  },

  async "30,000 events of several days are read in portions, each once and in order"({ store }, topic) {
    const count = 30_000;
    const rows = Array.from({ length: count }, (_, n) => eventAt(n, { appendTimeMs: noonMs + 10_000 * n, key: topic }));
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    await store.commit(changeOf(topic, epoch, { ...keep(rows), progress: [progressOf("chat", count)] }));
    const query = { table: "raw_events", key: topic };
    const portions = await Array.fromAsync(store.scan(query, { portionRows: 7_001 }));
    const at = portions[0]!.columns.findIndex(({ name }) => name === "offset");
    const found = portions.flatMap((portion) => portion.rows.map((row) => row[at]));
    assert.deepEqual(found, rows.map(({ offset }) => offset));
  },

  async "raw_events and raw_ticks are among the tables, the partitions are not"({ store }) {
    const names = (await store.tables()).map(({ table }) => table);
    assert.deepEqual(names.filter((name) => name.startsWith("raw_")), ["raw_events", "raw_ticks"]);
  },
};
