import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import { hours, minutes } from "../../core/time.ts";
import {
  EPISODE_FACTOR,
  mockChatEpisodes,
  type MockChatEvent,
  mockChatEvents,
  mockChatMessages,
  type MockChatOptions,
} from "../../ingest/sources/mock_chat.ts";
import { EPISODE_MS } from "../../ingest/sources/mock_episodes.ts";
import { JITTER_MS_MAX } from "../../ingest/sources/mock_random.ts";
import { streamShares } from "../../ingest/sources/mock_rhythm.ts";

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

Deno.test("users and emotes are spread as in a real chat: few are seen often", () => {
  const found = events({ ...base, ratePerSec: 2_000 }, 10_000);
  const users = [...counted(found.map((event) => event.user_id)).values()].sort((a, b) => b - a);
  assert.ok(users.length > 1_000 && users[0]! > 50 * users.at(-1)!, `${users.length} users, ${users[0]}`);
  const emotes = counted(found.flatMap((event) => event.emotes));
  assert.ok(emotes.get("Kappa")! > 2 * emotes.get("KEKW")! && emotes.size > 10);
  assert.equal(new Set(found.map((event) => event.username)).size, users.length);
});

Deno.test("channels are busy by rank, each through a day of its own, while the rate stays the same", () => {
  const shares = streamShares(base.seed, 3);
  const days = Array.from({ length: 48 * 60 }, (_, minute) => shares(START_MS + minute * 60_000));
  for (const at of days) assert.ok(Math.abs(at.reduce((sum, share) => sum + share, 0) - 1) < 1e-9);
  const mean = [0, 1, 2].map((channel) => days.reduce((sum, at) => sum + at[channel]!, 0) / days.length);
  // Zipf over three ranks: 6/11, 3/11, 2/11.
  [6, 3, 2].forEach((part, channel) => assert.ok(Math.abs(mean[channel]! - part / 11) < 0.06, `${mean}`));
  const [most, least] = [Math.max(...days.map((at) => at[1]!)), Math.min(...days.map((at) => at[1]!))];
  assert.ok(most > 2 * least, `${most} ${least}`);
  const found = counted(events({ ...base, ratePerSec: 2_000 }, 10_000).map((event) => event.stream_id));
  const now = shares(START_MS + 5_000);
  base.channels.forEach((name, channel) => {
    assert.ok(Math.abs(found.get(name)! / 20_000 - now[channel]!) < 0.03, name);
  });
});

Deno.test("each message comes with exactly its JSON text, whatever the channel is called", () => {
  const options = { ...base, channels: ['say "hi"', "two"], anomalyEveryMs: 2_000 };
  const chat = mockChatMessages(options);
  const messages = chat({ fromMs: START_MS, toMs: START_MS + 9_000 });
  assert.ok(messages.some(({ event }) => event.fake_anomaly === "raid"));
  for (const { event, text } of messages) assert.equal(text, JSON.stringify(event));
});

Deno.test("episodes come on top of the rest, in one channel, labelled with what they are, where the truth says so", () => {
  const options = { ...base, anomalyEveryMs: 180_000 };
  const lengthMs = 600_000;
  const found = events(options, lengthMs, 10_000);
  const steady = found.filter((event) => event.fake_anomaly === undefined);
  assert.deepEqual(steady, events(base, lengthMs, 10_000));
  const truth = mockChatEpisodes(options, { fromMs: START_MS, toMs: START_MS + lengthMs });
  assert.deepEqual(truth.map(({ kind }) => kind), ["chat_spike", "raid", "toxic_episode"]);
  const shares = streamShares(base.seed, 3);
  for (const { kind, stream, channel, startMs, endMs, number } of truth) {
    assert.equal(startMs, START_MS + (number + 1) * 180_000);
    assert.equal(endMs - startMs, EPISODE_MS[kind]);
    const labelled = found.filter((event) => event.fake_anomaly === kind);
    assert.deepEqual([...new Set(labelled.map((event) => event.stream_id))], [stream]);
    for (const { timestamp } of labelled) {
      const timeMs = Date.parse(timestamp);
      assert.ok(timeMs >= startMs - JITTER_MS_MAX && timeMs < endMs);
    }
    const expected = base.ratePerSec * shares(startMs)[channel]! * EPISODE_FACTOR[kind] * (endMs - startMs) / 1_000;
    assert.ok(Math.abs(labelled.length - expected) <= 1, `${kind}: ${labelled.length}, expected ${expected}`);
  }
});

Deno.test("a raid brings people who were never there, a toxic episode is a few who insult", () => {
  const options = { ...base, anomalyEveryMs: 180_000 };
  const found = events(options, 600_000, 10_000);
  const steady = new Set(found.filter((event) => event.fake_anomaly === undefined).map((event) => event.user_id));
  const of = (kind: string) => found.filter((event) => event.fake_anomaly === kind);
  const raiders = new Set(of("raid").map((event) => event.user_id));
  assert.ok(raiders.size > 200 && [...raiders].every((user) => !steady.has(user)));
  const rude = of("toxic_episode");
  assert.ok(new Set(rude.map((event) => event.user_id)).size <= 12);
  const insults = rude.filter(({ message }) => /trash|idiot|loser|moron|suck|clown|quit|lost|garbage/.test(message));
  assert.equal(insults.length, rude.length);
});

Deno.test("a day of a mock chat is there without a clock, the same whenever it is asked for", () => {
  const options: MockChatOptions = { ...base, ratePerSec: 1, anomalyEveryMs: minutes(30) };
  const day = events(options, hours(24), minutes(10));
  const truth = mockChatEpisodes(options, { fromMs: START_MS, toMs: START_MS + hours(24) });
  assert.equal(truth.length, 47);
  assert.equal(day.filter((event) => event.fake_anomaly === undefined).length, 86_400);
  assert.deepEqual(day, events(options, hours(24), hours(1)));
  // The truth of a part is that part of the truth.
  const noon = { fromMs: START_MS + hours(12), toMs: START_MS + hours(13) };
  assert.deepEqual(
    mockChatEpisodes(options, noon),
    truth.filter(({ startMs, endMs }) => endMs > noon.fromMs && startMs < noon.toMs),
  );
});

Deno.test("time that is left out is not made up for", () => {
  const chat = mockChatEvents(base);
  const before = chat({ fromMs: START_MS, toMs: START_MS + 100 });
  const after = chat({ fromMs: START_MS + 60_000, toMs: START_MS + 60_100 });
  assert.deepEqual([before.length, after.length], [20, 20]);
  assert.ok(after.every((event) => Date.parse(event.timestamp) >= START_MS + 60_000 - JITTER_MS_MAX));
});
