/**
 * How tables are read: order, ranges, portions, what is listed.
 * @module
 */
import assert from "node:assert/strict";
import { UserError } from "../../core/errors.ts";
import {
  anomalySpec,
  candleSpec,
  type Case,
  chatRow,
  chatSpec,
  minuteMs,
  rowsOf,
  startMs,
  write,
} from "./summary_store_fixture.ts";

/** The cases. */
export const reading: Record<string, Case> = {
  async "the tables are those of results, keys first and bookkeeping last"({ store }) {
    const tables = await store.tables();
    const names = tables.map(({ table }) => table);
    for (const name of ["anomalies", "chat_summary_minute", "market_candles"]) assert.ok(names.includes(name), name);
    for (const name of ["progress", "keyed_state", "run_counts", "migrations"]) {
      assert.ok(!names.includes(name), name);
    }
    const chat = tables.find(({ table }) => table === "chat_summary_minute")!.columns;
    assert.deepEqual(chat.slice(0, 6), [...chatSpec.key, ...chatSpec.columns]);
    const keyOf = (name: string) => tables.find(({ table }) => table === name)!.key;
    assert.deepEqual(keyOf("market_candles"), ["symbol", "interval", "window_start"]);
    assert.deepEqual(keyOf("anomalies"), ["anomaly_id"]);
    const bookkeeping = ["chat_generation", "chat_revision", "processed_at", "updated_at"];
    assert.deepEqual(chat.slice(-4).map(({ name }) => name), bookkeeping);
  },

  async "rows are read by the values of text columns"({ store }, symbol) {
    const row = (interval: string, n: number) => ({
      revision: 1,
      values: [symbol, interval, startMs + n * minuteMs, startMs + (n + 1) * minuteMs, String(n), null, n],
    });
    await write(store, symbol, [rowsOf(candleSpec, [row("1m", 0), row("1s", 1), row("1m", 2), row("1s", 3)])]);
    const query = { table: "market_candles", key: symbol, where: { interval: "1m" } };
    const starts = async (more = {}) => (await store.query({ ...query, ...more })).rows.map(([, , start]) => start);
    assert.deepEqual(await starts(), [startMs, startMs + 2 * minuteMs]);
    assert.deepEqual(await starts({ last: 1 }), [startMs + 2 * minuteMs]);
    assert.deepEqual(await starts({ where: { interval: "' OR true --" } }), []);
    await assert.rejects(() => store.query({ ...query, where: { 'x" OR true --': "1" } }), /it has no such column/);
  },

  async "a view with a window_start is read like a table, by time and page by page; one without is none"(
    { store, sql },
    topic,
  ) {
    await sql(`CREATE OR REPLACE VIEW scratch_per_chatter AS
      SELECT stream_id, window_start, round(chat_count::numeric / nullif(unique_chatters, 0), 3) AS per_chatter
      FROM chat_summary_minute`);
    await sql("CREATE OR REPLACE VIEW scratch_streams AS SELECT DISTINCT stream_id FROM chat_summary_minute");
    try {
      const tables = await store.tables();
      assert.ok(!tables.some(({ table }) => table === "scratch_streams"));
      assert.deepEqual(tables.find(({ table }) => table === "scratch_per_chatter"), {
        table: "scratch_per_chatter",
        key: [],
        columns: [
          { name: "stream_id", type: "text" },
          { name: "window_start", type: "timestamptz" },
          { name: "per_chatter", type: "numeric" },
        ],
      });
      const rows = [0, 1, 2, 3, 4].map((n) => chatRow(topic, startMs + n * minuteMs, n));
      await write(store, topic, [rowsOf(chatSpec, rows)]);
      const query = { table: "scratch_per_chatter", key: topic, fromMs: startMs + minuteMs };
      const starts = [1, 2, 3, 4].map((n) => startMs + n * minuteMs);
      assert.deepEqual((await store.query(query)).rows.map(([, start]) => start), starts);
      assert.deepEqual((await store.query({ ...query, last: 2 })).rows.map(([, start]) => start), starts.slice(2));
      const portions = await Array.fromAsync(store.scan(query, { portionRows: 3 }));
      assert.deepEqual(portions.flatMap((portion) => portion.rows.map(([, start]) => start)), starts);
    } finally {
      await sql("DROP VIEW scratch_per_chatter");
      await sql("DROP VIEW scratch_streams");
    }
  },

  async "a table that is not there is refused by naming those that are"({ store }) {
    const refused = (error: unknown) =>
      error instanceof UserError && error.code === "usage" && error.fix.includes("chat_summary_minute");
    await assert.rejects(() => store.query({ table: "nothing" }), refused);
    await assert.rejects(() => store.query({ table: "progress" }), refused);
    await assert.rejects(() => Array.fromAsync(store.scan({ table: 'x"; DROP TABLE progress' })), refused);
  },

  async "rows come by key in the order of code points, then by time"({ store }, topic) {
    const streams = ["Z", "a", "z", "é", "\uffee", "😀"].map((letter) => `${topic} ${letter}`);
    const rows = streams.flatMap((stream) => [1, 0].map((n) => chatRow(stream, startMs + n * minuteMs, n)));
    await write(store, topic, [rowsOf(chatSpec, rows.reverse())]);
    const all = (await store.query({ table: "chat_summary_minute" })).rows;
    const portions = await Array.fromAsync(store.scan({ table: "chat_summary_minute" }, { portionRows: 1_111 }));
    assert.deepEqual(portions.flatMap((portion) => portion.rows), all);
    assert.ok(portions.every((portion) => portion.rows.length <= 1_111));
    const mine = all.filter(([stream]) => streams.includes(stream as string)).map(([stream, start]) => [stream, start]);
    assert.deepEqual(mine, streams.flatMap((stream) => [0, 1].map((n) => [stream, startMs + n * minuteMs])));
  },

  async "a scan gives each row once, whatever the size of its portions"({ store }, topic) {
    const rows = Array.from({ length: 25 }, (_, n) => chatRow(topic, startMs + n, n));
    await write(store, topic, [rowsOf(chatSpec, rows)]);
    for (const portionRows of [1, 5, 24, 25, 26]) {
      const query = { table: "chat_summary_minute", key: topic, fromMs: startMs + 1, toMs: startMs + 24 };
      const portions = await Array.fromAsync(store.scan(query, { portionRows }));
      const counts = portions.flatMap((portion) => portion.rows.map((row) => row[3]));
      assert.deepEqual(counts, Array.from({ length: 23 }, (_, n) => n + 1));
    }
    assert.deepEqual(await Array.fromAsync(store.scan({ table: "chat_summary_minute", key: "nobody" })), []);
  },

  async "the last rows are the newest of all keys, the oldest of them first"({ store }, symbol) {
    // Later than the rows of every other case.
    const at = (n: number) => 9_000_000_000_000 + n * minuteMs;
    const rows = [0, 1, 2, 3].flatMap((n) =>
      ["1m", "1s"].map((interval) => ({ revision: 1, values: [symbol, interval, at(n), at(n + 1), null, null, n] }))
    );
    await write(store, symbol, [rowsOf(candleSpec, rows)]);
    const expected = [[at(2), "1s"], [at(3), "1m"], [at(3), "1s"]];
    const query = { table: "market_candles", last: 3 };
    const shown = (row: readonly unknown[]) => [row[2], row[1]];
    assert.deepEqual((await store.query(query)).rows.map(shown), expected);
    const portions = await Array.fromAsync(store.scan(query, { portionRows: 2 }));
    assert.deepEqual(portions.flatMap((portion) => portion.rows).map(shown), expected);
    assert.deepEqual((await store.query({ ...query, key: symbol, toMs: at(1) })).rows.map(shown), [
      [at(0), "1m"],
      [at(0), "1s"],
    ]);
    assert.deepEqual((await store.query({ ...query, key: symbol, last: 0 })).rows, []);
  },

  async "anomalies come by window, event time and id"({ store }, topic) {
    const places = [[2, 1, "a"], [1, 3, "b"], [1, 2, "d"], [1, 2, "c"]] as const;
    const rows = places.map(([window, event, id]) => ({
      revision: 1,
      values: [`${topic} ${id}`, event, "p", "d", "m", topic, window, window, 1, 1, 1, "open", ""],
    }));
    await write(store, topic, [rowsOf(anomalySpec, rows)]);
    const expected = ["c", "d", "b", "a"].map((id) => `${topic} ${id}`);
    const query = { table: "anomalies", fromMs: 1, toMs: 3 };
    assert.deepEqual((await store.query(query)).rows.map(([id]) => id), expected);
    const portions = await Array.fromAsync(store.scan(query, { portionRows: 1 }));
    assert.deepEqual(portions.flatMap((portion) => portion.rows.map(([id]) => id)), expected);
  },

  async "migrating again changes nothing, and a store of a newer version is refused"({ store, sql }) {
    const stored = () => sql("SELECT name, applied_at::text FROM migrations ORDER BY name");
    const before = await stored();
    await Promise.all([store.migrate(), store.migrate()]);
    assert.deepEqual(await stored(), before);
    await sql("INSERT INTO migrations (name) VALUES ('999999_of_tomorrow')");
    try {
      const refused = (error: unknown) => error instanceof UserError && error.code === "usage";
      await assert.rejects(() => store.migrate(), refused);
    } finally {
      await sql("DELETE FROM migrations WHERE name = '999999_of_tomorrow'");
    }
  },
};
