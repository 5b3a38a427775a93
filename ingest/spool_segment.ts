/**
 * One file of a spool: entries one after the other, each with its length, checksum and number, so that a write that a
 * kill tore apart is known as such.
 *
 * ```
 * "TMSPOOL1" spool id (16 characters)              the file's head, 24 bytes
 * length u32 │ crc32 u32 │ number u64 │ payload    an entry; the checksum covers number and payload
 * ```
 * @module
 */
import { crc32 } from "node:zlib";

const MAGIC = "TMSPOOL1";
/** Characters of a spool's identity. */
export const SPOOL_ID_LENGTH = 16;
const HEAD_BYTES = MAGIC.length + SPOOL_ID_LENGTH;
/** What an entry takes beside its payload. */
export const ENTRY_HEAD_BYTES = 16;
/** An entry that says it is longer than this is damaged. */
const PAYLOAD_BYTES_MAX = 0x4000_0000;

/** Where an entry lies. */
export interface EntryPlace {
  readonly number: number;
  /** Of its head, in the file. */
  readonly at: number;
  readonly payloadBytes: number;
}

/** A file as found. */
export interface ScannedSegment {
  readonly spoolId: string;
  readonly entries: readonly EntryPlace[];
  /** Where the last whole entry ends. */
  readonly wholeBytes: number;
  /** Bytes behind it: a write that was torn apart, or damage. */
  readonly tornBytes: number;
}

/** The head of a new file. */
export const segmentHead = (spoolId: string): Uint8Array => new TextEncoder().encode(MAGIC + spoolId);

/** An entry as it is written. */
export function encodeEntry(number: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ENTRY_HEAD_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length);
  view.setBigUint64(8, BigInt(number));
  bytes.set(payload, ENTRY_HEAD_BYTES);
  view.setUint32(4, crc32(bytes.subarray(8)));
  return bytes;
}

/** Reads the payload of an entry. */
export async function readPayload(file: Deno.FsFile, { at, payloadBytes }: EntryPlace): Promise<Uint8Array> {
  return await readAt(file, at + ENTRY_HEAD_BYTES, payloadBytes);
}

/** Reads a file through and checks each entry; null when it is none of a spool. */
export async function scanSegment(file: Deno.FsFile): Promise<ScannedSegment | null> {
  const size = (await file.stat()).size;
  const head = new TextDecoder().decode(await readAt(file, 0, Math.min(size, HEAD_BYTES)));
  if (head.length < HEAD_BYTES || !head.startsWith(MAGIC)) return null;
  const entries: EntryPlace[] = [];
  let at = HEAD_BYTES;
  while (at + ENTRY_HEAD_BYTES <= size) {
    const view = new DataView((await readAt(file, at, ENTRY_HEAD_BYTES)).buffer);
    const payloadBytes = view.getUint32(0);
    const end = at + ENTRY_HEAD_BYTES + payloadBytes;
    if (payloadBytes > PAYLOAD_BYTES_MAX || end > size) break;
    if (crc32(await readAt(file, at + 8, end - at - 8)) !== view.getUint32(4)) break;
    entries.push({ number: Number(view.getBigUint64(8)), at, payloadBytes });
    at = end;
  }
  return { spoolId: head.slice(MAGIC.length), entries, wholeBytes: at, tornBytes: size - at };
}

async function readAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.seek(at, Deno.SeekMode.Start);
  for (let filled = 0; filled < length;) {
    const read = await file.read(bytes.subarray(filled));
    if (read === null) throw new Deno.errors.UnexpectedEof(`Cannot read a spool's file: it ends at ${at + filled}`);
    filled += read;
  }
  return bytes;
}

/** Writes all bytes at the end of what was written so far. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += await file.write(bytes.subarray(written));
}
