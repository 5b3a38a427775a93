import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { AnomalyShelf } from "../../routes/(_lib)/anomaly_shelf.ts";
import { chartViewOf, completeValue, rankStreams } from "../../routes/(_lib)/chat_view.ts";
import {
  formatAge,
  formatChange,
  formatPrice,
  formatRelative,
  formatShort,
  NOTHING,
} from "../../routes/(_lib)/format.ts";
import { timeTicks } from "../../routes/(_lib)/line_chart.ts";
import { LiveStore } from "../../routes/(_lib)/live_store.ts";
import { lastPrices, priceViewOf } from "../../routes/(_lib)/price_view.ts";
import { type Point, SeriesTable } from "../../routes/(_lib)/series.ts";
import { assignSlots } from "../../routes/(_lib)/slots.ts";
import { chatUpdate } from "./support.ts";

const MINUTE = 60_000;
const limits = { keysMax: 10, pointsMax: 100 };

//   windows of 1 minute sliding by 10 s; the newest event is at 70 s
//   ends:  60 (complete)  70 (complete)  80 (filling)  90 … 130 (a part only)
Deno.test("windows beyond the one that is filling are not shown", () => {
  const table = new SeriesTable(limits);
  for (let endS = 60; endS <= 130; endS += 10) table.put("a", MINUTE, [endS * 1_000, endS, 1]);
  deepEqual(table.frontier(), { completeMs: 70_000, fillingMs: 80_000 });
  deepEqual(table.points("a").map(([endMs]) => endMs), [60_000, 70_000, 80_000]);
  equal(completeValue(table, "a"), 70);
  const { toMs, completeMs } = chartViewOf(table, [["a", 0]], { gapMs: 15_000 });
  deepEqual([toMs, completeMs], [80_000, 70_000]);
});

Deno.test("tumbling windows are shown up to the newest", () => {
  const table = new SeriesTable(limits);
  for (const endS of [1, 2, 3]) table.put("a", 1_000, [endS * 1_000, endS, 1]);
  deepEqual(table.points("a").map(([, value]) => value), [1, 2, 3]);
});

Deno.test("a lower revision of a window is ignored, an equal or higher one replaces it", () => {
  const store = new LiveStore();
  equal(store.apply(chatUpdate(5, { revision: 8 })), true);
  equal(store.apply(chatUpdate(4, { revision: 7 })), false);
  equal(store.apply(chatUpdate(6, { revision: 8 })), true);
  equal(store.chat.toSet(["demo_stream"]).series[0]?.points[0]?.[1], 6);
});

Deno.test("whatever the order of updates, a table holds the highest revision of each window, in order, within bounds", () => {
  const updates = fc.array(fc.record({ key: fc.constantFrom("a", "b"), end: fc.nat(8), revision: fc.nat(5) }));
  fc.assert(fc.property(updates, (all) => {
    const table = new SeriesTable({ keysMax: 2, pointsMax: 50 });
    const best = new Map<string, number>();
    for (const { key, end, revision } of all) {
      table.put(key, MINUTE, [end * 10_000, revision, revision]);
      const id = `${key} ${end * 10_000}`;
      best.set(id, Math.max(best.get(id) ?? 0, revision));
    }
    const held = table.toSet(table.keys()).series;
    for (const { points } of held) deepEqual(points, points.toSorted((a, b) => a[0] - b[0]));
    const flat = held.flatMap(({ key, points }) => points.map((p: Point) => [`${key} ${p[0]}`, p[1]] as const));
    deepEqual(new Map(flat), best);
  }));
});

Deno.test("a table is bounded: the oldest point and the key that is silent for longest go", () => {
  const table = new SeriesTable({ keysMax: 2, pointsMax: 3 });
  for (let i = 1; i <= 5; i++) table.put("old", 1_000, [i * 1_000, i, 1]);
  equal(table.put("old", 1_000, [1_000, 1, 1]), false);
  deepEqual(table.points("old").map(([, value]) => value), [3, 4, 5]);
  table.put("new", 1_000, [9_000, 1, 1]);
  table.put("newest", 1_000, [10_000, 1, 1]);
  deepEqual(table.keys(), ["new", "newest"]);
});

Deno.test("streams are ranked by their messages, and a stream keeps its slot while it has any", () => {
  const table = new SeriesTable(limits);
  for (const [key, count] of [["quiet", 1], ["loud", 9], ["middle", 5]] as const) {
    table.put(key, MINUTE, [MINUTE, count, 1]);
  }
  deepEqual(rankStreams(table), ["loud", "middle", "quiet"]);
  const slots = assignSlots([], ["a", "b"], 3);
  deepEqual(slots, ["a", "b", null]);
  deepEqual(assignSlots(slots, ["c", "b", "d"], 3), ["c", "b", "d"]);
  deepEqual(assignSlots(["c", "b", "d"], ["z", "d", "c", "b"], 3), ["c", "b", "d"]);
});

