/**
 * Which series are drawn, and in which colour: a series keeps its slot for as long as it has data, so that colours never
 * jump between lines.
 * @module
 */

/** Fills `slotsMax` slots: those held before stay where they are, free ones go to the best ranked. */
export function assignSlots(
  held: readonly (string | null)[],
  ranked: readonly string[],
  slotsMax: number,
): (string | null)[] {
  const known = new Set(ranked);
  const slots = Array.from({ length: slotsMax }, (_, i) => {
    const key = held[i] ?? null;
    return key !== null && known.has(key) ? key : null;
  });
  const waiting = ranked.filter((key) => !slots.includes(key));
  return slots.map((key) => key ?? waiting.shift() ?? null);
}
