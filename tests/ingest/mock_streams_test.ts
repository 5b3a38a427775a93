/**
 * The mock sources beside chat and trades: viewers, transactions, words of streams, bars, viewing.
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { UserError } from "../../core/errors.ts";
import { checkEvent, type EventBase, isFault } from "../../core/events/contract.ts";
import { hours, minutes, seconds } from "../../core/time.ts";
import { SourceMonitor } from "../../ingest/monitor.ts";
import type { Shard } from "../../ingest/sharding.ts";
import { mockBarEvents } from "../../ingest/sources/mock_bars.ts";
import { mockChatEpisodes } from "../../ingest/sources/mock_chat.ts";
import type { Tick } from "../../ingest/sources/mock_pace.ts";
import { mockStreamMetaEvents } from "../../ingest/sources/mock_stream_meta.ts";
import { mockTransactionEvents } from "../../ingest/sources/mock_transactions.ts";
import { mockViewerEvents, VIEWERS_EVERY_MS } from "../../ingest/sources/mock_viewers.ts";
import { mockWatchEvents } from "../../ingest/sources/mock_watch.ts";
import { sourceByName, sources } from "../../ingest/sources/mod.ts";

const START_MS = Date.UTC(2025, 0, 1);
const streams = { seed: 7, startMs: START_MS, channels: ["one", "two", "three"], anomalyEveryMs: 180_000 };
const market = { seed: 7, startMs: START_MS, symbols: ["BTCUSDT", "ETHUSDT"], anomalyEveryRecords: 50 };
const viewing = { seed: 7, startMs: START_MS, ratePerSec: 5, users: ["a", "b", "c", "d"], anomalyEveryRecords: 50 };

/** Each generator, and a change of its seed. */
const generators: Readonly<Record<string, (seed: number) => (tick: Tick) => EventBase[]>> = {
  mock_viewers: (seed) => mockViewerEvents({ ...streams, seed }),
  mock_transactions: (seed) => mockTransactionEvents({ ...streams, seed, ratePerSec: 2 }),
  mock_stream_meta: (seed) => mockStreamMetaEvents({ ...streams, seed }),
  mock_bars: (seed) => mockBarEvents({ ...market, seed }),
  mock_watch: (seed) => mockWatchEvents({ ...viewing, seed }),
};

function made<E>(generator: (tick: Tick) => E[], lengthMs: number, tickMs: number): E[] {
  const found: E[] = [];
  for (let at = 0; at < lengthMs; at += tickMs) {
    found.push(...generator({ fromMs: START_MS + at, toMs: START_MS + Math.min(at + tickMs, lengthMs) }));
  }
  return found;
}

for (const [name, generator] of Object.entries(generators)) {
  Deno.test(`${name} makes the same events of a seed in ticks of any width, each fit for its contract, each once`, () => {
    const found = made(generator(7), hours(1), minutes(1));
    assert.ok(found.length > 5, String(found.length));
    assert.deepEqual(made(generator(7), hours(1), 7_700), found);
    assert.notDeepEqual(made(generator(8), hours(1), minutes(1)), found);
    assert.equal(new Set(found.map(({ event_id }) => event_id)).size, found.length);
    const [contract] = sourceByName(name).contracts;
    for (const value of found) {
      assert.ok(!isFault(checkEvent(contract!, { value, appendTimeMs: START_MS + hours(1) })), JSON.stringify(value));
    }
  });
}

Deno.test("viewers are counted every ten seconds for each stream, and a raid shows in them, labelled", () => {
  const found = made(mockViewerEvents(streams), minutes(20), minutes(1));
  assert.equal(found.length, 3 * minutes(20) / VIEWERS_EVERY_MS);
  const calm = made(mockViewerEvents({ ...streams, anomalyEveryMs: hours(9) }), minutes(20), minutes(1));
  const truth = mockChatEpisodes({ ...streams, ratePerSec: 1 }, { fromMs: START_MS, toMs: START_MS + minutes(20) });
  const raid = truth.find(({ kind }) => kind === "raid")!;
  const labelled = found.filter(({ fake_anomaly }) => fake_anomaly === "raid");
  assert.ok(labelled.length > 0);
  for (const { timestamp, stream_id, viewer_count } of labelled.slice(0, 6)) {
    const timeMs = Date.parse(timestamp);
    assert.ok(stream_id === raid.stream && timeMs >= raid.startMs && timeMs < raid.endMs);
    const before = calm.find((event) => event.timestamp === timestamp && event.stream_id === stream_id)!;
    assert.ok(viewer_count > 1.4 * before.viewer_count, `${viewer_count} of ${before.viewer_count}`);
  }
});

Deno.test("transactions keep their rate, are of all types, and come in labelled waves with spikes and raids", () => {
  const found = made(mockTransactionEvents({ ...streams, ratePerSec: 2 }), minutes(20), seconds(10));
  const steady = found.filter(({ fake_anomaly }) => fake_anomaly === undefined);
  assert.equal(steady.length, 2_400);
  assert.deepEqual([...new Set(steady.map(({ type }) => type))].sort(), ["bits", "donation", "subscription"]);
  assert.ok(found.every(({ type, currency }) => (type === "bits") === (currency === "BITS")));
  const waves = found.filter(({ fake_anomaly }) => fake_anomaly === "gift_wave");
  assert.ok(waves.length > 300 && waves.every(({ type }) => type === "subscription"));
});

