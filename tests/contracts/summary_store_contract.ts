/**
 * The suite of every SummaryStore. Each case has its own topic, keys and run, so one store serves all of them.
 * @module
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { IDENTIFIER_LENGTH_MAX } from "../../core/events/contract.ts";
import type { TableSpec } from "../../core/ports.ts";
import { deletions } from "./summary_store_deletions.ts";
import { keptEvents } from "./summary_store_events.ts";
import {
  anomalySpec,
  candleSpec,
  type Case,
  changeOf,
  chatRow,
  chatSpec,
  minuteMs,
  progressOf,
  read,
  rowsOf,
  startMs,
  type SummaryStoreUnderTest,
  write,
} from "./summary_store_fixture.ts";
import { reading } from "./summary_store_reading.ts";

const ownership: Record<string, Case> = {
  async "acquiring raises the epoch for all pipelines alike and shows committed progress only"({ store }, topic) {
    const at = { topic, partition: 2 };
    const first = await store.acquire(at, ["chat"]);
    assert.deepEqual(first.progress, []);
    const second = await store.acquire(at, ["chat", "candles"]);
    assert.ok(second.epoch > first.epoch);
    assert.deepEqual(second.progress, []);
    const saved = progressOf("chat", 7, {
      watermarkMs: -5,
      eventTimeMsMax: startMs,
      idleWatermarkMs: startMs + 1,
      rebuildOffset: 3,
      generation: 2,
      witness: "6:1722400000000:1f",
      partitionCount: 3,
      frozenEndMs: -1,
      partialStartMs: Number.MAX_SAFE_INTEGER,
      seqs: [["file:é", 4], ["other", 9_007_199_254_740_991]],
      counts: { in: 7, accepted: 6, dead: 1, late: 0, late_partial: 0, duplicate: 0, windows: 2, lost: 4 },
    });
    const keyedStates = [{ pipeline: "chat", name: "z", key: "k", state: { mean: 1.5, n: [1, null] } }];
    const change = { ...changeOf(topic, second.epoch), partition: 2, progress: [saved], keyedStates };
    assert.equal(await store.commit(change), "committed");
    const third = await store.acquire(at, ["chat", "candles"]);
    assert.ok(third.epoch > second.epoch);
    assert.deepEqual(third.progress, [saved]);
    assert.deepEqual(third.keyedStates, keyedStates);
    assert.deepEqual((await store.acquire({ topic, partition: 1 }, ["chat"])).progress, []);
    const listed = (await store.progress()).filter((row) => row.topic === topic);
    assert.deepEqual(listed, [{ ...saved, topic, partition: 2, epoch: third.epoch }]);
  },

  async "keys of states, runs and rows may be as long as an identifier, an anomaly's id as long as three"(
    { store },
    topic,
  ) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    // Without repeats, which an index would pack: three bytes of UTF-8 each.
    const texts = Array.from(
      { length: 3 },
      (_, n) =>
        Array.from(
          { length: IDENTIFIER_LENGTH_MAX },
          (_, i) => String.fromCharCode(0x4e00 + (7 + n) * 613 * i % 20_000),
        ),
    );
    const [key, user, id] = texts.map((units) => units.join("")) as [string, string, string];
    const anomalyId = `z_score(chat_count):${key}:${user}:${id}`;
    const named = ["chat", "z_score(chat_count)", "chat_count", key];
    const row = {
      revision: 1,
      values: [anomalyId, startMs, ...named, startMs, startMs + minuteMs, 1, 1, 1, "active", "a long name"],
    };
    const change = changeOf(topic, epoch, {
      keyedStates: [{ pipeline: "chat", name: "z_score(chat_count)", key, state: 1 }],
      rows: [rowsOf(chatSpec, [chatRow(key, startMs, 1, 1)]), rowsOf(anomalySpec, [row])],
      runCounts: [{ runId: id, pipeline: "chat", counter: "in", value: 1 }],
    });
    assert.equal(await store.commit(change), "committed");
  },

  async "a commit with an older epoch is fenced and writes nothing"({ store }, topic) {
    const zombie = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const owner = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const change = (epoch: number, nextOffset: number) =>
      changeOf(topic, epoch, {
        progress: [progressOf("chat", nextOffset)],
        rows: [rowsOf(chatSpec, [chatRow(topic, startMs, nextOffset, nextOffset)])],
        keyedStates: [{ pipeline: "chat", name: "z", key: topic, state: nextOffset }],
        runCounts: [{ runId: topic, pipeline: "chat", counter: "in", value: nextOffset }],
      });
    assert.equal(await store.commit(change(owner.epoch, 5)), "committed");
    assert.equal(await store.commit(change(zombie.epoch, 9)), "fenced");
    assert.equal(await store.commit(change(owner.epoch + 1, 9)), "fenced");
    const after = await store.acquire({ topic, partition: 0 }, ["chat"]);
    assert.equal(after.progress[0]!.nextOffset, 5);
    assert.deepEqual(after.keyedStates.map(({ state }) => state), [5]);
    assert.deepEqual(await read(store, "chat_summary_minute", topic, ["chat_count"]), [[5]]);
    assert.deepEqual((await store.runCounts(topic)).map(({ value }) => value), [5]);
  },

  async "a commit is fenced when one of its pipelines was never acquired or has another owner"({ store }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const both = [progressOf("chat", 1), progressOf("candles", 1)];
    assert.equal(await store.commit(changeOf(topic, epoch, { progress: both })), "fenced");
    const shared = await store.acquire({ topic, partition: 0 }, ["chat", "candles"]);
    await store.acquire({ topic, partition: 0 }, ["candles"]);
    assert.equal(await store.commit(changeOf(topic, shared.epoch, { progress: both })), "fenced");
    assert.deepEqual((await store.progress()).filter((row) => row.topic === topic), []);
  },

  async "of acquisitions at the same time each has its own epoch and the highest owns"({ store }, topic) {
    const at = { topic, partition: 0 };
    const acquired = await Promise.all([1, 2, 3, 4].map(() => store.acquire(at, ["chat", "candles"])));
    const epochs = acquired.map(({ epoch }) => epoch).sort((a, b) => a - b);
    assert.equal(new Set(epochs).size, 4);
    const outcomes = await Promise.all(epochs.map((epoch) => store.commit(changeOf(topic, epoch))));
    assert.deepEqual(outcomes, ["fenced", "fenced", "fenced", "committed"]);
  },
};

const commits: Record<string, Case> = {
  async "a commit that fails leaves nothing of itself"({ store }, topic) {
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const bad = { revision: 1, values: [topic, "1m", startMs, startMs + minuteMs, "12,5", "1", 1] };
    const change = changeOf(topic, epoch, {
      rows: [rowsOf(chatSpec, [chatRow(topic, startMs, 1)]), rowsOf(candleSpec, [bad])],
      runCounts: [{ runId: topic, pipeline: "", counter: "read", value: 1 }],
    });
    await assert.rejects(() => store.commit(change), Error);
    assert.deepEqual(await read(store, "chat_summary_minute", topic, ["chat_count"]), []);
    assert.deepEqual(await store.runCounts(topic), []);
    assert.deepEqual((await store.progress()).filter((row) => row.topic === topic), []);
    assert.equal(await store.commit(changeOf(topic, epoch)), "committed");
  },

  async "run counts add up over commits and partitions"({ store }, topic) {
    for (const partition of [0, 1]) {
      const { epoch } = await store.acquire({ topic, partition }, ["chat"]);
      const runCounts = [
        { runId: topic, pipeline: "", counter: "read", value: 3 },
        { runId: topic, pipeline: "chat", counter: "in", value: 2 },
        { runId: topic, pipeline: "chat", counter: "in", value: 1 },
      ];
      for (let n = 0; n < 2; n++) await store.commit({ ...changeOf(topic, epoch, { runCounts }), partition });
    }
    assert.deepEqual(await store.runCounts(topic), [
      { runId: topic, pipeline: "", counter: "read", value: 12 },
      { runId: topic, pipeline: "chat", counter: "in", value: 12 },
    ]);
    assert.deepEqual(await store.runCounts(`${topic} of nobody`), []);
  },

  async "the newer pair of generation and revision wins, an equal one replaces"({ store }, topic) {
    const steps: [generation: number, revision: number, count: number, kept: number][] = [
      [1, 10, 100, 100],
      [1, 9, 90, 100],
      [1, 10, 101, 101],
      [2, 1, 201, 201],
      [1, 99, 199, 201],
    ];
    for (const [generation, revision, count, kept] of steps) {
      await write(store, topic, [rowsOf(chatSpec, [chatRow(topic, startMs, count, revision)], generation)]);
      assert.deepEqual(await read(store, "chat_summary_minute", topic, ["chat_count"]), [[kept]]);
    }
  },

  async "rows committed in any order leave the newest pair"({ store }, topic) {
    const pair = fc.record({ generation: fc.integer({ min: 0, max: 3 }), revision: fc.integer({ min: 0, max: 5 }) });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 6 }), async (pairs) => {
        const key = `${topic} ${++round}`;
        const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
        for (const { generation, revision } of pairs) {
          const rows = [rowsOf(chatSpec, [chatRow(key, startMs, generation * 10 + revision, revision)], generation)];
          await store.commit(changeOf(topic, epoch, { rows }));
        }
        const newest = Math.max(...pairs.map(({ generation, revision }) => generation * 10 + revision));
        assert.deepEqual(await read(store, "chat_summary_minute", key, ["chat_count"]), [[newest]]);
      }),
      { numRuns: 15 },
    );
  },

  async "two owners fill their own columns of one row"({ store, sql }, topic) {
    await sql(`CREATE TABLE IF NOT EXISTS scratch_shared (
      key text, window_start timestamptz, a bigint, b text, a_generation integer, a_revision bigint,
      b_generation integer, b_revision bigint, updated_at timestamptz DEFAULT now(), PRIMARY KEY (key, window_start))`);
    const key = [{ name: "key", type: "text" }, { name: "window_start", type: "timestamptz" }] as const;
    const a: TableSpec = { table: "scratch_shared", owner: "a", key, columns: [{ name: "a", type: "bigint" }] };
    const b: TableSpec = { table: "scratch_shared", owner: "b", key, columns: [{ name: "b", type: "text" }] };
    const row = (value: unknown, revision: number) => [{ revision, values: [topic, startMs, value] }];
    await write(store, topic, [rowsOf(a, row(1, 50), 3)]);
    await write(store, topic, [rowsOf(b, row("x", 2), 1)]);
    await write(store, topic, [rowsOf(a, row(2, 49), 3), rowsOf(b, row("y", 3), 1)]);
    assert.deepEqual(await read(store, "scratch_shared", topic, ["a", "b"]), [[1, "y"]]);
    await sql("DROP TABLE scratch_shared");
  },

  async "20,000 rows in one commit are all there"({ store }, topic) {
    const rows = Array.from({ length: 20_000 }, (_, n) => chatRow(topic, startMs + n * 1000, n, n));
    await write(store, topic, [rowsOf(chatSpec, rows)]);
    const counts = (await read(store, "chat_summary_minute", topic, ["chat_count"])).map(([count]) => count);
    assert.deepEqual(counts, rows.map((_, n) => n));
  },
};

const values: Record<string, Case> = {
  async "decimals keep every digit and null stays null"({ store }, symbol) {
    const decimals = ["0.000000000000000001", "123456789012345678901234567890.10", "-1.50", "100000000000000000000"];
    const rows = decimals.map((text, n) => ({
      revision: 1,
      values: [symbol, "1m", startMs + n * minuteMs, startMs + (n + 1) * minuteMs, text, null, n],
    }));
    await write(store, symbol, [rowsOf(candleSpec, rows)]);
    const found = await read(store, "market_candles", symbol, ["open", "volume", "trade_count"]);
    assert.deepEqual(found, decimals.map((text, n) => [text, null, n]));
  },

  async "times before 1970 and far ahead, and numbers at their ends, come back as they went"({ store }, topic) {
    const times = [-62_135_596_800_000, -1, 0, 1, startMs + 7, 7_258_118_399_999];
    const count = Number.MAX_SAFE_INTEGER;
    await write(store, topic, [rowsOf(chatSpec, times.map((time) => chatRow(topic, time, count)))]);
    const found = await read(store, "chat_summary_minute", topic, ["window_start", "window_end", "chat_count"]);
    assert.deepEqual(found, times.map((time) => [time, time + minuteMs, count]));
    for (const value of [NaN, Infinity, "2024-08-08T00:00:00Z"]) {
      const row = { revision: 1, values: [topic, value, startMs, 1, 1, []] };
      await assert.rejects(() => write(store, topic, [rowsOf(chatSpec, [row])]), TypeError);
    }
  },

  async "doubles come back exactly"({ store }, topic) {
    const doubles = [0.1, 1e-300, -1.7976931348623157e308, 5e-324, Infinity, 123456.789];
    const rows = doubles.map((value, n) => ({
      revision: 1,
      values: [`${topic} ${n}`, startMs, "p", "d", "m", topic, startMs, startMs, value, 0, 1, "open", 'NULL, {} "x"'],
    }));
    await write(store, topic, [rowsOf(anomalySpec, rows)]);
    for (const [n, value] of doubles.entries()) {
      const found = await read(store, "anomalies", `${topic} ${n}`, ["value", "explanation"]);
      assert.deepEqual(found, [[value, 'NULL, {} "x"']]);
    }
  },

  async "text and JSON keep their characters, but U+0000 and half a pair become U+FFFD"({ store }, topic) {
    const odd = `${topic} "quoted" \\u0000 {a,b} 'x' \n\t é 😀`;
    const json = [{ emote: odd, 'ke"y': { deep: [true, null, 1e21, "\u2028"] } }];
    const row = (stream: string, emotes: unknown) => ({
      revision: 1,
      values: [stream, startMs, startMs, 1, 1, emotes],
    });
    await write(store, topic, [rowsOf(chatSpec, [row(odd, json), row(`${topic} plain`, null)])]);
    assert.deepEqual(await read(store, "chat_summary_minute", odd, ["stream_id", "top_emotes"]), [[odd, json]]);
    const nul = [{ "a\0": `x\0y\ud83d` }];
    await write(store, topic, [rowsOf(chatSpec, [row(`${topic}\0`, nul)])]);
    const found = await read(store, "chat_summary_minute", `${topic}\ufffd`, ["top_emotes"]);
    assert.deepEqual(found, [[[{ "a\ufffd": "x\ufffdy\ufffd" }]]]);
  },

  async "rows whose keys become equal by that are one row, the newest"({ store }, topic) {
    const rows = [chatRow(`${topic}\0`, startMs, 2, 20), chatRow(`${topic}\ufffd`, startMs, 1, 10)];
    await write(store, topic, [rowsOf(chatSpec, rows)]);
    assert.deepEqual(await read(store, "chat_summary_minute", `${topic}\ufffd`, ["chat_count"]), [[2]]);
  },
};

/** Registers the suite: `open` gives a migrated store that nobody else writes to; `missing` says why there can be none. */
export function summaryStoreContract(
  name: string,
  open: () => Promise<SummaryStoreUnderTest>,
  missing: string | null = null,
): void {
  const skipped = missing === null ? "" : ` (skipped: ${missing})`;
  Deno.test({
    name: `SummaryStore on ${name}${skipped}`,
    ignore: missing !== null,
    async fn(t) {
      await using under = await open();
      const cases = Object.entries({ ...ownership, ...commits, ...deletions, ...keptEvents, ...values, ...reading });
      for (const [index, [sentence, run]] of cases.entries()) {
        await t.step(sentence, () => run(under, `contract ${index}`));
      }
    },
  });
}
