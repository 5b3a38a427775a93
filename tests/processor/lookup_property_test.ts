/**
 * Lookups against a naive join: whenever rows and events are appended, and whenever copiers and readers are killed,
 * overtaken or haunted, each copy that is ever written holds the row of the reference, and so do the tables.
 *
 * ```
 * events, rows ─┬─▶ for each event all rows: reference ════════════════════════════▶ copies, rows, counts ═╗
 *               └─▶ copier ✝ ─▶ copier ✝ beside a zombie ─▶ … ─▶ readers, drained ════════════════════════╝ equal
 * ```
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import { streamMetaEvents } from "../../core/events/stream_meta.ts";
import type { NewRecord } from "../../core/ports.ts";
import { hours, seconds } from "../../core/time.ts";
import type { EnginePorts } from "../../processor/engine/assignment.ts";
import { readCopy } from "../../processor/engine/rekey_copy.ts";
import { calmLife, type CopierLife, copierLife, haunt, savingPositionsLater } from "../support/copier_life.ts";
import { chatValue, Engine } from "../support/engine_kit.ts";
import { byCategory, categoryOf, metaRecord } from "../support/lookup_kit.ts";
import { type ReferenceCopy, referenceJoin, referenceRows } from "../support/lookup_reference.ts";
import { MemoryWindowStore } from "../support/memory_ports.ts";
import { DeathError, mortal } from "../support/mortal_ports.ts";

const bounds = { waitMs: 1_000, historyMs: 15_000 };
const pipeline = byCategory(categoryOf(bounds), hours(24));
const RUNS = 250;
const SOURCE_PARTITIONS = 2;
const STREAMS = ["a", "b", "c"];
const CATEGORIES = ["chess", "poker", "go", ""];

/** Something that is appended, and how much time passes after it. */
interface Step {
  readonly kind: "event" | "row" | "tombstone";
  readonly stream: number;
  /** Seconds by which the event time is behind the time of the step; rows and events may be ahead of each other. */
  readonly lateS: number;
  readonly category: number;
  readonly passesMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 6, arbitrary: fc.constant("event" as const) },
    { weight: 4, arbitrary: fc.constant("row" as const) },
    { weight: 1, arbitrary: fc.constant("tombstone" as const) },
  ),
  stream: fc.nat({ max: STREAMS.length - 1 }),
  lateS: fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 2 }) },
    { weight: 2, arbitrary: fc.nat({ max: 30 }) },
  ),
  category: fc.nat({ max: CATEGORIES.length - 1 }),
  passesMs: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 0, 0, bounds.waitMs) },
    { weight: 4, arbitrary: fc.nat({ max: 1_500 }) },
    { weight: 1, arbitrary: fc.nat({ max: 20_000 }) },
  ),
});

/** One process from its start to its end. */
interface Life extends CopierLife {
  /** Steps before it starts, and while it runs. */
  readonly before: readonly Step[];
  readonly during: readonly Step[];
  readonly batchRecordsMax: number;
  readonly commitRecordsMax: number;
}

const life: fc.Arbitrary<Life> = fc.record({
  before: fc.array(step, { maxLength: 12 }),
  during: fc.array(step, { maxLength: 12 }),
  batchRecordsMax: fc.integer({ min: 1, max: 10 }),
  commitRecordsMax: fc.integer({ min: 1, max: 20 }),
  ...copierLife({ callsMax: 150 }),
});

const lastLife: Life = {
  before: [],
  during: [],
  batchRecordsMax: 7,
  commitRecordsMax: 25,
  ...calmLife,
};

class History {
  readonly engine: Engine;
  #steps = 0;
  readonly #startMs: number;

  constructor(engine: Engine) {
    this.engine = engine;
    this.#startMs = engine.clock.nowMs();
  }

