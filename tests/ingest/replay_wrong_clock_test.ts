/**
 * Lines of the future, which the door refuses, say nothing of when the lines after them are due.
 *
 * ```
 * a.jsonl   0 1 2 ✗ 4 5          ✗ is dated 2099: dead, and sent where it stands,
 * b.jsonl   0   2 3   5          so that a4 and a5 come neither after b5 nor in 73 years
 * ```
 */
import assert from "node:assert/strict";
import { CASE_START_MS, chatLine, inReplayCase } from "../support/replay_case.ts";

const wrong = chatLine("wrong", 0).replace("2024-", "2099-");

Deno.test("a line of the future does not hold its file back in a merge", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const lines = (name: string, times: readonly number[]) => times.map((second) => chatLine(name + second, second));
    const a = await file("a.jsonl", [wrong, ...lines("a", [0, 1, 2]), wrong, "rubbish", ...lines("a", [4, 5])]);
    const b = await file("b.jsonl", lines("b", [0, 2, 3, 5]));
    const { read, dead } = await run([b, a]);
    assert.deepEqual([read, dead], [12, 3]);
    assert.deepEqual(await ids(), ["b0", "a0", "a1", "b2", "a2", "b3", "a4", "b5", "a5"]);
  }));

Deno.test("a line of the future does not stall a paced replay", async () => {
  for (const wrongMs of [1_800_000, 73 * 365 * 86_400_000]) {
    for (const speed of [1, 60]) {
      await inReplayCase(async ({ file, run, ids, clock }) => {
        const late = chatLine("wrong", (clock.nowMs() + wrongMs - CASE_START_MS) / 1_000);
        const a = await file("a.jsonl", [chatLine("a0", 0), late, chatLine("a1", 60), chatLine("a2", 120)]);
        const b = await file("b.jsonl", [late.replace("wrong", "more"), chatLine("b0", 30), chatLine("b1", 90)]);
        const startMs = clock.nowMs();
        assert.equal((await run([a, b], { speed })).dead, 2);
        assert.equal(clock.nowMs() - startMs, 120_000 / speed);
        assert.deepEqual(await ids(), ["a0", "b0", "a1", "b1", "a2"]);
      });
    }
  }
});

Deno.test("a paced replay whose times are moved to now waits for what comes after a long gap", () =>
  inReplayCase(async ({ file, run, ids, clock }) => {
    const a = await file("a.jsonl", [chatLine("a0", 0), chatLine("a1", 1_500), chatLine("a2", 3_000)]);
    const b = await file("b.jsonl", [chatLine("b0", 1), wrong, chatLine("b1", 1_600)]);
    const startMs = clock.nowMs();
    assert.equal((await run([a, b], { speed: 1, shiftToNow: true })).dead, 1);
    assert.equal(clock.nowMs() - startMs, 3_000_000);
    assert.deepEqual(await ids(), ["a0", "b0", "a1", "b1", "a2"]);
  }));

Deno.test("a line of the future does not decide how far the others are moved, nor does one without a readable time", () =>
  inReplayCase(async ({ file, run, records, clock }) => {
    const unreadable = chatLine("x", 0).replace(/"timestamp":"[^"]*"/, '"timestamp":"noon"');
    const files = [await file("a.jsonl", [unreadable, wrong, chatLine("a0", 0), chatLine("a1", 10), wrong])];
    const startMs = clock.nowMs();
    const options = { shiftToNow: true, loop: true, again: true };
    assert.equal((await run(files, options)).dead, 3);
    assert.equal((await run(files, options)).dead, 3);
    const sent = (await records()).map(({ value }) => (Date.parse(JSON.parse(value).timestamp) - startMs) / 1_000);
    assert.deepEqual(sent, [0, 10, 11, 21]);
  }));

Deno.test("a file that begins with its newest line is sorted, also where its last line is of the future", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const lines = (year: string) => [3, 2, 1, 0].map((at) => chatLine(`e${at}`, at).replace("2024-", `${year}-`));
    assert.equal((await run([await file("a.jsonl", [...lines("2024"), wrong])])).dead, 1);
    assert.deepEqual(await ids(), ["e0", "e1", "e2", "e3"]);
    assert.equal((await run([await file("b.jsonl", lines("2099"))], { shiftToNow: true })).dead, 0);
    assert.deepEqual((await ids()).slice(4), ["e0", "e1", "e2", "e3"]);
  }));

Deno.test("files that are all of the future are merged and moved to now as they stand", () =>
  inReplayCase(async ({ file, run, ids, records, clock }) => {
    const future = (name: string, times: readonly number[]) =>
      times.map((second) => chatLine(name + second, second).replace("2024-", "2099-"));
    const files = [await file("a.jsonl", future("a", [0, 2])), await file("b.jsonl", future("b", [1, 3]))];
    const startMs = clock.nowMs();
    assert.equal((await run(files, { shiftToNow: true })).dead, 0);
    assert.deepEqual(await ids(), ["a0", "b1", "a2", "b3"]);
    assert.equal(Date.parse(JSON.parse((await records())[0]!.value).timestamp), startMs);
  }));

Deno.test("a line that the door will refuse does not keep a replay from being refused where all others are late", () =>
  inReplayCase(async ({ file, open, clock }) => {
    const startMs = clock.nowMs();
    const options = { isLate: (_: unknown, { eventTimeMs }: { eventTimeMs: number }) => eventTimeMs <= startMs };
    const late = await file("a.jsonl", [wrong, chatLine("a0", 0), wrong, chatLine("a1", 1)]);
    await assert.rejects(open([late], options), /all 2 events left to send/);
    // Moved to now, the second is half an hour ahead.
    const moved = await file("b.jsonl", [chatLine("b0", 0), chatLine("b1", 1_800)]);
    await assert.rejects(open([moved], { ...options, shiftToNow: true }), /all 1 events left to send/);
  }));
