import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyMap } from "../../processor/engine/key_map.ts";

Deno.test("a key map answers as a Map does, whatever the keys, and keeps the order of arrival", () => {
  const key = fc.oneof(fc.string({ unit: "binary", maxLength: 6 }), fc.nat(2_000).map((n) => `stream_${n}`));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
      const [map, reference] = [new KeyMap<{ key: string; n: number }>(), new Map<string, number>()];
      for (const [n, own] of keys.entries()) {
        assert.equal(map.get(own)?.n, reference.get(own));
        if (reference.has(own)) continue;
        map.add({ key: own, n });
        reference.set(own, n);
      }
      assert.deepEqual(map.values().map(({ key, n }) => [key, n]), [...reference]);
      assert.equal(map.size, reference.size);
      for (const [own, n] of reference) assert.equal(map.get(own)?.n, n);
    }),
    { numRuns: 300 },
  );
});

Deno.test("keys whose hashes collide stay apart", () => {
  // "costarring" and "liquid" have the same 32-bit FNV-1a hash, and so do both with the same letter after them.
  const map = new KeyMap<{ key: string }>();
  for (let i = 0; i < 20; i++) map.add({ key: `filler_${i}` });
  const collisions = ["costarring", "liquid", "costarringx", "liquidx"];
  for (const key of collisions) {
    assert.equal(map.get(key), undefined);
    map.add({ key });
  }
  for (const key of collisions) assert.equal(map.get(key)?.key, key);
});
