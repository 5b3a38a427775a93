/**
 * Dead letters of a lookup's table: written by the copier where no pipeline reads the topic, since nobody else would see
 * what does not fit. A table is read anew at each start, so that the place up to which they are written is saved.
 * @module
 */
import { derivedTopics } from "../../core/events/mod.ts";
import type { Fault } from "../../core/events/contract.ts";
import type { EventLog, LogRecord, TopicPartition } from "../../core/ports.ts";
import { deadLetterOf } from "./record_reader.ts";

/** How far the letters of a partition are written. */
interface Written {
  readonly incarnation: string;
  readonly nextOffset: number;
}

/** A record that is no row. */
export interface FaultyRow {
  readonly record: LogRecord;
  readonly fault: Fault;
}

/** Writes each letter once, or once more after a death in between: it has the same id then. */
export class TableDeadLetters {
  readonly #log: EventLog;
  readonly #id: string;
  #written: Map<number, Written> | null = null;

  /** The letters of a table that is looked up for this internal topic. */
  constructor(log: EventLog, internalTopic: string) {
    this.#log = log;
    this.#id = `dead rows:${internalTopic}`;
  }

  /** Writes what was found in a partition since the last time. */
  async write(at: TopicPartition, faulty: readonly FaultyRow[]): Promise<void> {
    const last = faulty.at(-1);
    if (last === undefined) return;
    const written = this.#written ??= new Map(
      Object.entries(await this.#log.loadPosition(this.#id) as Record<string, Written> | null ?? {})
        .map(([partition, place]) => [Number(partition), place]),
    );
    const known = written.get(at.partition);
    const incarnation = await this.#log.incarnation(at, known === undefined ? null : { ...known, witness: null });
    const from = known?.incarnation === incarnation ? known.nextOffset : 0;
    const records = faulty.filter(({ record }) => record.offset >= from).map(({ record, fault }) => ({
      key: null,
      value: JSON.stringify(deadLetterOf(at, record, fault)),
      instance: null,
      seq: 0,
      runId: null,
    }));
    if (records.length === 0) return;
    written.set(at.partition, { incarnation, nextOffset: last.record.offset + 1 });
    await this.#log.append({
      writes: [{ topic: derivedTopics.dead, records }],
      positions: [{ id: this.#id, state: Object.fromEntries(written) }],
    });
  }
}
