import assert from "node:assert/strict";
import { formatTime } from "../../core/time.ts";
import type { ReplayCounts } from "../../ingest/replay/replay.ts";
import { CASE_START_MS, chatLine, inReplayCase } from "../support/replay_case.ts";

const linesOf = (letter: string, seconds: readonly number[]) =>
  seconds.map((second) => chatLine(letter + second, second));

const shown = ({ read, dead, ignored, skipped }: ReplayCounts) => ({ read, dead, ignored, skipped });

Deno.test("a file is sent line by line; what yields no event, or a dead one, is counted and left out", () =>
  inReplayCase(async ({ file, run, ids, records }) => {
    const path = await file("chat.jsonl", [...linesOf("a", [1, 2]), "", "rubbish", ...linesOf("a", [3]), "  "]);
    const { runId, ...counts } = await run([path]);
    assert.deepEqual(counts, { read: 6, dead: 1, ignored: 2, ignoredKinds: { blank: 2 }, skipped: 0 });
    assert.deepEqual(await ids(), ["a1", "a2", "a3"]);
    assert.deepEqual((await records()).map((record) => [record.seq, record.runId]), [[0, runId], [1, runId], [
      2,
      runId,
    ]]);
  }));

Deno.test("the same file again is nothing new, under any name, and also after a later file", () =>
  inReplayCase(async ({ file, open, run, ids }) => {
    const path = await file("chat.jsonl", linesOf("a", [1, 2, 3]));
    const first = await run([path]);
    const second = await run([path]);
    assert.deepEqual(shown(second), { read: 0, dead: 0, ignored: 0, skipped: 3 });
    assert.notEqual(second.runId, first.runId);
    assert.ok((await open([path])).nothingNew);

    const later = await file("later.jsonl", linesOf("b", [3_000]));
    assert.deepEqual(shown(await run([path, later])), { read: 1, dead: 0, ignored: 0, skipped: 3 });
    const renamed = await file("renamed.txt", linesOf("a", [1, 2, 3]));
    // Nothing is left to send, so nothing can be late.
    const again = await open([path, renamed, later], { isLate: () => true });
    assert.ok(again.nothingNew);
    // The renamed file is a double of the first, and counts as such.
    assert.deepEqual(shown(again.counts()), { read: 0, dead: 0, ignored: 0, skipped: 7 });
    assert.deepEqual(await ids(), ["a1", "a2", "a3", "b3000"]);
  }));

Deno.test("a file that is named twice in one call is sent once", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const path = await file("chat.jsonl", linesOf("a", [1, 2]));
    assert.equal((await run([path, path])).read, 2);
    assert.deepEqual(await ids(), ["a1", "a2"]);
  }));

Deno.test("--again sends a finished file once more, as a sending order of its own", () =>
  inReplayCase(async ({ file, run, ids, records }) => {
    const path = await file("chat.jsonl", linesOf("a", [1, 2]));
    await run([path]);
    for (const _pass of [1, 2]) {
      assert.deepEqual(shown(await run([path], { again: true })), { read: 2, dead: 0, ignored: 0, skipped: 0 });
    }
    assert.deepEqual(await ids(), ["a1", "a2", "a1", "a2", "a1", "a2"]);
    const producers = (await records()).map(({ instance, seq }) => `${instance!.split(":").at(-1)}:${seq}`);
    assert.deepEqual(producers, ["0:0", "0:1", "1:0", "1:1", "2:0", "2:1"]);
    assert.equal((await run([path])).read, 0, "without --again the last pass counts");
  }));

Deno.test("several files are merged by event time", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const paths = [
      await file("a.jsonl", linesOf("a", [1, 4, 5, 9])),
      await file("b.jsonl", ["rubbish", ...linesOf("b", [2, 3]), "", ...linesOf("b", [6])]),
      await file("c.jsonl", linesOf("c", [0, 7, 8])),
      await file("empty.jsonl", []),
    ];
    const { read, dead, ignored } = await run(paths);
    assert.deepEqual([read, dead, ignored], [12, 1, 1]);
    assert.deepEqual(await ids(), ["c0", "a1", "b2", "b3", "a4", "a5", "b6", "c7", "c8", "a9"]);
  }));

