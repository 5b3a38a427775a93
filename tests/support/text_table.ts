/**
 * Tables as text, so that goldens read like documentation.
 * @module
 */

/** The words of a table's lines, its header left out; empty lines do not count. */
export function readTable(text: string): string[][] {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.slice(1).map((line) => line.split(/\s+/));
}

/** A table in columns of even width below its header; null is a dash. */
export function writeTable(header: string, rows: readonly (readonly unknown[])[]): string {
  const cells = [header.trim().split(/\s+/), ...rows.map((row) => row.map((cell) => String(cell ?? "—")))];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()).join("\n");
}

/** A golden text without the indentation that it has in its file. */
export function golden(text: string): string {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").join("\n");
}
