/**
 * A source in a test's hand: it sends what it is told, and can pause, end and fail.
 * @module
 */
import type { EventBase, EventContract } from "../../core/events/contract.ts";
import { type EventDraft, source } from "../../ingest/define_source.ts";
import type { Source } from "../../ingest/source.ts";

/** A live source that a test drives. One stream at a time reads it. */
export class TestSource<E extends EventBase> {
  /** To be run like any other. */
  readonly source: Source;
  readonly #queue: EventDraft<E>[] = [];
  #isPaused = false;
  #hasEnded = false;
  #failure: Error | null = null;
  #changed = Promise.withResolvers<void>();

  /** A source of one topic. */
  constructor(contract: EventContract<E>, { name = "test" }: { readonly name?: string } = {}) {
    const open = ({ signal }: { readonly signal: AbortSignal }) => this.#batches(signal);
    this.source = source<E>({ name, about: "what a test sends", contract, open });
  }

  /** Sends events, at once or as soon as it goes on. */
  send(...events: readonly EventDraft<E>[]): void {
    this.#queue.push(...events);
    this.#announce();
  }

  /** Holds back what is sent from now on. */
  pause(): void {
    this.#isPaused = true;
  }

  /** Sends what was held back, and goes on. */
  resume(): void {
    this.#isPaused = false;
    this.#announce();
  }

  /** Ends the stream after what was sent. */
  end(): void {
    this.#hasEnded = true;
    this.resume();
  }

  /** Breaks the stream off, as a lost connection does: what is not read yet is lost. */
  abort(failure: Error = new Error("Cannot read on: the test source was aborted")): void {
    this.#failure = failure;
    this.#announce();
  }

  async *#batches(signal: AbortSignal): AsyncIterable<readonly EventDraft<E>[]> {
    const onAbort = () => this.#announce();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (!signal.aborted) {
        if (this.#failure !== null) throw this.#failure;
        if (!this.#isPaused && this.#queue.length > 0) yield this.#queue.splice(0);
        else if (!this.#isPaused && this.#hasEnded) return;
        else await this.#changed.promise;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  #announce(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }
}
