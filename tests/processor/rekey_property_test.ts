/**
 * Rekeyed pipelines against a naive walk: wherever others put their records, whatever the batches, and whenever copier
 * and readers are killed or overtaken, the tables are those of a rightly keyed topic.
 *
 * ```
 * records, any partition ─┬─▶ in the order of their times, by key: reference ═══════════════════▶ rows, counts ═╗
 *                         └─▶ copier ✝ ─▶ copier ✝ beside a zombie ─▶ … ─▶ readers, drained ════════════════════╝ equal
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import type { DeadLetter } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { NewRecord } from "../../core/ports.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import { Processor } from "../../processor/processor.ts";
import { calmLife, type CopierLife, copierLife, haunt, savingPositionsLater } from "../support/copier_life.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts, MemoryWindowStore } from "../support/memory_ports.ts";
import { DeathError, mortal } from "../support/mortal_ports.ts";
import {
  byStream,
  byUser,
  foreignRecords,
  type ForeignReference,
  foreignReference,
  foreignSteps,
  SOURCE_PARTITIONS,
} from "../support/rekey_cases.ts";

const { topic } = chatEvents;
const pipelines = [byUser, byStream];
const RUNS = 600;

/** One process from its start to its end. */
interface Life extends CopierLife {
  readonly appendPercent: number;
  readonly batches: readonly number[];
  readonly commitRecordsMax: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  appendPercent: fc.integer({ min: 0, max: 100 }),
  batches: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
  commitRecordsMax: fc.integer({ min: 1, max: 40 }),
  ...copierLife({ callsMax: 120 }),
});

const lastLife: Life = {
  appendPercent: 100,
  batches: [7],
  commitRecordsMax: 25,
  ...calmLife,
};

/** What a history ends with. */
interface Ending {
  readonly rows: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly dead: readonly DeadLetter[];
  readonly late: number;
  readonly copies: number;
  readonly clocksMs: readonly (number | null)[];
  readonly reference: ForeignReference;
}

async function endingOf(records: readonly NewRecord[], lives: readonly Life[]): Promise<Ending> {
  const ports = memoryPorts(new ManualClock());
  const { log, summaryStore } = ports;
  let { windowStore } = ports;
  await log.ensureTopics([{ topic, partitions: SOURCE_PARTITIONS }]);
  await log.ensureTopics(Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })));
  const left = [...records];
  let drained = new Map<string, number>();
  for (const one of [...lives, lastLife]) {
    await log.append({
      writes: [{ topic, records: left.splice(0, Math.ceil(left.length * one.appendPercent / 100)) }],
    });
    let batch = 0;
    log.batchRecordsMax = () => one.batches[batch++ % one.batches.length]!;
    drained = await live({ ...ports, windowStore }, one);
    if (one.windows === "lost") windowStore = new MemoryWindowStore();
  }
  const counts: Record<string, Record<string, number>> = {};
  for (const { pipeline, counter, value } of await summaryStore.runCounts("run")) {
    (counts[pipeline] ??= {})[counter] = value;
  }
  for (const [name, windows] of drained) (counts[name] ??= {}).windows = (counts[name]?.windows ?? 0) + windows;
  const rows: Record<string, readonly (readonly unknown[])[]> = {};
  for (const { name, table } of pipelines) rows[name] = (await summaryStore.query({ table: table.table })).rows;
  return {
    rows,
    counts,
    dead: log.valuesOf(derivedTopics.dead),
    late: log.valuesOf(derivedTopics.late).length,
    copies: log.recordsOf(byUser.topic).flat().filter(({ instance }) => instance !== null).length,
    clocksMs: (await summaryStore.progress()).map(({ eventTimeMsMax }) => eventTimeMsMax),
    reference: foreignReference(log.recordsOf(topic)),
  };
}

async function live(ports: EnginePorts, one: Life): Promise<Map<string, number>> {
  const { ports: mortalPorts, kill } = mortal(ports, one.death);
  const log = one.savesPositionsLater ? savingPositionsLater(mortalPorts.log) : mortalPorts.log;
  const { commitRecordsMax } = one;
  const processor = new Processor({ ...mortalPorts, log }, {
    pipelines,
    commitRecordsMax,
    liveFeed: null,
    idleTimeoutMs: null,
  });
  const stop = new AbortController();
  const running = processor.run(stop.signal);
  const haunting = one.hasZombie ? haunt(pipelines, ports, stop.signal) : Promise.resolve();
  const failed = running.then(() => Promise.reject(new Error("ended by itself")));
  try {
    await Promise.race([processor.caughtUp(), failed]);
    const drained = await Promise.race([processor.drain(), failed]);
    if (one.end === "killed") kill();
    stop.abort();
    await running;
    return drained;
  } catch (error) {
    if (!(error instanceof DeathError)) throw error;
    return new Map();
  } finally {
    stop.abort();
    await Promise.allSettled([running, failed]);
    await haunting;
  }
}

const withoutZeros = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0));
const byText = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

function assertEqualsReference({ rows, counts, dead, late, clocksMs, reference }: Ending): void {
  const duplicate = reference.duplicates;
  const faulty = reference.dead.length;
  for (const [name, expected] of Object.entries(reference.results)) {
    assert.deepEqual(byText(rows[name]!), byText(expected.rows), `rows of ${name}`);
    const { accepted } = expected.counts;
    const all = { in: accepted + faulty + duplicate, accepted, dead: faulty, duplicate, windows: expected.rows.length };
    assert.deepEqual(withoutZeros(counts[name] ?? {}), withoutZeros(all), `counts of ${name}`);
    assert.deepEqual(withoutZeros(counts[""] ?? {}), withoutZeros({ accepted, dead: faulty, duplicate }), "outcomes");
  }
  const ids = [...new Set(dead.map(({ event_id }) => event_id))];
  assert.deepEqual(ids.sort(), reference.dead.map((place) => `dead:${topic}:${place}`).sort(), "dead letters");
  assert.equal(late, 0);
  for (const clockMs of clocksMs) assert.equal(clockMs, reference.clockMs, "clock");
}

const starts = fc.constantFrom(Date.UTC(2023, 5, 1), 0, -4_000_000);

Deno.test("wherever records lie, and whatever dies or haunts, rekeyed tables are those of a rightly keyed topic", async () => {
  let repeats = 0;
  await fc.assert(
    fc.asyncProperty(foreignSteps, starts, fc.array(life, { maxLength: 4 }), async (steps, startMs, lives) => {
      const records = foreignRecords(steps, startMs);
      const ending = await endingOf(records, lives);
      assertEqualsReference(ending);
      if (ending.copies > records.length) repeats++;
    }),
    { numRuns: RUNS, skipAllAfterTimeLimit: 60_000 },
  );
  assert.ok(repeats > 20, `records were copied twice in ${repeats} histories only`);
});
