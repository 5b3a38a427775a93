/**
 * The headers of a record: `producer: <instance>:<seq>` names its place in a repeatable sending order, `run: <id>` the
 * run that it is counted for. Records of other programs have neither.
 * @module
 */
import { Buffer } from "node:buffer";
import type { NewRecord } from "../core/ports.ts";

/** Header of the sending order. */
export const PRODUCER_HEADER = "producer";
/** Header of the run. */
export const RUN_HEADER = "run";

/** A header's values: bytes, or several where a name stands more than once. */
export type HeaderValue = Uint8Array | string | readonly (Uint8Array | string)[] | undefined;

/** Names that the memo holds before it starts anew. */
const NAMES_MAX = 10_000;
const COLON = 0x3a;
const [DIGIT_0, DIGIT_9] = [0x30, 0x39];
/** 2^53 has 16 digits; a longer number is none of ours. */
const SEQ_DIGITS_MAX = 16;

/** Headers of a record to append, or undefined where it has none. */
export function headersOf({ instance, seq, runId }: NewRecord): Record<string, string> | undefined {
  if (instance === null && runId === null) return undefined;
  const headers: Record<string, string> = {};
  if (instance !== null) headers[PRODUCER_HEADER] = `${instance}:${seq}`;
  if (runId !== null) headers[RUN_HEADER] = runId;
  return headers;
}

/** What the headers of a record say. */
export interface ReadHeaders {
  instance: string | null;
  seq: number;
  runId: string | null;
}

/** Bytes to text with the last few texts at hand: a feed repeats its names for long runs. */
export class NameMemo {
  #names = new Map<string, string>();
  #lastBytes: Uint8Array = new Uint8Array();
  #lastName = "";

  /** The text of UTF-8 bytes `[0, end)`. */
  text(bytes: Uint8Array, end: number = bytes.length): string {
    if (sameBytes(this.#lastBytes, bytes, end)) return this.#lastName;
    // Latin-1 is the fastest way from bytes to something that a map can look up.
    const raw = asBuffer(bytes).latin1Slice(0, end);
    let name = this.#names.get(raw);
    if (name === undefined) {
      name = asBuffer(bytes).utf8Slice(0, end);
      if (this.#names.size >= NAMES_MAX) this.#names = new Map();
      this.#names.set(raw, name);
    }
    // A copy: the bytes are a view of a whole fetch, which would be kept in memory.
    this.#lastBytes = bytes.slice(0, end);
    this.#lastName = name;
    return name;
  }
}

/** Buffers of kafkajs are views of what was fetched. */
interface SliceableBuffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
}

const asBuffer = (bytes: Uint8Array): SliceableBuffer =>
  (bytes instanceof Buffer
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as unknown as SliceableBuffer;

function sameBytes(a: Uint8Array, b: Uint8Array, end: number): boolean {
  if (a.length !== end) return false;
  for (let i = end - 1; i >= 0; i--) if (a[i] !== b[i]) return false;
  return true;
}

/** Reads headers into `into`; what is not of our form counts as not there, since other programs may use the names. */
export function readHeaders(
  headers: Readonly<Record<string, HeaderValue>> | undefined,
  memo: NameMemo,
  into: ReadHeaders,
): void {
  into.instance = null;
  into.seq = 0;
  into.runId = null;
  if (headers === undefined) return;
  const run = headers[RUN_HEADER];
  if (run instanceof Uint8Array) into.runId = memo.text(run);
  const producer = headers[PRODUCER_HEADER];
  if (producer instanceof Uint8Array) readProducer(producer, memo, into);
}

function readProducer(bytes: Uint8Array, memo: NameMemo, into: ReadHeaders): void {
  const colon = bytes.lastIndexOf(COLON);
  const digits = bytes.length - colon - 1;
  if (colon < 0 || digits === 0 || digits > SEQ_DIGITS_MAX) return;
  let seq = 0;
  for (let i = colon + 1; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte < DIGIT_0 || byte > DIGIT_9) return;
    seq = seq * 10 + (byte - DIGIT_0);
  }
  if (!Number.isSafeInteger(seq)) return;
  into.instance = memo.text(bytes, colon);
  into.seq = seq;
}
