/**
 * How the embedded log packs the records of one append to one partition into one row: all values as one text, so that
 * a read is one string and a substring a record; keys and producers as dictionaries; numbers as columns of the
 * narrowest type that holds them. A record of 220 bytes costs about 5 bytes besides.
 * @module
 */
import type { LogRecord, NewRecord } from "../core/ports.ts";
import { fromColumn, toColumn } from "./sqlite.ts";

/** A row holds at most so many records… */
export const BATCH_RECORDS_MAX = 5_000;
/** …and so many UTF-16 units of values, unless a single value is longer. */
export const BATCH_UNITS_MAX = 1_048_576;

/** A packed row as stored. */
export interface PackedBatch {
  readonly records: number;
  /** JSON of {@link Dictionary}. */
  readonly dictionary: string;
  /** The columns of numbers, one after the other. */
  readonly columns: Uint8Array;
  /** The values, joined: see `toColumn`. */
  readonly text: string | Uint8Array;
  /** What the row weighs. */
  readonly bytes: number;
}

/** `[smallest value, bytes per value]`; 0 bytes = all equal, 8 = the value itself as a double. */
type ColumnLayout = readonly [min: number, width: number];

/** Keys, `[instance, runId]` pairs, and the layouts of lengths, key numbers, producer numbers and seqs. */
type Dictionary = readonly [
  keys: readonly (string | null)[],
  producers: readonly (readonly [instance: string | null, runId: string | null])[],
  layouts: readonly ColumnLayout[],
];

/** Collects records and packs them. */
export class BatchPacker {
  #values: string[] = [];
  #units = 0;
  readonly #lengths: number[] = [];
  readonly #seqs: number[] = [];
  readonly #keyNumbers: number[] = [];
  readonly #producerNumbers: number[] = [];
  readonly #keys = new Map<string | null, number>();
  readonly #producers: (readonly [instance: string | null, runId: string | null])[] = [];
  readonly #producerIndex = new Map<string | null, Map<string | null, number>>();
  #producer = -1;

  /** Whether the record goes into this row. */
  hasRoomFor(record: NewRecord): boolean {
    const records = this.#values.length;
    return records === 0 || (records < BATCH_RECORDS_MAX && this.#units + record.value.length <= BATCH_UNITS_MAX);
  }

  add({ key, value, instance, runId, seq }: NewRecord): void {
    this.#values.push(value);
    this.#units += value.length;
    this.#lengths.push(value.length);
    this.#seqs.push(seq);
    let keyNumber = this.#keys.get(key);
    if (keyNumber === undefined) this.#keys.set(key, keyNumber = this.#keys.size);
    this.#keyNumbers.push(keyNumber);
    // Nearly every append has one producer: compare with the last before searching.
    const last = this.#producers[this.#producer];
    if (last === undefined || last[0] !== instance || last[1] !== runId) {
      this.#producer = this.#numberOf(instance, runId);
    }
    this.#producerNumbers.push(this.#producer);
  }

  #numberOf(instance: string | null, runId: string | null): number {
    let runs = this.#producerIndex.get(instance);
    if (runs === undefined) this.#producerIndex.set(instance, runs = new Map());
    let number = runs.get(runId);
    if (number === undefined) {
      number = this.#producers.push([instance, runId]) - 1;
      runs.set(runId, number);
    }
    return number;
  }

  pack(): PackedBatch {
    const numbers = [this.#lengths, this.#keyNumbers, this.#producerNumbers, this.#seqs];
    const layouts = numbers.map(layoutOf);
    const dictionary = JSON.stringify([[...this.#keys.keys()], this.#producers, layouts] satisfies Dictionary);
    const records = this.#values.length;
    const columns = new Uint8Array(layouts.reduce((bytes, [, width]) => bytes + width * records, 0));
    let at = 0;
    numbers.forEach((column, i) => {
      const packed = packColumn(column, layouts[i]!);
      columns.set(packed, at);
      at += packed.length;
    });
    const text = toColumn(this.#values.join(""));
    this.#values = [];
    // A text outside Latin-1 takes a little more on disk: the figure steers retention, it need not be exact.
    return { records, dictionary, columns, text, bytes: text.length + dictionary.length + columns.length };
  }
}

function layoutOf(column: readonly number[]): ColumnLayout {
  let [min, max, whole] = [Infinity, -Infinity, true];
  for (const value of column) {
    if (value < min) min = value;
    if (value > max) max = value;
    whole &&= Number.isSafeInteger(value);
  }
  const range = max - min;
  if (!whole || range > 0xffff_ffff) return [0, 8];
  return [min, range === 0 ? 0 : range <= 0xff ? 1 : range <= 0xffff ? 2 : 4];
}

// Native byte order, which is little-endian wherever Deno runs.
function arrayOf(width: number, buffer: ArrayBuffer): Uint8Array | Uint16Array | Uint32Array | Float64Array {
  if (width === 1) return new Uint8Array(buffer);
  if (width === 2) return new Uint16Array(buffer);
  if (width === 4) return new Uint32Array(buffer);
  return new Float64Array(buffer);
}

function packColumn(column: readonly number[], [min, width]: ColumnLayout): Uint8Array {
  const buffer = new ArrayBuffer(column.length * width);
  if (width === 0) return new Uint8Array(buffer);
  const array = arrayOf(width, buffer);
  for (let i = 0; i < column.length; i++) array[i] = column[i]! - min;
  return new Uint8Array(buffer);
}

/** A row as read. */
export interface StoredBatch {
  readonly records: number;
  readonly append_ms: number;
  readonly dictionary: string;
  readonly columns: Uint8Array;
  readonly text: unknown;
}

/**
 * Adds the records of a row that begins at `baseOffset`, those at and after `fromOffset` to `records`. A value is a slice of the whole row's text: who keeps
 * one for long keeps up to 1 MiB.
 */
export function unpackInto(records: LogRecord[], row: StoredBatch, baseOffset: number, fromOffset: number): void {
  const [keys, producers, layouts] = JSON.parse(row.dictionary) as Dictionary;
  const count = row.records;
  let at = 0;
  const [lengths, keyNumbers, producerNumbers, seqs] = layouts.map(([min, width]) => {
    const bytes = row.columns.slice(at, at += count * width);
    return { min, array: width === 0 ? new Uint8Array(count) : arrayOf(width, bytes.buffer) };
  });
  if (!lengths || !keyNumbers || !producerNumbers || !seqs) throw new TypeError("Cannot unpack a row: columns missing");
  const text = fromColumn(row.text);
  const first = Math.max(0, fromOffset - baseOffset);
  let start = 0;
  for (let i = 0; i < first; i++) start += lengths.min + lengths.array[i]!;
  for (let i = first; i < count; i++) {
    const end = start + lengths.min + lengths.array[i]!;
    const producer = producers[producerNumbers.min + producerNumbers.array[i]!]!;
    records.push({
      key: keys[keyNumbers.min + keyNumbers.array[i]!]!,
      value: text.substring(start, end),
      instance: producer[0],
      seq: seqs.min + seqs.array[i]!,
      runId: producer[1],
      offset: baseOffset + i,
      appendTimeMs: row.append_ms,
    });
    start = end;
  }
}
