/**
 * What the door does with the rules: marks, dead letters, and the score of each topic's minutes, the same after a kill.
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { chatEvents } from "../../core/events/chat.ts";
import { contracts } from "../../core/events/mod.ts";
import { type QualityEvent, qualityEvents } from "../../core/events/quality.ts";
import { tradeEvents } from "../../core/events/trades.ts";
import { partitionOf } from "../../core/partitioner.ts";
import { formatTime } from "../../core/time.ts";
import { type RecallPoint, STRETCH_EVENTS } from "../../ingest/quality/gate.ts";
import { anyContract } from "../../ingest/source.ts";
import { quality } from "../../processor/pipelines/quality.ts";
import { Engine } from "../support/engine_kit.ts";
import { DOOR_MS, qualityDoor } from "../support/quality_door.ts";
import { recordsOf } from "../support/read_topic.ts";
import { chatLine, inReplayCase } from "../support/replay_case.ts";

const trades = anyContract(tradeEvents);
const chats = anyContract(chatEvents);
const START_MS = DOOR_MS - 3_600_000;

const trade = (id: number, change: Record<string, unknown> = {}) => ({
  event_id: `t${id}`,
  timestamp: formatTime(START_MS + id * 1_000),
  source: "test",
  symbol: "A",
  trade_id: id,
  price: "100",
  size: "1",
  side: "buy",
  ...change,
});
/** price_range 4 + size_range 1 + trade_order 2 + price_jump 3 + clock_skew 1. */
const WEIGHT = 11;

Deno.test("a mark is written into the event's own text, no digit of which changes", () => {
  const door = qualityDoor();
  const text = (id: number) =>
    JSON.stringify(trade(id)).replace('"100"', '"100.00000000000"').replace("{", "{ ") + "\n ";
  for (const id of [5, 4]) door.pass(trades, JSON.parse(text(id)), text(id));
  assert.equal(door.texts[0], text(5));
  assert.equal(door.texts[1], text(4).trimEnd().slice(0, -1) + ',"quality":["trade_order"]}');
  assert.deepEqual(JSON.parse(door.texts[1]!), { ...JSON.parse(text(4)), quality: ["trade_order"] });
});

Deno.test("marks that an event brings along stay, each once; a field of that name that is no list is kept in one", () => {
  const door = qualityDoor();
  door.pass(trades, trade(5, { quality: ["price_jump"] }));
  door.pass(trades, trade(4, { quality: ["trade_order", "own"] }));
  door.pass(trades, trade(3, { quality: "good" }));
  const value = trade(2, { quality: null });
  door.pass(trades, value, JSON.stringify(value));
  assert.deepEqual(door.texts.map((text) => JSON.parse(text).quality), [
    ["price_jump"],
    ["trade_order", "own"],
    ["good", "trade_order"],
    [null, "trade_order"],
  ]);
});

Deno.test("an impossible event is a dead letter that names the rule, and counts as dead", () => {
  const door = qualityDoor();
  assert.deepEqual(door.pass(trades, trade(1, { price: "0" })), { marks: null, reason: "quality:price_range" });
  assert.deepEqual([door.door.counts.read, door.door.counts.dead, door.door.nextSeq], [1, 1, 0]);
});

/** The parts of scores, added up by minute. */
function scores(parts: readonly QualityEvent[]): Record<string, unknown> {
  const sums: Record<string, { rows: number; weight: number; passed: number; failed: Record<string, number> }> = {};
  for (const { topic, timestamp, rows, weight, weight_passed, failed } of parts) {
    const sum = sums[`${topic} ${timestamp.slice(11, 16)}`] ??= { rows: 0, weight: 0, passed: 0, failed: {} };
    sum.rows += rows;
    sum.weight += weight;
    sum.passed += weight_passed;
    for (const [name, count] of Object.entries(failed)) sum.failed[name] = (sum.failed[name] ?? 0) + count;
  }
  return sums;
}

