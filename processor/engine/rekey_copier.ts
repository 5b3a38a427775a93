/**
 * The copier of a topic into an internal one that is keyed by another field, or holds what a lookup adds: it reads every
 * partition of the source as a member of a group of its own, and keeps the order of each.
 *
 * - One append is in flight at a time, and the position goes with it. So of each source partition the first appearances
 *   of copies are in source order, whatever is copied twice by a copier that was killed or overtaken.
 * - What does not fit the contract, or has no key, is copied to partition 0, whose reader finds the fault again: it alone
 *   counts and writes dead letters.
 * - With a lookup, the records of a source partition wait for the rows that they may see (source_lookup.ts).
 * - Ticks tell every partition how far the source is, also those that its records do not go to.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import { messageOf } from "../../core/errors.ts";
import { isFault } from "../../core/events/contract.ts";
import { memoPartitioner, partitionOf } from "../../core/partitioner.ts";
import type { EventLog, LogRecord, NewRecord, RecordBatch, TopicPartition } from "../../core/ports.ts";
import type { LookupStatus } from "../../core/status.ts";
import { witnessOf } from "../../core/witness.ts";
import type { RekeyTarget } from "../rekey_targets.ts";
import { keyOf, readEvent } from "./record_reader.ts";
import { copyOf, orderName, type SourceMark, tickOf } from "./rekey_copy.ts";
import { type CopyPosition, findCopyStart, savedPosition } from "./rekey_position.ts";
import type { RetentionFloors } from "./retention_floors.ts";
import { SourceLookup } from "./source_lookup.ts";
import { TableDeadLetters } from "./table_dead_letters.ts";
import { TableEnds } from "./table_ends.ts";

/** How a copier works. */
export interface RekeyCopierOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly floors: Pick<RetentionFloors, "set">;
  readonly target: RekeyTarget;
  readonly group: string;
  /** Silence after which others do not wait for a source partition any longer; null = never (a replay). */
  readonly idleTimeoutMs: number | null;
  readonly onNote: (note: string) => void;
  /** Called when something was copied or taken over. */
  readonly onProgress: () => void;
}

/** Time between ticks of a source partition… */
const TICK_INTERVAL_MS = 500;
/** …and records after which they are due before that. */
const TICK_RECORDS = 1_000;
/** Ticks between looks at what of a lookup's table is still needed: each looks at every row. */
const TABLE_FLOOR_TICKS = 10;

/** A source partition in hand. */
interface Source {
  readonly at: TopicPartition;
  readonly lookup: SourceLookup | null;
  readonly order: string;
  readonly partitionCount: number;
  position: CopyPosition;
  idle: boolean;
  /** The event time that each internal partition was told last; NaN = it has to be told. */
  told: number[];
  recordsSinceTick: number;
  lastRecordMs: number;
  endOffset: number;
}

/** A record as it is copied. */
interface Keyed {
  /** Null where it is no event, or has no key. */
  readonly key: string | null;
  readonly eventTimeMs: number;
  readonly value: string;
}

/** Copies one topic under one key. One at a time calls {@link run}. */
export class RekeyCopier {
  readonly #options: RekeyCopierOptions;
  readonly #sources = new Map<number, Source>();
  readonly #tableEnds: TableEnds | null;
  #partitionFor: (key: string) => number = () => 0;
  /** For each partition of the internal topic a key that lies there. */
  #tickKeys: readonly string[] = [];
  #sending: Promise<void> = Promise.resolve();
  #logAway = false;
  /** Rejects when something fails that nobody waits for. */
  #failed = Promise.withResolvers<never>();

  constructor(options: RekeyCopierOptions) {
    this.#options = options;
    const { log, clock, target: { lookup } } = options;
    this.#tableEnds = lookup && new TableEnds({ log, clock, topic: lookup.table.topic });
  }

  /** The topic that it reads. */
  get sourceTopic(): string {
    return this.#options.target.contract.topic;
  }

