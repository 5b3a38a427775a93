/**
 * A recorded file as a stream of decoded lines in sending order.
 * @module
 */
import { basename } from "node:path";
import { UserError } from "../../core/errors.ts";
import { parseTime } from "../../core/time.ts";
import { readRecords, recordedFormatOf } from "../recorded/open_lines.ts";
import type { Decode, Decoded, RecordedFormat, Source } from "../source.ts";

/** A line as decoded. */
export interface RecordedLine {
  readonly raw: string;
  readonly decoded: Decoded;
  /** Number in the file, from 1, a CSV header not counted. */
  readonly line: number;
}

/** In which order a file's lines are sent: as they stand, or by event time. */
export type SendingOrder = "file" | "sorted";

/** Lines that are sorted in memory at most. */
const SORTED_LINES_MAX = 5_000_000;
/** Events that decide whether a file is newest first. */
const SAMPLE_EVENTS = 1_000;

/** A stream with one line at hand. `next` is synchronous within a portion, so that no event waits on a promise. */
export class RecordedStream {
  readonly path: string;
  readonly name: string;
  readonly #portions: AsyncIterator<readonly string[]>;
  readonly #decode: Decode;
  #portion: readonly string[] = [];
  #index = 0;
  #line: number;
  #headerDue: boolean;
  #head: RecordedLine | null = null;
  #lastTimeMs = -Infinity;

  /** @param startAfter lines to leave out. */
  constructor(path: string, source: Source, startAfter: number) {
    const { format, decode } = howToRead(source, path);
    this.path = path;
    this.name = basename(path);
    this.#portions = readRecords(path, { format, startAfter })[Symbol.asyncIterator]();
    this.#decode = decode;
    this.#headerDue = format === "csv";
    this.#line = startAfter;
  }

  /** The line at hand; null before the first {@link fill} and at the end. */
  get head(): RecordedLine | null {
    return this.#head;
  }

  /** Takes the next line of the portion at hand; false when it is used up: call {@link fill}. */
  next(): boolean {
    const raw = this.#portion[this.#index];
    if (raw === undefined) return false;
    this.#index++;
    const decoded = this.#decode(raw);
    if (this.#headerDue) {
      this.#headerDue = false;
      return this.next();
    }
    this.#head = { raw, decoded, line: ++this.#line };
    return true;
  }

  /** Event time of the line at hand; for a line without an event that of the last one asked for. */
  timeMs(): number {
    const timeMs = this.head === null ? undefined : timeOf(this.head.decoded);
    if (timeMs !== undefined) this.#lastTimeMs = timeMs;
    return this.#lastTimeMs;
  }

  /** Reads the next portion and takes its first line; false at the end. */
  async fill(): Promise<boolean> {
    for (;;) {
      const { done, value } = await this.#portions.next();
      if (done) {
        this.#head = null;
        return false;
      }
      this.#portion = value;
      this.#index = 0;
      if (this.next()) return true;
    }
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#portions.return?.();
  }
}

/** A stream over lines in memory, in order of event time. */
export class SortedStream extends RecordedStream {
  readonly #lines: readonly RecordedLine[];
  #at: number;

  constructor(path: string, source: Source, sorted: { lines: readonly RecordedLine[]; startAfter: number }) {
    super(path, source, 0);
    this.#lines = sorted.lines;
    this.#at = sorted.startAfter;
  }

  override get head(): RecordedLine | null {
    return this.#lines[this.#at] ?? null;
  }

  override next(): boolean {
    this.#at++;
    return this.head !== null;
  }

  override fill(): Promise<boolean> {
    return Promise.resolve(this.head !== null);
  }
}

/** Opens a file in its sending order, with its first line at hand. */
export async function openStream(
  path: string,
  source: Source,
  { order, startAfter }: { order: SendingOrder; startAfter: number },
): Promise<RecordedStream> {
  const stream = order === "file"
    ? new RecordedStream(path, source, startAfter)
    : new SortedStream(path, source, { lines: await sortedLines(path, source), startAfter });
  await stream.fill();
  return stream;
}

/** Whether a file begins with its newest events, as exports often do. */
export async function isNewestFirst(path: string, source: Source): Promise<boolean> {
  const stream = new RecordedStream(path, source, 0);
  const times: number[] = [];
  try {
    for (let more = await stream.fill(); more; more = stream.next() || await stream.fill()) {
      if (stream.head?.decoded.kind === "events") times.push(stream.timeMs());
      if (times.length >= SAMPLE_EVENTS) break;
    }
  } finally {
    await stream.close();
  }
  const falling = times.filter((time, i) => i > 0 && time < times[i - 1]!).length;
  const rising = times.filter((time, i) => i > 0 && time > times[i - 1]!).length;
  return times.length > 2 && times.at(-1)! < times[0]! && falling > 9 * rising;
}

async function sortedLines(path: string, source: Source): Promise<RecordedLine[]> {
  const stream = new RecordedStream(path, source, 0);
  const lines: { line: RecordedLine; timeMs: number }[] = [];
  for (let more = await stream.fill(); more; more = stream.next() || await stream.fill()) {
    lines.push({ line: stream.head!, timeMs: stream.timeMs() });
    if (lines.length > SORTED_LINES_MAX) {
      throw new UserError("usage", {
        cause: `Cannot sort ${path} by event time: it has more than ${SORTED_LINES_MAX} lines, newest first`,
        fix: "reverse it first (tac FILE > REVERSED) and replay that with --order file",
      });
    }
  }
  // Of equal times the lower line is the newer one, so it comes later.
  lines.sort((a, b) => a.timeMs - b.timeMs || b.line.line - a.line.line);
  return lines.map(({ line }) => line);
}

function howToRead({ name, recorded }: Source, path: string): { format: RecordedFormat; decode: Decode } {
  if (recorded === undefined) {
    throw new UserError("usage", {
      cause: `Cannot replay through source ${name}: it has no recorded form`,
      fix: "use a source that reads recorded input, such as twitch, binance, chat or trades",
    });
  }
  const format = recorded.form === "table" ? recordedFormatOf(path) : "lines";
  return { format, decode: recorded.decoder(format) };
}

function timeOf(decoded: Decoded): number | undefined {
  if (decoded.kind !== "events") return undefined;
  const value = decoded.events[0]?.value as { timestamp?: unknown } | null | undefined;
  const timeMs = parseTime(value?.timestamp);
  return typeof timeMs === "number" ? timeMs : undefined;
}
