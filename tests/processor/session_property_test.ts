/**
 * Sessions against a naive reference: whatever the order of events, the sizes of batches, the moments of commits and
 * drains, the crashes between any two steps of them and the fate of the WindowStore, the rows are the sessions of all
 * events taken in, as sorting them gives.
 *
 * ```
 * records ─┬─▶ reference: sort, cut at gaps ──────────────────────────────▶ rows, counts ═╗
 *          └─▶ life ✝ ─▶ life, drained ─▶ life ✝ (window store lost) ─▶ … ─▶ life, drained ═╝ equal
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import type { LateEvent } from "../../core/events/derived.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import { seconds } from "../../core/time.ts";
import { session } from "../../core/window.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import { count, distinct } from "../../processor/metrics/mod.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { pipeline } from "../../processor/pipeline.ts";
import { Processor } from "../../processor/processor.ts";
import { counting } from "../support/engine_kit.ts";
import { recordsOf, type Step } from "../support/engine_cases.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts, MemoryWindowStore } from "../support/memory_ports.ts";
import { type Death, DeathError, mortal } from "../support/mortal_ports.ts";
import { referenceOf } from "../support/reference.ts";

const { topic } = chatEvents;
const PARTITIONS = 2;

interface Shape {
  readonly gapMs: number;
  readonly outOfOrdernessMs: number;
  readonly allowedLatenessMs: number;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  gapMs: fc.constantFrom(1, 3_000, 20_000, 60_000),
  outOfOrdernessMs: fc.constantFrom(0, 2_000, 30_000),
  allowedLatenessMs: fc.constantFrom(0, 5_000, 60_000),
});

/** Events near each other's sessions: before, inside, between and far behind. */
const feed: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constant("event" as const),
    stepMs: fc.oneof({ weight: 6, arbitrary: fc.nat({ max: 8_000 }) }, {
      weight: 1,
      arbitrary: fc.nat({ max: 90_000 }),
    }),
    lateMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.nat({ max: 30_000 }) },
      { weight: 1, arbitrary: fc.nat({ max: 200_000 }) },
    ),
    pick: fc.nat({ max: 999 }),
  }),
  { maxLength: 70, size: "max" },
);

interface Life {
  readonly appendPercent: number;
  readonly batch: number;
  readonly commitRecordsMax: number;
  readonly death: Death;
  readonly drains: boolean;
  readonly losesWindows: boolean;
  /** Whether another pipeline, of slices, is at work beside it. */
  readonly hasCompany: boolean;
}

const lives: fc.Arbitrary<Life[]> = fc.array(
  fc.record({
    appendPercent: fc.integer({ min: 0, max: 100 }),
    batch: fc.integer({ min: 1, max: 20 }),
    commitRecordsMax: fc.integer({ min: 1, max: 30 }),
    death: fc.record({ atCall: fc.integer({ min: 1, max: 60 }), afterwards: fc.boolean(), passes: fc.boolean() }),
    drains: fc.boolean(),
    losesWindows: fc.boolean(),
    hasCompany: fc.boolean(),
  }),
  { maxLength: 5 },
);

const lastLife: Life = {
  appendPercent: 100,
  batch: 7,
  commitRecordsMax: 20,
  death: { atCall: Infinity, afterwards: false, passes: false },
  drains: true,
  losesWindows: false,
  hasCompany: true,
};

const sessionsOf = (window: Shape) =>
  pipeline<ChatEvent>({
    name: "sessions",
    contract: chatEvents,
    key: "stream_id",
    window: session({ gapMs: window.gapMs }),
    outOfOrdernessMs: window.outOfOrdernessMs,
    allowedLatenessMs: window.allowedLatenessMs,
    metrics: { messages: count(), users: distinct((event) => event.user_id) },
    table: "sessions_rows",
  });

