/**
 * Order of texts by code point: the order of rankings and of exported rows, equal to PostgreSQL's "C" collation on
 * UTF-8, and unlike `<` on strings, which goes by UTF-16 units.
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
