/**
 * Ways to send: so many seconds a record, in a loop, with labelled anomalies, a part of the symbols only.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { UserError } from "../../core/errors.ts";
import type { ReplayOptions } from "../../ingest/replay/replay.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { CASE_START_MS, chatLine, inReplayCase } from "../support/replay_case.ts";

const chatLines = (count: number) => Array.from({ length: count }, (_, i) => chatLine(`e${i}`, i));

Deno.test("a record every so many milliseconds, whatever its time; lines without an event take none", () =>
  inReplayCase(async ({ file, run, clock, records }) => {
    const [first, second, third] = [chatLine("a", 0), chatLine("b", 3_000), chatLine("c", 1)];
    const startMs = clock.nowMs();
    await run([await file("a.jsonl", [first, "", second, "rubbish", third])], { speed: { recordEveryMs: 200 } });
    assert.deepEqual((await records()).map(({ appendTimeMs }) => appendTimeMs - startMs), [0, 200, 400]);
  }));

Deno.test("each pass of a loop comes after the one before in event time, as a sending order of its own", () =>
  inReplayCase(async ({ file, run, records }) => {
    const files = [await file("a.jsonl", [chatLine("a", 0), chatLine("b", 10)])];
    for (let pass = 0; pass < 3; pass++) assert.equal((await run(files, { loop: true, again: true })).read, 2);
    const sent = await records();
    const seconds = sent.map(({ value }) => (Date.parse(JSON.parse(value).timestamp) - CASE_START_MS) / 1_000);
    assert.deepEqual(seconds, [0, 10, 11, 21, 22, 32]);
    assert.equal(new Set(sent.map(({ instance }) => instance)).size, 3);
    assert.equal(new Set(sent.map(({ runId }) => runId)).size, 3);
  }));

Deno.test("a loop that is moved to now begins each pass now, or after the one before where that is later", () =>
  inReplayCase(async ({ file, run, records, clock }) => {
    const files = [await file("a.jsonl", [chatLine("a", 0), chatLine("b", 10)])];
    const options = { loop: true, again: true, shiftToNow: true };
    const startMs = clock.nowMs();
    await run(files, options);
    await run(files, options);
    clock.passMs(100_000);
    await run(files, options);
    const sent = (await records()).map(({ value }) => (Date.parse(JSON.parse(value).timestamp) - startMs) / 1_000);
    assert.deepEqual(sent, [0, 10, 11, 21, 100, 110]);
  }));

const tradeLine = (id: number, symbol = "X") =>
  JSON.stringify({
    event_id: `t${id}`,
    timestamp: new Date(CASE_START_MS + id * 1_000).toISOString(),
    source: "t",
    symbol,
    trade_id: id,
    price: "61837.63000001",
    size: "1",
    side: "buy",
  });

const tradeOptions = { source: sourceByName("trades") };

Deno.test("every so many events one has exactly five times its price and a label, also over a run that was cut", () =>
  inReplayCase(async ({ file, open, run, records }) => {
    const files = [await file("t.jsonl", Array.from({ length: 10 }, (_, i) => (i === 4 ? "rubbish" : tradeLine(i))))];
    const options = { ...tradeOptions, anomalyEveryRecords: 3 };
    const stop = new AbortController();
    const cut = await open(files, { ...options, speed: 1, signal: stop.signal });
    setTimeout(() => stop.abort(), 0);
    await cut.feed();
    await run(files, options);
    const sent = (await records("market.trades")).map(({ value }) => JSON.parse(value));
    const spiked = sent.filter(({ fake_anomaly }) => fake_anomaly === "price_spike");
    assert.deepEqual(spiked.map(({ trade_id }) => trade_id), [2, 6, 9]);
    assert.ok(spiked.every(({ price }) => price === "309188.15000005"));
    assert.ok(sent.filter((trade) => !spiked.includes(trade)).every(({ price }) => price === "61837.63000001"));
  }));

Deno.test("recorded data is changed by nobody's default, and has anomalies only where there are prices", () =>
  inReplayCase(async ({ file, run, records }) => {
    const path = await file("t.jsonl", Array.from({ length: 5 }, (_, i) => tradeLine(i)));
    await run([path], tradeOptions);
    assert.ok((await records("market.trades")).every(({ value }) => !value.includes("fake_anomaly")));
    await assert.rejects(
      run([path], { anomalyEveryRecords: 2 }),
      (error) => error instanceof UserError && /events have no price/.test(error.message),
    );
  }));

Deno.test("over any number of producers each line of any data set is sent by one, and the counts say whose it is", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(fc.constantFrom("AAPL", "BAC", "GOOG", "IBM", "SPY", "é", "𝄞", "a")), {
        minLength: 1,
        maxLength: 30,
      }),
      fc.integer({ min: 2, max: 5 }),
      async (symbols, total) => {
        const lines = symbols.map((symbol, i) => (symbol === null ? "rubbish" : tradeLine(i, symbol)));
        const sent: string[] = [];
        const owners = new Map<string, number>();
        let dead = 0;
        for (let index = 0; index < total; index++) {
          await inReplayCase(async ({ file, run, records }) => {
            const half = lines.length >> 1;
            const files = [await file("a.jsonl", lines.slice(0, half)), await file("b.jsonl", lines.slice(half))];
            const options: Partial<ReplayOptions> = { ...tradeOptions, shard: { index, total }, order: "file" };
            const counts = await run(half === 0 ? files.slice(1) : files, options);
            const own = (await records("market.trades")).map(({ value }) => JSON.parse(value));
            for (const { symbol, event_id } of own) {
              assert.equal(owners.get(symbol) ?? index, index, `${symbol} has two producers`);
              owners.set(symbol, index);
              sent.push(event_id);
            }
            dead += counts.dead;
            const others = counts.ignoredKinds.other_producer ?? 0;
            assert.equal(counts.read, lines.length);
            assert.equal(own.length + counts.dead + others, lines.length);
          });
        }
        assert.deepEqual(sent.sort(), symbols.flatMap((symbol, i) => (symbol === null ? [] : [`t${i}`])).sort());
        assert.equal(dead, symbols.filter((symbol) => symbol === null).length);
      },
    ),
    { numRuns: 12 },
  ));

Deno.test("a chat file is shared by its streams", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const lines = chatLines(6).map((line, i) => line.replace('"demo"', `"stream_${i % 3}"`));
    const path = await file("a.jsonl", lines);
    const { ignoredKinds } = await run([path], { shard: { index: 1, total: 2 } });
    assert.deepEqual(await ids(), ["e1", "e4"]);
    assert.deepEqual(ignoredKinds, { other_producer: 4 });
  }));