Deno.test("a minute's score counts each row with the weight of its rules; one that nobody could read loses all", () => {
  const door = qualityDoor();
  for (const id of [0, 1, 59]) door.pass(trades, trade(id));
  door.pass(trades, trade(60, { size: "0" }));
  door.pass(trades, trade(61, { price: "0" }));
  door.pass(trades, trade(62, { price: 7 }));
  door.pass(trades, trade(10));
  door.pass(trades, trade(200, { timestamp: "soon" }));
  door.pass(trades, trade(63, { price: "900" }));
  assert.deepEqual(scores(door.parts), {
    "market.trades 11:00": {
      rows: 5,
      weight: 5 * WEIGHT,
      passed: 5 * WEIGHT - 2 - WEIGHT,
      failed: { trade_order: 1, schema: 1 },
    },
    "market.trades 11:01": {
      rows: 4,
      weight: 4 * WEIGHT,
      passed: 4 * WEIGHT - 1 - (4 + 3) - WEIGHT - 3,
      failed: { size_range: 1, price_range: 1, price_jump: 2, schema: 1 },
    },
  });
});

Deno.test("a line that no decoder could read counts for the topic that it was meant for", () => {
  const door = qualityDoor();
  door.door.admit({ kind: "dead", contract: chats, fault: { reason: "not_json", path: "", message: "" } }, {
    nowMs: DOOR_MS,
  });
  door.pass(trades, trade(1));
  const { "events.chat 12:00": chat } = scores(door.parts) as Record<string, { rows: number; passed: number }>;
  assert.deepEqual([chat?.rows, chat?.passed], [1, 0]);
});

/** Lines with repeats, jumps, ids that fall back, and rubbish. */
function mixedLines(count: number): readonly { topic: "trade" | "chat"; value: Record<string, unknown> }[] {
  const random = seededRandom(11);
  const upTo = (n: number) => Math.floor(random.next() * n);
  return Array.from({ length: count }, (_, i) => {
    const odd = upTo(20);
    if (upTo(2) === 0) {
      const event_id = odd < 3 ? `c${Math.max(0, i - upTo(9_000))}` : `c${i}`;
      const value = { ...JSON.parse(chatLine(event_id, 0)), timestamp: formatTime(START_MS + i * 100) };
      return { topic: "chat" as const, value };
    }
    const price = odd === 0 ? "500" : odd === 1 ? "0" : odd === 2 ? "rubbish" : String(100 + upTo(10));
    const symbol = `S${upTo(40) ** 2}`;
    const trade_id = odd === 3 ? i - upTo(500) : i;
    return { topic: "trade" as const, value: { ...trade(i), timestamp: START_MS + i * 100, symbol, trade_id, price } };
  });
}

/**
 * ```
 * undisturbed   ──────────────────────────────────────▶
 * killed        ────────────────── ✝
 * going on                 ········──────────────────▶      ··· recalled, not sent
 * ```
 */
Deno.test("a door that goes on after a kill judges each line as an undisturbed one, wherever the kill fell", () => {
  const lines = mixedLines(3 * STRETCH_EVENTS);
  const contractOf = (topic: string) => (topic === "trade" ? trades : chats);
  const whole = qualityDoor();
  const kills = [0, 1, 100, STRETCH_EVENTS - 1, STRETCH_EVENTS, STRETCH_EVENTS + 1, 2 * STRETCH_EVENTS + 700];
  const recalls = new Map<number, RecallPoint>();
  const expected = lines.map(({ topic, value }, i) => {
    if (kills.includes(i)) recalls.set(i, whole.door.recallPoint);
    return whole.pass(contractOf(topic), value);
  });
  const seen = new Set(expected.flatMap(({ marks, reason }) => marks ?? [reason!]));
  for (const name of ["duplicate_id", "price_jump", "trade_order", "quality:price_range", "schema"]) {
    assert.ok(seen.has(name), name);
  }
  for (const kill of kills) {
    const point = recalls.get(kill)!;
    assert.ok(point.lines <= kill && point.lines <= 2.2 * STRETCH_EVENTS, `${point.lines} lines at ${kill}`);
    const next = qualityDoor();
    next.door.nextSeq = point.nextSeq;
    for (const { topic, value } of lines.slice(kill - point.lines, kill)) next.recall(contractOf(topic), value);
    assert.deepEqual(next.door.recallPoint, point);
    const letIn = expected.slice(0, kill).filter(({ marks }) => marks !== null).length;
    assert.equal(next.door.nextSeq, letIn, "places in the sending order go on as they did");
    const found = lines.slice(kill).map(({ topic, value }) => next.pass(contractOf(topic), value));
    assert.deepEqual(found, expected.slice(kill), `killed at ${kill}`);
  }
});

