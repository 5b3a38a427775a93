/**
 * Replays of JSON arrays, Parquet and CSV tables: whole, and cut short at any append; their place is the record's number.
 */
import assert from "node:assert/strict";
import { zstdCompressSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { ReplayOptions } from "../../ingest/replay/replay.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { plainMapping } from "../../ingest/sources/canonical.ts";
import { CASE_START_MS, chatLine, inReplayCase } from "../support/replay_case.ts";

const EVENTS = 9;
const lines = Array.from({ length: EVENTS }, (_, i) => chatLine(`e${i}`, i));
const ids = lines.map((_, i) => `e${i}`);
const column = (name: string) => ({
  name,
  data: lines.map((line) => (JSON.parse(line) as Record<string, unknown>)[name]),
  type: "STRING" as const,
});
const columns = ["event_id", "timestamp", "source", "stream_id", "user_id", "username", "message"].map(column);
const csv = [
  columns.map(({ name }) => name).join(";"),
  ...lines.map((_, i) => columns.map(({ data }) => data[i]).join(";")),
];

const files: Readonly<Record<string, Uint8Array>> = {
  "pretty.json": new TextEncoder().encode(JSON.stringify(lines.map((line) => JSON.parse(line)), null, 2)),
  "packed.json": zstdCompressSync(new TextEncoder().encode(`[${lines.join(",")}]`)),
  "rows.parquet": new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize: 4 })),
  "table.csv": new TextEncoder().encode("\ufeff" + csv.join("\r\n") + "\r\n"),
};

for (const [name, content] of Object.entries(files)) {
  Deno.test(`${name} is sent once, wherever it is cut short`, async () => {
    for (let at = 1; at <= EVENTS; at++) {
      await inReplayCase(async (replayCase) => {
        const path = await replayCase.file(name, content);
        const stop = new AbortController();
        let appends = 0;
        const log: ReplayOptions["log"] = {
          loadPosition: (id) => replayCase.log.loadPosition(id),
          async append(batch) {
            await replayCase.log.append(batch);
            if (++appends === at) stop.abort();
          },
        };
        const first = await replayCase.open([path], { speed: 1, signal: stop.signal, log });
        await first.feed();
        const { read, dead, ignored } = await replayCase.run([path]);
        assert.deepEqual([read, dead, ignored], [EVENTS, 0, 0], `cut at ${at}`);
        assert.deepEqual(await replayCase.ids(), ids, `cut at ${at}`);
      });
    }
  });
}

Deno.test("a broken element of an array is one dead letter with its number", () =>
  inReplayCase(async ({ file, run, ids, records }) => {
    const path = await file("a.json", [`[${lines[0]},`, '{"event_id":"x",', `${lines[1]},`, `${lines[2]}]`]);
    const { read, dead } = await run([path]);
    assert.deepEqual([read, dead], [4, 1]);
    assert.deepEqual(await ids(), ["e0", "e1", "e2"]);
    const [letter] = await records("dead");
    assert.match(letter!.value, /"origin":"a\.json:2","reason":"not_json"/);
  }));

Deno.test("a table that goes one user after the other, or newest first, is sent by time; a few late rows stay late", () =>
  inReplayCase(async ({ file, run, records }) => {
    const row = (user: string, minute: number) =>
      `${user},show,10,${new Date(CASE_START_MS - 86_400_000 + minute * 60_000).toISOString()}`;
    const header = "user_id,show_name,watch_duration_minutes,timestamp";
    const users = ["a", "b", "c"].flatMap((user) => Array.from({ length: 20 }, (_, i) => row(user, 60 - 3 * i)));
    const options = { source: sourceByName("watch"), mapping: plainMapping };
    await run([await file("users.csv", [header, ...users])], options);
    const sent = (await records("watch.sessions")).map(({ value }) => JSON.parse(value).timestamp);
    assert.equal(sent.length, 60);
    assert.deepEqual(sent, [...sent].sort());
    const inOrder = Array.from({ length: 40 }, (_, i) => row("d", i % 10 === 9 ? i - 9 : i));
    await run([await file("late.csv", [header, ...inOrder])], options);
    const times = (await records("watch.sessions")).slice(60).map(({ value }) => JSON.parse(value).timestamp);
    assert.deepEqual(times, inOrder.map((line) => line.split(",")[3]));
  }));

Deno.test("one row of the far future does not make a table look out of order", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const cells = (id: string, time: string) => [id, time, "t", "demo", "u", "n", "hi"].join(",");
    const header = columns.map(({ name }) => name).join(",");
    const time = (second: number) => new Date(CASE_START_MS + second * 1_000).toISOString();
    const rows = [cells("x", "2199-01-01T00:00:00Z"), cells("b", time(2)), cells("a", time(1)), cells("c", time(3))];
    const { dead } = await run([await file("t.csv", [header, ...rows])]);
    assert.equal(dead, 1);
    assert.deepEqual(await ids(), ["b", "a", "c"]);
  }));