Deno.test("a file out of order stays as it is: only its lines at hand are compared with other files", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const paths = [await file("a.jsonl", linesOf("a", [1, 5, 3])), await file("b.jsonl", linesOf("b", [2, 4, 6]))];
    await run(paths);
    assert.deepEqual(await ids(), ["a1", "b2", "b4", "a5", "a3", "b6"]);
  }));

Deno.test("a file that begins with its newest events is sorted, equal times from the bottom up", () =>
  inReplayCase(async ({ file, run, ids }) => {
    const newestFirst = [9, 7, 7, 4, 2].map((second, i) => chatLine(`a${i}`, second));
    const path = await file("a.jsonl", newestFirst);
    await run([path, await file("b.jsonl", linesOf("b", [3, 8]))]);
    assert.deepEqual(await ids(), ["a4", "b3", "a3", "a2", "a1", "b8", "a0"]);
  }));

Deno.test("--order file sends a file as it stands", () =>
  inReplayCase(async ({ file, run, ids }) => {
    await run([await file("a.jsonl", linesOf("a", [9, 7, 4, 2]))], { order: "file" });
    assert.deepEqual(await ids(), ["a9", "a7", "a4", "a2"]);
  }));

Deno.test("--shift-to-now moves the earliest first event to now and keeps all distances", () =>
  inReplayCase(async ({ file, run, records, clock }) => {
    const paths = [
      await file("a.jsonl", ["", ...linesOf("a", [20, 30])]),
      await file("b.jsonl", linesOf("b", [10, 25])),
    ];
    const nowMs = clock.nowMs();
    await run(paths, { shiftToNow: true });
    const times = (await records()).map(({ value }) => JSON.parse(value).timestamp);
    assert.deepEqual(times, [0, 10, 15, 20].map((second) => formatTime(nowMs + second * 1_000)));
  }));

Deno.test("a replay of nothing but late events is refused before anything is appended", () =>
  inReplayCase(async ({ file, open, run, ids }) => {
    const path = await file("a.jsonl", [...linesOf("a", [1, 2, 3]), "", "rubbish"]);
    await assert.rejects(open([path], { isLate: () => true }), {
      name: "UserError",
      code: "usage",
      message: "Cannot replay: all 3 events left to send are older than what was processed before and would be late",
      fix: "use another --data-dir, or move them in time with --shift-to-now",
    });
    assert.deepEqual(await ids(), []);
    const notAll = (_contract: unknown, { eventTimeMs }: { eventTimeMs: number }) =>
      eventTimeMs < CASE_START_MS + 3_000;
    assert.equal((await run([path], { isLate: notAll })).read, 5);
  }));

Deno.test("lateness is judged by the times that are sent, moved ones included", () =>
  inReplayCase(async ({ file, run, clock }) => {
    const path = await file("a.jsonl", linesOf("a", [1, 2]));
    const watermarkMs = clock.nowMs() - 1_000;
    const isLate = (_contract: unknown, { eventTimeMs }: { eventTimeMs: number }) => eventTimeMs < watermarkMs;
    await assert.rejects(run([path], { isLate }), /would be late/);
    assert.equal((await run([path], { isLate, shiftToNow: true })).read, 2);
  }));

Deno.test("a file without a single event is nothing to refuse", () =>
  inReplayCase(async ({ file, run }) => {
    const { read, dead, ignored } = await run([await file("a.jsonl", ["", "rubbish"])], { isLate: () => true });
    assert.deepEqual([read, dead, ignored], [2, 1, 1]);
  }));

Deno.test("at speed 60 an hour of event time takes a minute; lines that come late are not waited for", () =>
  inReplayCase(async ({ file, run, clock, records }) => {
    const path = await file("a.jsonl", linesOf("a", [0, 60, 30, 3_600]));
    const startMs = clock.nowMs();
    await run([path], { speed: 60 });
    assert.deepEqual(clock.sleepsMs, [1_000, 59_000]);
    // What is at hand is appended before each rest, so that it is not held back.
    assert.deepEqual((await records()).map(({ appendTimeMs }) => appendTimeMs - startMs), [0, 1_000, 1_000, 60_000]);
  }));
