/**
 * Puts the lines of a CSV text together to records: a quoted cell may hold line breaks.
 * @module
 */
import { delimiterOf, quotesAfter } from "./csv_cells.ts";

/** Makes portions of one thing into portions of another; `end` gives what was still held back. */
export interface Splitter {
  push(lines: readonly string[]): string[];
  end(): string[];
}

/** A quoted cell that goes on for longer than this many units is taken for one whose closing quote is missing. */
export const RECORD_UNITS_MAX = 1_048_576;

/**
 * A splitter of lines into records. A quote that is never closed costs its own line only: that line comes out by itself
 * (and will be dead), and the lines after it are read again as if it had not been there.
 */
export function csvRecords(): Splitter {
  let delimiter: string | undefined;
  let pending: string[] = [];
  let pendingUnits = 0;

  function take(lines: readonly string[], records: string[]): void {
    // A stack of portions, since lines that were held back come up again before the rest.
    const stack: { lines: readonly string[]; at: number }[] = [{ lines, at: 0 }];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const line = top.lines[top.at++];
      if (line === undefined) {
        stack.pop();
        continue;
      }
      if (delimiter === undefined) {
        // Blank lines above the header are no records, nor is Excel's word on the delimiter: the header is the first.
        if (line.trim() === "" || /^\ufeff?sep=.\r?$/i.test(line)) continue;
        delimiter = delimiterOf(line);
      }
      const quotes = quotesAfter(line, delimiter, pending.length > 0);
      if (pending.length === 0 && quotes !== "open") {
        records.push(withoutReturn(line));
        continue;
      }
      pending.push(line);
      pendingUnits += line.length + 1;
      if (quotes === "closed") records.push(withoutReturn(release().join("\n")));
      else if (quotes === "broken" || pendingUnits > RECORD_UNITS_MAX) {
        const [first = "", ...again] = release();
        records.push(withoutReturn(first));
        stack.push({ lines: again, at: 0 });
      }
    }
  }

  function release(): string[] {
    const lines = pending;
    pending = [];
    pendingUnits = 0;
    return lines;
  }

  return {
    push(lines) {
      const records: string[] = [];
      take(lines, records);
      return records;
    },
    end() {
      const records: string[] = [];
      while (pending.length > 0) {
        const [first = "", ...again] = release();
        records.push(withoutReturn(first));
        take(again, records);
      }
      return records;
    },
  };
}

const withoutReturn = (line: string): string => line.endsWith("\r") ? line.slice(0, -1) : line;
