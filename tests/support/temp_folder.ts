/**
 * Folders that last as long as a test.
 * @module
 */

/** Calls `body` with a new empty folder and removes it afterwards, whatever came of it. */
export async function inTempFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-test-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
