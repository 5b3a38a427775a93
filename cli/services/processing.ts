/**
 * Processing as a service: on shared stores a processor that lost a partition to another owner, or a store for longer than
 * its adapter bridges, starts anew from what the stores hold. Nothing of its memory is needed for that.
 * @module
 */
import type { Stores } from "../../adapters/mod.ts";
import { type Clock, type Random, systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { messageOf, UserError } from "../../core/errors.ts";
import type { ProcessorStatus } from "../../core/status.ts";
import { seconds } from "../../core/time.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { Processor, type ProcessorOptions } from "../../processor/processor.ts";

/** Wait before the first new start after a while without any; it doubles with each up to the most. */
const RESTART_MS_MIN = seconds(1);
const RESTART_MS_MAX = seconds(30);
/** A run of this length counts as healthy: the next wait is the shortest again. */
const HEALTHY_MS = seconds(60);

/** Silence after which a partition's windows close by the clock. */
const IDLE_TIMEOUT_MS = seconds(30);

/** Processing of all pipelines on these stores, as `dev` and `process` do it. */
export const processingOf = (stores: Stores, config: Config, onNote: (note: string) => void): Processing =>
  new Processing(stores, {
    clock: systemClock,
    random: { next: () => Math.random() },
    pipelines,
    liveFeed: stores.liveFeed,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    keepEvents: config.keepEvents,
    shared: stores.ownership === null,
    onNote,
  });

/** How to process. */
export interface ProcessingOptions extends Omit<ProcessorOptions, "onNote" | "whenFenced"> {
  readonly clock: Clock;
  readonly random: Random;
  /** Whether other processes share the stores: a partition is then left to whoever overtook, and a failure is a new start. */
  readonly shared: boolean;
  readonly onNote: (note: string) => void;
}

/** One processor after the other. */
export class Processing {
  readonly #stores: Stores;
  readonly #options: ProcessingOptions;
  #processor: Processor;
  #recordsBefore = 0;
  #restarts = 0;

  constructor(stores: Stores, options: ProcessingOptions) {
    this.#stores = stores;
    this.#options = options;
    this.#processor = this.#make();
  }

  /** Runs until the signal aborts. Rejects for what a new start does not mend. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random, shared, onNote } = this.#options;
    let waitMs = RESTART_MS_MIN;
    for (;;) {
      const startedMs = clock.nowMs();
      try {
        return await this.#processor.run(signal);
      } catch (error) {
        // What a user has to mend does not mend itself.
        if (!shared || error instanceof UserError || signal.aborted) throw error;
        if (clock.nowMs() - startedMs >= HEALTHY_MS) waitMs = RESTART_MS_MIN;
        // Not all at the same moment: each new start moves partitions.
        const ownMs = Math.round(waitMs * (0.5 + random.next()));
        onNote(`processing starts anew in ${(ownMs / 1000).toFixed(1)} s: ${messageOf(error)}`);
        await clock.sleep(ownMs, signal);
        if (signal.aborted) return;
        waitMs = Math.min(waitMs * 2, RESTART_MS_MAX);
        this.#restarts++;
        this.#recordsBefore += this.#processor.status().records;
        this.#processor = this.#make();
      }
    }
  }

  /** How far it is; records since the first start. */
  status(): ProcessorStatus {
    const status = this.#processor.status();
    return { ...status, records: this.#recordsBefore + status.records, restarts: this.#restarts };
  }

  #make(): Processor {
    const { clock, random: _random, shared, ...options } = this.#options;
    return new Processor({ ...this.#stores, clock }, { ...options, whenFenced: shared ? "leave" : "stop" });
  }
}
