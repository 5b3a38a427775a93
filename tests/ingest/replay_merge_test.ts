/**
 * Files merged by event time keep one order, however often the run is killed: events of equal time come from the file
 * that was named first.
 *
 * ```
 * a.jsonl   5   7 7   9          sent   a5 b5 a7 a7 b7 b7 b8 a9
 * b.jsonl   5   7 7 8
 *             ✝ killed here, the order of what is left is the same
 * ```
 */
import assert from "node:assert/strict";
import type { Clock } from "../../core/clock.ts";
import { seededRandom } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { qualityEvents } from "../../core/events/quality.ts";
import type { EventLog } from "../../core/ports.ts";
import { Replay } from "../../ingest/replay/replay.ts";
import { chat } from "../../ingest/sources/chat.ts";
import { chatValue, noonMs } from "../support/engine_kit.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { inTempFolder } from "../support/temp_folder.ts";

/** A clock that whoever sleeps moves on. */
function leapingClock(): Clock {
  let nowMs = noonMs;
  return {
    nowMs: () => nowMs,
    sleep: (durationMs) => {
      nowMs += durationMs;
      return Promise.resolve();
    },
  };
}

async function newLog(clock: Clock): Promise<MemoryLog> {
  const log = new MemoryLog(clock);
  const topics = [chatEvents.topic, derivedTopics.dead, qualityEvents.topic];
  await log.ensureTopics(topics.map((topic) => ({ topic, partitions: 1 })));
  return log;
}

/** The log as a process sees it that dies before an append. */
function dyingLog(log: EventLog, appendsMax: number): EventLog {
  let appends = 0;
  return new Proxy(log, {
    get(target, name) {
      if (name === "append" && ++appends > appendsMax) return () => Promise.reject(new Error("killed"));
      const member = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

interface ReplayCase {
  readonly files: readonly string[];
  readonly log: EventLog;
  readonly clock: Clock;
  readonly isLate?: boolean;
}

const opened = ({ files, log, clock, isLate = false }: ReplayCase): Promise<Replay> =>
  Replay.open({
    files,
    source: chat,
    // Paced: each step in event time is an append of its own, and so a moment to be killed at.
    speed: 1,
    order: "time",
    again: false,
    shiftToNow: false,
    log,
    clock,
    random: seededRandom(1),
    signal: new AbortController().signal,
    isLate: () => isLate,
  });

const sent = (log: MemoryLog) => log.valuesOf<{ event_id: string }>(chatEvents.topic).map(({ event_id }) => event_id);

async function writeFiles(folder: string, timesByName: Readonly<Record<string, readonly number[]>>): Promise<string[]> {
  const paths: string[] = [];
  for (const [name, times] of Object.entries(timesByName)) {
    const lines = times.map((at, i) => JSON.stringify(chatValue({ at, id: `${name}${at}#${i}` })));
    const path = `${folder}/${name}.jsonl`;
    await Deno.writeTextFile(path, lines.join("\n") + "\n");
    paths.push(path);
  }
  return paths;
}

Deno.test("a merge of files that is killed at any append goes on in the order of an undisturbed one", () =>
  inTempFolder(async (folder) => {
    const files = await writeFiles(folder, { a: [5, 7, 7, 9, 9], b: [5, 7, 7, 8, 9], c: [7, 7, 9] });
    const calm = { log: await newLog(leapingClock()), clock: leapingClock(), files };
    await (await opened(calm)).feed();
    const expected = sent(calm.log);
    assert.deepEqual(
      expected.map((id) => id.slice(0, 2)).join(" "),
      "a5 b5 a7 a7 b7 b7 c7 c7 b8 a9 a9 b9 c9",
    );
    for (let appendsMax = 0; appendsMax < 12; appendsMax++) {
      const clock = leapingClock();
      const log = await newLog(clock);
      const killed = await opened({ files, clock, log: dyingLog(log, appendsMax) });
      await killed.feed().catch(() => {});
      await (await opened({ files, clock, log })).feed();
      assert.deepEqual(sent(log), expected, `killed before append ${appendsMax + 1}`);
    }
  }));

Deno.test("a run that was begun is ended, also where all that is left of it is late by now", () =>
  inTempFolder(async (folder) => {
    const files = await writeFiles(folder, { a: [5, 100, 6, 7] });
    const clock = leapingClock();
    const log = await newLog(clock);
    await assert.rejects(opened({ files, log, clock, isLate: true }), /all 4 events left to send .* would be late/);
    const killed = await opened({ files, clock, log: dyingLog(log, 1) });
    await assert.rejects(killed.feed(), /killed/);
    const left = await opened({ files, log, clock, isLate: true });
    assert.equal(left.runId, killed.runId);
    await left.feed();
    assert.equal(sent(log).length, 4);
  }));
