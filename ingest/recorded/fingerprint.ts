/**
 * The identity of a recorded file: what it holds, not where it lies.
 * @module
 */
import { createHash } from "node:crypto";
import { openFile, unreadable } from "./open_bytes.ts";

/** Hexadecimal digits of a fingerprint: 128 of SHA-256's 256 bits. */
const DIGITS = 32;

/**
 * Fingerprint of a file: SHA-256 over its raw bytes (packed as they are), its first 32 hexadecimal digits.
 *
 * @throws {UserError} when the file cannot be read.
 */
export async function fingerprintOf(path: string): Promise<string> {
  using file = await openFile(path);
  const hash = createHash("sha256");
  const buffer = new Uint8Array(1_048_576);
  for (;;) {
    const count = await file.read(buffer).catch((error) => Promise.reject(unreadable(path, error)));
    if (count === null) return hash.digest("hex").slice(0, DIGITS);
    hash.update(buffer.subarray(0, count));
  }
}
