/**
 * Commits of one task, one at a time, written while the task goes on with the next records.
 * @module
 */
import type { Pipeline } from "../pipeline.ts";
import { type CommitPlan, type CommitPorts, persist } from "./commit.ts";
import type { Pane } from "./pane.ts";
import type { PartitionTask } from "./partition_task.ts";

/** Writes what a task captures. */
export class Committer {
  readonly #task: PartitionTask;
  readonly #ports: CommitPorts;
  #inFlight: Promise<void> | null = null;
  #lastCaptureMs: number;
  #failed = false;

  constructor(task: PartitionTask, ports: CommitPorts) {
    this.#task = task;
    this.#ports = ports;
    this.#lastCaptureMs = ports.clock.nowMs();
  }

  /** Whether a commit is under way. */
  get busy(): boolean {
    return this.#inFlight !== null;
  }

  /** Whether a commit has failed: {@link settle} rejects from then on, and nobody may have heard of it yet. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Milliseconds since the last capture. */
  get ageMs(): number {
    return this.#ports.clock.nowMs() - this.#lastCaptureMs;
  }

  /** Waits for the commit under way, then captures and starts to write; resolves once the writing has begun. */
  async start(extra?: { readonly drained: ReadonlyMap<Pipeline, readonly Pane[]> }): Promise<void> {
    // No turn between the last look and the capture: of two that waited for the same commit only one may begin the next.
    while (this.#inFlight !== null) await this.#inFlight;
    if (!this.#task.dirty && extra === undefined) return;
    const plan = this.#task.capture(extra);
    this.#lastCaptureMs = this.#ports.clock.nowMs();
    if (plan === null) return;
    // A failure stays in flight: what was captured is lost to this task, so that nothing may be committed after it.
    this.#inFlight = this.#write(plan).then(() => {
      this.#inFlight = null;
    });
    // Whoever settles sees the failure; without anybody it must not end the process from here.
    this.#inFlight.catch(() => this.#failed = true);
  }

  /** Waits until nothing is under way; rejects as the commit did. */
  async settle(): Promise<void> {
    while (this.#inFlight !== null) await this.#inFlight;
  }

  /** Captures, writes, and waits for it. */
  async run(extra?: { readonly drained: ReadonlyMap<Pipeline, readonly Pane[]> }): Promise<void> {
    await this.start(extra);
    await this.settle();
  }

  async #write(plan: CommitPlan): Promise<void> {
    if (!(await persist(plan, this.#ports))) this.#task.touch();
  }
}
