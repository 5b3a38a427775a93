/**
 * A recorded file as a stream of decoded lines in sending order.
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { FUTURE_MS_MAX } from "../../core/events/contract.ts";
import { minutes, parseTime } from "../../core/time.ts";
import { readRecords } from "../recorded/open_lines.ts";
import type { Decode, Decoded } from "../source.ts";
import { decoderOf, hasHeader, type RecordedInput } from "./recorded_input.ts";

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
  readonly input: RecordedInput;
  readonly #portions: AsyncIterator<readonly string[]>;
  readonly #decode: Decode;
  #portion: readonly string[] = [];
  #index = 0;
  #line: number;
  #headerDue: boolean;
  #head: RecordedLine | null = null;
  #lastTimeMs = -Infinity;

  /** @param startAfter lines to leave out. */
  constructor(input: RecordedInput, startAfter: number) {
    const { path, format, encoding } = input;
    this.input = input;
    this.#headerDue = hasHeader(input);
    const how = { format, encoding, hasHeader: this.#headerDue, startAfter };
    this.#portions = readRecords(path, how)[Symbol.asyncIterator]();
    this.#decode = decoderOf(input);
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
    if (this.#headerDue) {
      this.#headerDue = false;
      this.#decode(raw);
      return this.next();
    }
    const line = ++this.#line;
    this.#head = { raw, decoded: this.#decode(raw, line), line };
    return true;
  }

  /**
   * Event time of the line at hand; for a line without an event, or with one after `latestMs`, that of the last one asked
   * for: what the door refuses says nothing of when the lines after it are due.
   */
  timeMs(latestMs = Infinity): number {
    const timeMs = this.head === null ? undefined : timeOf(this.head.decoded);
    if (timeMs !== undefined && timeMs <= latestMs) this.#lastTimeMs = timeMs;
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

  constructor(input: RecordedInput, sorted: { lines: readonly RecordedLine[]; startAfter: number }) {
    super(input, 0);
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
  input: RecordedInput,
  { order, startAfter }: { order: SendingOrder; startAfter: number },
): Promise<RecordedStream> {
  const stream = order === "file"
    ? new RecordedStream(input, startAfter)
    : new SortedStream(input, { lines: await sortedLines(input), startAfter });
  await stream.fill();
  return stream;
}

/** Calls `visit` with each line of a file as it stands until it answers false, and closes the file. */
export async function visitLines(input: RecordedInput, visit: (stream: RecordedStream) => boolean): Promise<void> {
  const stream = new RecordedStream(input, 0);
  try {
    for (let more = await stream.fill(); more; more = stream.next() || await stream.fill()) {
      if (!visit(stream)) return;
    }
  } finally {
    await stream.close();
  }
}

/**
 * The order in which a file is sent where lines are merged by event time: sorted if it begins with its newest event, as
 * exports often do, or if it is a table that is ordered by something else (one user, one symbol after the other).
 */
export async function orderByTime(input: RecordedInput, nowMs: number): Promise<SendingOrder> {
  // The door refuses what is of the future: one wrong clock makes no other event late.
  const latestMs = nowMs + FUTURE_MS_MAX;
  if (await isNewestFirst(input, latestMs)) return "sorted";
  return input.format !== "lines" && await isOutOfOrder(input, latestMs) ? "sorted" : "file";
}

async function isNewestFirst(input: RecordedInput, latestMs: number): Promise<boolean> {
  const sample: number[] = [];
  await visitLines(input, (stream) => {
    if (stream.head?.decoded.kind === "events") sample.push(stream.timeMs());
    return sample.length < SAMPLE_EVENTS;
  });
  const past = sample.filter((time) => time <= latestMs);
  // A file that is all of the future is one that is meant to be moved.
  const times = past.length > 0 ? past : sample;
  const falling = times.filter((time, i) => i > 0 && time < times[i - 1]!).length;
  const rising = times.filter((time, i) => i > 0 && time > times[i - 1]!).length;
  return times.length > 2 && times.at(-1)! < times[0]! && falling > 9 * rising;
}

/** Some late events are what a feed is like; a table of which a fourth comes so late was never in order. */
const LATE_MS = minutes(2);
const LATE_SHARE = 0.25;

async function isOutOfOrder(input: RecordedInput, latestMs: number): Promise<boolean> {
  let [events, late, highestMs] = [0, 0, -Infinity];
  await visitLines(input, (stream) => {
    if (stream.head?.decoded.kind !== "events") return true;
    const timeMs = stream.timeMs();
    if (timeMs > latestMs) return true;
    events++;
    if (timeMs < highestMs - LATE_MS) late++;
    else if (timeMs > highestMs) highestMs = timeMs;
    return true;
  });
  return late > LATE_SHARE * events;
}

async function sortedLines(input: RecordedInput): Promise<RecordedLine[]> {
  const lines: { line: RecordedLine; timeMs: number }[] = [];
  await visitLines(input, (stream) => {
    lines.push({ line: stream.head!, timeMs: stream.timeMs() });
    return lines.length <= SORTED_LINES_MAX;
  });
  if (lines.length > SORTED_LINES_MAX) {
    throw new UserError("usage", {
      cause: `Cannot sort ${input.path} by event time: it has more than ${SORTED_LINES_MAX} lines, not in order`,
      fix: "sort it first (one that is newest first: tac FILE > REVERSED) and replay that with --order file",
    });
  }
  // Of equal times in a file that is newest first the lower line is the newer one, so it comes later.
  const falls = lines.length > 1 && lines[0]!.timeMs > lines.at(-1)!.timeMs;
  lines.sort((a, b) => a.timeMs - b.timeMs || (falls ? b.line.line - a.line.line : a.line.line - b.line.line));
  return lines.map(({ line }) => line);
}

function timeOf(decoded: Decoded): number | undefined {
  if (decoded.kind !== "events") return undefined;
  const value = decoded.events[0]?.value as { timestamp?: unknown } | null | undefined;
  const timeMs = parseTime(value?.timestamp);
  return typeof timeMs === "number" ? timeMs : undefined;
}
