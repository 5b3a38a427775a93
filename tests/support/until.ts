/**
 * Waiting for something that happens outside of the test: over a socket, in another process.
 * @module
 */

/** Resolves when the condition holds; rejects, naming it, when it does not within `ms`. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
