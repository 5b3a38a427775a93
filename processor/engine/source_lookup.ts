/**
 * The lookup of one source partition: keeps its events back until the rows that they may see are read, and adds the
 * fields of those rows. Others need not wait for them.
 * @module
 */
import type { CheckedEvent, EventBase } from "../../core/events/contract.ts";
import type { RecordBatch } from "../../core/ports.ts";
import { LookupReader, type LookupReaderOptions } from "./lookup_reader.ts";

/** How a source partition looks something up. */
export interface SourceLookupOptions extends LookupReaderOptions {
  /** The first failure of what goes on beside the copier. */
  readonly onFailure: (error: unknown) => void;
}

/** Records that wait for rows; with more the reading of the source waits too. */
const HELD_RECORDS_MAX = 20_000;

/** A source partition's lookup. */
export class SourceLookup implements AsyncDisposable {
  readonly reader: LookupReader;
  readonly #options: SourceLookupOptions;
  readonly #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();
  #held: Promise<void> = Promise.resolve();
  #heldRecords = 0;
  #missed = 0;

  constructor(options: SourceLookupOptions) {
    this.#options = options;
    this.reader = new LookupReader(options);
  }

  /** Events that were copied without a row, since the start. */
  get missed(): number {
    return this.#missed;
  }

  /** Begins to read the table. */
  start(): void {
    this.#reading = this.reader.run(this.#stop.signal).catch(this.#options.onFailure);
  }

  /**
   * Calls `copy` once all rows that the batch may see are read, one batch after the other. Resolves when there is room
   * for more.
   */
  async hold(batch: RecordBatch, copy: () => Promise<void>): Promise<void> {
    const { waitMs } = this.#options.lookup;
    const { signal } = this.#stop;
    const appendTimeMs = batch.records.reduce((max, record) => Math.max(max, record.appendTimeMs), -Infinity);
    this.#heldRecords += batch.records.length;
    this.#held = this.#held.then(async () => {
      if (signal.aborted || !(await this.reader.reach(appendTimeMs + waitMs, signal))) return;
      await copy();
      this.#heldRecords -= batch.records.length;
    }).catch((error) => {
      this.#stop.abort();
      this.#options.onFailure(error);
    });
    if (this.#heldRecords > HELD_RECORDS_MAX) await this.#held;
  }

  /** The event with the fields of its row, given the highest event time of the records before it. */
  join({ event, eventTimeMs }: CheckedEvent<EventBase>, of: { appendTimeMs: number; newestMs: number }): EventBase {
    const { lookup } = this.#options;
    const asOfMs = Math.max(eventTimeMs, of.newestMs - lookup.historyMs);
    const key = keyIn(lookup, event);
    const asOf = { eventTimeMs: asOfMs, appendTimeMs: of.appendTimeMs + lookup.waitMs };
    const fields = key === null ? null : this.reader.table.find(key, asOf);
    if (fields === null) this.#missed++;
    const joined: Record<string, unknown> = { ...event };
    for (const field of lookup.fields) delete joined[field];
    return Object.assign(joined, fields ?? lookup.otherwise) as unknown as EventBase;
  }

  /** All up to a record of that append time is copied, the highest event time of which is this. */
  copied(of: { appendTimeMs: number; newestMs: number }): void {
    const { waitMs, historyMs } = this.#options.lookup;
    this.reader.table.forgetBelow({ eventTimeMs: of.newestMs - historyMs, appendTimeMs: of.appendTimeMs + waitMs });
  }

  /** Nothing of the source waits: the table may be read as far as it is. */
  rest(nowMs: number): void {
    if (this.#heldRecords === 0) this.reader.want(nowMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.all([this.#reading, this.#held]);
  }
}

function keyIn(lookup: SourceLookupOptions["lookup"], event: EventBase): string | null {
  try {
    return lookup.key(event) || null;
  } catch {
    // Counted as an event without a row, which it is.
    return null;
  }
}
