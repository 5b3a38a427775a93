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
