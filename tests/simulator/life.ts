/**
 * One life of a process: what it waits for takes its time, stands still while it is paused, and is never heard of again
 * once it is killed. Calls that are under way arrive all the same.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import type { Chance } from "./chance.ts";
import type { History } from "./history.ts";
import type { CallName, ScenarioOptions, TrapEffect } from "./scenario.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Takeover } from "./takeover.ts";

/** A failure of the simulator's making. */
export class SimulatedFailure extends Error {
  override readonly name = "SimulatedFailure";
}

/** A trap that waits. */
export interface ArmedTrap {
  readonly call: CallName;
  readonly effect: TrapEffect;
  readonly forMs: number;
  /** Calls that are still let through, and the one that is not. */
  left: number;
}

/** What a life is made of. */
export interface LifeOptions {
  readonly process: number;
  /** How many lives the process had before. */
  readonly number: number;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly history: History;
  readonly options: Pick<ScenarioOptions, "slowPercent" | "slowMs" | "skewMs">;
  /** Traps of the process; they are taken out as they spring. */
  readonly traps: ArmedTrap[];
  /** It was killed, or stands still for so long. */
  readonly onSilence: (life: Life, forMs: number) => void;
}

const never = new Promise<never>(() => {});

/** A process from its start to its end. */
export class Life {
  readonly process: number;
  readonly label: string;
  readonly chance: Chance;
  readonly clock: Clock;
  dead = false;
  /** Its SummaryStore has said "committed" and forgotten it. */
  deceived = false;
  /** The partitions' ends whenever it asked. */
  readonly ends: (readonly number[])[] = [];
  /** By partition, what it found when it took that over last. */
  readonly takeovers = new Map<number, Takeover>();
  /** Partitions whose last commit granted an idle watermark. */
  readonly granted = new Set<number>();
  readonly #made: LifeOptions;
  #pausedUntilMs = -Infinity;

  constructor(made: LifeOptions) {
    this.#made = made;
    this.process = made.process;
    this.label = `p${made.process}.${made.number}`;
    this.chance = made.chance;
    const skewMs = this.chance.whole(-made.options.skewMs, made.options.skewMs);
    this.clock = {
      nowMs: () => made.scheduler.nowMs + skewMs,
      sleep: (durationMs, signal) => this.sleep(durationMs, signal),
    };
  }

  /** The simulated time. */
  get nowMs(): number {
    return this.#made.scheduler.nowMs;
  }

  /** Notes what it does. */
  note(what: string, detail?: () => string): void {
    this.#made.history.note(this, what, detail);
  }

  /** Ends it, as kill -9 does. */
  kill(): void {
    if (this.dead) return;
    this.dead = true;
    this.note("is killed");
    this.#made.onSilence(this, Infinity);
  }

  /** It stands still. */
  pause(forMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.nowMs + forMs);
    this.note(`stands still for ${forMs} ms`);
    this.#made.onSilence(this, forMs);
  }

  /** Calls back later, once it is not paused, unless it is dead. */
  after(durationMs: number, fire: () => void): void {
    this.#made.scheduler.after(durationMs, () => {
      if (this.dead) return;
      if (this.#pausedUntilMs > this.nowMs) this.after(this.#pausedUntilMs - this.nowMs, fire);
      else fire();
    });
  }

  /** Waits; ends at once when the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.after(durationMs, done);
      signal?.addEventListener("abort", done, { once: true });
    });
  }

  /** Goes on once it is not paused. */
  async pass(): Promise<void> {
    if (this.dead) await never;
    if (this.#pausedUntilMs > this.nowMs) await this.sleep(0);
  }

  /** How long a message takes. */
  delayMs(): number {
    const { slowPercent, slowMs } = this.#made.options;
    if (this.chance.percent(slowPercent)) return this.chance.whole(0, slowMs);
    return this.chance.percent(50) ? 0 : this.chance.whole(1, 8);
  }

  /** A call of a port: the way there, the work, the way back, and what a trap makes of it. */
  async call<T>(name: CallName, work: () => Promise<T>, detail?: (result: T) => string): Promise<T> {
    await this.pass();
    if (this.deceived && name !== "commit_windows") this.kill();
    const trap = this.#spring(name);
    const effect = trap?.effect;
    if (effect === "kill_before" || this.dead) {
      this.kill();
      return await never;
    }
    if (effect === "pause_before") this.pause(trap!.forMs);
    const wayMs = this.delayMs() + (effect === "pause_before" ? trap!.forMs : 0);
    if (wayMs > 0) await new Promise<void>((resolve) => this.#made.scheduler.after(wayMs, resolve));
    if (effect === "refuse") {
      this.note(name, () => "→ refused");
      await this.sleep(this.delayMs());
      throw new SimulatedFailure(`${name} was refused`);
    }
    const result = await work();
    this.note(name, () => detail?.(result) ?? "");
    if (effect === "kill_after") this.kill();
    if (effect === "pause_after") this.pause(trap!.forMs);
    const backMs = this.delayMs();
    if (backMs > 0 || this.dead || effect === "pause_after") await this.sleep(backMs);
    if (effect === "unknown") {
      this.note(name, () => "→ its answer is lost");
      throw new SimulatedFailure(`the answer of ${name} was lost`);
    }
    return result;
  }

  /** Whether a trap that deceives waits for this commit; it springs. */
  takeDeception(afterGrant: boolean): boolean {
    const { traps } = this.#made;
    const at = traps.findIndex(({ effect }) => effect === "ahead" || (effect === "ahead_idle" && afterGrant));
    if (at < 0 || --traps[at]!.left > 0) return false;
    const [trap] = traps.splice(at, 1);
    this.note(`trap ${trap!.effect}`);
    this.deceived = true;
    return true;
  }

  #spring(name: CallName): ArmedTrap | undefined {
    const { traps } = this.#made;
    const at = traps.findIndex((trap) => trap.call === name && !trap.effect.startsWith("ahead"));
    if (at < 0 || --traps[at]!.left > 0) return undefined;
    const [trap] = traps.splice(at, 1);
    this.note(`trap ${trap!.effect}`, () => `at ${name}`);
    return trap;
  }
}
