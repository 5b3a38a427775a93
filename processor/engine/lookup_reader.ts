/**
 * Reads the table of a lookup for one source partition, always from the beginning of what its log holds, and no further
 * than the events that wait for it need.
 *
 * Which rows an event sees follows from the two logs alone: those with a time up to the event's that were appended at
 * most `waitMs` after it. So a copier that was killed, and another one that takes its partition over, find the same.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import { type Fault, isFault } from "../../core/events/contract.ts";
import type { EventLog, LogRecord, RecordBatch, TopicPartition } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";
import type { Lookup } from "../lookup.ts";
import { LookupTable } from "./lookup_table.ts";
import { keyOf, noKey, readEvent } from "./record_reader.ts";
import type { FaultyRow, TableDeadLetters } from "./table_dead_letters.ts";
import type { TableEnds } from "./table_ends.ts";

/** How a table is read. */
export interface LookupReaderOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly lookup: Lookup;
  /** Of this reader alone: it reads every partition of the table. */
  readonly group: string;
  /** Where the table ends. */
  readonly ends: TableEnds;
  readonly onNote: (note: string) => void;
  /** Takes what does not fit; null where others do. */
  readonly dead: TableDeadLetters | null;
}

/** Versions of rows that each source partition keeps. */
const ROWS_MAX = 50_000;
/** Records of the table that its log keeps at most for rows that are still in effect. */
const KEPT_RECORDS_MAX = 20_000;
/** The ends of the table are asked for at most that often, however many batches wait: what waits is rounded up to it. */
const LOOK_INTERVAL_MS = 200;
/** Time between tries where the log cannot be reached. */
const RETRY_MS = seconds(1);

interface Place {
  nextOffset: number;
  /** Highest append time read. */
  appendTimeMs: number;
}

/** The table as one source partition sees it. */
export class LookupReader {
  readonly table = new LookupTable({ rowsMax: ROWS_MAX });
  /** Records that are no row, or whose fields could not be made, since the start. */
  failed = 0;
  readonly #options: LookupReaderOptions;
  readonly #places = new Map<number, Place>();
  /** What was appended up to then is to be read. */
  #wantedMs = -Infinity;
  #moved = Promise.withResolvers<void>();
  #noted = false;

  constructor(options: LookupReaderOptions) {
    this.#options = options;
  }

