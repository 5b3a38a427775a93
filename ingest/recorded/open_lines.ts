/**
 * Reads recorded files as raw records: lines, the records of a CSV table, JSON values, the rows of a Parquet file.
 * @module
 */
import { csvRecords } from "./csv_records.ts";
import { jsonElements } from "./json_elements.ts";
import { lineSplitter } from "./line_splitter.ts";
import { openBytes } from "./open_bytes.ts";
import { parquetRows } from "./parquet_rows.ts";
import type { RecordedForm } from "./recorded_form.ts";

/** How a file is read. */
export interface ReadOptions extends Pick<RecordedForm, "format"> {
  /** Label of the text's encoding; UTF-8 without it. */
  readonly encoding?: string;
  /** Whether a CSV table begins with a header; it does unless told otherwise. */
  readonly hasHeader?: boolean;
  /** Records that were read before and are left out now; a CSV header is not one of them and always comes first. */
  readonly startAfter?: number;
}

/**
 * The raw records of a file in portions of about 1 MiB, in order, packed or not. A byte order mark is dropped, a byte
 * that is none of the encoding becomes U+FFFD. A record beyond 16 Mi units comes out as its first 1 Mi + 1, so that it
 * becomes dead.
 *
 * @throws {UserError} when the file cannot be read.
 */
export async function* readRecords(path: string, options: ReadOptions): AsyncGenerator<string[]> {
  const { format, startAfter = 0, hasHeader = true } = options;
  if (format === "parquet") return yield* parquetRows(path, { startAfter });
  let header = format === "csv" && hasHeader;
  let toSkip = startAfter;
  for await (const records of textRecords(path, options)) {
    const head = header && records.length > 0 ? records.slice(0, 1) : [];
    const skipped = Math.min(toSkip, records.length - head.length);
    if (records.length > 0) header = false;
    toSkip -= skipped;
    const rest = skipped === 0 ? records : [...head, ...records.slice(head.length + skipped)];
    if (rest.length > 0) yield rest;
  }
}

async function* textRecords(path: string, { format, encoding = "utf-8" }: ReadOptions): AsyncGenerator<string[]> {
  const decoder = new TextDecoder(encoding);
  const splitter = splitterOf(format);
  for await (const chunk of openBytes(path)) yield splitter.push(decoder.decode(chunk, { stream: true }));
  yield [...splitter.push(decoder.decode()), ...splitter.end()];
}

interface TextSplitter {
  push(text: string): string[];
  end(): string[];
}

function splitterOf(format: RecordedForm["format"]): TextSplitter {
  if (format === "json") return jsonElements();
  if (format === "lines") return lineSplitter();
  const lines = lineSplitter({ keepReturns: true });
  const table = csvRecords();
  return {
    push: (text) => table.push(lines.push(text)),
    end: () => [...table.push(lines.end()), ...table.end()],
  };
}
