/**
 * Which of two states of one thing is the later one, as for rows of tables.
 * @module
 */

/** Which definition made it, and how far that had read. */
export interface Version {
  /** Absent = 0. */
  readonly generation?: number;
  readonly revision: number;
}

/** Whether the first is earlier than the second: a lower generation, or the same one and a lower revision. */
export const isEarlier = (one: Version, other: Version): boolean => {
  const generations = (one.generation ?? 0) - (other.generation ?? 0);
  return generations === 0 ? one.revision < other.revision : generations < 0;
};
