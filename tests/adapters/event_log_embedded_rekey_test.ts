/**
 * Rekeyed pipelines on the embedded log as a command opens it: copies and positions in one transaction, and a log that is
 * too small for everything goes on all the same.
 */
import assert from "node:assert/strict";
import { openLog } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { EventLog } from "../../core/ports.ts";
import { Processor } from "../../processor/processor.ts";
import { chatValue, counting, Engine } from "../support/engine_kit.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const { topic } = chatEvents;
const EVENTS = 20_000;

Deno.test("a log of a tenth of the size of what passes through it, copied by key, neither stops nor loses a record", async () => {
  await inTempFolder((dataDir) => fillAndDrain(dataDir));
});

async function fillAndDrain(dataDir: string): Promise<void> {
  const { config } = parseConfig({});
  const options = { clock: systemClock, onNote: () => {} };
  await using log = await openLog({ ...config, dataDir, logSizeBytesMax: 400_000 }, options);
  await log.ensureTopics([
    { topic, partitions: 3 },
    ...Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })),
  ]);
  const engine = await Engine.open();
  const pipelines = [counting({ key: "user_id", rekey: true })];
  const how = { pipelines, liveFeed: null, idleTimeoutMs: null, commitIntervalMs: 10 };
  const processor = new Processor({ ...engine.ports, clock: systemClock, log }, how);
  const stop = new AbortController();
  const running = processor.run(stop.signal);
  await Promise.race([feed(log), running]);
  await processor.drain();
  stop.abort();
  await running;
  const rows = await engine.rows();
  assert.equal(rows.reduce((sum, row) => sum + Number(row.split(" ")[2]), 0), EVENTS);
  assert.equal(rows.length, 7 * EVENTS / 100);
  const { accepted, ...rest } = await engine.runCounts();
  assert.deepEqual([accepted, rest["counting.windows"]! > 0], [EVENTS, true]);
  assert.ok((await log.startOffsets(topic)).every((offset) => offset > 0), "retention went on behind the copier");
  assert.ok((await log.startOffsets(pipelines[0]!.topic)).every((offset) => offset > 0), "and behind the windows");
}

async function feed(log: EventLog): Promise<void> {
  for (let from = 0; from < EVENTS; from += 200) {
    const records = Array.from({ length: 200 }, (_, i) => ({
      key: String(i),
      value: JSON.stringify(chatValue({ at: (from + i) / 10, user: `u${(from + i) % 7}` })),
      instance: null,
      seq: 0,
      runId: "run",
    }));
    await log.append({ writes: [{ topic, records }] });
  }
}
