import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { UserError } from "../../core/errors.ts";
import type { AppendBatch, EventLog } from "../../core/ports.ts";
import { newSourceStatus } from "../../core/status.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import { anyContract, type Decoded, type Source } from "../../ingest/source.ts";
import { ManualClock, turns } from "../support/manual_clock.ts";
import { fillDisk, smallDiskTest } from "../support/small_disk.ts";

const contract = anyContract(chatEvents);
const START_MS = Date.UTC(2024, 0, 1);

const event = (id: string, stream_id: string | number = "demo"): Decoded => {
  const timestamp = "2023-12-31T23:59:00.000Z";
  const value = {
    event_id: id,
    timestamp,
    source: "t",
    stream_id,
    user_id: "u",
    username: "",
    message: "",
    emotes: [],
  };
  return { kind: "events", events: [{ contract, value }] };
};
const blank: Decoded = { kind: "ignored", ignoredKind: "blank" };

/** A source of these batches, that notes when each is asked for. */
function sourceOf(batches: readonly (readonly Decoded[])[], asked: number[] = []): Source {
  return {
    name: "demo",
    about: "",
    contracts: [contract],
    repeatable: true,
    async *open() {
      for (const [i, batch] of batches.entries()) {
        asked.push(i);
        yield batch;
        await turns(1);
      }
    },
  };
}

/** A log that keeps appends and lets them wait or fail. */
function recordingLog(append: () => Promise<void> = () => Promise.resolve()) {
  const appended: AppendBatch[] = [];
  const log = {
    append: async (batch: AppendBatch) => {
      appended.push(batch);
      await append();
    },
  } as unknown as EventLog;
  return { log, appended };
}

function contextOf(signal = new AbortController().signal) {
  const clock = new ManualClock(START_MS);
  return { clock, context: { config: parseConfig({}).config, clock, random: seededRandom(1), signal } };
}

Deno.test("each batch passes the door and is appended as one, in order, and counted for no run", async () => {
  const { log, appended } = recordingLog();
  const runner = new SourceRunner(sourceOf([[event("a"), event("b", 5)], [event("c")]]), { ...contextOf(), log });
  await runner.run();
  const shown = appended.map(({ writes, positions }) => {
    assert.equal(positions, undefined, "a stream of the outside has no position");
    return writes.map(({ topic, records }) => [topic, records.map(({ seq, runId }) => [seq, runId])]);
  });
  assert.deepEqual(shown, [
    [["events.chat", [[0, null]]], ["dead", [[0, null]]], ["quality", [[0, null]]]],
    [["events.chat", [[1, null]]], ["quality", [[0, null]]]],
  ]);
  const letter = JSON.parse(appended[0]!.writes[1]!.records[0]!.value);
  assert.deepEqual([letter.origin, letter.reason, letter.path], ["demo", "schema", "stream_id"]);
});

Deno.test("each start is a sending order of its own", async () => {
  const instances = new Set<string | null>();
  for (const seed of [1, 2]) {
    const { log, appended } = recordingLog();
    const { context } = contextOf();
    const options = { context: { ...context, random: seededRandom(seed) }, log };
    await new SourceRunner(sourceOf([[event("a")]]), options).run();
    instances.add(appended[0]!.writes[0]!.records[0]!.instance);
  }
  assert.equal(instances.size, 2);
  for (const instance of instances) assert.match(instance!, /^demo:/);
});

Deno.test("a batch without events appends nothing", async () => {
  const { log, appended } = recordingLog();
  const runner = new SourceRunner(sourceOf([[blank], []]), { ...contextOf(), log });
  await runner.run();
  assert.deepEqual(appended, []);
  assert.equal(runner.status().read, 1);
});

Deno.test("the next batch is asked for when the last one is durable: a full log slows the source down", async () => {
  const asked: number[] = [];
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let next = 0;
  const { log } = recordingLog(() => gates[next++]!.promise);
  const running = new SourceRunner(sourceOf([[event("a")], [event("b")]], asked), { ...contextOf(), log }).run();
  await turns(20);
  assert.deepEqual(asked, [0]);
  gates[0]!.resolve();
  await turns(20);
  assert.deepEqual(asked, [0, 1]);
  gates[1]!.resolve();
  await running;
});

Deno.test("the status tells connecting, live and ended, with counts and the time of the last batch", async () => {
  const gate = Promise.withResolvers<void>();
  const { log } = recordingLog(() => gate.promise);
  const { clock, context } = contextOf();
  const runner = new SourceRunner(sourceOf([[event("a"), event("b", 5), blank]]), { context, log });
  assert.deepEqual(runner.status(), newSourceStatus("demo"));
  const running = runner.run();
  await turns(5);
  gate.resolve();
  await clock.advance(5_000);
  await running;
  const ended = { ...newSourceStatus("demo"), state: "ended", read: 3, dead: 1, lastEventMs: START_MS };
  assert.deepEqual(runner.status(), ended);
});

