/**
 * The runner of live and mock sources: opens the stream, lets each batch through the door, appends it. It pulls: the
 * next batch is asked for when the last one is durable, so a full log slows the source down.
 * @module
 */
import type { EventLog } from "../core/ports.ts";
import type { SourceStatus } from "../core/status.ts";
import { Door, Outbox } from "./door.ts";
import type { Source, SourceContext } from "./source.ts";

/** A source at work. */
export class SourceRunner {
  readonly #source: Source;
  readonly #context: SourceContext;
  readonly #log: EventLog;
  readonly #outbox = new Outbox();
  readonly #door: Door;
  #state: SourceStatus["state"] = "connecting";
  #lastEventMs: number | null = null;
  #failure: string | null = null;

  constructor(source: Source, options: { context: SourceContext; log: EventLog }) {
    this.#source = source;
    this.#context = options.context;
    this.#log = options.log;
    // One sending order per process start: a stream of the outside cannot be read again from the same place.
    const { clock, random } = options.context;
    const start = `${clock.nowMs().toString(36)}-${Math.floor(random.next() * 36 ** 6).toString(36)}`;
    this.#door = new Door(this.#outbox, { origin: source.name, instance: `${source.name}:${start}`, runId: null });
  }

  /** Runs until the stream ends or the signal aborts. Rejects when the log refuses. */
  async run(): Promise<void> {
    const { open, name } = this.#source;
    if (open === undefined) throw new TypeError(`Cannot run source ${name}: it reads recorded input only`);
    try {
      for await (const batch of open(this.#context)) {
        const nowMs = this.#context.clock.nowMs();
        for (const decoded of batch) this.#door.admit(decoded, { nowMs });
        if (this.#outbox.pending > 0) await this.#log.append({ writes: this.#outbox.take() });
        this.#state = "live";
        this.#lastEventMs = nowMs;
        if (this.#context.signal.aborted) break;
      }
      this.#state = "ended";
    } catch (error) {
      this.#state = "failed";
      this.#failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  /** What it is doing. */
  status(): SourceStatus {
    return {
      source: this.#source.name,
      state: this.#state,
      read: this.#door.counts.read,
      dead: this.#door.counts.dead,
      lastEventMs: this.#lastEventMs,
      failure: this.#failure,
    };
  }
}
