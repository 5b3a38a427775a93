import assert from "node:assert/strict";
import { memoPartitioner, murmur2, partitionOf } from "../../core/partitioner.ts";

/** From Apache Kafka's own test of Utils.murmur2. */
const vectors: readonly [text: string, hash: number][] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

Deno.test("murmur2 gives the hashes that Kafka publishes", () => {
  for (const [text, hash] of vectors) assert.equal(murmur2(new TextEncoder().encode(text)), hash, text);
});

Deno.test("a key's partition is its hash without the sign bit, modulo the partitions", () => {
  for (const [text, hash] of vectors) {
    for (const count of [2, 3, 7, 100]) assert.equal(partitionOf(text, count), (hash & 0x7fffffff) % count, text);
  }
});

Deno.test("no key, and a single partition, give partition 0", () => {
  assert.equal(partitionOf(null, 5), 0);
  assert.equal(partitionOf("foobar", 1), 0);
});

Deno.test("a partitioner with a memory gives the same as one without", () => {
  const remembered = memoPartitioner(7);
  for (let round = 0; round < 2; round++) {
    for (const key of ["", "größe", "😀", ...Array.from({ length: 100 }, (_, i) => `stream_${i}`)]) {
      assert.equal(remembered(key), partitionOf(key, 7));
    }
  }
});