  /** Records of the partitions in hand that are not copied yet, as last seen. */
  get lagRecords(): number {
    return [...this.#sources.values()].reduce(
      (sum, { endOffset, position }) => sum + Math.max(0, endOffset - position.source.nextOffset),
      0,
    );
  }

  /** What its lookup counted; null where it has none. */
  get lookupStatus(): LookupStatus | null {
    const { topic, lookup } = this.#options.target;
    if (lookup === null) return null;
    const lookups = [...this.#sources.values()].flatMap((source) => source.lookup ?? []);
    const sum = (of: (one: SourceLookup) => number) => lookups.reduce((total, one) => total + of(one), 0);
    return {
      lookup: lookup.name,
      topic,
      rows: sum(({ reader }) => reader.table.rows),
      missed: sum(({ missed }) => missed),
      lateRows: sum(({ reader }) => reader.table.late),
      failedRows: sum(({ reader }) => reader.failed),
      droppedRows: sum(({ reader }) => reader.table.dropped),
    };
  }

  /** Copies until the signal aborts. Rejects when the log fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, target } = this.#options;
    const partitionCount = (await log.endOffsets(target.topic)).length;
    this.#partitionFor = memoPartitioner(partitionCount);
    this.#tickKeys = keysOfPartitions(partitionCount);
    this.#failed = Promise.withResolvers();
    this.#failed.promise.catch(() => {});
    const stop = new AbortController();
    const stopped = AbortSignal.any([signal, stop.signal]);
    const parts = [this.#read(stopped), this.#tend(stopped)];
    try {
      await Promise.race([Promise.all(parts), this.#failed.promise]);
    } finally {
      stop.abort();
      await Promise.allSettled(parts);
      await Promise.all([...this.#sources.values()].map((source) => source.lookup?.[Symbol.asyncDispose]()));
    }
  }

  /** Whether anything below these ends is not copied. */
  isBehind(ends: readonly number[]): boolean {
    return ends.some((end, partition) => (this.#sources.get(partition)?.position.source.nextOffset ?? -1) < end);
  }

  /** Tells all partitions how far the sources are. */
  async tell(): Promise<void> {
    for (const source of this.#sources.values()) await this.#tick(source, () => isUntold(source));
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { log, clock, group, onProgress } = this.#options;
    const batches = log.consume({
      topics: [this.sourceTopic],
      group,
      signal,
      onAssign: (at) => this.#assign(at),
      onRevoke: (at) => this.#giveUp(at),
    });
    for await (const batch of batches) {
      const source = this.#sources.get(batch.partition);
      if (source === undefined) continue;
      source.endOffset = batch.endOffset;
      const copy = async () => {
        await this.#alone(() => this.#copy(source, batch));
        onProgress();
      };
      await (source.lookup === null ? copy() : source.lookup.hold(batch, copy));
      await clock.sleep(0);
    }
  }

  async #giveUp({ partition }: TopicPartition): Promise<void> {
    const source = this.#sources.get(partition);
    this.#sources.delete(partition);
    await source?.lookup?.[Symbol.asyncDispose]();
  }

  /** Lets the log of the table forget what no source partition in hand needs when it begins anew. */
  async #setTableFloors(): Promise<void> {
    const { target: { topic, lookup }, floors } = this.#options;
    if (lookup === null) return;
    const needed = [...this.#sources.values()].flatMap((source) => source.lookup?.reader.neededOffsets() ?? []);
    for (const partition of needed[0]?.keys() ?? []) {
      const offset = Math.min(...needed.map((offsets) => offsets.get(partition) ?? 0));
      await floors.set(`table of ${topic}`, { topic: lookup.table.topic, partition, offset });
    }
  }

  #lookupOf({ partition }: TopicPartition): SourceLookup | null {
    const { target: { topic, lookup, isTableRead }, log, group } = this.#options;
    if (lookup === null || this.#tableEnds === null) return null;
    // Each source partition reads the whole table; one of them is enough to tell of it.
    const dead = partition === 0 && !isTableRead ? new TableDeadLetters(log, topic) : null;
    const how = { ...this.#options, lookup, group: `${group}-table-${partition}`, ends: this.#tableEnds, dead };
    return new SourceLookup({ ...how, onFailure: (error) => this.#failed.reject(error) });
  }

  /** What is due by time: ticks, and the word that a source is silent. */
  async #tend(signal: AbortSignal): Promise<void> {
    const { clock, idleTimeoutMs } = this.#options;
    for (let round = 1; !signal.aborted; round++) {
      await clock.sleep(TICK_INTERVAL_MS, signal);
      if (round % TABLE_FLOOR_TICKS === 0) await this.#setTableFloors();
      for (const source of this.#sources.values()) {
        await this.#tick(source, () => isUntold(source) && !signal.aborted);
        if (source.endOffset <= source.position.source.nextOffset) source.lookup?.rest(clock.nowMs());
        const silentMs = clock.nowMs() - source.lastRecordMs;
        if (idleTimeoutMs !== null && !source.idle && silentMs >= idleTimeoutMs) await this.#declareIdle(source);
      }
    }
  }

  async #assign(at: TopicPartition): Promise<number> {
    const { log, clock, floors, target, onNote, onProgress } = this.#options;
    await this.#giveUp(at);
    const { position, partitionCount, notes } = await findCopyStart(log, target, at);
    for (const note of notes) onNote(`${at.topic}/${at.partition}: ${note}`);
    const { incarnation, nextOffset } = position.source;
    await floors.set(`copy to ${target.topic}`, { ...at, offset: nextOffset });
    const nowMs = clock.nowMs();
    const lookup = this.#lookupOf(at);
    this.#sources.set(at.partition, {
      at,
      lookup,
      order: orderName(at, incarnation),
      partitionCount,
      position,
      idle: false,
      // A copier before this one may have ended before it told.
      told: this.#tickKeys.map(() => NaN),
      recordsSinceTick: 0,
      lastRecordMs: nowMs,
      endOffset: nextOffset,
    });
    lookup?.start();
    onProgress();
    return nextOffset;
  }

  async #copy(source: Source, batch: RecordBatch): Promise<void> {
    const { log, clock, floors, target } = this.#options;
    const { position, at } = source;
    // It may have been given up while its records waited.
    if (this.#sources.get(at.partition) !== source) return;
    const active = { ...source, idle: false };
    const told = source.idle ? source.told.map(() => NaN) : [...source.told];
    const copied = told.map(() => 0);
    let { newest } = position;
    const records: NewRecord[] = batch.records.map((record) => {
      const { key, eventTimeMs, value } = this.#keyed(source, record, newest?.[0] ?? -Infinity);
      if (key !== null && eventTimeMs > (newest?.[0] ?? -Infinity)) {
        newest = [eventTimeMs, record.appendTimeMs, record.runId];
      }
      const partition = key === null ? 0 : this.#partitionFor(key);
      told[partition] = newest?.[0] ?? -Infinity;
      copied[partition]!++;
      return copyOf({ ...record, value }, { mark: markOf(active, newest), order: source.order, key });
    });
    const last = batch.records.at(-1);
    const nextOffset = batch.nextOffset ?? (last === undefined ? position.source.nextOffset : last.offset + 1);
    const witness = last === undefined ? position.source.witness : witnessOf(last);
    const moved: CopyPosition = {
      source: { ...position.source, nextOffset, witness },
      targets: position.targets.map(([incarnation, end], partition) => [incarnation, end + copied[partition]!]),
      newest,
    };
    const recordsSinceTick = source.recordsSinceTick + records.length;
    const next = { ...active, position: moved, told };
    const isTickDue = recordsSinceTick >= TICK_RECORDS && isUntold(next);
    const ticks = isTickDue ? this.#ticksOf(next) : [];
    if (records.length > 0) {
      await log.append({
        writes: [{ topic: target.topic, records: [...records, ...ticks] }],
        positions: [savedPosition(target, at.partition, moved)],
      });
      source.idle = false;
      source.lastRecordMs = clock.nowMs();
    }
    // Only now: a tick must never tell of records whose append has failed.
    source.position = moved;
    source.told = told;
    source.recordsSinceTick = recordsSinceTick;
    if (isTickDue) this.#noteTick(source);
    if (last !== undefined && newest !== null) {
      source.lookup?.copied({ appendTimeMs: last.appendTimeMs, newestMs: newest[0] });
    }
    await floors.set(`copy to ${target.topic}`, { ...at, offset: nextOffset });
  }

  #keyed({ lookup }: Source, record: LogRecord, newestMs: number): Keyed {
    const { contract, keyField } = this.#options.target;
    const { value, appendTimeMs } = record;
    const checked = readEvent(contract, record);
    if (isFault(checked)) return { key: null, eventTimeMs: -Infinity, value };
    const { event, eventTimeMs } = checked;
    if (lookup === null) return { key: keyOf(event, keyField), eventTimeMs, value };
    const joined = lookup.join(checked, { appendTimeMs, newestMs });
    return { key: keyOf(joined, keyField), eventTimeMs, value: JSON.stringify(joined) };
  }

  /** Reading the end proves that the log can be reached: silence of a log that is away says nothing. */
  async #declareIdle(source: Source): Promise<void> {
    const { log, onNote } = this.#options;
    const { at, lastRecordMs } = source;
    const ends = await log.endOffsets(at.topic).catch((error) => {
      if (!this.#logAway) onNote(`${at.topic}: its silence is not judged: the log is away: ${messageOf(error)}`);
      return null;
    });
    this.#logAway = ends === null;
    if (ends === null || ends[at.partition] !== source.position.source.nextOffset) return;
    const isDue = () => !source.idle && source.lastRecordMs === lastRecordMs;
    await this.#tick(source, isDue, { idle: true });
  }

  async #tick(source: Source, isDue: () => boolean, { idle = source.idle } = {}): Promise<void> {
    await this.#alone(async () => {
      if (this.#sources.get(source.at.partition) !== source || !isDue()) return;
      const records = this.#ticksOf({ ...source, idle });
      await this.#options.log.append({ writes: [{ topic: this.#options.target.topic, records }] });
      source.idle = idle;
      this.#noteTick(source);
    });
  }

  #noteTick(source: Source): void {
    source.told = source.told.map(() => source.position.newest?.[0] ?? -Infinity);
    source.recordsSinceTick = 0;
  }

  #ticksOf(source: Source): NewRecord[] {
    const { position, order } = source;
    const mark = markOf(source, position.newest);
    const rest = { order, nextOffset: position.source.nextOffset, runId: position.newest?.[2] ?? null };
    return this.#tickKeys.map((key) => tickOf(mark, { key, ...rest }));
  }

  /** One append after the other. */
  #alone(work: () => Promise<void>): Promise<void> {
    const done = this.#sending.then(work);
    this.#sending = done.catch(() => {});
    return done;
  }
}

/** Whether a partition does not know how far an active source is. */
function isUntold({ idle, told, position }: Pick<Source, "idle" | "told" | "position">): boolean {
  const { newest } = position;
  return !idle && newest !== null && told.some((eventTimeMs) => eventTimeMs !== newest[0]);
}

const markOf = ({ at, partitionCount, idle }: Source, newest: CopyPosition["newest"]): SourceMark => ({
  partition: at.partition,
  partitionCount,
  eventTimeMsMax: newest?.[0] ?? -Infinity,
  appendTimeMs: newest?.[1] ?? 0,
  idle,
});

/** For each partition a key that lies there: a tick goes to all of them. */
function keysOfPartitions(count: number): string[] {
  const keys = new Array<string | undefined>(count).fill(undefined);
  for (let i = 0, left = count; left > 0; i++) {
    const partition = partitionOf(String(i), count);
    if (keys[partition] !== undefined) continue;
    keys[partition] = String(i);
    left--;
  }
  return keys as string[];
}
