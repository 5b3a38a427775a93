/**
 * A replay in a worker, as the main thread sees it: the worker decodes while this thread processes.
 * @module
 */
import type { EventLog } from "../../core/ports.ts";
import type { ReplayCounts } from "../../ingest/replay/replay.ts";
import { errorOf, failureOf } from "../failure.ts";
import { type ReplayRequest, type ToMain, type ToWorker, unpackAppend } from "./protocol.ts";

/** Never called: `deno compile`, `deno check` and `deno cache` follow an import, but not `new Worker`. */
export function importReplayWorker(): Promise<unknown> {
  return import("./worker.ts");
}

/** A replay that is ready to be fed. */
export class RemoteReplay implements Disposable {
  readonly #worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  readonly #log: Pick<EventLog, "append" | "loadPosition">;
  #answer = Promise.withResolvers<ToMain>();
  #counts: ReplayCounts | undefined;
  #fed: Promise<void> = Promise.resolve();
  #opened: Extract<ToMain, { kind: "opened" }> | undefined;

  private constructor(log: Pick<EventLog, "append" | "loadPosition">) {
    this.#log = log;
    this.#worker.onmessage = ({ data }: MessageEvent<ToMain>) => this.#hear(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#answer.reject(new Error(`Cannot replay: the worker failed: ${event.message}`));
    };
  }

  /**
   * Starts the worker and opens the files; null where the signal aborts before they are open, since looking at large
   * files takes its time.
   *
   * @throws {UserError} as `Replay.open` does.
   */
  static async open(
    log: Pick<EventLog, "append" | "loadPosition">,
    { request, signal }: { request: ReplayRequest; signal: AbortSignal },
  ): Promise<RemoteReplay | null> {
    const replay = new RemoteReplay(log);
    const aborted = new Promise<null>((resolve) => {
      const abort = () => {
        replay.#say({ kind: "abort" });
        resolve(null);
      };
      signal.addEventListener("abort", abort);
      if (signal.aborted) abort();
    });
    try {
      const opened = await Promise.race([replay.reopen(request).then(() => replay), aborted]);
      if (opened === null) replay[Symbol.dispose]();
      return opened;
    } catch (error) {
      replay[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * Opens files anew in the same worker, once what it had open is finished.
   *
   * @throws {UserError} as `Replay.open` does.
   */
  async reopen(request: ReplayRequest): Promise<void> {
    const answer = await this.#ask({ kind: "open", request });
    if (answer.kind === "opened") this.#opened = answer;
  }

  /** What people should know of how the files are read. */
  get notes(): readonly string[] {
    return this.#opened?.notes ?? [];
  }

  /** The run whose outcomes are counted. */
  get runId(): string {
    return this.#opened?.runId ?? "";
  }

  /** Whether earlier runs had sent everything. */
  get nothingNew(): boolean {
    return this.#opened?.nothingNew ?? false;
  }

  /** Counts at the door so far. */
  counts(): ReplayCounts {
    return this.#counts ?? { read: 0, dead: 0, ignored: 0, ignoredKinds: {}, skipped: 0 };
  }

  /** Sends what is left. Resolves when all of it is durable in the log, or when the signal aborts. */
  feed(): Promise<void> {
    this.#fed = this.#ask({ kind: "feed" }).then(() => {});
    return this.#fed;
  }

  /** Settles when the feed at hand does. */
  get fed(): Promise<void> {
    return this.#fed;
  }

  /** Notes that the run has ended, so that the next one starts anew. */
  async finish(): Promise<void> {
    await this.#ask({ kind: "finish" });
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.#worker.terminate();
  }

  #say(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** One question at a time; calls of the worker are answered in between. */
  #ask(message: ToWorker): Promise<ToMain> {
    this.#answer = Promise.withResolvers<ToMain>();
    this.#say(message);
    return this.#answer.promise;
  }

  #hear(message: ToMain): void {
    if ("counts" in message) this.#counts = message.counts;
    if (message.kind === "failed") this.#answer.reject(errorOf(message.failure));
    else if (message.kind === "append") this.#serve(message.call, this.#log.append(unpackAppend(message.batch)));
    else if (message.kind === "loadPosition") this.#serve(message.call, this.#log.loadPosition(message.id));
    else this.#answer.resolve(message);
  }

  #serve(call: number, work: Promise<unknown>): void {
    work.then(
      (result) => this.#say({ kind: "done", call, result }),
      (error) => this.#say({ kind: "refused", call, failure: failureOf(error) }),
    );
  }
}
