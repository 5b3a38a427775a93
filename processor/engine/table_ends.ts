/**
 * The ends of a lookup's table, asked for once for all source partitions of a copier that want to know at the same time.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import type { EventLog } from "../../core/ports.ts";

/** Where a table ends, as of a moment. */
export class TableEnds {
  readonly #log: Pick<EventLog, "endOffsets">;
  readonly #clock: Clock;
  readonly #topic: string;
  #offsets: readonly number[] | null = null;
  #asOfMs = -Infinity;
  #looking: { readonly asOfMs: number; readonly done: Promise<void> } | null = null;

  constructor({ log, clock, topic }: { log: Pick<EventLog, "endOffsets">; clock: Clock; topic: string }) {
    this.#log = log;
    this.#clock = clock;
    this.#topic = topic;
  }

  /** For each partition the offset after its last record; null before the first look. */
  get offsets(): readonly number[] | null {
    return this.#offsets;
  }

  /** All that was appended up to then lies below {@link offsets}. */
  get asOfMs(): number {
    return this.#asOfMs;
  }

  /** Looks at the ends as of a moment after this one, which must be past. Rejects when the log cannot be reached. */
  lookAfter(timeMs: number): Promise<void> {
    if (this.#looking !== null && this.#looking.asOfMs > timeMs) return this.#looking.done;
    const asOfMs = this.#clock.nowMs();
    const done = this.#look(asOfMs).finally(() => {
      if (this.#looking?.done === done) this.#looking = null;
    });
    this.#looking = { asOfMs, done };
    return done;
  }

  async #look(asOfMs: number): Promise<void> {
    const offsets = await this.#log.endOffsets(this.#topic);
    if (asOfMs < this.#asOfMs) return;
    this.#offsets = offsets;
    this.#asOfMs = asOfMs;
  }
}
