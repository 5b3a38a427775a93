import assert from "node:assert/strict";
import fc from "fast-check";
import { contracts } from "../../core/events/mod.ts";
import { qualityEvents } from "../../core/events/quality.ts";
import { formatTime } from "../../core/time.ts";
import { IdHashes } from "../../ingest/quality/id_hashes.ts";
import { rules } from "../../ingest/quality/rules/mod.ts";
import { sampleEvents } from "../core/events/samples.ts";
import { DOOR_MS, qualityDoor } from "../support/quality_door.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";

const contractOf = (topic: string) => contracts.find((contract) => contract.topic === topic)!;
const timestamp = formatTime(DOOR_MS - 60_000);
const sample = (topic: string, change: Record<string, unknown> = {}) => ({
  ...sampleEvents[topic],
  timestamp,
  ...change,
});

Deno.test("an event of each topic that is as it should be passes all rules", () => {
  for (const { topic } of contracts.filter(({ topic }) => topic !== qualityEvents.topic)) {
    assert.deepEqual(qualityDoor().pass(contractOf(topic), sample(topic)), { marks: [], reason: null }, topic);
  }
});

const ahead = (ms: number) => ({ timestamp: formatTime(DOOR_MS + ms) });

/** What one event on its own fails. */
const single: readonly [topic: string, change: Record<string, unknown>, expected: string[] | string][] = [
  ["events.chat", ahead(2_000), []],
  ["events.chat", ahead(2_001), ["clock_skew"]],
  ["watch.sessions", ahead(299_000), ["clock_skew"]],
  ["events.chat", { message: "x".repeat(2_000) }, []],
  ["events.chat", { message: "x".repeat(2_001) }, ["message_range"]],
  ["events.chat", { message: "x".repeat(2_001), ...ahead(3_000) }, ["message_range", "clock_skew"]],
  ["events.viewer", { viewer_count: 50_000_000 }, []],
  ["events.viewer", { viewer_count: 50_000_001 }, ["viewer_range"]],
  ["events.transactions", { amount: "0.00" }, ["amount_range"]],
  ["events.transactions", { amount: "1000000" }, []],
  ["events.transactions", { amount: "1000000.01" }, ["amount_range"]],
  ["events.stream_meta", { title: "x".repeat(501) }, ["title_range"]],
  ["market.trades", { price: "0.00000000" }, "quality:price_range"],
  ["market.trades", { price: "0.00000001" }, []],
  ["market.trades", { size: "0" }, ["size_range"]],
  ["market.trades", { size: "10" }, []],
  ["market.bars", { low: "0.0" }, "quality:price_range"],
  ["market.bars", { high: "0.4" }, "quality:bar_range"],
  ["market.bars", { high: "1.5" }, ["bar_body"]],
  ["market.bars", { low: "2.5" }, ["bar_body"]],
  ["market.bars", { open: "3.00", close: "0.50" }, []],
  ["watch.sessions", { watch_duration_minutes: 1_440 }, []],
  ["watch.sessions", { watch_duration_minutes: 1_440.5 }, ["duration_range"]],
];

Deno.test("values out of their range are marked, impossible ones are dead, bounds belong to the range", () => {
  for (const [topic, change, expected] of single) {
    const passed = qualityDoor().pass(contractOf(topic), sample(topic, change));
    const found = passed.reason ?? passed.marks;
    assert.deepEqual(found, expected, `${topic} ${JSON.stringify(change).slice(0, 60)}`);
  }
});

/** Marks of events of one topic, one after the other. */
function marksOf(topic: string, changes: readonly Record<string, unknown>[]): string[] {
  const door = qualityDoor();
  return changes.map((change) => {
    const { marks, reason } = door.pass(contractOf(topic), sample(topic, change));
    return reason ?? marks!.join("+");
  });
}

Deno.test("an id that came before is marked, a revision of the same id is not", () => {
  const ids = ["a", "b", "a", "c", "b"].map((event_id) => ({ event_id }));
  assert.deepEqual(marksOf("events.viewer", ids), ["", "", "duplicate_id", "", "duplicate_id"]);
  const revised = [{}, { revision: 1 }, { revision: 2 }, { revision: 2 }].map((more) => ({ event_id: "a", ...more }));
  assert.deepEqual(marksOf("market.bars", revised), ["", "", "", "duplicate_id"]);
});

Deno.test("trade ids have to rise, symbol by symbol", () => {
  const trade = (trade_id: number, symbol = "A") => ({ trade_id, symbol });
  assert.deepEqual(
    marksOf("market.trades", [
      trade(5),
      trade(1, "B"),
      trade(6),
      trade(6),
      trade(9),
      trade(8),
      trade(9),
      trade(2, "B"),
    ]),
    ["", "", "", "trade_order", "", "trade_order", "", ""],
  );
});