Deno.test("sparse 1-second candles give way to minutes once there are enough of those", () => {
  const store = new LiveStore();
  const put = (channel: "candles1s" | "candles1m", sizeMs: number, i: number) =>
    store[channel].put("BTCUSDT", sizeMs, [i * MINUTE, i, 1]);
  for (let i = 1; i <= 10; i++) put("candles1s", 1_000, i);
  for (let i = 1; i <= 10; i++) put("candles1m", MINUTE, i);
  equal(priceViewOf(store, null).interval, "1s");
  for (let i = 11; i <= 20; i++) put("candles1m", MINUTE, i);
  const view = priceViewOf(store, "none of them");
  deepEqual([view.interval, view.symbol, view.points, view.price], ["1m", "BTCUSDT", 20, 20]);
  deepEqual(lastPrices(store, 1), [{ symbol: "BTCUSDT", price: 10 }]);
});

Deno.test("a changed definition wins whatever its revision, and takes the windows from there on over", () => {
  const table = new SeriesTable({ keysMax: 10, pointsMax: 10 });
  const shown = () => table.toSet(["a"]).series[0]!.points.map(([endMs, value]) => [endMs / MINUTE, value]);
  for (const end of [1, 2, 3, 4]) table.put("a", MINUTE, [end * MINUTE, end, 1_000 + end]);
  for (const end of [1, 2]) table.put("b", MINUTE, [end * MINUTE, end, 1]);
  equal(table.put("a", 2 * MINUTE, [2 * MINUTE, 20, 5, 1]), true, "of generation 1, revision 5");
  deepEqual(shown(), [[1, 1], [2, 20]], "what was before it stays, what comes after it is made anew");
  equal(table.put("a", MINUTE, [2 * MINUTE, 2, 9_000]), false);
  equal(table.put("a", MINUTE, [4 * MINUTE, 4, 9_000]), false, "an update on its way from before");
  equal(table.put("a", MINUTE, [1 * MINUTE, 7, 9_000]), true, "no new window covers that one");
  equal(table.put("a", 2 * MINUTE, [4 * MINUTE, 40, 6, 1]), true);
  deepEqual(shown(), [[1, 7], [2, 20], [4, 40]]);
  equal(table.stepMs, 2 * MINUTE);
  deepEqual(table.toSet(["b"]).series[0]!.points.length, 2, "another key has a partition of its own");
});

Deno.test("anomalies are listed newest first, once each, bounded, and a retraction replaces its own", () => {
  const shelf = new AnomalyShelf(2);
  const item = (id: string, timeMs: number, revision = 1, status: "active" | "retracted" = "active") => ({
    ...{ id, timeMs, generation: 0, revision, status },
    ...{ pipeline: "chat", metric: "m", key: "k", value: 1, baseline: 1, score: 1, explanation: "" },
  });
  for (const each of [item("a", 1), item("c", 3), item("b", 2), item("a", 1)]) shelf.put(each);
  deepEqual(shelf.items.map(({ id }) => id), ["c", "b"]);
  equal(shelf.put(item("c", 3, 2, "retracted")), true);
  equal(shelf.put(item("c", 3, 1)), false);
  deepEqual(shelf.items.map(({ id, status }) => [id, status]), [["c", "retracted"], ["b", "active"]]);
});

Deno.test("numbers and ages are written for people, and nothing is a dash", () => {
  deepEqual([formatPrice(61837.6), formatPrice(0.00001234), formatPrice(null), formatPrice(NaN)], [
    "61,837.60",
    "0.00001234",
    NOTHING,
    NOTHING,
  ]);
  deepEqual([formatShort(999_999), formatShort(1_234_567)], ["999,999", "1.23M"]);
  deepEqual([formatRelative(120, 30), formatRelative(1, 0), formatRelative(59_994, 60_000), formatRelative(600, 30)], [
    "+300%",
    NOTHING,
    "-0.01%",
    "×20",
  ]);
  deepEqual([formatChange(100, 101), formatChange(0, 1), formatChange(null, 1)], ["+1.00%", NOTHING, NOTHING]);
  deepEqual([formatAge(-5), formatAge(12_900), formatAge(180_000), formatAge(7_200_000)], [
    "0 s",
    "12 s",
    "3 min",
    "2 h",
  ]);
});

Deno.test("ticks stand at whole steps of time and never crowd", () => {
  const noon = Date.UTC(2024, 7, 8, 12);
  deepEqual(timeTicks(noon - 899_000, noon, 500).map((at) => (at - noon) / MINUTE), [-10, -5, 0]);
  deepEqual(timeTicks(noon, noon, 500), [noon]);
  equal(timeTicks(noon, noon + 86_400_000 * 365, 300).length <= 50, true);
});
