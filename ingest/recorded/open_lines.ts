/**
 * Reads recorded files as raw records: lines, or the records of a CSV table.
 * @module
 */
import type { RecordedFormat } from "../source.ts";
import { csvRecords } from "./csv_records.ts";
import { lineSplitter } from "./line_splitter.ts";
import { openBytes } from "./open_bytes.ts";

/** How a file is read. */
export interface ReadOptions {
  readonly format: RecordedFormat;
  /** Records that were read before and are left out now; a CSV header is not one of them and always comes first. */
  readonly startAfter?: number;
}

/** The format of a recorded file by its name: `csv` for .csv and .tsv, packed or not; `lines` for all others. */
export function recordedFormatOf(path: string): RecordedFormat {
  return /\.[ct]sv(\.gz)?$/i.test(path) ? "csv" : "lines";
}

/**
 * The raw records of a file in portions of about 1 MiB, in order, plain or gzip. A byte order mark is dropped, invalid
 * UTF-8 becomes U+FFFD. A line beyond 16 Mi units comes out as its first 1 Mi + 1, so that it becomes dead.
 *
 * @throws {UserError} when the file cannot be read.
 */
export async function* readRecords(path: string, { format, startAfter = 0 }: ReadOptions): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  const lines = lineSplitter({ keepReturns: format === "csv" });
  const table = format === "csv" ? csvRecords() : undefined;
  let header = table !== undefined;
  let toSkip = startAfter;

  function rest(records: string[]): string[] {
    if (toSkip === 0 || records.length === 0) return records;
    const head = header ? records.slice(0, 1) : [];
    header = false;
    const skipped = Math.min(toSkip, records.length - head.length);
    toSkip -= skipped;
    return [...head, ...records.slice(head.length + skipped)];
  }
  const cut = (text: string): string[] => {
    const found = lines.push(text);
    return rest(table ? table.push(found) : found);
  };

  for await (const chunk of openBytes(path)) {
    const records = cut(decoder.decode(chunk, { stream: true }));
    if (records.length > 0) yield records;
  }
  const last = [...lines.push(decoder.decode()), ...lines.end()];
  const records = rest(table ? [...table.push(last), ...table.end()] : last);
  if (records.length > 0) yield records;
}
