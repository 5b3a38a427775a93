/**
 * JSON text of values that others made.
 * @module
 */

/**
 * The JSON text of a value; null where it is nested too deeply: `JSON.parse` reads any depth, `JSON.stringify` runs out
 * of stack.
 */
export function stringifyOrNull(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A copy of a plain JSON value, several times as fast as structuredClone. */
export function copyJson<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < copy.length; i++) copy[i] = copyJson(value[i]);
    return copy as T;
  }
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) copy[name] = copyJson(member);
  return copy as T;
}
