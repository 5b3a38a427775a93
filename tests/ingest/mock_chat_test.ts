import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import { type MockChatEvent, mockChatEvents, type MockChatOptions, SPIKE_MS } from "../../ingest/sources/mock_chat.ts";
import { JITTER_MS_MAX } from "../../ingest/sources/mock_random.ts";

const START_MS = Date.UTC(2025, 0, 1);
const base: MockChatOptions = { seed: 7, startMs: START_MS, ratePerSec: 200, channels: ["one", "two", "three"] };

/** The events of the first `lengthMs`, asked for in ticks of `tickMs`. */
function events(options: MockChatOptions, lengthMs: number, tickMs = 100): MockChatEvent[] {
  const chat = mockChatEvents(options);
  const found: MockChatEvent[] = [];
  for (let at = 0; at < lengthMs; at += tickMs) {
    found.push(...chat({ fromMs: START_MS + at, toMs: START_MS + Math.min(at + tickMs, lengthMs) }));
  }
  return found;
}

const counted = (names: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
};

Deno.test("the same seed gives the same messages, another one others", () => {
  assert.deepEqual(events(base, 3_000), events(base, 3_000));
  assert.notDeepEqual(events(base, 3_000), events({ ...base, seed: 8 }, 3_000));
});

Deno.test("the width of the ticks changes nothing", () => {
  const options = { ...base, anomalyEveryMs: 4_000 };
  const whole = events(options, 12_000, 12_000);
  fc.assert(
    fc.property(fc.integer({ min: 7, max: 5_000 }), (tickMs) => {
      assert.deepEqual(events(options, 12_000, tickMs), whole);
    }),
    { numRuns: 20 },
  );
});

Deno.test("the rate is kept, whatever it is", () => {
  for (const ratePerSec of [1, 3, 10, 1_000, 100_000]) {
    assert.equal(events({ ...base, ratePerSec }, 2_000).length, 2 * ratePerSec, String(ratePerSec));
  }
});

Deno.test("messages fit the contract and have ids of their own", () => {
  const found = events({ ...base, anomalyEveryMs: 5_000 }, 20_000);
  assert.equal(new Set(found.map((event) => event.event_id)).size, found.length);
  for (const value of found) {
    assert.ok(!isFault(checkEvent(chatEvents, { value, appendTimeMs: START_MS + 20_000 })));
    assert.ok(value.emotes.every((emote) => value.message.includes(emote)));
  }
});

Deno.test("times follow the pace, some come late, none early", () => {
  const found = events({ ...base, ratePerSec: 1_000 }, 10_000);
  const lateBy = found.map((event, k) => START_MS + k - Date.parse(event.timestamp));
  assert.ok(lateBy.every((ms) => ms >= 0 && ms <= JITTER_MS_MAX));
  const late = lateBy.filter((ms) => ms > 10).length / found.length;
  assert.ok(late > 0.01 && late < 0.03, `${late} are late`);
  assert.ok(Math.max(...lateBy) > 1_000);
});

Deno.test("channels, users and emotes are spread as in a real chat: few are seen often", () => {
  const found = events({ ...base, ratePerSec: 2_000 }, 10_000);
  const channels = counted(found.map((event) => event.stream_id));
  // Zipf over three ranks: 6/11, 3/11, 2/11.
  for (const [name, share] of [["one", 6 / 11], ["two", 3 / 11], ["three", 2 / 11]] as const) {
    assert.ok(Math.abs(channels.get(name)! / found.length - share) < 0.02, name);
  }
  const users = [...counted(found.map((event) => event.user_id)).values()].sort((a, b) => b - a);
  assert.ok(users.length > 1_000 && users[0]! > 50 * users.at(-1)!, `${users.length} users, ${users[0]}`);
  const emotes = counted(found.flatMap((event) => event.emotes));
  assert.ok(emotes.get("Kappa")! > 2 * emotes.get("KEKW")! && emotes.size > 10);
  assert.equal(new Set(found.map((event) => event.username)).size, users.length);
});

Deno.test("spikes raise one channel eightfold for ten seconds, on top of the rest, each message labelled", () => {
  const options = { ...base, anomalyEveryMs: 60_000 };
  const found = events(options, 140_000);
  const steady = found.filter((event) => event.fake_anomaly === undefined);
  assert.deepEqual(steady, events(base, 140_000));
  const labelled = found.filter((event) => event.fake_anomaly === "chat_spike");
  for (const beginMs of [START_MS + 60_000, START_MS + 120_000]) {
    const inSpike = (event: MockChatEvent) => {
      const at = Date.parse(event.timestamp);
      return at >= beginMs - JITTER_MS_MAX && at < beginMs + SPIKE_MS;
    };
    const spike = labelled.filter(inSpike);
    assert.equal(new Set(spike.map((event) => event.stream_id)).size, 1);
    const [{ stream_id: channel } = { stream_id: "" }] = spike;
    const own = steady.filter((event) => event.stream_id === channel).length / 140 * (SPIKE_MS / 1_000);
    assert.ok(Math.abs(spike.length / own - 7) < 0.7, `${spike.length} on top of ${own}`);
  }
  assert.equal(labelled.length, labelled.filter((event) => /:spike[01]:/.test(event.event_id)).length);
});

Deno.test("time that is left out is not made up for", () => {
  const chat = mockChatEvents(base);
  const before = chat({ fromMs: START_MS, toMs: START_MS + 100 });
  const after = chat({ fromMs: START_MS + 60_000, toMs: START_MS + 60_100 });
  assert.deepEqual([before.length, after.length], [20, 20]);
  assert.ok(after.every((event) => Date.parse(event.timestamp) >= START_MS + 60_000 - JITTER_MS_MAX));
});
