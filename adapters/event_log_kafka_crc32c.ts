/**
 * The checksum of Kafka's record batches: CRC-32C (Castagnoli), eight bytes a step by eight tables. Method: Kounavis and
 * Berry, "A Systematic Approach to Building High Performance, Software-based, CRC Generators", 2005.
 * @module
 */

/** The polynomial 0x1EDC6F41, its bits in reverse. */
const POLYNOMIAL = 0x82f63b78;
const STEP_BYTES = 8;
const TABLE_ENTRIES = 256;

/** Table k gives what a byte does to the checksum with k bytes behind it. */
const tables = Array.from({ length: STEP_BYTES }, () => new Int32Array(TABLE_ENTRIES));
for (let byte = 0; byte < TABLE_ENTRIES; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
  tables[0]![byte] = crc;
}
for (let k = 1; k < STEP_BYTES; k++) {
  for (let byte = 0; byte < TABLE_ENTRIES; byte++) {
    const before = tables[k - 1]![byte]!;
    tables[k]![byte] = (before >>> 8) ^ tables[0]![before & 0xff]!;
  }
}
const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  ...[Int32Array, Int32Array, Int32Array, Int32Array],
  ...[Int32Array, Int32Array, Int32Array, Int32Array],
];

/** CRC-32C of the bytes `[start, end)`, from 0 to 2^32 − 1. */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = -1;
  let at = start;
  for (const stepsEnd = end - STEP_BYTES; at <= stepsEnd; at += STEP_BYTES) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    crc = t7[crc & 0xff]! ^ t6[(crc >>> 8) & 0xff]! ^ t5[(crc >>> 16) & 0xff]! ^ t4[crc >>> 24]! ^
      t3[bytes[at + 4]!]! ^ t2[bytes[at + 5]!]! ^ t1[bytes[at + 6]!]! ^ t0[bytes[at + 7]!]!;
  }
  for (; at < end; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]!) & 0xff]!;
  return ~crc >>> 0;
}
