/**
 * The engine against a naive reference: whatever the records, the sizes of batches, the moments of commits, the crashes
 * between any two steps of them, and the fate of the WindowStore, tables and counts are those of a plain walk over the
 * records.
 *
 * ```
 * records ─┬─▶ reference ─────────────────────────────────────────────▶ rows, counts ═╗
 *          └─▶ life ✝ ─▶ life ✝ (window store lost) ─▶ life ─▶ … ─▶ life, drained ════╝ equal
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import type { Anomaly, DeadLetter, LateEvent } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { NewRecord, PipelineCounts } from "../../core/ports.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { Processor } from "../../processor/processor.ts";
import { recordsOf, references, steps, tight, wide } from "../support/engine_cases.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts, MemoryWindowStore } from "../support/memory_ports.ts";
import { type Death, DeathError, mortal } from "../support/mortal_ports.ts";
import { type Reference, referenceOf } from "../support/reference.ts";

const { topic } = chatEvents;
const PARTITIONS = 2;
const RUNS = 1_000;

/** One process from its start to its end. */
interface Life {
  /** Part of the records that are left, in percent, that comes to the log before it starts. */
  readonly appendPercent: number;
  /** Sizes of the batches, in turn. */
  readonly batches: readonly number[];
  readonly commitRecordsMax: number;
  readonly death: Death;
  readonly drains: boolean;
  /** The batch before which pipeline `wide` loses its windows under the running process; -1 = never. */
  readonly losesAtBatch: number;
  /** How it ends if it did not die before. */
  readonly end: "stopped" | "killed";
  /**
   * What becomes of the WindowStore afterwards: `older` = a copy of it from before this life is put back, `half` = one
   * pipeline's part is lost, so that the pipelines start at different offsets.
   */
  readonly windows: "kept" | "lost" | "older" | "half";
}

const life: fc.Arbitrary<Life> = fc.record({
  appendPercent: fc.integer({ min: 0, max: 100 }),
  batches: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
  commitRecordsMax: fc.integer({ min: 1, max: 40 }),
  death: fc.record({
    atCall: fc.integer({ min: 1, max: 60 }),
    afterwards: fc.boolean(),
    passes: fc.boolean(),
  }),
  drains: fc.boolean(),
  losesAtBatch: fc.constantFrom(-1, -1, 2, 5),
  end: fc.constantFrom("stopped", "killed"),
  windows: fc.constantFrom("kept", "lost", "older", "half"),
});

const lastLife: Life = {
  appendPercent: 100,
  batches: [7],
  commitRecordsMax: 25,
  death: { atCall: Infinity, afterwards: false, passes: false },
  drains: true,
  losesAtBatch: -1,
  end: "stopped",
  windows: "kept",
};

/** A history of processes on the same stores. */
interface History {
  readonly lives: readonly Life[];
  /** The life from which on pipeline `tight` runs beside `wide`. */
  readonly joinsAt: number;
}

const history: fc.Arbitrary<History> = fc.record({
  lives: fc.array(life, { maxLength: 5 }),
  joinsAt: fc.constantFrom(0, 0, 1, 2),
});

/** What a history ends with. */
interface Ending {
  readonly rows: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  readonly anomalies: readonly (readonly unknown[])[];
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly progressCounts: Readonly<Record<string, Readonly<PipelineCounts>>>;
  readonly dead: readonly DeadLetter[];
  readonly late: readonly LateEvent[];
  readonly published: readonly Anomaly[];
  readonly reference: Reference;
}

/** Lives through a history, one life more at its end. */
async function endingOf(records: readonly NewRecord[], { lives, joinsAt }: History): Promise<Ending> {
  const ports = memoryPorts(new ManualClock());
  const { log, summaryStore } = ports;
  let { windowStore } = ports;
  await log.ensureTopics([{ topic, partitions: PARTITIONS }]);
  await log.ensureTopics(Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })));
  const left = [...records];
  let drained = new Map<string, number>();
  for (const [i, one] of [...lives, lastLife].entries()) {
    const before = windowStore.copy();
    await log.append({
      writes: [{ topic, records: left.splice(0, Math.ceil(left.length * one.appendPercent / 100)) }],
    });
    let batch = 0;
    log.batchRecordsMax = () => {
      if (batch === one.losesAtBatch) windowStore.lose("wide");
      return one.batches[batch++ % one.batches.length]!;
    };
    const pipelines = i < joinsAt && i < lives.length ? [wide] : [wide, tight];
    drained = await live({ ...ports, windowStore }, { ...one, pipelines });
    if (one.windows === "lost") windowStore = new MemoryWindowStore();
    if (one.windows === "older") windowStore = before;
    if (one.windows === "half") windowStore.lose("tight");
  }
  const counts: Record<string, Record<string, number>> = {};
  for (const { pipeline, counter, value } of await summaryStore.runCounts("run")) {
    (counts[pipeline] ??= {})[counter] = value;
  }
  for (const [name, windows] of drained) (counts[name] ??= {}).windows = (counts[name]?.windows ?? 0) + windows;
  const rowsOf = async (table: string) => (await summaryStore.query({ table })).rows;
  return {
    rows: { wide: await rowsOf("wide_rows"), tight: await rowsOf("tight_rows") },
    anomalies: await rowsOf("anomalies"),
    counts,
    progressCounts: sumByPipeline(await summaryStore.progress()),
    dead: log.valuesOf(derivedTopics.dead),
    late: log.valuesOf(derivedTopics.late),
    published: log.valuesOf(derivedTopics.anomalies),
    reference: referenceOf(log.recordsOf(topic), references),
  };
}

