/**
 * A lookup on the embedded log as a command opens it: through kills, on a log that is too small for everything, the rows
 * are those of a naive join.
 */
import assert from "node:assert/strict";
import { openLog } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import type { EventLog } from "../../core/ports.ts";
import { Processor } from "../../processor/processor.ts";
import { chatValue, Engine } from "../support/engine_kit.ts";
import { byCategory, categoryOf, metaRecord } from "../support/lookup_kit.ts";
import { DeathError, mortal } from "../support/mortal_ports.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const EVENTS = 6_000;
/** Events that are appended at a time; rows come before them. */
const PORTION = 200;
const STREAMS = 5;
// What comes before its events by no more than an append, and is not waited for long.
const pipelines = [byCategory(categoryOf({ waitMs: 20, historyMs: 60_000 }))];
const ports = { liveFeed: null, idleTimeoutMs: null, commitIntervalMs: 10, pipelines };

Deno.test("chat by category on a small log, with a process that is killed again and again, loses and doubles nothing", async () => {
  await inTempFolder(async (dataDir) => {
    const engine = await Engine.open();
    for (let sent = 0; sent < EVENTS; sent += EVENTS / 6) {
      const dies = sent % 2_000 === 0;
      // A full log waits for its readers, and a dead one does not come.
      await using log = await open(dataDir, dies ? Infinity : 400_000);
      await (dies ? runAndDie(engine, log, sent) : runToTheEnd(engine, log, sent));
    }
    await using log = await open(dataDir, 400_000);
    await runToTheEnd(engine, log, EVENTS);
    const rows = await engine.rows("by_category");
    assert.deepEqual(rows.sort(), expectedRows());
    const { accepted, dead, late } = await engine.runCounts();
    assert.deepEqual([accepted, dead, late], [EVENTS, undefined, undefined]);
  });
});

async function open(dataDir: string, logSizeBytesMax: number): Promise<EventLog> {
  const { config } = parseConfig({});
  const options = { clock: systemClock, onNote: () => {} };
  const log = await openLog({ ...config, dataDir, logSizeBytesMax }, options);
  await log.ensureTopics([
    { topic: chatEvents.topic, partitions: 3 },
    { topic: streamMetaEvents.topic, partitions: 1 },
    ...Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })),
  ]);
  return log;
}

/** Feeds some events to a process that dies on the way; the rest of them go to the log alone. */
async function runAndDie(engine: Engine, log: EventLog, from: number): Promise<void> {
  const dying = mortal({ ...engine.ports, clock: systemClock, log }, { atCall: 80, afterwards: true, passes: false });
  const processor = new Processor(dying.ports, ports);
  const running = processor.run(AbortSignal.timeout(20_000));
  const ended = running.then(() => null, (error) => error as Error);
  await feed(log, from);
  assert.ok(await ended instanceof DeathError);
}

async function runToTheEnd(engine: Engine, log: EventLog, from: number): Promise<void> {
  const processor = new Processor({ ...engine.ports, clock: systemClock, log }, ports);
  const stop = new AbortController();
  const running = processor.run(stop.signal);
  if (from < EVENTS) await Promise.race([feed(log, from), running]);
  await Promise.race([processor.drain(), running]);
  stop.abort();
  await running;
}

const categoryAt = (stream: number, portion: number) => `category ${(stream + Math.floor(portion / 3)) % 4}`;

async function feed(log: EventLog, start: number): Promise<void> {
  for (let from = start; from < start + EVENTS / 6; from += PORTION) {
    const rows = Array.from(
      { length: STREAMS },
      (_, stream) =>
        metaRecord({ at: from / 10, key: `s${stream}`, category: categoryAt(stream, from / PORTION), id: `${from}` }),
    );
    await log.append({ writes: [{ topic: streamMetaEvents.topic, records: rows }] });
    const records = Array.from({ length: PORTION }, (_, i) => {
      const key = `s${(from + i) % STREAMS}`;
      const value = JSON.stringify(chatValue({ at: (from + i) / 10, key }));
      return { key, value, instance: null, seq: 0, runId: "run" };
    });
    await log.append({ writes: [{ topic: chatEvents.topic, records }] });
  }
}

function expectedRows(): string[] {
  const counts = new Map<string, number>();
  for (let i = 0; i < EVENTS; i++) {
    const category = categoryAt(i % STREAMS, Math.floor(i / PORTION));
    const start = new Date(Date.UTC(2024, 0, 1, 12) + Math.floor(i / 100) * 10_000).toISOString().slice(11, 19);
    const key = `${category} ${start}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${key} ${count}`).sort();
}