Deno.test("a price far from those before is marked; the right one after it is not, nor a new level after three", () => {
  const jumps = (prices: readonly number[]) =>
    marksOf("market.trades", prices.map((price, i) => ({ price: String(price), trade_id: i })));
  const jump = "price_jump";
  assert.deepEqual(jumps([100, 120, 100, 80]), ["", "", "", ""], "20 % belong to it");
  assert.deepEqual(jumps([100, 120.1]), ["", jump]);
  assert.deepEqual(jumps([100, 79.9]), ["", jump]);
  assert.deepEqual(jumps([100, 101, 500, 99, 100, 101]), ["", "", jump, "", "", ""], "a spike");
  assert.deepEqual(jumps([500, 100, 100, 100]), ["", jump, "", ""], "the first price may be the wrong one");
  assert.deepEqual(jumps([100, 100, 100, 100, 100, 300, 300, 300, 300]), ["", "", "", "", "", jump, jump, jump, ""]);
  const bars = (closes: readonly number[]) =>
    marksOf(
      "market.bars",
      closes.map((close, i) => ({ event_id: `b${i}`, close: `${close}`, high: "9999", low: "1" })),
    );
  assert.deepEqual(bars([100, 149, 51, 151, 49]), ["", "", "", jump, jump]);
  assert.deepEqual(bars([400, 400, 400, 100, 100, 100, 100]), ["", "", "", jump, jump, jump, ""], "a split");
});

Deno.test("symbols and intervals have prices of their own", () => {
  const trades = [["A", "1"], ["B", "1000"], ["A", "1"], ["B", "1000"]];
  assert.deepEqual(marksOf("market.trades", trades.map(([symbol, price], i) => ({ symbol, price, trade_id: i }))), [
    "",
    "",
    "",
    "",
  ]);
});

Deno.test("rules are named by words, weigh something, and no topic has two of one name", () => {
  for (const { topic } of contracts) {
    const names = rules.filter((rule) => rule.contracts.some((contract) => contract.topic === topic)).map((r) =>
      r.name
    );
    assert.ok(names.length > 0, topic);
    assert.equal(new Set(names).size, names.length, topic);
  }
  for (const { name, weight, about } of rules) {
    assert.match(name, /^[a-z_]+$/);
    assert.ok(Number.isSafeInteger(weight) && weight > 0 && about.length > 10, name);
  }
});

Deno.test("recent ids are known in their stretch and in the next one, however many they are", () => {
  const id = fc.integer({ min: 0, max: 60 }).map((n) => `id-${n}`);
  fc.assert(fc.property(fc.array(fc.oneof(id, fc.constant(null)), { maxLength: 200 }), (steps) => {
    const ids = new IdHashes();
    let [present, before] = [new Set<string>(), new Set<string>()];
    for (const step of steps) {
      if (step === null) {
        ids.forget();
        [present, before] = [new Set(), present];
      } else {
        assert.equal(ids.add(step), !present.has(step) && !before.has(step));
        present.add(step);
      }
    }
  }));
  const many = new IdHashes();
  for (let i = 0; i < 50_000; i++) assert.ok(many.add(`event:${i}`), "each is new");
  for (let i = 0; i < 50_000; i += 77) assert.ok(!many.add(`event:${i}`));
  many.forget();
  assert.ok(!many.add("event:49999"));
  many.forget();
  many.forget();
  assert.ok(many.add("event:49999"));
});

const REAL = [
  ["twitch", "chat/xqcow_raw_irc_20190915.txt.gz", 4_933],
  ["binance", "market/binance_spot_btcusdt_20240808_frames.gz", 9_757],
  ["binance", "market/binance_spot_btcusdt_20240809_frames.gz", 10_147],
] as const;

for (const [name, file, eventsMin] of REAL) {
  sharedDataTest(`real data passes unmarked: ${file}`, [file], async () => {
    const decode = sourceByName(name).recorded!.decoder("lines");
    const door = qualityDoor(Date.UTC(2025, 0, 1));
    for (const line of await sharedLines(file)) {
      const decoded = decode(line);
      if (decoded.kind !== "events") continue;
      for (const { contract, value } of decoded.events) {
        assert.deepEqual(door.pass(contract, value), { marks: [], reason: null }, line);
      }
    }
    assert.ok(door.texts.length >= eventsMin, `${door.texts.length} events`);
  });
}
