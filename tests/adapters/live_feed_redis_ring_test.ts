import assert from "node:assert/strict";
import { FeedRing, parseStreamId, START } from "../../adapters/live_feed_redis_ring.ts";

const update = { channel: "chat", key: "k", window_start: "", revision: 1, values: {} };

/** An entry by its number; ids are ten milliseconds apart. */
const entry = (n: number, run = "first") => ({ id: [n * 10, 0] as const, run, n, update });

const filled = (from: number, to: number, capacity = 5) => {
  const ring = new FeedRing(capacity);
  for (let n = from; n < to; n++) ring.push(entry(n));
  return ring;
};

Deno.test("feed ring: entries follow each other by number within one run, whatever their ids", () => {
  const ring = filled(1, 4);
  assert.equal(ring.push(entry(4)), false);
  assert.equal(ring.push(entry(6)), true);
  assert.equal(ring.push(entry(7, "second")), true);
  assert.equal(ring.push(entry(8, "second")), false);
  // What came before the last hole counts no more.
  assert.deepEqual([ring.at(ring.oldest).n, ring.count - ring.oldest], [7, 2]);
});

Deno.test("feed ring: a place is known by its entry, by the one right after it, or as the beginning", () => {
  const ring = filled(1, 4);
  const after = (n: number) => ring.numberAfter(entry(n));
  assert.deepEqual([1, 2, 3].map(after), [1, 2, 3]);
  assert.equal(ring.numberAfterId([20, 0]), 2);
  assert.equal(ring.numberAfterId(START.id), 0);
  for (const unknown of ["15-0", "20-1", "5-0", "40-0"]) {
    assert.equal(ring.numberAfterId(parseStreamId(unknown)!), undefined, unknown);
  }
});

Deno.test("feed ring: a place whose entry has left is known only while nothing behind it has", () => {
  const ring = filled(1, 9);
  assert.equal(ring.oldest, 3);
  assert.equal(ring.numberAfter(entry(3)), 3);
  assert.equal(ring.numberAfter(entry(2)), undefined);
  assert.equal(ring.numberAfter(entry(3, "other")), undefined);
  assert.equal(ring.numberAfterId(START.id), undefined);
});

Deno.test("feed ring: a history that was joined in its middle does not begin at 0-0", () => {
  const ring = filled(7, 9);
  assert.equal(ring.numberAfterId(START.id), undefined);
  assert.equal(ring.at(ring.numberAfterId([70, 0])!).n, 8);
});

Deno.test("feed ring: after a reset nothing from before is known, and a new stream is read from its beginning", () => {
  const ring = filled(1, 4);
  ring.reset();
  assert.deepEqual([ring.oldest, ring.last, ring.resets], [ring.count, START, 1]);
  assert.equal(ring.numberAfterId([20, 0]), undefined);
  assert.equal(ring.push(entry(1, "second")), false);
  assert.equal(ring.at(ring.numberAfterId(START.id)!).run, "second");
});

Deno.test("feed ring: ids are two numbers and nothing else", () => {
  assert.deepEqual(parseStreamId("17-3"), [17, 3]);
  for (const text of ["", "17", "17-", "-3", "17-3-1", " 17-3", "1e3-0", "9".repeat(16) + "-0"]) {
    assert.equal(parseStreamId(text), undefined, text);
  }
});