/** One life; how many open windows of sessions it drained. */
async function live(ports: EnginePorts, one: Life, window: Shape): Promise<number> {
  const { ports: mortalPorts, kill } = mortal(ports, one.death);
  const pipelines = [...(one.hasCompany ? [counting()] : []), sessionsOf(window)];
  const { commitRecordsMax } = one;
  const processor = new Processor(mortalPorts, { pipelines, commitRecordsMax, liveFeed: null, idleTimeoutMs: null });
  const stop = new AbortController();
  const running = processor.run(stop.signal);
  const failed = running.then(() => Promise.reject(new Error("ended by itself")));
  try {
    await Promise.race([processor.caughtUp(), failed]);
    const drained = one.drains ? await Promise.race([processor.drain(), failed]) : new Map<string, number>();
    if (one !== lastLife) kill();
    stop.abort();
    await running;
    return drained.get("sessions") ?? 0;
  } catch (error) {
    if (!(error instanceof DeathError)) throw error;
    return 0;
  } finally {
    stop.abort();
    await Promise.allSettled([running, failed]);
  }
}

const sorted = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

Deno.test("whatever the order, batches, commits, drains and crashes, the rows are the sessions that sorting gives", async () => {
  const starts = fc.constantFrom(Date.UTC(2023, 5, 1), 0, -200_000);
  await fc.assert(
    fc.asyncProperty(feed, starts, shape, lives, async (steps, startMs, window, past) => {
      const ports = memoryPorts(new ManualClock());
      const { log, summaryStore } = ports;
      let { windowStore } = ports;
      await log.ensureTopics([{ topic, partitions: PARTITIONS }]);
      await log.ensureTopics(Object.values(derivedTopics).map((name) => ({ topic: name, partitions: 1 })));
      const left = recordsOf(steps, startMs);
      let drained = 0;
      for (const one of [...past, lastLife]) {
        const records = left.splice(0, Math.ceil(left.length * one.appendPercent / 100));
        await log.append({ writes: [{ topic, records }] });
        log.batchRecordsMax = () => one.batch;
        drained = await live({ ...ports, windowStore }, one, window);
        if (one.losesWindows) windowStore = new MemoryWindowStore();
      }
      const { pipelines } = referenceOf(log.recordsOf(topic), [{
        name: "sessions",
        window,
        outOfOrdernessMs: window.outOfOrdernessMs,
        allowedLatenessMs: window.allowedLatenessMs,
        values: (events) => [events.length, new Set(events.map(({ value }) => value.user_id)).size],
      }]);
      const expected = pipelines.sessions!;
      const { rows } = await summaryStore.query({ table: "sessions_rows" });
      assert.deepEqual(sorted(rows), sorted(expected.rows), "rows");
      const progress = (await summaryStore.progress()).filter((row) => row.pipeline === "sessions");
      const sum = (name: "accepted" | "late" | "late_partial" | "windows") =>
        progress.reduce((total, { counts }) => total + counts[name], 0);
      assert.deepEqual(
        [sum("accepted"), sum("late"), sum("late_partial"), sum("windows"), drained],
        [expected.counts.accepted, expected.late.length, 0, expected.fired, expected.open],
        "accepted, late, partly late, fired, drained",
      );
      const late = log.valuesOf<LateEvent>(derivedTopics.late).filter((letter) => letter.pipeline === "sessions");
      const places = new Set(late.map(({ partition, offset }) => `${partition}:${offset}`));
      assert.deepEqual([...places].sort(), expected.late.sort(), "late records");
      assert.ok(progress.every(({ rebuildOffset, nextOffset }) => rebuildOffset === nextOffset));
      await assertCopy({ ...ports, windowStore }, window);
    }),
    { numRuns: 600, skipAllAfterTimeLimit: seconds(40) },
  );
});

/** The WindowStore's copy shows the open sessions as their rows show them. */
async function assertCopy(ports: EnginePorts, window: Shape): Promise<void> {
  const open = await openWindows(sessionsOf(window), { ...ports, partitionCount: PARTITIONS });
  const { rows } = await ports.summaryStore.query({ table: "sessions_rows" });
  const shown = new Set(rows.map(([key, startMs, , messages]) => JSON.stringify([key, startMs, messages])));
  for (const { key, window_start, values } of open) {
    const row = JSON.stringify([key, Date.parse(window_start), values.messages]);
    assert.ok(shown.has(row), `${row} is open and drained`);
  }
}
