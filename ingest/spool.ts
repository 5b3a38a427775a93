/**
 * The spool: appends that wait on disk, in order, while the log is away. Bounded, fsynced, and whole after a kill.
 * @module
 */
import type { Random } from "../core/clock.ts";
import { FREE_SPACE, isDiskFull, UserError } from "../core/errors.ts";
import type { AppendBatch } from "../core/ports.ts";
import {
  encodeEntry,
  ENTRY_HEAD_BYTES,
  type EntryPlace,
  readPayload,
  scanSegment,
  segmentHead,
  SPOOL_ID_LENGTH,
  writeAll,
} from "./spool_segment.ts";

/** How to open a spool. */
export interface SpoolOptions {
  /** A folder of its own; made when missing. */
  readonly folder: string;
  /** What all files together may take. */
  readonly bytesMax: number;
  /** Gives a spool its identity. */
  readonly random: Random;
  /** Size at which the next file is begun. */
  readonly segmentBytesMax?: number;
}

/** An append that waits. */
export interface SpoolEntry {
  /** Rises by one from entry to entry of a spool. */
  readonly number: number;
  readonly batch: AppendBatch;
}

interface StoredEntry {
  readonly place: EntryPlace;
  readonly records: number;
}

interface Segment {
  readonly path: string;
  readonly entries: StoredEntry[];
  bytes: number;
}

/** A file is given back to the system when all of its entries are in the log. */
const SEGMENT_BYTES_MAX = 16 * 1_048_576;

/** Appends that wait. Calls may overlap: each waits for the one before it. */
export class Spool implements AsyncDisposable {
  readonly #options: Required<SpoolOptions>;
  #id = "";
  #segments: Segment[] = [];
  /** Of the last segment. */
  #writer: Deno.FsFile | null = null;
  #nextNumber = 1;
  #records = 0;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #positions = new Map<string, unknown>();
  /** Bytes found that were no whole entry: a write that a kill tore apart. */
  tornBytes = 0;

  private constructor(options: SpoolOptions) {
    this.#options = { segmentBytesMax: SEGMENT_BYTES_MAX, ...options };
  }

  /** Opens a folder with what an earlier process left in it. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const spool = new Spool(options);
    try {
      await Deno.mkdir(options.folder, { recursive: true });
      await spool.#scan();
    } catch (error) {
      if (error instanceof UserError || !(error instanceof Error)) throw error;
      const fix = isDiskFull(error) ? FREE_SPACE : "make sure that the folder is writable";
      throw new UserError("unavailable", {
        cause: `Cannot open the spool in ${options.folder}: ${error.message}`,
        fix: `${fix}, or move it elsewhere to start without what waits in it`,
      }, { cause: error });
    }
    return spool;
  }

  /** Changes whenever an empty spool takes its first entry: numbers of another identity mean nothing. */
  get id(): string {
    return this.#id;
  }

  get isEmpty(): boolean {
    return this.#segments.every(({ entries }) => entries.length === 0);
  }

  /** Records that wait. */
  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The newest state of a position among the entries; undefined where none holds it. */
  position(id: string): unknown {
    return this.#positions.get(id);
  }

  /** Keeps an append; resolves with its number when it is on disk, or with null where there is no room for it. */
  write(batch: AppendBatch): Promise<number | null> {
    return this.#inTurn(() => this.#write(batch));
  }

