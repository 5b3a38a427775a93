/**
 * Opens a recorded file as bytes: plain, gzip or zstd by its first bytes, whatever its name says.
 * @module
 */
import { messageOf, UserError } from "../../core/errors.ts";
import { gunzip, unzstd } from "./unpack.ts";

/** Bytes of one read. */
const CHUNK_BYTES = 1_048_576;

/**
 * The bytes of a file in chunks, decompressed. A chunk is valid until the next one is asked for.
 *
 * @throws {UserError} when the file is missing, a folder, unreadable, damaged, or compressed in a way that is not known.
 */
export async function* openBytes(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const file = await openFile(path);
  try {
    const start = await readStart(file, path);
    const unknown = unknownForm(start);
    if (unknown) throw new UserError("usage", { cause: `Cannot read ${path}: it is ${unknown}`, fix: FIX_FORM });
    const unpack = unpackerOf(start);
    const chunks = readChunks(file, { path, start, reuse: unpack === undefined });
    yield* unpack === undefined ? chunks : unpack(chunks, path);
  } finally {
    file.close();
  }
}

const FIX_FORM = "Unpack it to plain text, gzip or zstd first.";

const startsWith = (start: Uint8Array, ...bytes: number[]): boolean => bytes.every((byte, i) => start[i] === byte);

function unpackerOf(start: Uint8Array): typeof gunzip | undefined {
  if (startsWith(start, 0x1f, 0x8b)) return gunzip;
  const isZstd = startsWith(start, 0x28, 0xb5, 0x2f, 0xfd) ||
    (startsWith(start.subarray(1), 0x2a, 0x4d, 0x18) && (start[0]! & 0xf0) === 0x50);
  return isZstd ? unzstd : undefined;
}

/** Whether bytes are the beginning of a Parquet file. */
export const isParquet = (start: Uint8Array): boolean => startsWith(start, 0x50, 0x41, 0x52, 0x31);

/** Forms that would otherwise come out as thousands of dead lines. */
function unknownForm(start: Uint8Array): string | undefined {
  if (startsWith(start, 0x50, 0x4b, 0x03, 0x04)) return "a zip archive";
  if (startsWith(start, 0x42, 0x5a, 0x68, 0x39)) return "compressed with bzip2";
  if (startsWith(start, 0xfd, 0x37, 0x7a, 0x58, 0x5a)) return "compressed with xz";
  return undefined;
}

/**
 * Opens a file for reading; a failure is put in words for people. Recorded input is read several times (what it is, which
 * one it is, its lines), which a pipe does not allow: the second time it is empty, or nobody writes to it.
 */
export async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    // Asked before it is opened, since opening a named pipe waits for somebody who writes to it.
    const { isFile, isDirectory } = await Deno.stat(path);
    if (isFile) return await Deno.open(path);
    if (isDirectory) throw new Deno.errors.IsADirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new UserError("usage", { cause: `Cannot read ${path}: it is ${NO_FILE}`, fix: FIX_NO_FILE });
}

const NO_FILE = "a pipe or a device, which cannot be read twice";
const FIX_NO_FILE = "Write it to a file first, and name that.";

/** The failure of reading a file, in words for people. */
export function unreadable(path: string, error: unknown): UserError {
  const [why, fix] = error instanceof Deno.errors.NotFound
    ? ["there is no such file", "Check the path; it is taken from the folder that the command was called in."]
    : error instanceof Deno.errors.NotCapable
    // The runtime gives no leave for /dev, where a shell's pipes are.
    ? [path.startsWith("/dev/") ? `it is ${NO_FILE}` : "this process may not read it", FIX_NO_FILE]
    : error instanceof Deno.errors.PermissionDenied
    ? ["its permissions do not allow it", "Make it readable for this user (chmod u+r)."]
    : error instanceof Deno.errors.IsADirectory
    ? ["it is a folder", "Name a file in it."]
    : [messageOf(error), "Check the file and the disk that it is on."];
  return new UserError("usage", { cause: `Cannot read ${path}: ${why}`, fix }, { cause: error });
}

/** The first few bytes; fewer when the file is shorter. */
async function readStart(file: Deno.FsFile, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const start = new Uint8Array(8);
  let length = 0;
  while (length < start.length) {
    const count = await read(file, start.subarray(length), path);
    if (count === 0) break;
    length += count;
  }
  return start.subarray(0, length);
}

async function* readChunks(
  file: Deno.FsFile,
  { path, start, reuse }: { path: string; start: Uint8Array<ArrayBuffer>; reuse: boolean },
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (start.length > 0) yield start;
  let buffer = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const count = await read(file, buffer, path);
    if (count === 0) return;
    yield buffer.subarray(0, count);
    if (!reuse) buffer = new Uint8Array(CHUNK_BYTES);
  }
}

async function read(file: Deno.FsFile, buffer: Uint8Array, path: string): Promise<number> {
  try {
    return await file.read(buffer) ?? 0;
  } catch (error) {
    throw unreadable(path, error);
  }
}
