/**
 * Kafka's default partitioner, used by every event log, so that the same key lands in the same partition whichever
 * producer wrote it: murmur2 (seed 0x9747b28c) over the UTF-8 bytes of the key, its sign bit cleared, modulo the number
 * of partitions. Formula: Apache Kafka, Utils.murmur2 and BuiltInPartitioner.partitionForKey.
 * @module
 */

const encoder = new TextEncoder();
const M = 0x5bd1e995;

/** 32-bit murmur2 hash as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  let h = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    let k = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length & 3;
  if (rest >= 3) h ^= bytes[whole + 2]! << 16;
  if (rest >= 2) h ^= bytes[whole + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[whole]!, M);
  h ^= h >>> 13;
  h = Math.imul(h, M);
  return h ^ (h >>> 15);
}

/** Partition of a key among `partitionCount`; a record without a key goes to partition 0. */
export function partitionOf(key: string | null, partitionCount: number): number {
  if (key === null || partitionCount === 1) return 0;
  return (murmur2(encoder.encode(key)) & 0x7fffffff) % partitionCount;
}

/** The keys that a memo holds before it starts anew. */
const MEMO_KEYS_MAX = 100_000;

/** A `partitionOf` that remembers the keys it has seen (bounded), since a feed has far more records than keys. */
export function memoPartitioner(partitionCount: number): (key: string) => number {
  if (partitionCount === 1) return () => 0;
  let memo = new Map<string, number>();
  return (key) => {
    let partition = memo.get(key);
    if (partition === undefined) {
      partition = partitionOf(key, partitionCount);
      if (memo.size >= MEMO_KEYS_MAX) memo = new Map();
      memo.set(key, partition);
    }
    return partition;
  };
}
