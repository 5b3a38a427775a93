/**
 * A file that a command makes: it takes its name when it is whole, so that a run that fails leaves an older one as it was.
 * @module
 */
import { chmod, type FileHandle, open, readlink, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FREE_SPACE, isDiskFull, messageOf, OutputClosedError, UserError } from "../core/errors.ts";

/** What a file is made of. */
export type OutputPortions = AsyncIterable<string | Uint8Array>;

/**
 * Writes a file; false when the signal aborted first, and then nothing is left of it. Where the path leads to something
 * other than a file, such as a pipe or a terminal, that is written to as it goes.
 *
 * @throws {UserError} when it cannot be written, {@link OutputClosedError} when a pipe is read no further. What the
 * portions throw comes out as it is.
 */
export async function writeOutput(path: string, portions: OutputPortions, signal: AbortSignal): Promise<boolean> {
  const place = await placeOf(path);
  // What cannot be looked at is not made either: opening it says why.
  const before = await stat(place).catch((error) => codeOf(error) === "ENOENT" ? null : undefined);
  if (before === undefined || before?.isFile() === false) {
    await using file = await writing(path, () => open(place, "w"));
    return await writeAll({ path, file }, portions, signal);
  }
  const temporary = `${place}.${crypto.randomUUID().slice(0, 8)}.part`;
  const file = await writing(path, () => open(temporary, "wx", before === null ? 0o666 : before.mode & 0o777));
  let isWhole = false;
  try {
    // The mask of the process may have taken from what the older file allowed.
    if (before !== null) await writing(path, () => chmod(temporary, before.mode & 0o777));
    isWhole = await writeAll({ path, file }, portions, signal);
    if (isWhole) await writing(path, () => file.sync());
  } catch (error) {
    isWhole = false;
    throw error;
  } finally {
    await file.close();
    if (!isWhole) await unlink(temporary).catch(() => {});
  }
  if (isWhole) await writing(path, () => rename(temporary, place));
  return isWhole;
}

/** Whether two paths lead to one file, be it by links. */
export async function isSameFile(path: string, other: string): Promise<boolean> {
  if (path === other) return true;
  const [one, two] = await Promise.all([path, other].map((each) => stat(each, { bigint: true }).catch(() => null)));
  return one !== null && two !== null && one!.dev === two!.dev && one!.ino === two!.ino;
}

/** Where a path leads: a link stays one, also where what it leads to is still to be made. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") return path;
    const link = await readlink(path).catch(() => null);
    return link === null ? path : await placeOf(resolve(dirname(path), link));
  }
}

async function writeAll(
  { path, file }: { path: string; file: FileHandle },
  portions: OutputPortions,
  signal: AbortSignal,
): Promise<boolean> {
  for await (const portion of portions) {
    if (signal.aborted) return false;
    await writing(path, () => file.writeFile(portion));
  }
  return !signal.aborted;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (codeOf(error) === "EPIPE") throw new OutputClosedError("Nobody reads the output");
    // The system's word alone: the call and the path that follow it are those of the temporary file.
    const [why = ""] = messageOf(error).split(", ");
    throw new UserError("unavailable", {
      cause: `Cannot write ${path}: ${why}`,
      fix: isDiskFull(error)
        ? `${FREE_SPACE}, or choose a file on another`
        : "choose a file in a folder that exists and can be written",
    }, { cause: error });
  }
}
