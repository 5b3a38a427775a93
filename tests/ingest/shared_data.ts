/**
 * Tests on real data. It lies beside the project and is no part of it: where it is absent these tests are skipped, and
 * their names say why.
 * @module
 */
import { fileURLToPath } from "node:url";
import { readRecords } from "../../ingest/recorded/open_lines.ts";

const folder = new URL("../../../shared/data/", import.meta.url);

/** Path of a file of ../shared/data. */
export const sharedPath = (file: string): string => fileURLToPath(new URL(file, folder));

/** Registers a test that reads files of ../shared/data. */
export function sharedDataTest(name: string, files: readonly string[], fn: () => void | Promise<void>): void {
  const absent = files.filter((file) => !exists(sharedPath(file)));
  const note = absent.length === 0 ? "" : ` (skipped: ../shared/data/${absent[0]} is absent)`;
  Deno.test({ name: name + note, ignore: absent.length > 0, fn });
}

/** All lines of a file of ../shared/data. */
export async function sharedLines(file: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const portion of readRecords(sharedPath(file), { format: "lines" })) {
    for (const line of portion) lines.push(line);
  }
  return lines;
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