  /** The oldest entry, or null. */
  peek(): Promise<SpoolEntry | null> {
    return this.#inTurn(async () => {
      const segment = this.#segments.find(({ entries }) => entries.length > 0);
      const oldest = segment?.entries[0];
      return segment === undefined || oldest === undefined ? null : await readEntry(segment.path, oldest.place);
    });
  }

  /** Forgets the entries up to this number: they are in the log. */
  drop(throughNumber: number): Promise<void> {
    return this.#inTurn(async () => {
      for (const segment of this.#segments) {
        while (segment.entries.length > 0 && segment.entries[0]!.place.number <= throughNumber) {
          this.#records -= segment.entries.shift()!.records;
        }
      }
      await this.#giveBack();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(() => Promise.resolve(this.#closeWriter()));
  }

  async #scan(): Promise<void> {
    const names: string[] = [];
    for await (const { name } of Deno.readDir(this.#options.folder)) if (name.endsWith(".spool")) names.push(name);
    for (const name of names.sort()) {
      const path = `${this.#options.folder}/${name}`;
      using file = await Deno.open(path, { read: true, write: true });
      const found = await scanSegment(file);
      this.tornBytes += found === null ? (await file.stat()).size : found.tornBytes;
      if (found === null) {
        // Torn apart before its head was whole: nothing was promised of it.
        await Deno.remove(path);
        continue;
      }
      if (found.tornBytes > 0) await file.truncate(found.wholeBytes);
      this.#id = found.spoolId;
      const segment: Segment = { path, entries: [], bytes: found.wholeBytes };
      this.#segments.push(segment);
      for (const place of found.entries) this.#remember(segment, decode(place, await readPayload(file, place)), place);
    }
    await this.#giveBack();
  }

  async #write(batch: AppendBatch): Promise<number | null> {
    const number = this.#nextNumber;
    const bytes = encodeEntry(number, new TextEncoder().encode(JSON.stringify(batch)));
    // A spool without entries takes any one, as long as it is the only one.
    if (!this.isEmpty && this.bytes + bytes.length > this.#options.bytesMax) return null;
    const segment = await this.#segmentFor(number);
    const place = { number, at: segment.bytes, payloadBytes: bytes.length - ENTRY_HEAD_BYTES };
    try {
      await writeAll(this.#writer!, bytes);
      await this.#writer!.syncData();
    } catch (error) {
      // What was written of it would be taken for an entry: a disk that is full takes the next one into a new file.
      await this.#writer!.truncate(segment.bytes);
      this.#closeWriter();
      throw error;
    }
    segment.bytes += bytes.length;
    this.#remember(segment, { number, batch }, place);
    return number;
  }

  async #segmentFor(number: number): Promise<Segment> {
    const last = this.#segments.at(-1);
    if (last !== undefined && this.#writer !== null && last.bytes < this.#options.segmentBytesMax) return last;
    this.#closeWriter();
    const { folder, random } = this.#options;
    if (this.#segments.length === 0) {
      this.#id = Array.from({ length: SPOOL_ID_LENGTH }, () => Math.floor(random.next() * 16).toString(16)).join("");
    }
    const path = `${folder}/${String(number).padStart(16, "0")}.spool`;
    const head = segmentHead(this.#id);
    const writer = await Deno.open(path, { create: true, truncate: true, read: true, write: true, append: false });
    try {
      await writeAll(writer, head);
      await writer.sync();
      // The new name itself must be on disk, too.
      using directory = await Deno.open(folder, { read: true });
      await directory.sync();
    } catch (error) {
      writer.close();
      throw error;
    }
    const segment: Segment = { path, entries: [], bytes: head.length };
    this.#writer = writer;
    // One that a failed write left empty has the same name.
    this.#segments = [...this.#segments.filter((other) => other.path !== path), segment];
    return segment;
  }

  /** Removes files whose entries are all in the log. */
  async #giveBack(): Promise<void> {
    const emptied = this.#segments.filter(({ entries }) => entries.length === 0);
    for (const segment of emptied) {
      if (segment === this.#segments.at(-1)) this.#closeWriter();
      this.#segments = this.#segments.filter((other) => other !== segment);
      await Deno.remove(segment.path);
    }
    if (this.#segments.length === 0) this.#positions.clear();
  }

  #remember(segment: Segment, { number, batch }: SpoolEntry, place: EntryPlace): void {
    const records = batch.writes.reduce((sum, write) => sum + write.records.length, 0);
    segment.entries.push({ place, records });
    this.#records += records;
    this.#nextNumber = number + 1;
    for (const { id, state } of batch.positions ?? []) this.#positions.set(id, state);
  }

  #closeWriter(): void {
    this.#writer?.close();
    this.#writer = null;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }
}

const decode = ({ number }: EntryPlace, payload: Uint8Array): SpoolEntry => ({
  number,
  batch: JSON.parse(new TextDecoder().decode(payload)) as AppendBatch,
});

async function readEntry(path: string, place: EntryPlace): Promise<SpoolEntry> {
  using file = await Deno.open(path, { read: true });
  return decode(place, await readPayload(file, place));
}
