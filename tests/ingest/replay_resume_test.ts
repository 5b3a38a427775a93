/**
 * A replay that ends at any moment and is called again: each event is once in the log, in order.
 *
 * ```
 * lines   e0 e1 e2 │ e3 (dead) e5 │ e6 …        │ = an append: records and position in one transaction
 *                  ✝ ends here    └─ the next call goes on with e3, in the same run
 * ```
 */
import assert from "node:assert/strict";
import type { DeadLetter } from "../../core/events/derived.ts";
import type { AppendBatch, EventLog } from "../../core/ports.ts";
import type { ReplayOptions } from "../../ingest/replay/replay.ts";
import { recordsOf } from "../support/read_topic.ts";
import { chatLine, inReplayCase, type ReplayCase } from "../support/replay_case.ts";

const LINES = 12;
const isEvent = (i: number) => i % 5 !== 4;
/** Every fifth line is dead or blank. */
const lines = Array.from({ length: LINES }, (_, i) => isEvent(i) ? chatLine(`e${i}`, i) : i === 4 ? "rubbish" : "");
const eventIds = Array.from({ length: LINES }, (_, i) => i).filter(isEvent).map((i) => `e${i}`);

/** How a feed ends at its n-th append. */
type Ending = "aborted" | "failed before the write" | "failed after the write";

/** A log that ends the feed at an append; paced feeds append after each line. */
function endingLog(log: EventLog, { at, ending, abort }: { at: number; ending: Ending; abort: () => void }) {
  let appends = 0;
  return {
    loadPosition: (id: string) => log.loadPosition(id),
    async append(batch: AppendBatch): Promise<void> {
      const ends = ++appends === at;
      if (ends && ending === "failed before the write") throw new Error("the log has died");
      await log.append(batch);
      if (ends && ending === "failed after the write") throw new Error("the log has died");
      if (ends) abort();
    },
  };
}

const paced: Partial<ReplayOptions> = { speed: 1 };

/** One call that ends at an append; whether it came that far. */
async function callThatEnds(
  { log, open }: ReplayCase,
  { files, at, ending, options }: {
    files: readonly string[];
    at: number;
    ending: Ending;
    options?: Partial<ReplayOptions>;
  },
): Promise<{ ended: boolean; runId: string }> {
  const stop = new AbortController();
  const ended = { log: endingLog(log, { at, ending, abort: () => stop.abort() }), signal: stop.signal };
  const replay = await open(files, { ...paced, ...options, ...ended });
  try {
    await replay.feed();
    return { ended: stop.signal.aborted, runId: replay.runId };
  } catch (error) {
    assert.match(String(error), /the log has died/);
    return { ended: true, runId: replay.runId };
  }
}

for (const ending of ["aborted", "failed before the write", "failed after the write"] as const) {
  Deno.test(`a feed that ${ending === "aborted" ? "is" : "has"} ${ending} at any append goes on exactly there`, async () => {
    let at = 1;
    for (let ended = true; ended; at++) {
      await inReplayCase(async (replayCase) => {
        const files = [await replayCase.file("chat.jsonl", lines)];
        const first = await callThatEnds(replayCase, { files, at, ending });
        ended = first.ended;
        const { runId, ...counts } = await replayCase.run(files);
        // Where not even the first append was written, nobody knows of that run.
        const wasSaved = at > 1 || ending !== "failed before the write";
        if (wasSaved) assert.equal(runId, first.runId, "the run goes on");
        const where = `at append ${at}`;
        assert.deepEqual(counts, { read: LINES, dead: 1, ignored: 1, ignoredKinds: { blank: 1 }, skipped: 0 }, where);
        assert.deepEqual(await replayCase.ids(), eventIds, where);
        const records = await replayCase.records();
        assert.deepEqual(records.map(({ seq }) => seq), eventIds.map((_, i) => i), where);
        assert.deepEqual([...new Set(records.map((record) => record.runId))], [runId]);
        const letters = (await recordsOf(replayCase.log, "dead")).map(({ value }) => JSON.parse(value) as DeadLetter);
        assert.deepEqual(letters.map(({ origin }) => origin), ["chat.jsonl:5"], where);
        assert.ok((await replayCase.open(files)).nothingNew);
      });
    }
    assert.ok(at > eventIds.length, `only ${at} appends`);
  });
}