Deno.test("streams say what they are at the start, and something else now and then", () => {
  const found = made(mockStreamMetaEvents(streams), hours(24), minutes(5));
  assert.deepEqual(found.slice(0, 3).map(({ stream_id }) => stream_id), streams.channels);
  const changes = found.length - 3;
  // 3 streams, 144 slots, 0.4 of them.
  assert.ok(changes > 130 && changes < 220, String(changes));
  assert.equal(
    new Set(found.map(({ stream_id, language }) => stream_id + language)).size,
    3,
    "a stream keeps its language",
  );
});

Deno.test("bars hold their prices, follow each other without a gap, and every so many one is five times too high", () => {
  const found = made(mockBarEvents(market), hours(2), minutes(1)).filter(({ symbol }) => symbol === "BTCUSDT");
  assert.equal(found.length, 120);
  found.forEach(({ timestamp, open, high, low, close }, i) => {
    assert.equal(Date.parse(timestamp), START_MS + (i - 1) * 60_000);
    assert.ok(
      Math.max(Number(open), Number(close)) <= Number(high) && Number(low) <= Math.min(Number(open), Number(close)),
    );
  });
  const spikes = found.filter(({ fake_anomaly }) => fake_anomaly === "price_spike");
  assert.ok(spikes.every(({ close }) => Number(close) > 250_000));
  assert.equal(made(mockBarEvents(market), hours(2), minutes(1)).filter((bar) => bar.fake_anomaly).length, 4);
});

Deno.test("nobody sits longer than a show lasts, but for the labelled marathons", () => {
  const found = made(mockWatchEvents(viewing), minutes(10), seconds(10));
  const marathons = found.filter(({ fake_anomaly }) => fake_anomaly === "marathon");
  assert.deepEqual([found.length, marathons.length], [3_000, 60]);
  assert.ok(marathons.every(({ watch_duration_minutes }) => watch_duration_minutes >= 900));
  const others = found.filter(({ fake_anomaly }) => fake_anomaly === undefined);
  assert.ok(others.every((event) => event.watch_duration_minutes <= event.show_duration_minutes!));
  assert.ok(found.every(({ watch_date }) => watch_date === "2025-01-01" || watch_date === "2024-12-31"));
});

async function firstBatches(name: string, { env, shard }: { env: Record<string, string>; shard?: Shard }) {
  const abort = new AbortController();
  let nowMs = START_MS;
  const clock = {
    nowMs: () => nowMs,
    sleep: (durationMs: number) => Promise.resolve(void (nowMs += durationMs)),
  };
  const context = {
    config: parseConfig(env).config,
    clock,
    random: seededRandom(1),
    signal: abort.signal,
    monitor: new SourceMonitor(),
    loadPosition: () => Promise.resolve(null),
    ...(shard === undefined ? {} : { shard }),
  };
  const values: Record<string, unknown>[] = [];
  for await (const batch of sourceByName(name).open!(context)) {
    for (const decoded of "decoded" in batch ? batch.decoded : batch) {
      if (decoded.kind === "events") values.push(decoded.events[0]!.value as Record<string, unknown>);
    }
    if (values.length > 60 || nowMs > START_MS + hours(1)) abort.abort();
  }
  return values;
}

const mocks = sources.filter(({ name }) => name.startsWith("mock_")).map(({ name }) => name);

Deno.test("several producers share the streams, symbols or people of each mock; one without any refuses", async () => {
  assert.equal(mocks.length, 7);
  for (const name of mocks) {
    const key = sourceByName(name).contracts[0]!.keyField;
    const keysOf = async (index: number) =>
      new Set((await firstBatches(name, { env: {}, shard: { index, total: 2 } })).map((value) => value[key]));
    const [first, second] = [await keysOf(0), await keysOf(1)];
    assert.ok(first.size > 0 && second.size > 0 && first.isDisjointFrom(second), name);
  }
  await assert.rejects(
    firstBatches("mock_chat", { env: { PRODUCER_CHANNELS: "a" }, shard: { index: 1, total: 2 } }),
    (error) => error instanceof UserError && /none is left for number 1/.test(error.message),
  );
});

Deno.test("PRODUCER_SEED decides what is made, and no anomaly is made where none is wanted", async () => {
  for (const name of mocks) {
    const env = {
      PRODUCER_SEED: "5",
      ENABLE_FAKE_ANOMALIES: "false",
      ANOMALY_EVERY_RECORDS: "2",
      ANOMALY_EVERY_SEC: "2",
    };
    const calm = await firstBatches(name, { env });
    assert.deepEqual(await firstBatches(name, { env }), calm);
    assert.notDeepEqual(await firstBatches(name, { env: { ...env, PRODUCER_SEED: "6" } }), calm);
    assert.ok(calm.every((value) => !("fake_anomaly" in value)), name);
    if (name === "mock_stream_meta") continue;
    const wild = await firstBatches(name, { env: { ...env, ENABLE_FAKE_ANOMALIES: "true" } });
    assert.ok(wild.some((value) => "fake_anomaly" in value), name);
  }
});
