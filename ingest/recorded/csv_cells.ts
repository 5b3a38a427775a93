/**
 * Cells of one CSV record (RFC 4180, with other delimiters), and where a record ends.
 *
 * Our own and not uDSV, the library that would be taken otherwise: a decoder gets one record at a time and a dead letter
 * needs the record's raw text, while uDSV takes whole texts and gives cells only.
 * @module
 */

/** Delimiters that are recognised by the header. */
const DELIMITERS = [",", "\t", ";", "|"] as const;

/** The delimiter of a table by its header: the one that the header holds most often outside of quotes, comma if none. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  let best = ",";
  let most = 0;
  for (const delimiter of DELIMITERS) {
    const count = bare.split(delimiter).length - 1;
    if (count > most) [best, most] = [delimiter, count];
  }
  return best;
}

/**
 * Splits a record into its cells; a cell that starts with a quote ends with one, doubled quotes inside stand for one.
 *
 * @returns the cells, or a sentence that says what is wrong.
 */
export function csvCells(record: string, delimiter: string): string[] | string {
  if (!record.includes('"')) return record.split(delimiter);
  const cells: string[] = [];
  for (let at = 0;;) {
    if (record[at] !== '"') {
      const end = record.indexOf(delimiter, at);
      cells.push(record.slice(at, end < 0 ? record.length : end));
      if (end < 0) return cells;
      at = end + 1;
      continue;
    }
    const close = closingQuote(record, at + 1);
    if (close < 0) return `the quote that opens cell ${cells.length + 1} is not closed`;
    cells.push(record.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 === record.length) return cells;
    if (record[close + 1] !== delimiter) return `cell ${cells.length} goes on after its closing quote`;
    at = close + 2;
  }
}

/** Position of the quote that ends a quoted cell whose text goes on at `from`; −1 = not in this text. */
function closingQuote(text: string, from: number): number {
  for (let at = from;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

/**
 * How a line leaves its quotes: `closed`, or `open` when a quoted cell goes on in the next line, or `broken` when text
 * follows a closing quote, as no record may have it.
 */
export type QuoteState = "closed" | "open" | "broken";

/** The state of the quotes at the end of a line; `open` = a quoted cell goes on at its start. */
export function quotesAfter(line: string, delimiter: string, open: boolean): QuoteState {
  if (!open && !line.includes('"')) return "closed";
  let at = 0;
  let inQuotes = open;
  for (;;) {
    if (!inQuotes && line[at] === '"') {
      inQuotes = true;
      at++;
    }
    if (inQuotes) {
      const close = closingQuote(line, at);
      if (close < 0) return "open";
      at = close + 1;
      inQuotes = false;
      if (at === line.length || (at === line.length - 1 && line[at] === "\r")) return "closed";
      if (line[at] !== delimiter) return "broken";
    }
    const next = line.indexOf(delimiter, at);
    if (next < 0) return "closed";
    at = next + 1;
  }
}
