/**
 * Processing in several threads of one process. Each thread is a member of the group like any other process: it has
 * partitions, connections and memory of its own, so threads share nothing but the stores.
 *
 * ```
 * this thread: HTTP, signals ── run, stop ──▶ thread 1: stores ─▶ Processing
 *                            ◀─ status, notes ─ thread 2: stores ─▶ Processing
 * ```
 * @module
 */
import type { Config } from "../../core/config.ts";
import { type ProcessorStatus, type StoreTrouble, sumOfStatuses } from "../../core/status.ts";
import { errorOf } from "../failure.ts";
import type { ToMain, ToThread } from "./processing_protocol.ts";
import { linkedTo, runTogether } from "./together.ts";

/** Never called: `deno compile`, `deno check` and `deno cache` follow an import, but not `new Worker`. */
export function importProcessingWorker(): Promise<unknown> {
  return import("./processing_worker.ts");
}

const NOTHING: ProcessorStatus = { records: 0, lagRecords: 0, partitions: [], restarts: 0 };

/** What threads need. */
export interface ThreadsOptions {
  readonly config: Config;
  readonly threads: number;
  readonly onNote: (note: string) => void;
}

/** Several processors, a thread each. */
export class ProcessingThreads {
  readonly #options: ThreadsOptions;
  readonly #statuses: ProcessorStatus[];
  readonly #troubles: (readonly StoreTrouble[])[];

  constructor(options: ThreadsOptions) {
    this.#options = options;
    this.#statuses = new Array<ProcessorStatus>(options.threads).fill(NOTHING);
    this.#troubles = new Array<readonly StoreTrouble[]>(options.threads).fill([]);
  }

  /** Runs until the signal aborts. Rejects with what the first thread failed with, once all have ended. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = linkedTo(signal);
    await runTogether(this.#statuses.map((_, index) => this.#runThread(index, stop.signal)), stop);
  }

  /** How far all of them are together, as last heard: at most half a second ago. */
  status(): ProcessorStatus {
    return sumOfStatuses(this.#statuses);
  }

  /** What all of them have had with the servers of their stores, as last heard. */
  troubles(): readonly StoreTrouble[] {
    return this.#troubles.flat();
  }

  async #runThread(index: number, signal: AbortSignal): Promise<void> {
    const { config, onNote } = this.#options;
    const worker = new Worker(new URL("./processing_worker.ts", import.meta.url), { type: "module" });
    const say = (message: ToThread) => worker.postMessage(message);
    const ended = Promise.withResolvers<void>();
    worker.onmessage = ({ data }: MessageEvent<ToMain>) => {
      if (data.kind === "note") onNote(`thread ${index + 1}: ${data.note}`);
      else if (data.kind === "failed") ended.reject(errorOf(data.failure));
      else {
        this.#statuses[index] = data.status;
        this.#troubles[index] = data.troubles;
        if (data.kind === "ended") ended.resolve();
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      ended.reject(new Error(`Cannot process: thread ${index + 1} failed: ${event.message}`));
    };
    const onAbort = () => say({ kind: "stop" });
    signal.addEventListener("abort", onAbort);
    try {
      say({ kind: "run", config });
      if (signal.aborted) onAbort();
      await ended.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      worker.terminate();
      // What a thread that has ended knew is saved: its partitions are another one's now.
      this.#statuses[index] = { ...this.#statuses[index]!, lagRecords: 0, partitions: [] };
    }
  }
}
