/**
 * What makes a file another data set: its bytes as they are read, with the values that its name gives them.
 */
import assert from "node:assert/strict";
import { positionId } from "../../ingest/replay/position.ts";
import { plainMapping } from "../../ingest/sources/canonical.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { inReplayCase } from "../support/replay_case.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a file that is read in another encoding is sent anew", () =>
  inReplayCase(async ({ file, open, run, records }) => {
    // One line of UTF-8, so that the table is taken for it, and one of Windows-1252.
    const header = "event_id,timestamp,source,stream_id,user_id,message\n";
    const row = (id: string) => `${id},2024-01-01T12:00:00Z,t,demo,u,`;
    const content = new Uint8Array([...bytes(`${header}${row("a")}é\n${row("b")}`), 0xe9, 10]);
    const files = [await file("t.csv", content)];
    assert.equal((await run(files)).read, 2);
    assert.equal((await run(files, { encoding: "windows-1252" })).read, 2);
    const messages = (await records()).map(({ value }) => JSON.parse(value).message);
    assert.deepEqual(messages, ["é", "\ufffd", "Ã©", "é"]);
    assert.ok((await open(files)).nothingNew);
    assert.ok((await open(files, { encoding: "windows-1252" })).nothingNew);
  }));

const table = ["timestamp,open,high,low,close,volume", "2023-12-29,1,2,1,2,10", "2023-12-30,2,3,2,3,10"];
const barsOf = (symbol: string) => ({
  source: sourceByName("bars"),
  mapping: { ...plainMapping, constants: { symbol, interval: "1d" } },
});

Deno.test("files of the same bytes are sent each where their names make other events of them", () =>
  inReplayCase(async ({ file, open, run, records }) => {
    const files = [await file("AAPL.csv", table), await file("IBM.csv", table)];
    const { read, skipped } = await run(files, barsOf("@name"));
    assert.deepEqual([read, skipped], [4, 0]);
    const symbols = (await records("market.bars")).map(({ value }) => JSON.parse(value).symbol);
    assert.deepEqual(symbols.sort(), ["AAPL", "AAPL", "IBM", "IBM"]);
    assert.ok((await open(files.slice(1), barsOf("IBM"))).nothingNew, "whoever gave the symbol");
    await assert.rejects(open(files, barsOf("@name:daily_*")), /Cannot take "@name:daily_\*" from the file's name/);
  }));

Deno.test("a file that holds the events of another one of the call is noted, and its lines are skipped", () =>
  inReplayCase(async ({ file, open, run }) => {
    const files = [await file("AAPL.csv", table), await file("IBM.csv", table), await file("SPY.csv", table)];
    const replay = await open(files, barsOf("X"));
    assert.deepEqual(
      replay.notes.map((note) => /(\w+)\.csv holds the same events as .*\/AAPL\.csv/.exec(note)?.[1]),
      ["IBM", "SPY"],
    );
    const { read, skipped } = await run(files, barsOf("X"));
    assert.deepEqual([read, skipped], [2, 4]);
    const second = await run(files, barsOf("X"));
    assert.deepEqual([second.read, second.skipped], [0, 6]);
  }));

Deno.test("the identity of a file without these is the one that logs have saved", () => {
  const file = { fingerprint: "f", source: "bars", order: "sorted", name: "AAPL.csv" };
  assert.equal(positionId(file), "replay:f:bars:sorted");
  const constants = { symbol: "X", interval: "1d" };
  const mapping = { ...plainMapping, fields: { timestamp: "date" }, constants, priceExponent: 4 };
  const shard = { index: 1, total: 2 };
  assert.equal(
    positionId({ ...file, encoding: null, mapping, shard, anomalyEveryRecords: 5 }),
    "replay:f:bars:sorted:map-2bf17759ad15:part-1-of-2:anomalies-5",
  );
});
