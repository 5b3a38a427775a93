import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import type { AppendBatch } from "../../core/ports.ts";
import { SourceMonitor } from "../../ingest/monitor.ts";
import { APPEND_MS_MAX, Sender } from "../../ingest/sender.ts";
import { Spool } from "../../ingest/spool.ts";
import { ManualClock, turns } from "../support/manual_clock.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const names = (appends: readonly AppendBatch[]): string[] =>
  appends.flatMap(({ writes }) => writes.flatMap(({ records }) => records.map(({ value }) => value)));

function batch(name: string, position?: number): AppendBatch {
  const writes = [{ topic: "t", records: [{ key: null, value: name, instance: "demo", seq: 0, runId: null }] }];
  return position === undefined ? { writes } : { writes, positions: [{ id: "demo", state: position }] };
}

/** A log that is away, slow or there, as told; what it has taken, and its positions. */
class FakeLog {
  mode: "there" | "away" | "hangs" = "there";
  readonly appended: AppendBatch[] = [];
  readonly positions = new Map<string, unknown>();
  inFlight = 0;
  inFlightMax = 0;
  #release: (() => void)[] = [];

  async append(batch: AppendBatch): Promise<void> {
    this.inFlightMax = Math.max(this.inFlightMax, ++this.inFlight);
    try {
      await turns(1);
      if (this.mode === "away") throw new Error("no route");
      if (this.mode === "hangs") await new Promise<void>((resolve) => this.#release.push(resolve));
      this.appended.push(batch);
      for (const { id, state } of batch.positions ?? []) this.positions.set(id, state);
    } finally {
      this.inFlight--;
    }
  }

  loadPosition(id: string): Promise<unknown> {
    return this.mode === "away"
      ? Promise.reject(new Error("no route"))
      : Promise.resolve(this.positions.get(id) ?? null);
  }

  /** What hangs is done now. */
  release(): void {
    this.mode = "there";
    for (const resolve of this.#release.splice(0)) resolve();
  }
}

async function withSender(
  folder: string,
  body: (parts: Awaited<ReturnType<typeof openSender>>) => Promise<void>,
  options: { log?: FakeLog; bytesMax?: number } = {},
): Promise<void> {
  const parts = await openSender(folder, options);
  try {
    await body(parts);
  } finally {
    parts.stop.abort();
    const finishing = parts.sender.finish();
    await parts.clock.advance(5_000);
    await finishing;
    await parts.spool[Symbol.asyncDispose]();
  }
}

async function openSender(folder: string, { log = new FakeLog(), bytesMax = 1_000_000 }: {
  log?: FakeLog;
  bytesMax?: number;
}) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const random = seededRandom(1);
  const spool = await Spool.open({ folder: `${folder}/spool`, bytesMax, random });
  const monitor = new SourceMonitor();
  const sender = new Sender({ source: "demo", log, spool, clock, random, signal: stop.signal, monitor });
  return { sender, log, spool, clock, monitor, stop };
}

/** Moves time in steps and lets the disk answer in between. */
async function pass(clock: ManualClock, durationMs: number, until: () => boolean = () => false): Promise<void> {
  for (let step = 0; step < 200 && !until(); step++) {
    await clock.advance(durationMs / 200);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

Deno.test("a log that answers gets each batch at once, and nothing touches the disk", () =>
  inTempFolder((folder) =>
    withSender(folder, async ({ sender, log, spool }) => {
      sender.start();
      for (const name of ["a", "b", "c"]) await sender.send(batch(name));
      assert.deepEqual(names(log.appended), ["a", "b", "c"]);
      assert.deepEqual([spool.isEmpty, [...Deno.readDirSync(`${folder}/spool`)]], [true, []]);
    })
  ));

Deno.test("what comes while the log is away is appended in order when it is back, newer batches behind it", () =>
  inTempFolder((folder) =>
    withSender(folder, async ({ sender, log, spool, clock, monitor }) => {
      sender.start();
      await sender.send(batch("a"));
      log.mode = "away";
      for (const name of ["b", "c", "d"]) await sender.send(batch(name));
      assert.equal(spool.records, 3);
      assert.equal(monitor.logTrouble, "the log is away: no route");
      log.mode = "there";
      await sender.send(batch("e"));
      await pass(clock, 30_000, () => spool.isEmpty);
      await pass(clock, 10);
      await sender.send(batch("f"));
      assert.deepEqual(names(log.appended), ["a", "b", "c", "d", "e", "f"]);
      assert.deepEqual([log.inFlightMax, monitor.logTrouble], [1, null]);
    })
  ));

Deno.test("an append that is slow goes to the spool, and is not appended again when it comes through after all", () =>
  inTempFolder((folder) =>
    withSender(folder, async ({ sender, log, spool, clock, monitor }) => {
      sender.start();
      log.mode = "hangs";
      const sending = sender.send(batch("a"));
      await pass(clock, APPEND_MS_MAX + 100);
      await sending;
      assert.equal(monitor.logTrouble, "the log has not answered for 10 s");
      await sender.send(batch("b"));
      assert.deepEqual([spool.records, log.inFlight], [2, 1], "one in flight, the rest on disk");
      log.release();
      await pass(clock, 1_000, () => spool.isEmpty);
      assert.deepEqual(names(log.appended), ["a", "b"]);
    })
  ));

Deno.test("a full spool drops the newest and counts it; a batch with a position waits instead", () =>
  inTempFolder((folder) =>
    withSender(folder, async ({ sender, log, spool, clock, monitor }) => {
      sender.start();
      log.mode = "away";
      const long = "x".repeat(400);
      for (const name of ["a", "b", "c"]) await sender.send(batch(name + long));
      assert.deepEqual([spool.records, monitor.spoolDropped], [1, 2]);
      let isSafe = false;
      const waiting = sender.send(batch("d" + long, 4)).then(() => (isSafe = true));
      await pass(clock, 5_000);
      assert.ok(!isSafe);
      log.mode = "there";
      await pass(clock, 30_000, () => isSafe && spool.isEmpty);
      await waiting;
      assert.deepEqual(names(log.appended).map((name) => name[0]), ["a", "d"]);
      assert.equal(log.positions.get("demo"), 4);
      assert.equal(monitor.spoolDropped, 2);
    }, { bytesMax: 600 })
  ));

smallDiskTest(
  "while log and disk both refuse, both are told, what is dropped is counted, and either may come back",
  64,
  (disk) =>
    withSender(disk, async ({ sender, log, spool, clock, monitor }) => {
      sender.start();
      log.mode = "away";
      await sender.send(batch("a"));
      await fillDisk(disk);
      for (const name of ["b", "c"]) await sender.send(batch(name + "x".repeat(5_000)));
      // The appends that go on failing meanwhile have their own say.
      await pass(clock, 5_000);
      assert.equal(monitor.logTrouble, "the log is away: no route");
      assert.match(monitor.spoolTrouble!, /^the spool cannot be written: No space left on device/);
      assert.deepEqual([monitor.spoolDropped, monitor.spoolFailures], [2, 2]);
      await Deno.remove(`${disk}/filling`);
      await sender.send(batch("d"));
      assert.deepEqual([monitor.spoolTrouble, monitor.logTrouble], [null, "the log is away: no route"]);
      log.mode = "there";
      await pass(clock, 30_000, () => spool.isEmpty);
      await pass(clock, 10);
      assert.deepEqual([names(log.appended), monitor.logTrouble], [["a", "d"], null]);
    }),
);

smallDiskTest(
  "a log that comes back while the disk is full ends both troubles, though nothing was spooled",
  64,
  (disk) =>
    withSender(disk, async ({ sender, log, monitor }) => {
      sender.start();
      await fillDisk(disk);
      log.mode = "away";
      await sender.send(batch("a"));
      assert.ok(monitor.logTrouble !== null && monitor.spoolTrouble !== null);
      log.mode = "there";
      await sender.send(batch("b"));
      assert.deepEqual([names(log.appended), monitor.logTrouble, monitor.spoolTrouble], [["b"], null, null]);
    }),
);

Deno.test("a position is that of the newest batch, be it in the spool or in the log", () =>
  inTempFolder((folder) =>
    withSender(folder, async ({ sender, log, spool, clock }) => {
      sender.start();
      assert.equal(await sender.loadPosition("demo"), null);
      await sender.send(batch("a", 1));
      assert.equal(await sender.loadPosition("demo"), 1);
      log.mode = "away";
      await sender.send(batch("b", 2));
      assert.equal(await sender.loadPosition("demo"), 2);
      log.mode = "there";
      await pass(clock, 30_000, () => spool.isEmpty);
      assert.equal(await sender.loadPosition("demo"), 2);
    })
  ));

Deno.test("killed between the append and the spool's forgetting, an entry is not appended again", () =>
  inTempFolder(async (folder) => {
    const log = new FakeLog();
    await withSender(folder, async ({ sender }) => {
      sender.start();
      log.mode = "away";
      for (const name of ["a", "b", "c"]) await sender.send(batch(name));
    }, { log });
    log.mode = "there";
    const path = `${folder}/spool/${[...Deno.readDirSync(`${folder}/spool`)][0]!.name}`;
    const bytes = await Deno.readFile(path);
    // The whole of it is sent; then the file is put back, as if none of it had been forgotten.
    await withSender(folder, async ({ sender, spool, clock }) => {
      sender.start();
      await pass(clock, 1_000, () => spool.isEmpty);
    }, { log });
    await Deno.writeFile(path, bytes);
    await withSender(folder, async ({ sender, spool, clock }) => {
      sender.start();
      await sender.send(batch("d"));
      await pass(clock, 1_000, () => spool.isEmpty);
    }, { log });
    assert.deepEqual(names(log.appended), ["a", "b", "c", "d"]);
  }));

Deno.test("an end while the log is away leaves the rest in the spool for the next start", () =>
  inTempFolder(async (folder) => {
    const log = new FakeLog();
    await withSender(folder, async ({ sender, stop }) => {
      sender.start();
      log.mode = "away";
      await sender.send(batch("a"));
      stop.abort();
      await sender.send(batch("b"));
    }, { log });
    log.mode = "there";
    await withSender(folder, async ({ sender, spool, clock }) => {
      sender.start();
      await pass(clock, 1_000, () => spool.isEmpty);
    }, { log });
    assert.deepEqual(names(log.appended), ["a", "b"]);
  }));

Deno.test("a start while the log is away keeps what comes, behind what the process before has left", () =>
  inTempFolder(async (folder) => {
    const log = new FakeLog();
    log.mode = "away";
    await withSender(folder, async ({ sender }) => {
      sender.start();
      await sender.send(batch("a"));
    }, { log });
    await withSender(folder, async ({ sender, spool, clock }) => {
      sender.start();
      await sender.send(batch("b"));
      await pass(clock, 1_000);
      await sender.send(batch("c"));
      assert.equal(spool.records, 3);
      log.mode = "there";
      await pass(clock, 30_000, () => spool.isEmpty);
    }, { log });
    assert.deepEqual(names(log.appended), ["a", "b", "c"]);
  }));
