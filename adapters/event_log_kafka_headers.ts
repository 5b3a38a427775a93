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

/** Names that the memo holds at most. */
const PLACES = 8_192;
/** Longer texts are hardly names. */
const NAME_BYTES_MAX = 64;
/** 32-bit FNV-1a. */
const [FNV_OFFSET, FNV_PRIME] = [0x811c9dc5, 0x01000193];
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

/** A name and its bytes. */
interface KnownName {
  readonly bytes: Uint8Array;
  readonly text: string;
}

/**
 * Bytes to text with the texts seen at hand: keys and names of a feed are few and come again and again, and turning
 * bytes into text costs ten times as much as finding them.
 */
export class NameMemo {
  /** Each name has one place by its hash; of two that share it, the one seen last is there. */
  readonly #names = new Array<KnownName | undefined>(PLACES);

  /** The text of UTF-8 bytes `[0, end)`. */
  text(bytes: Uint8Array, end: number = bytes.length): string {
    if (end > NAME_BYTES_MAX) return textOf(bytes, end);
    let hash = FNV_OFFSET;
    for (let i = 0; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#names[place];
    if (known !== undefined && sameBytes(known.bytes, bytes, end)) return known.text;
    const text = textOf(bytes, end);
    // A copy: the bytes are a view of a whole fetch, which would be kept in memory.
    this.#names[place] = { bytes: new Uint8Array(bytes.subarray(0, end)), text };
    return text;
  }
}

/** What Buffer has beyond its types: text of a range without a look at the encoding's name. */
interface TextBuffer {
  utf8Slice(start: number, end: number): string;
}

/** The text of UTF-8 bytes `[0, end)`; U+FFFD stands for what is none. */
export function textOf(bytes: Uint8Array, end: number = bytes.length): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (buffer as unknown as TextBuffer).utf8Slice(0, end);
}

function sameBytes(a: Uint8Array, b: Uint8Array, end: number): boolean {
  if (a.length !== end) return false;
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return false;
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
