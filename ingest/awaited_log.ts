/**
 * A log that is still being opened: sources begin at once, and what they bring is spooled, or waits with them, until the
 * log is there.
 * @module
 */
import type { AppendBatch, EventLog } from "../core/ports.ts";

/** What sources need of a log. */
export type SourceLog = Pick<EventLog, "append" | "loadPosition">;

/** Answers as a log that is away does until it is open. Disposing closes it. */
export class AwaitedLog implements SourceLog, AsyncDisposable {
  /** Resolves when the log is open; rejects with what kept it from that. */
  readonly opened: Promise<void>;
  #log: (SourceLog & AsyncDisposable) | null = null;
  #closed = false;

  constructor(open: () => Promise<SourceLog & AsyncDisposable>) {
    this.opened = this.#open(open);
    this.opened.catch(() => {}); // told to whoever waits for it
  }

  append(batch: AppendBatch): Promise<void> {
    return this.#log?.append(batch) ?? away();
  }

  loadPosition(id: string): Promise<unknown> {
    return this.#log?.loadPosition(id) ?? away();
  }

  /** One that is still being opened is closed when it is there: nobody waits for that. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#log?.[Symbol.asyncDispose]();
  }

  async #open(open: () => Promise<SourceLog & AsyncDisposable>): Promise<void> {
    const log = await open();
    if (this.#closed) await log[Symbol.asyncDispose]();
    else this.#log = log;
  }
}

const away = (): Promise<never> => Promise.reject(new Error("it has not answered since the start"));
