import assert from "node:assert/strict";
import fc from "fast-check";
import { HELD_TRADES_MAX, TradeOrder } from "../../ingest/sources/binance_order.ts";

Deno.test("a gap holds what comes after it, and each trade that fills it releases what it can", () => {
  const order = new TradeOrder<string>(41);
  assert.deepEqual(order.take(42, "42"), ["42"]);
  assert.deepEqual([order.take(45, "45"), order.gap], [[], { fromId: 43, toId: 44 }]);
  assert.equal(order.take(41, "41"), "repeat");
  assert.equal(order.take(45, "45"), "repeat");
  assert.deepEqual([order.take(43, "43"), order.gap], [["43"], { fromId: 44, toId: 44 }]);
  assert.deepEqual([order.take(44, "44"), order.gap, order.lastId], [["44", "45"], null, 45]);
});

Deno.test("without a last trade it begins with whichever comes first", () => {
  const order = new TradeOrder<number>(null);
  assert.deepEqual([order.take(7, 7), order.take(8, 8), order.take(6, 6)], [[7], [8], "repeat"]);
});

Deno.test("a gap is given up as a whole, or its oldest part, and what is given up is counted", () => {
  const order = new TradeOrder<number>(0);
  for (const id of [101, 102, 205]) order.take(id, id);
  assert.deepEqual([order.giveUp(60), order.gap, order.missed], [[], { fromId: 41, toId: 100 }, 40]);
  assert.deepEqual([order.giveUp(), order.gap, order.missed], [[101, 102], { fromId: 103, toId: 204 }, 100]);
  assert.equal(order.take(50, 50), "repeat", "too late: later ones are on their way");
});

Deno.test("what waits is bounded: beyond it the gap is given up", () => {
  const order = new TradeOrder<number>(0);
  let released = 0;
  for (let id = 2; id <= HELD_TRADES_MAX + 2; id++) released += (order.take(id, id) as number[]).length;
  assert.deepEqual([released, order.held, order.missed], [HELD_TRADES_MAX + 1, 0, 1]);
});

Deno.test("in any order, with any repeats, every trade is released once and in order", () => {
  const feed = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(feed, (ids) => {
    const order = new TradeOrder<number>(0);
    const released: number[] = [];
    for (const id of ids) {
      const taken = order.take(id, id);
      if (taken !== "repeat") released.push(...taken);
      assert.deepEqual(released, Array.from({ length: released.length }, (_, i) => i + 1));
      if (order.gap !== null) assert.ok(order.gap.fromId === released.length + 1 && order.gap.toId >= order.gap.fromId);
    }
    const all = new Set(ids);
    let whole = 0;
    while (all.has(whole + 1)) whole++;
    assert.equal(released.length, whole);
    assert.equal(order.held, [...all].filter((id) => id > whole).length);
  }));
});
