/**
 * Sources that begin while the log is away: what they bring is on disk, and in the log in order once that is there.
 */
import assert from "node:assert/strict";
import { seededRandom, systemClock } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { contracts, derivedTopics } from "../../core/events/mod.ts";
import { AwaitedLog, type SourceLog } from "../../ingest/awaited_log.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import { MemoryLog } from "../support/memory_log.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { TestSource } from "../support/test_source.ts";
import { until } from "../support/until.ts";

const message = (n: number) => ({
  event_id: `e${n}`,
  timestamp: systemClock.nowMs(),
  source: "test",
  stream_id: "demo",
  user_id: "u",
  username: "U",
  message: "",
  emotes: [],
});

async function memoryLog(): Promise<MemoryLog> {
  const log = new MemoryLog(systemClock);
  const derived = Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 }));
  await log.ensureTopics([...contracts.map(({ topic }) => ({ topic, partitions: 1 })), ...derived]);
  return log;
}

const asOpened = (log: MemoryLog): SourceLog & AsyncDisposable => ({
  append: (batch) => log.append(batch),
  loadPosition: (id) => log.loadPosition(id),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

/** A source at work on a log that is opened when the test says so. */
function atWork(folder: string, log: SourceLog, source: TestSource<never>["source"]) {
  const stop = new AbortController();
  const { config } = parseConfig({});
  const context = { config, clock: systemClock, random: seededRandom(1), signal: stop.signal };
  const runner = new SourceRunner(source, { context, log, spoolFolder: `${folder}/spool` });
  return { runner, running: runner.run(), stop };
}

Deno.test("what comes before the log is there waits on disk, and is in the log once, in order, when it is", () =>
  inTempFolder(async (folder) => {
    const { promise, resolve } = Promise.withResolvers<SourceLog & AsyncDisposable>();
    await using log = new AwaitedLog(() => promise);
    const source = new TestSource(chatEvents, { name: "spooled" });
    const { runner, running } = atWork(folder, log, source.source);
    for (let n = 0; n < 5; n++) source.send(message(n));
    await until(() => runner.status().read === 5 && runner.status().spoolRecords >= 5, "five events in the spool");
    assert.match(runner.status().failure ?? "", /the log is away: it has not answered since the start/);
    const memory = await memoryLog();
    resolve(asOpened(memory));
    await log.opened;
    await until(() => runner.status().spoolRecords === 0, "an empty spool");
    source.send(message(5));
    source.end();
    await running;
    const ids = memory.valuesOf<{ event_id: string }>(chatEvents.topic).map(({ event_id }) => event_id);
    assert.deepEqual(ids, [0, 1, 2, 3, 4, 5].map((n) => `e${n}`));
    assert.equal(runner.status().failure, null);
  }));

Deno.test("a process that ends before the log is there leaves what it has to the next one", () =>
  inTempFolder(async (folder) => {
    const source = new TestSource(chatEvents, { name: "spooled" });
    {
      await using log = new AwaitedLog(() => new Promise(() => {}));
      const { runner, running, stop } = atWork(folder, log, source.source);
      source.send(message(0), message(1));
      await until(() => runner.status().read === 2 && runner.status().spoolRecords >= 2, "two events in the spool");
      stop.abort();
      await running;
    }
    const memory = await memoryLog();
    await using log = new AwaitedLog(() => Promise.resolve(asOpened(memory)));
    const next = new TestSource(chatEvents, { name: "spooled" });
    const { runner, running } = atWork(folder, log, next.source);
    await until(() => runner.status().spoolRecords === 0, "an empty spool");
    next.end();
    await running;
    assert.equal(memory.valuesOf(chatEvents.topic).length, 2);
  }));

Deno.test("a log that cannot be had tells why, and one that comes too late is closed", async () => {
  const refused = new AwaitedLog(() => Promise.reject(new Error("the password is wrong")));
  await assert.rejects(refused.opened, /the password is wrong/);
  await refused[Symbol.asyncDispose]();
  const { promise, resolve } = Promise.withResolvers<SourceLog & AsyncDisposable>();
  const late = new AwaitedLog(() => promise);
  await late[Symbol.asyncDispose]();
  let closed = false;
  resolve({
    append: () => Promise.resolve(),
    loadPosition: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(void (closed = true)),
  });
  await late.opened;
  assert.ok(closed);
});
