/**
 * Order of texts by code point: the order of rankings and of exported rows, equal to PostgreSQL's "C" collation on
 * UTF-8, and unlike `<` on strings, which goes by UTF-16 units. And texts of others in lines for people.
 * @module
 */

/** Compares two texts by code point: below 0, 0, above 0. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points beyond U+FFFF, so they sort after every other unit.
    const xHigh = (x & 0xf800) === 0xd800;
    const yHigh = (y & 0xf800) === 0xd800;
    return xHigh === yHigh ? x - y : xHigh ? 1 : -1;
  }
  return a.length - b.length;
}

/**
 * A text that a file or a library brought, for a line on a terminal: without control characters, which could move the
 * cursor or change what was written before, and cut at `unitsMax` UTF-16 units.
 */
export function printable(text: string, unitsMax = 40): string {
  const bare = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "");
  return bare.length > unitsMax ? bare.slice(0, unitsMax).toWellFormed() + "…" : bare;
}

/** Names of columns that {@link printableNames} shows. */
const NAMES_MAX = 20;

/** A list of such texts: `user, text`. */
export function printableNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_MAX).map((name) => printable(name));
  return [...shown, ...(names.length > NAMES_MAX ? ["…"] : [])].join(", ");
}