Deno.test("a replay that is killed at any append leaves the marks and scores of an undisturbed one", async () => {
  const ids = ["a", "b", "a", "c", "b", "d", "a", "d"];
  const lines = ids.map((id, i) => i === 5 ? "rubbish" : chatLine(id, i * 25));
  const outcome = async (appends: number) => {
    let found: unknown;
    await inReplayCase(async ({ log, open, run, file, records }) => {
      const path = await file("chat.jsonl", lines);
      let left = appends;
      const dying = {
        loadPosition: (id: string) => log.loadPosition(id),
        append: (batch: Parameters<typeof log.append>[0]) =>
          left-- > 0 ? log.append(batch) : Promise.reject(new Error("killed")),
      };
      const killed = await open([path], { speed: 1, log: dying });
      await killed.feed().catch((error) => assert.match(String(error), /killed/));
      await run([path], { speed: 1 });
      const marks = (await records()).map(({ value }) => JSON.parse(value).quality ?? []);
      const parts = (await recordsOf(log, qualityEvents.topic)).map(({ value }) => JSON.parse(value) as QualityEvent);
      found = { marks, scores: scores(parts) };
    });
    return found;
  };
  const undisturbed = await outcome(Infinity);
  assert.deepEqual((undisturbed as { marks: unknown }).marks, [
    [],
    [],
    ["duplicate_id"],
    [],
    ["duplicate_id"],
    ["duplicate_id"],
    [],
  ]);
  for (let appends = 0; appends < lines.length; appends++) {
    assert.deepEqual(await outcome(appends), undisturbed, `killed after ${appends} appends`);
  }
});

Deno.test("the parts of a minute become one row of quality_minute", async () => {
  const engine = await Engine.open();
  const { log, summaryStore } = engine.ports;
  await log.ensureTopics([{ topic: qualityEvents.topic, partitions: qualityEvents.partitions }]);
  const door = qualityDoor();
  for (const id of [0, 1, 61, 2]) door.pass(trades, trade(id));
  door.pass(chats, { ...JSON.parse(chatLine("a", 0)), timestamp: formatTime(START_MS) });
  const records = door.parts.map((part) => ({
    key: part.topic,
    value: JSON.stringify(part),
    instance: null,
    seq: 0,
    runId: null,
  }));
  assert.equal(records.length, 5);
  await log.append({ writes: [{ topic: qualityEvents.topic, records }] });
  await engine.process([quality], { drains: true });
  const { columns, rows } = await summaryStore.query({ table: "quality_minute" });
  const named = rows.map((row) => Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])));
  const shown = named.map(({ topic, window_start, score, rows, weight, weight_passed, failed }) => [
    topic,
    formatTime(window_start as number).slice(11, 16),
    Number(score),
    rows,
    weight,
    weight_passed,
    failed,
  ]);
  assert.deepEqual(shown, [
    ["events.chat", "11:00", 1, 1, 4, 4, {}],
    ["market.trades", "11:00", 0.93939394, 3, 33, 31, { trade_order: 1 }],
    ["market.trades", "11:01", 1, 1, 11, 11, {}],
  ]);
});

Deno.test("topics that are recorded apart have partitions of the scores apart, and so event-time clocks of their own", () => {
  const topics = ["events.chat", "market.trades", "market.bars", "watch.sessions"];
  for (const topic of topics) assert.ok(contracts.some((contract) => contract.topic === topic), topic);
  const partitions = topics.map((topic) => partitionOf(topic, qualityEvents.partitions));
  assert.equal(new Set(partitions).size, topics.length, "choose another number of partitions for topic quality");
});
