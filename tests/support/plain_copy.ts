/**
 * Copies of plain data: what stores do to keep what they were given apart from what the caller goes on changing. Many
 * times as fast as structuredClone.
 * @module
 */

/** A deep copy of plain objects, arrays, maps and primitive values. */
export function plainCopy<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) return new Map([...value].map(([key, held]) => [key, copy(held)]));
  const made: Record<string, unknown> = {};
  for (const key of Object.keys(value)) made[key] = copy((value as Record<string, unknown>)[key]);
  return made;
}