Deno.test("a repeatable source waits while the log is away, and the status says why", async () => {
  let away = true;
  const asked: number[] = [];
  const { log, appended } = recordingLog(() => away ? Promise.reject(new Error("disk is full")) : Promise.resolve());
  const { clock, context } = contextOf();
  const runner = new SourceRunner(sourceOf([[event("a")], [event("b")]], asked), { context, log });
  const running = runner.run();
  await clock.advance(60_000);
  assert.deepEqual([asked, runner.status().failure], [[0], "the log is away: disk is full"]);
  assert.ok(appended.length > 3 && appended.length < 30, `${appended.length} tries in a minute`);
  away = false;
  await clock.advance(10_000);
  await running;
  const { state, failure } = runner.status();
  assert.deepEqual([asked, state, failure], [[0, 1], "ended", null]);
});

smallDiskTest(
  "a source that cannot wait goes on while log and disk refuse, and the status says both",
  64,
  async (disk) => {
    const { log } = recordingLog(() => Promise.reject(new Error("no route")));
    const stop = new AbortController();
    const { clock, context } = contextOf(stop.signal);
    const steps = Promise.withResolvers<void>();
    const { repeatable: _, ...live } = sourceOf([]);
    const source: Source = {
      ...live,
      async *open() {
        yield [event("a")];
        await fillDisk(disk);
        yield [event("b".repeat(5_000))];
        await steps.promise;
      },
    };
    const runner = new SourceRunner(source, { context, log, spoolFolder: `${disk}/spool` });
    const running = runner.run();
    while (runner.status().spoolFailures === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await clock.advance(5_000);
    const { state, failure, spoolRecords, spoolDropped } = runner.status();
    assert.match(failure!, /^the log is away: no route; the spool cannot be written: No space left on device/);
    assert.deepEqual([state, spoolRecords, spoolDropped], ["live", 2, 2], "an event and its score each");
    stop.abort();
    steps.resolve();
    await clock.advance(5_000);
    await running;
  },
);

Deno.test("a source that fails ends the run with its reason, and the status shows cause and fix", async () => {
  const { log } = recordingLog();
  const error = new UserError("usage", { cause: "Cannot read: no channel", fix: "set TWITCH_CHANNEL" });
  const source: Source = {
    ...sourceOf([]),
    // deno-lint-ignore require-yield -- it fails before the first batch
    async *open() {
      await turns(1);
      throw error;
    },
  };
  const runner = new SourceRunner(source, { ...contextOf(), log });
  await assert.rejects(runner.run(), error);
  const { state, failure } = runner.status();
  assert.deepEqual([state, failure], ["failed", "Cannot read: no channel: set TWITCH_CHANNEL"]);
});

Deno.test("an abort ends the run after the batch in hand, which is appended", async () => {
  const stop = new AbortController();
  const asked: number[] = [];
  const { log, appended } = recordingLog(() => Promise.resolve(stop.abort()));
  const options = { ...contextOf(stop.signal), log };
  await new SourceRunner(sourceOf([[event("a")], [event("b")]], asked), options).run();
  assert.deepEqual([asked, appended.length], [[0], 1]);
});

Deno.test("a source that reads recorded input only is refused", async () => {
  const { log } = recordingLog();
  const recorded: Source = { name: "twitch", about: "", contracts: [contract] };
  const runner = new SourceRunner(recorded, { ...contextOf(), log });
  await assert.rejects(runner.run(), { name: "TypeError", message: /twitch: it reads recorded input only/ });
});

Deno.test("a source that tells of its connection is shown as it says, and as stale when it is silent for too long", async () => {
  const { log } = recordingLog();
  const { clock, context } = contextOf();
  const steps = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const source: Source = {
    ...sourceOf([]),
    quietMsMax: 60_000,
    async *open({ monitor }) {
      monitor.link = "connecting";
      yield [event("from the queue of a connection that is gone")];
      await steps[0]!.promise;
      [monitor.link, monitor.heardMs] = ["live", clock.nowMs()];
      monitor.note = "one channel is absent";
      await steps[1]!.promise;
      [monitor.link, monitor.reconnects] = ["rate-limited", 2];
      await steps[2]!.promise;
    },
  };
  const runner = new SourceRunner(source, { context, log });
  const running = runner.run();
  await turns(20);
  assert.equal(runner.status().state, "connecting");
  steps[0]!.resolve();
  await turns(5);
  assert.deepEqual([runner.status().state, runner.status().failure], ["live", "one channel is absent"]);
  await clock.advance(61_000);
  assert.equal(runner.status().state, "stale");
  steps[1]!.resolve();
  await turns(5);
  assert.equal(runner.status().state, "rate-limited");
  steps[2]!.resolve();
  await running;
  assert.deepEqual([runner.status().state, runner.status().reconnects], ["ended", 2]);
});
