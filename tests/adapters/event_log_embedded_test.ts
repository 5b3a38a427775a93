import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from "../../adapters/event_log_embedded.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import { eventLogContract } from "../contracts/event_log_contract.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { appendTo, readAll, record } from "../contracts/event_log_support.ts";

/** A folder that goes with the test, and a way to open logs in it. */
async function folder() {
  const dir = await Deno.makeTempDir();
  const path = `${dir}/log.db`;
  return {
    dir,
    path,
    open: (options: Partial<EmbeddedLogOptions> = {}): Promise<EmbeddedLog> =>
      openEmbeddedLog({ path, clock: systemClock, retentionMs: Infinity, sizeBytesMax: Infinity, ...options }),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}

/** A clock that is set by hand. */
function handClock(nowMs: number): Clock & { now: number } {
  return {
    now: nowMs,
    nowMs() {
      return this.now;
    },
    sleep: () => Promise.resolve(),
  };
}

const refusal = (pattern: RegExp, fix: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.equal(error.code, "unavailable");
  assert.match(error.message, pattern);
  assert.match(error.fix, fix);
  return true;
};

/** Whether a promise has settled once the event loop has turned a few times. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true, () => done = true);
  await new Promise((resolve) => setTimeout(resolve, 15));
  return done;
}

const kilobyte = (i: number) => record(JSON.stringify({ i, filler: "x".repeat(1_000) }));

eventLogContract("embedded log", async () => {
  const place = await folder();
  const subject = {
    log: await place.open(),
    async reopen() {
      await subject.log[Symbol.asyncDispose]();
      return subject.log = await place.open();
    },
    async [Symbol.asyncDispose]() {
      await subject.log[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
  return subject;
}, {
  atomicPositions: true,
  refusesSecondMember: true,
  keepsLoneSurrogates: true,
  readsWhenAsked: true,
  reopens: true,
});

Deno.test("embedded log: the append time is the clock's, and never goes back", async () => {
  await using place = await folder();
  const clock = handClock(5_000);
  await using log = await place.open({ clock });
  await log.ensureTopics([{ topic: "t", partitions: 1 }]);
  for (const now of [5_000, 4_000, 6_000]) {
    clock.now = now;
    await appendTo(log, "t", record("1"));
  }
  assert.deepEqual((await readAll(log, "t"))[0]!.map((r) => r.appendTimeMs), [5_000, 5_000, 6_000]);
});

Deno.test("embedded log: one append of many mebibytes is read in portions of at most about one", async () => {
  await using place = await folder();
  await using log = await place.open();
  await log.ensureTopics([{ topic: "t", partitions: 1 }]);
  await appendTo(log, "t", ...Array.from({ length: 9_000 }, (_, i) => kilobyte(i)));
  const stop = new AbortController();
  let next = 0;
  for await (
    const { records } of log.consume({
      topics: ["t"],
      group: "g",
      onAssign: () => Promise.resolve(0),
      onRevoke: () => Promise.resolve(),
      signal: stop.signal,
    })
  ) {
    assert.ok(records.length <= 5_000);
    assert.ok(records.reduce((sum, r) => sum + r.value.length, 0) <= 1_048_576);
    for (const { offset, value } of records) assert.equal(JSON.parse(value).i, offset), next++;
    if (next === 9_000) stop.abort();
  }
  assert.equal(next, 9_000);
});

Deno.test("embedded log: a reader that is to start beyond the end is refused", async () => {
  await using place = await folder();
  await using log = await place.open();
  await log.ensureTopics([{ topic: "t", partitions: 1 }]);
  const options = {
    topics: ["t"],
    group: "g",
    onAssign: () => Promise.resolve(3),
    onRevoke: () => Promise.resolve(),
    signal: new AbortController().signal,
  };
  await assert.rejects(log.consume(options)[Symbol.asyncIterator]().next(), /Cannot start t\/0 at offset 3/);
});

Deno.test("embedded log: retention by age deletes below the floor only, whole rows, in steps", async () => {
  await using place = await folder();
  const clock = handClock(0);
  await using log = await place.open({ clock, retentionMs: 1_000 });
  await log.ensureTopics([{ topic: "t", partitions: 1 }, { topic: "kept", partitions: 1 }]);
  for (let i = 0; i < 100; i++) {
    await log.append({ writes: ["t", "kept"].map((topic) => ({ topic, records: [record(`${i}`), record(`${i}+`)] })) });
  }
  clock.now = 5_000;
  const tick = async () => {
    for (let i = 0; i < 70; i++) await appendTo(log, "t", record("1"));
  };
  await tick();
  assert.deepEqual(await log.startOffsets("t"), [0], "nothing goes without a floor");
  await log.setRetentionFloor({ topic: "t", partition: 0, offset: 101 });
  await tick();
  assert.deepEqual([await log.startOffsets("t"), await log.startOffsets("kept")], [[100], [0]]);
  assert.equal(log.stats().deletedRecords, 100);
  await log.setRetentionFloor({ topic: "t", partition: 0, offset: 340 });
  await tick();
  assert.deepEqual(await log.startOffsets("t"), [200], "what is young stays");
  const read = (await readAll(log, "t"))[0]!;
  assert.deepEqual([read[0]!.offset, read.length], [200, 210], "a reader begins at the start that is left");
});

Deno.test("embedded log: a full log makes room below the floor, oldest first", async () => {
  await using place = await folder();
  const clock = handClock(0);
  await using log = await place.open({ clock, sizeBytesMax: 100_000 });
  await log.ensureTopics([{ topic: "a", partitions: 1 }, { topic: "b", partitions: 1 }]);
  for (let i = 0; i < 400; i++) {
    clock.now++;
    const topic = i % 2 === 0 ? "a" : "b";
    await appendTo(log, topic, kilobyte(i));
    const [end] = await log.endOffsets(topic);
    await log.setRetentionFloor({ topic, partition: 0, offset: end! });
  }
  assert.equal(log.stats().appendWaits, 0);
  assert.ok(log.stats().bytes <= 110_000, `${log.stats().bytes}`);
  const [[startA], [startB]] = [await log.startOffsets("a"), await log.startOffsets("b")];
  assert.ok(startA! > 100 && Math.abs(startA! - startB!) <= 1, `${startA} ${startB}`);
});

Deno.test("embedded log: appends to a full log wait for the floor, in their order", async () => {
  await using place = await folder();
  await using log = await place.open({ sizeBytesMax: 10_000, neverWaits: (topic) => topic === "dead" });
  await log.ensureTopics([{ topic: "t", partitions: 1 }, { topic: "dead", partitions: 1 }]);
  let sent = 0;
  while (log.stats().bytes < 10_000) await appendTo(log, "t", kilobyte(sent++));
  const waiting = [0, 1, 2].map(() => appendTo(log, "t", kilobyte(sent++)));
  assert.deepEqual(await Promise.all(waiting.map(settled)), [false, false, false]);
  assert.deepEqual([log.stats().appendWaits, log.stats().appendsWaiting], [3, 3]);

  await appendTo(log, "dead", record("1"));
  await log.append({ writes: [], positions: [{ id: "p", state: 1 }] });
  assert.deepEqual(await log.endOffsets("dead"), [1], "the engine's own topics do not wait");

  await log.setRetentionFloor({ topic: "t", partition: 0, offset: 1 });
  assert.deepEqual(await Promise.all(waiting.map(settled)), [true, false, false], "room for one");
  await log.setRetentionFloor({ topic: "t", partition: 0, offset: 5 });
  await Promise.all(waiting);
  const read = (await readAll(log, "t"))[0]!;
  assert.deepEqual(read.map((r) => JSON.parse(r.value).i), read.map((r) => r.offset));
  assert.equal(read.at(-1)!.offset, sent - 1);
});

Deno.test("embedded log: closing it rejects the appends that wait and ends the readers", async () => {
  await using place = await folder();
  const log = await place.open({ sizeBytesMax: 1 });
  await log.ensureTopics([{ topic: "t", partitions: 1 }, { topic: "u", partitions: 1 }]);
  await appendTo(log, "t", record("1"));
  const waiting = assert.rejects(appendTo(log, "t", record("2")), /closed/);
  const reader = log.consume({
    topics: ["u"],
    group: "g",
    onAssign: () => Promise.resolve(0),
    onRevoke: () => Promise.resolve(),
    signal: new AbortController().signal,
  })[Symbol.asyncIterator]();
  const next = reader.next();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await log[Symbol.asyncDispose]();
  await waiting;
  assert.ok((await next).done);
  await assert.rejects(appendTo(log, "t", record("3")), /closed/);
});

Deno.test("embedded log: a file that is damaged, foreign, of another version or in use is refused with the fix", async () => {
  await using place = await folder();
  await (await place.open())[Symbol.asyncDispose]();
  await assert.rejects(place.open({ path: `${place.dir}/none/log.db` }), refusal(/none\/log\.db/, /folder exists/));

  const other = new DatabaseSync(place.path);
  other.exec("PRAGMA user_version=99");
  other.close();
  await assert.rejects(place.open(), refusal(/log\.db.*version 99/, /program version/));

  const foreign = `${place.dir}/foreign.db`;
  const db = new DatabaseSync(foreign);
  db.exec("CREATE TABLE t (a)");
  db.close();
  const before = await Deno.readFile(foreign);
  await assert.rejects(place.open({ path: foreign }), refusal(/foreign\.db.*another program/, /--data-dir/));
  assert.deepEqual(await Deno.readFile(foreign), before, "it is left as it was");

  const damaged = `${place.dir}/damaged.db`;
  await Deno.writeTextFile(damaged, "no database at all ".repeat(500));
  await assert.rejects(place.open({ path: damaged }), refusal(/damaged\.db/, /move .*damaged\.db/));

  const path = `${place.dir}/used.db`;
  await using _owner = await place.open({ path });
  await assert.rejects(place.open({ path }), refusal(/used\.db.*locked/, /stop the other process/));
});

smallDiskTest("a log that a full disk has no room for is refused with the fix", 32, async (disk) => {
  await fillDisk(disk);
  const options = { path: `${disk}/log.db`, clock: systemClock, retentionMs: Infinity, sizeBytesMax: Infinity };
  await assert.rejects(
    openEmbeddedLog(options),
    refusal(/^Cannot open .*\/log\.db: .*full/, /^free space on that disk/),
  );
});