  async take({ kind, stream, lateS, category, passesMs }: Step): Promise<void> {
    const { clock, ports: { log } } = this.engine;
    const key = STREAMS[stream]!;
    const id = String(this.#steps++);
    const at = (clock.nowMs() - this.#startMs) / 1_000 - lateS;
    const plain = { key, instance: null, seq: 0, runId: "run" };
    const records: NewRecord[] = kind === "tombstone"
      ? [Object.assign({ ...plain, value: "" }, { fault: "tombstone" as const })]
      : kind === "row"
      ? [metaRecord({ at, key, category: CATEGORIES[category]!, id })]
      : [{ ...plain, value: JSON.stringify(chatValue({ at, key, id })) }];
    const topic = kind === "event" ? chatEvents.topic : streamMetaEvents.topic;
    await log.append({ writes: [{ topic, records }] });
    if (passesMs > 0) await clock.advance(passesMs);
  }

  async live(one: Life, windowStore: EnginePorts["windowStore"]): Promise<void> {
    const { engine } = this;
    for (const before of one.before) await this.take(before);
    engine.ports.log.batchRecordsMax = () => one.batchRecordsMax;
    const { ports, kill } = mortal({ ...engine.ports, windowStore }, one.death);
    const log = one.savesPositionsLater ? savingPositionsLater(ports.log) : ports.log;
    const running = engine.start([pipeline], {
      ports: { ...ports, log },
      commitRecordsMax: one.commitRecordsMax,
      commitIntervalMs: 100,
    });
    const stop = new AbortController();
    const haunting = one.hasZombie ? haunt([pipeline], engine.ports, stop.signal) : Promise.resolve();
    for (const during of one.during) await this.take(during);
    await this.#settle(running.processor.drain(), running.ended, one.death.atCall < Infinity);
    if (one.end === "killed") kill();
    stop.abort();
    const error = await running.stop();
    await haunting;
    if (error !== null && !(error instanceof DeathError)) throw error;
  }

  /** Lets time pass until all is drained or the process has ended; one that is dead may only look alive. */
  async #settle(drained: Promise<unknown>, ended: Promise<unknown>, mayDie: boolean): Promise<void> {
    let done = false;
    const over = Promise.race([drained.then(() => {}, () => {}), ended]).then(() => done = true);
    for (let waits = 0; !done; waits++) {
      if (waits > 100 && mayDie) return;
      assert.ok(waits <= 100, "it does not come to an end");
      await this.engine.clock.advance(seconds(0.5));
      await Promise.race([over, Promise.resolve()]);
    }
  }
}

/** What must have been copied of each source offset: `partition:offset`. */
function referenceOf({ ports: { log } }: Engine): Map<string, ReferenceCopy> {
  const table = log.recordsOf(streamMetaEvents.topic).flat();
  return new Map(
    log.recordsOf(chatEvents.topic).flatMap((events, partition) =>
      referenceJoin(events, table, bounds).map((copy, offset) => [`${partition}:${offset}`, copy] as const)
    ),
  );
}

async function assertEqualsReference(engine: Engine): Promise<{ copies: number; events: number; joined: number }> {
  const { log, summaryStore } = engine.ports;
  const reference = referenceOf(engine);
  const copies = log.recordsOf(pipeline.topic).flat().flatMap((record) => {
    const copy = readCopy(record);
    return copy?.record ? [{ place: `${copy.mark.partition}:${copy.sourceOffset}`, value: copy.record.value }] : [];
  });
  for (const { place, value } of copies) {
    const { category } = JSON.parse(value) as { category: string };
    assert.equal(category, reference.get(place)?.category, `copy of ${place}`);
  }
  assert.deepEqual([...new Set(copies.map(({ place }) => place))].sort(), [...reference.keys()].sort());
  const { rows } = await summaryStore.query({ table: pipeline.table.table });
  const found = rows.map(([category, start, , events, streams]) => `${category} ${start} ${events} ${streams}`).sort();
  assert.deepEqual(found, referenceRows([...reference.values()]));
  const { accepted = 0, late, dead, duplicate } = await engine.runCounts();
  assert.deepEqual([accepted, late, dead, duplicate], [reference.size, undefined, undefined, undefined]);
  const joined = [...reference.values()].filter(({ category }) => category !== "none").length;
  return { copies: copies.length, events: reference.size, joined };
}

Deno.test("whenever rows come, and whatever dies or haunts, every copy and every table holds the rows of a naive join", async () => {
  let [repeats, joined] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
      const engine = await Engine.open({ partitions: SOURCE_PARTITIONS });
      await engine.ports.log.ensureTopics([{ topic: streamMetaEvents.topic, partitions: 1 }]);
      const history = new History(engine);
      let windowStore: EnginePorts["windowStore"] = engine.ports.windowStore;
      for (const one of [...lives, lastLife]) {
        await history.live(one, windowStore);
        if (one.windows === "lost") windowStore = new MemoryWindowStore();
      }
      const ending = await assertEqualsReference(engine);
      if (ending.copies > ending.events) repeats++;
      joined += ending.joined;
    }),
    { numRuns: RUNS },
  );
  assert.ok(repeats > 10, `records were copied twice in ${repeats} histories only`);
  assert.ok(joined > 500, `${joined} events had a row`);
});