  /** For each partition in hand the lowest offset that a reader that begins anew needs, within a bound. */
  neededOffsets(): ReadonlyMap<number, number> {
    const needed = this.table.neededOffsets();
    return new Map([...this.#places].map(([partition, { nextOffset }]) => {
      const offset = Math.min(nextOffset, needed.get(partition) ?? Infinity);
      return [partition, Math.max(offset, nextOffset - KEPT_RECORDS_MAX)];
    }));
  }

  /** Reads until the signal aborts. Rejects when the log fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, clock, lookup, group, dead } = this.#options;
    const { topic } = lookup.table;
    const onAbort = () => this.#move();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (!signal.aborted && this.#wantedMs === -Infinity) await this.#moved.promise;
      const batches = log.consume({
        topics: [topic],
        group,
        signal,
        onAssign: (at) => this.#assign(at),
        onRevoke: () => Promise.resolve(),
      });
      for await (const batch of batches) {
        const place = this.#places.get(batch.partition);
        if (place === undefined) continue;
        const faulty = this.#take(batch, place);
        await dead?.write({ topic, partition: batch.partition }, faulty);
        this.#move();
        await clock.sleep(0);
        // What nobody asks for yet stays in the log.
        while (!signal.aborted && this.#isRead(this.#wantedMs)) await this.#moved.promise;
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Lets it read what was appended up to then. */
  want(appendTimeMs: number): void {
    if (appendTimeMs <= this.#wantedMs) return;
    this.#wantedMs = appendTimeMs;
    this.#move();
  }

  /** Resolves when all that was or will be appended up to then is read; false when the signal has aborted before. */
  async reach(appendTimeMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock, ends } = this.#options;
    this.want(appendTimeMs);
    const onAbort = () => this.#move();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      while (!signal.aborted) {
        if (this.#isRead(appendTimeMs)) return true;
        if (ends.asOfMs > appendTimeMs) {
          // The reading may rest since before others have seen these ends.
          this.#move();
          await this.#moved.promise;
          continue;
        }
        const untilMs = (Math.floor(appendTimeMs / LOOK_INTERVAL_MS) + 1) * LOOK_INTERVAL_MS;
        const leftMs = untilMs - clock.nowMs();
        if (leftMs > 0) await clock.sleep(leftMs, signal);
        else await this.#lookAtEnds(appendTimeMs, signal);
      }
      return false;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async #assign({ topic, partition }: TopicPartition): Promise<number> {
    const known = this.#places.get(partition);
    if (known !== undefined) return known.nextOffset;
    const nextOffset = (await this.#options.log.startOffsets(topic))[partition] ?? 0;
    this.#places.set(partition, { nextOffset, appendTimeMs: -Infinity });
    return nextOffset;
  }

  #isRead(appendTimeMs: number): boolean {
    const { ends: { offsets, asOfMs } } = this.#options;
    if (offsets === null) return false;
    const areEndsKnown = asOfMs > appendTimeMs;
    return offsets.every((end, partition) => {
      const place = this.#places.get(partition);
      if (place === undefined) return areEndsKnown && end === 0;
      return place.appendTimeMs > appendTimeMs || (areEndsKnown && place.nextOffset >= end);
    });
  }

  async #lookAtEnds(appendTimeMs: number, signal: AbortSignal): Promise<void> {
    const { clock, lookup, ends, onNote } = this.#options;
    try {
      await ends.lookAfter(appendTimeMs);
      this.#noted = false;
    } catch (error) {
      if (!this.#noted) onNote(`${lookup.table.topic}: lookup ${lookup.name} waits for the log: ${messageOf(error)}`);
      this.#noted = true;
      await clock.sleep(RETRY_MS, signal);
    }
  }

  #take(batch: RecordBatch, place: Place): FaultyRow[] {
    const faulty: FaultyRow[] = [];
    for (const record of batch.records) {
      const fault = this.#takeRow(record, batch.partition);
      if (fault === null) continue;
      this.failed++;
      faulty.push({ record, fault });
    }
    const last = batch.records.at(-1);
    place.nextOffset = batch.nextOffset ?? (last === undefined ? place.nextOffset : last.offset + 1);
    place.appendTimeMs = Math.max(place.appendTimeMs, last?.appendTimeMs ?? -Infinity);
    return faulty;
  }

  /** Takes a row in; answers why a record is none. */
  #takeRow(record: LogRecord, partition: number): Fault | null {
    const { lookup: { table, as, fields: names } } = this.#options;
    const { appendTimeMs, offset } = record;
    const place = { appendTimeMs, partition, offset };
    if (record.fault === "tombstone") {
      if (record.key === null) return noKey(table.keyField);
      // It has no time of its own.
      this.table.put(record.key, { ...place, eventTimeMs: appendTimeMs, id: "", fields: null });
      return null;
    }
    const checked = readEvent(table, record);
    if (isFault(checked)) return checked;
    const { event, eventTimeMs } = checked;
    const key = keyOf(event, table.keyField);
    if (key === null) return noKey(table.keyField);
    try {
      this.table.put(key, { ...place, eventTimeMs, id: event.event_id, fields: namedOnly(names, as(event)) });
    } catch (error) {
      return { reason: "lookup", path: "", message: `its fields could not be made: ${messageOf(error)}` };
    }
    return null;
  }

  #move(): void {
    const { resolve } = this.#moved;
    this.#moved = Promise.withResolvers();
    resolve();
  }
}

/** A row's fields without what the lookup did not name. */
function namedOnly(fields: readonly string[], row: object | null): object | null {
  if (row === null) return null;
  const values = row as Readonly<Record<string, unknown>>;
  return Object.fromEntries(fields.map((field) => [field, values[field]]));
}
