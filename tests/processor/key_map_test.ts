import assert from "node:assert/strict";
import fc from "fast-check";
import { KeyMap } from "../../processor/engine/key_map.ts";

Deno.test("a key map answers as a Map does, whatever the keys, and gives places in the order of arrival", () => {
  const key = fc.oneof(fc.string({ unit: "binary", maxLength: 6 }), fc.nat(2_000).map((n) => `stream_${n}`));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
      const [map, reference] = [new KeyMap(), new Map<string, number>()];
      for (const own of keys) {
        assert.equal(map.placeOf(own), reference.get(own) ?? -1);
        if (reference.has(own)) continue;
        assert.equal(map.add(own), reference.size);
        reference.set(own, reference.size);
      }
      assert.deepEqual(map.keys, [...reference.keys()]);
      for (const [own, place] of reference) assert.equal(map.placeOf(own), place);
    }),
    { numRuns: 300 },
  );
});

Deno.test("keys whose hashes collide stay apart", () => {
  // "costarring" and "liquid" have the same 32-bit FNV-1a hash, and so do both with the same letter after them.
  const map = new KeyMap();
  for (let i = 0; i < 20; i++) map.add(`filler_${i}`);
  const collisions = ["costarring", "liquid", "costarringx", "liquidx"];
  for (const key of collisions) {
    assert.equal(map.placeOf(key), -1);
    map.add(key);
  }
  for (const [i, key] of collisions.entries()) assert.equal(map.placeOf(key), 20 + i);
});
