/**
 * Splits text that comes in chunks into lines.
 * @module
 */

/** A line longer than this many UTF-16 units is cut. */
export const LINE_UNITS_MAX = 16 * 1_048_576;

/** What is handed on of a line that was cut: one unit more than a decoder takes, so that it becomes dead. */
export const CUT_LINE_UNITS = 1_048_576 + 1;

/** Splits at `\n`; where the chunks break changes nothing. */
export interface LineSplitter {
  push(text: string): string[];
  /** The last line, where no line break ends it. */
  end(): string[];
}

/** How lines are split. */
export interface LineSplitterOptions {
  /** Leaves a `\r` before the `\n` in place (for CSV, where it may belong to a cell). */
  readonly keepReturns?: boolean;
  /** Longest line in UTF-16 units. */
  readonly unitsMax?: number;
  /** What is kept of a longer one. */
  readonly cutUnits?: number;
}

/** A splitter of lines that holds back no more than one line of `unitsMax` and the chunk in hand. */
export function lineSplitter(options: LineSplitterOptions = {}): LineSplitter {
  const { keepReturns = false, unitsMax = LINE_UNITS_MAX, cutUnits = CUT_LINE_UNITS } = options;
  /** Start of the line that has not ended yet. */
  let carry = "";
  /** What is kept of a line that has grown too long; the rest of it passes by. */
  let cut: string | undefined;

  const finish = (line: string): string => {
    if (line.length > unitsMax) return line.slice(0, cutUnits);
    return !keepReturns && line.endsWith("\r") ? line.slice(0, -1) : line;
  };

  return {
    push(text) {
      const lines = text.split("\n");
      const rest = lines.pop() ?? "";
      if (lines.length > 0) {
        lines[0] = cut ?? finish(carry + lines[0]);
        cut = undefined;
        carry = "";
        // Nearly all chunks need no look at each line.
        if (text.length > unitsMax || (!keepReturns && text.includes("\r"))) {
          for (let i = 1; i < lines.length; i++) lines[i] = finish(lines[i]!);
        }
      }
      if (cut === undefined) carry += rest;
      if (carry.length > unitsMax) {
        cut = carry.slice(0, cutUnits);
        carry = "";
      }
      return lines;
    },
    end() {
      const last = cut ?? finish(carry);
      const some = cut !== undefined || carry !== "";
      cut = undefined;
      carry = "";
      return some ? [last] : [];
    },
  };
}
