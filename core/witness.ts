/**
 * How a record is known again: a topic that was deleted and made anew has another one, or none, at the same offset.
 * @module
 */
import { murmur2 } from "./partitioner.ts";
import type { LogRecord } from "./ports.ts";

const encoder = new TextEncoder();

/** `<offset>:<append time>:<hash of the key>`. */
export function witnessOf({ offset, appendTimeMs, key }: LogRecord): string {
  return `${offset}:${appendTimeMs}:${key === null ? "" : (murmur2(encoder.encode(key)) >>> 0).toString(16)}`;
}

/** The offset of a witness. */
export function witnessOffset(witness: string): number {
  return Number(witness.slice(0, witness.indexOf(":")));
}
