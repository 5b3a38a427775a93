/**
 * The headers of a record: `producer: <instance>:<seq>` names its place in a repeatable sending order, `run: <id>` the
 * run that it is counted for. Records of other programs have neither.
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Span } from "./event_log_kafka_batches.ts";

/** Header of the sending order. */
export const PRODUCER_HEADER = "producer";
/** Header of the run. */
export const RUN_HEADER = "run";

/** Names that the memo holds at most. */
const PLACES = 8_192;
/** Longer texts are hardly names. */
const NAME_BYTES_MAX = 64;
/** Ours are shorter by far, and what is stored by a run's name must fit an index entry. */
const HEADER_BYTES_MAX = 256;
/** 32-bit FNV-1a. */
const [FNV_OFFSET, FNV_PRIME] = [0x811c9dc5, 0x01000193];
const COLON = 0x3a;
const [DIGIT_0, DIGIT_9] = [0x30, 0x39];
/** 2^53 has 16 digits; a longer number is none of ours. */
const SEQ_DIGITS_MAX = 16;

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

  /** The text of the UTF-8 bytes `[start, end)`. */
  text(bytes: Buffer, start: number, end: number): string {
    if (end - start > NAME_BYTES_MAX) return textOf(bytes, start, end);
    let hash = FNV_OFFSET;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, FNV_PRIME);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#names[place];
    if (known !== undefined && isAt(bytes, start, end, known.bytes)) return known.text;
    const text = textOf(bytes, start, end);
    // A copy: the bytes are a view of a whole fetch, which would be kept in memory.
    this.#names[place] = { bytes: new Uint8Array(bytes.subarray(start, end)), text };
    return text;
  }
}

/** What Buffer has beyond its types: text of a range without a look at the encoding's name. */
interface TextBuffer {
  utf8Slice(start: number, end: number): string;
}

/** The text of the UTF-8 bytes `[start, end)`; U+FFFD stands for what is none. */
export const textOf = (bytes: Buffer, start: number, end: number): string =>
  (bytes as unknown as TextBuffer).utf8Slice(start, end);

function isAt(bytes: Buffer, start: number, end: number, known: Uint8Array): boolean {
  if (known.length !== end - start) return false;
  for (let i = start; i < end; i++) if (bytes[i] !== known[i - start]) return false;
  return true;
}

/** Headers as they lie in the bytes of a batch. */
export interface RawHeaders {
  readonly bytes: Buffer;
  readonly headers: readonly (readonly [name: Span, value: Span])[];
  /** The first so many count. */
  readonly headerCount: number;
}

const nameBytes = (name: string): Uint8Array => new TextEncoder().encode(name);
const [producerName, runName] = [nameBytes(PRODUCER_HEADER), nameBytes(RUN_HEADER)];

/**
 * Reads headers into `into`. What is not of our form counts as not there, since other programs may use the names; so
 * does a name that stands twice.
 */
export function readHeaders({ bytes, headers, headerCount }: RawHeaders, memo: NameMemo, into: ReadHeaders): void {
  into.instance = null;
  into.seq = 0;
  into.runId = null;
  let [producers, runs] = [0, 0];
  for (let i = 0; i < headerCount; i++) {
    const [name, value] = headers[i]!;
    const nameEnd = name.start + name.length;
    if (value.length < 0 || value.length > HEADER_BYTES_MAX) continue;
    if (isAt(bytes, name.start, nameEnd, producerName)) {
      if (++producers === 1) readProducer(bytes, value, memo, into);
      else into.instance = null;
    } else if (isAt(bytes, name.start, nameEnd, runName)) {
      into.runId = ++runs === 1 ? memo.text(bytes, value.start, value.start + value.length) : null;
    }
  }
  if (into.instance === null) into.seq = 0;
}

function readProducer(bytes: Buffer, { start, length }: Span, memo: NameMemo, into: ReadHeaders): void {
  const end = start + length;
  let colon = end - 1;
  while (colon >= start && bytes[colon] !== COLON) colon--;
  const digits = end - colon - 1;
  if (colon < start || digits === 0 || digits > SEQ_DIGITS_MAX) return;
  let seq = 0;
  for (let i = colon + 1; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < DIGIT_0 || byte > DIGIT_9) return;
    seq = seq * 10 + (byte - DIGIT_0);
  }
  if (!Number.isSafeInteger(seq)) return;
  into.instance = memo.text(bytes, start, colon);
  into.seq = seq;
}