/** One life; the windows that it drained, by pipeline. */
async function live(
  ports: EnginePorts,
  one: Life & { readonly pipelines: readonly Pipeline[] },
): Promise<Map<string, number>> {
  const { ports: mortalPorts, kill } = mortal(ports, one.death);
  const { pipelines, commitRecordsMax } = one;
  const processor = new Processor(mortalPorts, { pipelines, commitRecordsMax, liveFeed: null, idleTimeoutMs: null });
  const stop = new AbortController();
  const running = processor.run(stop.signal);
  const failed = running.then(() => Promise.reject(new Error("ended by itself")));
  try {
    await Promise.race([processor.caughtUp(), failed]);
    const drained = one.drains ? await Promise.race([processor.drain(), failed]) : new Map<string, number>();
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
  }
}

function sumByPipeline(
  progress: readonly { readonly pipeline: string; readonly counts: Readonly<PipelineCounts> }[],
): Record<string, PipelineCounts> {
  const sums: Record<string, PipelineCounts> = {};
  for (const { pipeline, counts } of progress) {
    const sum = sums[pipeline] ??= { in: 0, accepted: 0, dead: 0, late: 0, late_partial: 0, duplicate: 0, windows: 0 };
    for (const name of Object.keys(sum) as (keyof PipelineCounts)[]) sum[name] = (sum[name] ?? 0) + (counts[name] ?? 0);
  }
  return sums;
}

const withoutZeros = (counts: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(counts).filter(([, value]) => value > 0));

const byText = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

/** Ids are those of the causes, each as often as it likes: derived topics are at least once. */
function assertIds(found: readonly { readonly event_id: string }[], expected: readonly string[], what: string): void {
  assert.deepEqual([...new Set(found.map(({ event_id }) => event_id))].sort(), [...expected].sort(), what);
}

function assertEqualsReference(ending: Ending, { joinedLater }: { joinedLater: boolean }): void {
  const { reference } = ending;
  const idOf = (prefix: string, place: string) => [prefix, topic, place].join(":");
  for (const [name, expected] of Object.entries(reference.pipelines)) {
    assert.deepEqual(byText(ending.rows[name]!), byText(expected.rows), `rows of ${name}`);
    const windows = expected.fired + expected.open;
    assert.deepEqual(withoutZeros(ending.counts[name] ?? {}), withoutZeros({ ...expected.counts, windows }), name);
    const total = withoutZeros({ ...ending.progressCounts[name] });
    assert.deepEqual(total, withoutZeros({ ...expected.counts, windows: expected.fired }), `${name} in progress`);
  }
  // What only a pipeline that joined later found late had been counted as accepted before.
  const { late: lateRecords, ...outcomes } = { late: 0, ...ending.counts[""] };
  const { late: lateExpected, ...outcomesExpected } = reference.outcomes;
  const moved = joinedLater ? lateExpected - lateRecords : 0;
  outcomesExpected.accepted += moved;
  assert.ok(moved >= 0 && lateRecords + moved === lateExpected, "late outcomes");
  assert.deepEqual(withoutZeros(outcomes), withoutZeros(outcomesExpected), "outcomes");
  assertIds(ending.dead, reference.dead.map((place) => idOf("dead", place)), "dead letters");
  const late = Object.entries(reference.pipelines).flatMap(([name, result]) =>
    result.late.map((place) => idOf(`late:${name}`, place))
  );
  assertIds(ending.late, late, "late records");
  assertIds(ending.published, ending.anomalies.map(([id]) => id as string), "anomalies");
}

const starts = fc.constantFrom(Date.UTC(2023, 5, 1), 0, -200_000);

Deno.test("whatever the batches, commits and crashes, tables and counts are those of a naive walk", async () => {
  await fc.assert(
    fc.asyncProperty(steps, starts, history, async (feed, startMs, past) => {
      const records = recordsOf(feed, startMs);
      const ending = await endingOf(records, past);
      assertEqualsReference(ending, { joinedLater: past.joinsAt > 0 && past.lives.length > 0 });
      const undisturbed = await endingOf(records, { lives: [], joinsAt: 0 });
      assert.deepEqual(ending.anomalies, undisturbed.anomalies, "anomalies of an undisturbed run");
    }),
    { numRuns: RUNS, skipAllAfterTimeLimit: 60_000 },
  );
});
