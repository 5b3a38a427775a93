/**
 * One run of a scenario: the real processors on shared twins of the stores, under simulated time, with a supervisor that
 * starts what has ended. After the last action everything is healed, and one last processor catches up and drains.
 * @module
 */
import { FencedError } from "../../core/errors.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { Processor } from "../../processor/processor.ts";
import { memoryPorts } from "../support/memory_ports.ts";
import { type Bug, type BugName, bugOf } from "./bugs.ts";
import { Chance, mixedSeed } from "./chance.ts";
import { Group } from "./group.ts";
import { type Doer, History } from "./history.ts";
import { type ArmedTrap, Life, SimulatedFailure } from "./life.ts";
import { differences } from "./oracle.ts";
import { type PastTopic } from "./facts.ts";
import { enginePipelinesOf, feedStartMs, newRecordOf, simTopic } from "./pipelines.ts";
import { FeedTwin, portsOf, type World } from "./ports.ts";
import type { Action, Scenario } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";

/** How to run. */
export interface RunOptions {
  /** A planted bug. */
  readonly bug?: BugName | undefined;
  /** Whether the story is wanted. */
  readonly tells?: boolean;
}

/** What a run came to. */
export interface RunResult {
  /** What is wrong, or null. */
  readonly failure: string | null;
  /** The same for the same scenario, always. */
  readonly hash: string;
  readonly story: readonly string[];
  /** Simulated events. */
  readonly events: number;
  /** How often what happened. */
  readonly met: ReadonlyMap<string, number>;
}

/** Runs a scenario. A promise that rejects with nobody listening is a failure as well. */
export async function runScenario(scenario: Scenario, options: RunOptions = {}): Promise<RunResult> {
  const simulation = new Simulation(scenario, options);
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    simulation.unheard(event.reason);
  };
  globalThis.addEventListener("unhandledrejection", onRejection);
  try {
    return await simulation.run();
  } finally {
    globalThis.removeEventListener("unhandledrejection", onRejection);
  }
}

interface Slot {
  readonly traps: ArmedTrap[];
  life: Life | null;
  processor: Processor | null;
  stop: AbortController;
  lives: number;
}

/** What the engine says of takeovers that are out of the ordinary. */
const NOTES = ["starts anew", "they are lost", "cannot be rebuilt", "are rebuilt from", "left to that one"];

const DAY_MS = 86_400_000;
/** Simulated time after which the last processor is said to be stuck. */
const HEALING_MS_MAX = 600_000;
/** Simulated time in which those who were left behind may still do harm. */
const AFTERMATH_MS = 12_000;
/** No message is under way for longer. */
const ARRIVAL_MS = 9_000;
const HEIR = 9;

const noTurn = (): Promise<void> => Promise.resolve();

class Simulation {
  readonly #scenario: Scenario;
  readonly #bug: Bug;
  readonly #scheduler = new Scheduler(feedStartMs + DAY_MS);
  readonly #history: History;
  readonly #world: World;
  readonly #slots = new Map<number, Slot>();
  /** Incarnations of the topic that are no more. */
  readonly #past: PastTopic[] = [];
  /** Of the pipelines that a process gets that starts now. */
  #version = 0;
  readonly #noDoer: Doer;
  #saved = memoryPorts({ nowMs: () => 0, sleep: noTurn }, noTurn).windowStore;
  #healed = false;

