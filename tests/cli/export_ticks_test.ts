/**
 * `export raw_ticks` and `export anomalies`: the ticks as they came and the verdicts on them, as files.
 */
import assert from "node:assert/strict";
import { tickColumns, tickPortions } from "../../cli/ticks.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type { NewRecord } from "../../core/ports.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { exportedLines, lastJson, tidemarkOk } from "../support/tidemark.ts";

const START_MS = Date.UTC(2024, 0, 1);
const time = (second: number) => new Date(START_MS + second * 1_000).toISOString();

const record = (symbol: string, value: unknown): NewRecord => {
  const text = typeof value === "string" ? value : JSON.stringify({ symbol, ...value as object });
  return { key: symbol, value: text, instance: null, seq: 0, runId: null };
};
const trade = (symbol: string, second: number, price: string) =>
  record(symbol, { timestamp: time(second), source: "t", trade_id: second, price, size: "1", side: "buy" });

const at = (name: string) => tickColumns.findIndex((column) => column.name === name);

Deno.test("ticks come partition by partition, trades before bars, as many as the log held when it was asked", async () => {
  const log = new MemoryLog(new ManualClock());
  await log.ensureTopics([{ topic: "market.trades", partitions: 3 }, { topic: "market.bars", partitions: 1 }]);
  const symbols = ["AAA", "BBB", "CCC", "DDD", "EEE"];
  const records = [0, 1, 2].flatMap((second) => symbols.map((symbol) => trade(symbol, second, `${second}.5`)));
  await log.append({ writes: [{ topic: "market.trades", records }] });
  const bar = {
    timestamp: time(9),
    source: "t",
    interval: "1m",
    open: "1",
    high: "2",
    low: "1",
    close: "2",
    volume: "7",
  };
  const bars = [record("AAA", "rubbish"), record("AAA", bar)];
  await log.append({ writes: [{ topic: "market.bars", records: bars }] });
  const rows: (readonly unknown[])[] = [];
  for await (const portion of tickPortions(log, {})) {
    // What comes while it is being read is another export's.
    if (rows.length === 0) await log.append({ writes: [{ topic: "market.trades", records: [trade("AAA", 50, "9")] }] });
    rows.push(...portion);
  }
  assert.equal(rows.length, records.length + 1);
  const places = rows.slice(0, -1).map((row) => [row[at("partition")], row[at("offset")]]);
  assert.deepEqual(places, [...places].sort(([a, b], [c, d]) => Number(a) - Number(c) || Number(b) - Number(d)));
  for (const row of rows.slice(0, -1)) assert.equal(row[at("partition")], partitionOf(row[at("symbol")] as string, 3));
  assert.deepEqual(
    ["symbol", "event_time", "price", "interval", "close", "topic"].map((name) => rows.at(-1)![at(name)]),
    ["AAA", START_MS + 9_000, null, "1m", "2", "market.bars"],
  );
  const some: unknown[] = [];
  const query = { key: "BBB", fromMs: START_MS + 1_000, toMs: START_MS + 2_000 };
  for await (const portion of tickPortions(log, query)) some.push(...portion.map((row) => row[at("price")]));
  assert.deepEqual(some, ["1.5"]);
});

Deno.test("a replay with fake anomalies leaves labelled ticks and the verdicts on them, both as files", () =>
  inTempFolder(async (folder) => {
    const prices = Array.from({ length: 250 }, (_, i) => 100 + (i * 7 % 10) / 10);
    const lines = prices.map((price, i) =>
      [i, "X", new Date(START_MS + i * 1_000).toISOString(), price, 1, "b"].join(",")
    );
    await Deno.writeTextFile(`${folder}/t.csv`, ["trade_id,symbol,time,price,size,side", ...lines].join("\r\n"));
    const call = ["replay", `${folder}/t.csv`, "--source", "trades", "--map", "timestamp=time", "--drain", "--json"];
    const env = { ANOMALY_EVERY_RECORDS: "100" };
    const data = `${folder}/data`;
    const counts = lastJson(await tidemarkOk([...call, "--fake-anomalies", "--data-dir", data], env));
    assert.deepEqual([counts.read, counts.accepted], [250, 250]);
    const [header = "", ...ticks] = await exportedLines("raw_ticks", data);
    assert.equal(header, tickColumns.map(({ name }) => name).join(","));
    assert.equal(ticks.length, 250);
    const labelled = ticks.filter((line) => line.includes(",price_spike,"));
    assert.deepEqual(labelled.map((line) => line.split(",")[5]), ["99", "199"]);
    assert.ok(labelled.every((line) => Number(line.split(",")[2]) >= 500));
    const anomalies = await exportedLines("anomalies", data);
    assert.equal(anomalies.filter((line) => /z_score\(price\)/.test(line)).length, 2);
    // Nobody's default changes recorded data.
    await tidemarkOk([...call, "--data-dir", `${folder}/plain`], env);
    assert.ok((await exportedLines("raw_ticks", `${folder}/plain`)).every((line) => !line.includes("price_spike")));
  }));