Deno.test("a call that ends again and again gets there all the same", () =>
  inReplayCase(async (replayCase) => {
    const files = [await replayCase.file("chat.jsonl", lines)];
    const runs = new Set<string>();
    for (let calls = 0, ended = true; ended && calls < 100; calls++) {
      const ending = (["aborted", "failed before the write", "failed after the write"] as const)[calls % 3]!;
      const call = await callThatEnds(replayCase, { files, at: 2, ending });
      ended = call.ended;
      runs.add(call.runId);
    }
    await replayCase.run(files);
    assert.deepEqual(await replayCase.ids(), eventIds);
    assert.equal(runs.size, 1);
  }));

Deno.test("merged files go on where each of them stood", async () => {
  for (let at = 1; at < 12; at++) {
    await inReplayCase(async (replayCase) => {
      const { file } = replayCase;
      const even = await file("even.jsonl", [0, 2, 4, 6, 8].map((second) => chatLine(`e${second}`, second)));
      const odd = await file("odd.jsonl", [1, 3, 5, 7, 9].map((second) => chatLine(`e${second}`, second)));
      await callThatEnds(replayCase, { files: [even, odd], at, ending: "aborted" });
      assert.equal((await replayCase.run([odd, even])).read, 10);
      assert.deepEqual(await replayCase.ids(), Array.from({ length: 10 }, (_, i) => `e${i}`));
    });
  }
});

Deno.test("a sorted file goes on in its sorted order", async () => {
  for (let at = 1; at < 7; at++) {
    await inReplayCase(async (replayCase) => {
      const files = [await replayCase.file("a.jsonl", [9, 7, 5, 3, 1].map((second) => chatLine(`e${second}`, second)))];
      await callThatEnds(replayCase, { files, at, ending: "failed after the write" });
      assert.equal((await replayCase.run(files)).read, 5);
      assert.deepEqual(await replayCase.ids(), ["e1", "e3", "e5", "e7", "e9"]);
    });
  }
});

Deno.test("a shift is kept when a run goes on later", () =>
  inReplayCase(async (replayCase) => {
    const files = [await replayCase.file("chat.jsonl", lines)];
    const nowMs = replayCase.clock.nowMs();
    const options = { shiftToNow: true };
    await callThatEnds(replayCase, { files, at: 3, ending: "aborted", options });
    replayCase.clock.passMs(600_000);
    await replayCase.run(files, options);
    const seconds = (await replayCase.records()).map(({ value }) =>
      (Date.parse(JSON.parse(value).timestamp) - nowMs) / 1_000
    );
    assert.deepEqual(seconds, eventIds.map((id) => Number(id.slice(1))));
  }));

Deno.test("a pass of --again that was cut short goes on, with or without --again", () =>
  inReplayCase(async (replayCase) => {
    const files = [await replayCase.file("chat.jsonl", lines)];
    await replayCase.run(files);
    for (const again of [false, true]) {
      await callThatEnds(replayCase, { files, at: 4, ending: "aborted", options: { again: true } });
      assert.equal((await replayCase.run(files, { again })).read, LINES);
    }
    assert.deepEqual(await replayCase.ids(), [...eventIds, ...eventIds, ...eventIds]);
  }));

Deno.test("a new file beside an unfinished one joins its run", () =>
  inReplayCase(async (replayCase) => {
    const begun = await replayCase.file("chat.jsonl", lines);
    const fresh = await replayCase.file("more.jsonl", [chatLine("m", 100)]);
    const { runId } = await callThatEnds(replayCase, { files: [begun], at: 3, ending: "aborted" });
    const outcome = await replayCase.run([fresh, begun]);
    assert.deepEqual([outcome.runId, outcome.read, outcome.skipped], [runId, LINES + 1, 0]);
    assert.deepEqual(await replayCase.ids(), [...eventIds, "m"]);
  }));

Deno.test("a file whose lines were all sent, but whose run did not finish, is not yet done with", () =>
  inReplayCase(async ({ file, open, run, ids }) => {
    const files = [await file("chat.jsonl", lines)];
    const first = await open(files);
    await first.feed();
    const second = await open(files);
    assert.deepEqual([second.nothingNew, second.runId], [false, first.runId]);
    const { read, skipped } = await run(files);
    assert.deepEqual([read, skipped], [LINES, 0]);
    assert.deepEqual(await ids(), eventIds);
    assert.ok((await open(files)).nothingNew);
  }));