  constructor(scenario: Scenario, { bug, tells = false }: RunOptions) {
    const { seed, options } = scenario;
    const scheduler = this.#scheduler;
    this.#scenario = scenario;
    this.#bug = bugOf(bug);
    const comparesRevision = this.#bug.ignoresLiveRevision !== true;
    const history = new History({ startMs: scheduler.nowMs, tells, comparesRevision });
    this.#history = history;
    const { log, ...stores } = memoryPorts({ nowMs: () => scheduler.nowMs, sleep: noTurn }, noTurn);
    const groupLog = {
      topic: simTopic,
      records: (partition: number) => log.recordsOf(simTopic)[partition]!,
      placeOf: (partition: number) => log.placeOf({ topic: simTopic, partition }),
    };
    this.#world = {
      history,
      log,
      windowStore: this.#bug.windowStore?.(noTurn) ?? stores.windowStore,
      summaryStore: this.#bug.summaryStore?.(noTurn) ?? stores.summaryStore,
      feed: this.#bug.feed?.(history) ?? new FeedTwin(history),
      pipelineNames: this.#pipelines.map(({ name }) => name),
      group: new Group(groupLog, { ...options, chance: new Chance(mixedSeed(seed, 1_000)) }),
    };
    this.#noDoer = {
      label: "–",
      get nowMs() {
        return scheduler.nowMs;
      },
    };
  }

  async run(): Promise<RunResult> {
    const { log } = this.#world;
    const { options, steps } = this.#scenario;
    await log.ensureTopics([{ topic: simTopic, partitions: options.partitions }]);
    await log.ensureTopics(Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 })));
    let left = steps.length;
    let atMs = 0;
    for (const { afterMs, action } of steps) {
      atMs += afterMs;
      this.#scheduler.after(atMs, () => {
        left--;
        this.#act(action);
      });
    }
    await this.#scheduler.run(() => left === 0, Infinity);
    const drained = await this.#heal();
    const history = this.#history;
    const failure = history.violations[0] ?? await differences({
      ...this.#world,
      scenario: this.#scenario,
      version: this.#version,
      past: this.#past,
      drained,
      lastLife: `p${HEIR}.${this.#slot(HEIR).lives}`,
    });
    for (const { table } of await this.#world.summaryStore.tables()) {
      const { rows } = await this.#world.summaryStore.query({ table });
      history.mix(JSON.stringify(rows));
    }
    const { hash, met, story } = history;
    return { failure, hash, story: story ?? [], events: this.#scheduler.events, met };
  }

  /** Something was rejected and nobody listened. */
  unheard(reason: unknown): void {
    this.#history.violate(this.#noDoer, `a rejection that nobody hears: ${reason}`);
  }

  #act(action: Action): void {
    const { history, windowStore, group, log } = { ...this.#world, history: this.#history };
    if (action.kind !== "quiet") {
      history.note(this.#noDoer, action.kind, () => {
        const { kind: _, ...rest } = action;
        return action.kind === "append" ? `${action.records.length} records` : JSON.stringify(rest);
      });
    }
    switch (action.kind) {
      case "append":
        // Nothing waits in there: the records are in the log at once.
        void log.append({ writes: [{ topic: simTopic, records: action.records.map(newRecordOf) }] });
        return group.wakeAll();
      case "start":
        return this.#start(action.process);
      case "stop":
        return this.#slot(action.process).stop.abort();
      case "kill":
        return this.#slot(action.process).life?.kill();
      case "pause":
        return this.#slot(action.process).life?.pause(action.forMs);
      case "trap": {
        const { call, effect, forMs, nth } = action;
        this.#slot(action.process).traps.push({ call, effect, forMs, left: nth });
        return;
      }
      case "move":
        return group.move(action.partition, action.process);
      case "drain":
        return this.#drain(action.process);
      case "windows":
        if (action.fate === "save") this.#saved = windowStore.copy();
        else if (action.fate === "half") windowStore.lose("tight");
        else if (action.fate === "older") windowStore.putBack(this.#saved);
        else for (const { name } of this.#pipelines) windowStore.lose(name);
        return;
      case "retain":
        return log.recordsOf(simTopic).forEach((_, partition) => this.#forget(partition, history.floor(partition)));
      case "forget": {
        const { partition, percent } = action;
        const records = log.recordsOf(simTopic)[partition];
        return records && this.#forget(partition, Math.floor(records.length * percent / 100));
      }
      case "upgrade":
        this.#version = action.version;
        return;
      case "recreate":
        return this.#recreate();
    }
  }

  get #pipelines(): readonly Pipeline[] {
    const sent = enginePipelinesOf(this.#scenario.options.variant, this.#version);
    return this.#bug.pipelines?.(sent) ?? sent;
  }

  /** The log deletes what lies below an offset. */
  #forget(partition: number, offset: number): void {
    const { log, group } = this.#world;
    const at = { topic: simTopic, partition };
    log.deleteBelow({ ...at, offset: Math.max(offset, log.placeOf(at).start) });
    group.wakeAll();
  }

  #recreate(): void {
    const { log, group } = this.#world;
    const { incarnation } = log.placeOf({ topic: simTopic, partition: 0 });
    this.#past.push({ incarnation, partitions: log.recordsOf(simTopic) });
    log.deleteTopic(simTopic);
    // Nothing waits in there.
    void log.ensureTopics([{ topic: simTopic, partitions: this.#scenario.options.partitions }]);
    group.wakeAll();
  }

  #slot(process: number): Slot {
    let slot = this.#slots.get(process);
    if (slot === undefined) {
      slot = { traps: [], life: null, processor: null, stop: new AbortController(), lives: 0 };
      this.#slots.set(process, slot);
    }
    return slot;
  }

  #start(process: number): void {
    const slot = this.#slot(process);
    if (slot.life !== null) return;
    const { options, seed } = this.#scenario;
    const life: Life = new Life({
      process,
      number: ++slot.lives,
      scheduler: this.#scheduler,
      chance: new Chance(mixedSeed(seed, process * 100 + slot.lives)),
      history: this.#history,
      options: process === HEIR ? { slowPercent: 0, slowMs: 0, skewMs: 0 } : options,
      traps: slot.traps,
      onSilence: (silent, forMs) => this.#silent(silent, forMs),
    });
    const ports = portsOf(life, this.#world);
    slot.life = life;
    const { liveFeed, ...engine } = this.#bug.ports?.(ports) ?? ports;
    slot.processor = new Processor(engine, {
      pipelines: this.#pipelines,
      liveFeed,
      commitIntervalMs: options.commitIntervalMs,
      commitRecordsMax: options.commitRecordsMax,
      liveIntervalMs: options.liveIntervalMs,
      // The heir leaves a WindowStore that is up to date.
      ...(process === HEIR || options.windowsBehindMax === null ? {} : {
        windowPace: { slicesFree: 0, recordsPerSlice: 3, recordsBehindMax: options.windowsBehindMax },
      }),
      idleTimeoutMs: process === HEIR ? null : options.idleTimeoutMs,
      whenFenced: options.whenFenced,
      keepEvents: options.keeps === null ? null : { kind: options.keeps, retentionMs: 100 * DAY_MS },
      onNote: (note) => life.note(NOTES.find((words) => note.includes(words)) ?? "note", () => note),
    });
    slot.stop = new AbortController();
    life.note("starts");
    slot.processor.run(slot.stop.signal).then(() => this.#ended(slot, life, null), (e) => this.#ended(slot, life, e));
  }

  #ended(slot: Slot, life: Life, error: unknown): void {
    this.#failed(life, error);
    life.note("ends", () => (error === null ? "" : String(error)));
    this.#world.group.expel(life);
    if (slot.life === life) this.#supervise(slot, life);
  }

  /** Fencing and failures of the simulator's making are what a processor may end by; anything else is a fault. */
  #failed(life: Life, error: unknown): void {
    if (error === null || error instanceof FencedError || error instanceof SimulatedFailure) return;
    this.#history.violate(life, `the processor failed: ${error instanceof Error ? error.stack : error}`);
  }

  /** Starts a process anew after a while. */
  #supervise(slot: Slot, life: Life): void {
    slot.life = null;
    slot.processor = null;
    if (this.#healed) return;
    this.#scheduler.after(life.chance.whole(0, 1_500), () => this.#healed || this.#start(life.process));
  }

  #silent(life: Life, forMs: number): void {
    const { sessionMs } = this.#scenario.options;
    const slot = this.#slot(life.process);
    if (life.dead && slot.life === life) this.#supervise(slot, life);
    if (forMs > sessionMs) this.#scheduler.after(sessionMs, () => this.#world.group.expel(life));
  }

  #drain(process: number): void {
    const { life, processor } = this.#slot(process);
    processor?.drain().catch((error) => this.#failed(life!, error));
  }

  /** The end: one processor has everything, while those before it may still be about. @returns what it drained. */
  async #heal(): Promise<ReadonlyMap<string, number>> {
    this.#healed = true;
    for (const { life, traps } of this.#slots.values()) {
      traps.length = 0;
      if (life?.chance.percent(40)) life.kill();
    }
    let drained: ReadonlyMap<string, number> | undefined;
    const finish = async ({ life, processor }: Slot) => {
      await processor!.caughtUp();
      await life!.sleep(3 * this.#scenario.options.liveIntervalMs);
      return await processor!.drain();
    };
    const isDone = () => drained !== undefined || this.#history.violations.length > 0;
    const heir = this.#slot(HEIR);
    const reigns = async (isOver: () => boolean, limitMs: number) => {
      const untilMs = this.#scheduler.nowMs + limitMs;
      while (!isOver() && this.#scheduler.nowMs < untilMs) {
        this.#start(HEIR);
        this.#world.group.bequeath(heir.life!);
        if (isOver === isDone) finish(heir).then((done) => drained = done, () => {});
        // One that was on its way to take over may fence the last one: it begins again.
        const isEnded = () => isOver() || heir.life === null;
        if (!(await this.#scheduler.run(isEnded, untilMs - this.#scheduler.nowMs))) break;
      }
    };
    await reigns(() => false, AFTERMATH_MS);
    for (const slot of this.#slots.values()) if (slot !== heir) slot.life?.kill();
    // What they had sent may still arrive.
    await reigns(() => false, ARRIVAL_MS);
    await reigns(isDone, HEALING_MS_MAX);
    if (!isDone()) this.#history.violate(this.#noDoer, "the last processor does not come to an end");
    heir.stop.abort();
    await this.#scheduler.run(() => heir.life === null, HEALING_MS_MAX);
    return drained ?? new Map();
  }
}
