/**
 * Mock chat: a seeded stream of invented messages, with labelled spikes.
 * @module
 */
import type { Random } from "../../core/clock.ts";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type Decoded, type Source } from "../source.ts";
import { pacedSequence, type Place, type Tick, ticks } from "./mock_pace.ts";
import { hypeEmotes, hypePhrases, mockEmotes, phrases } from "./mock_phrases.ts";
import { byShare, eventRandom, jitterMs, oneOf, zipfShares } from "./mock_random.ts";
import { oneEvent } from "./outcome.ts";

const contract = anyContract(chatEvents);

/** Source `mock_chat`. */
export const mockChat: Source = {
  name: "mock_chat",
  about: "invented chat at a steady rate, with labelled spikes",
  contracts: [contract],
  repeatable: true,
  async *open({ config: { mock }, clock, random, signal }) {
    const startMs = Math.floor(clock.nowMs());
    const chat = mockChatEvents({
      seed: Math.floor(random.next() * 2 ** 32),
      startMs,
      ratePerSec: mock.ratePerSec,
      channels: mock.channels,
      ...(mock.fakeAnomalies ? { anomalyEveryMs: mock.anomalyEveryMs } : {}),
    });
    for await (const tick of ticks({ clock, signal, startMs })) {
      const batch = chat(tick).map((event): Decoded => oneEvent(contract, event));
      if (batch.length > 0) yield batch;
    }
  },
};

/** A message of the mock chat. */
export interface MockChatEvent extends ChatEvent {
  /** The truth for detectors: this message belongs to a spike. */
  readonly fake_anomaly?: "chat_spike";
}

/** What decides the events of a mock chat, all of it. */
export interface MockChatOptions {
  readonly seed: number;
  readonly startMs: number;
  /** Events a second, spikes come on top. */
  readonly ratePerSec: number;
  /** By rank: under Zipf's law the first is the busiest. */
  readonly channels: readonly string[];
  /** Time between the starts of two spikes; none without it. */
  readonly anomalyEveryMs?: number;
}

/** How long a spike lasts. */
export const SPIKE_MS = 10_000;

/** The rate of a channel in a spike is this many times its own. */
export const SPIKE_FACTOR = 8;

/**
 * The events of a mock chat by tick, in order of arrival. Event k is a function of the options and k alone; asking in
 * wider or narrower ticks changes nothing.
 */
export function mockChatEvents(options: MockChatOptions): (tick: Tick) => MockChatEvent[] {
  const make = eventMaker(options);
  const steady = pacedSequence(options);
  const spikes = spikeSchedule(options);
  return (tick) => {
    const events = steady(tick).map((place) => ({ place, event: make(place) }));
    const extra = spikes(tick).flatMap((spike) =>
      spike.places.map((place) => ({ place, event: make(place, { spike: spike.number, channel: spike.channel }) }))
    );
    if (extra.length === 0) return events.map(({ event }) => event);
    return [...events, ...extra].sort((a, b) => a.place.pacedMs - b.place.pacedMs).map(({ event }) => event);
  };
}

interface SpikePlaces {
  /** From 0. */
  readonly number: number;
  /** Index of the channel. */
  readonly channel: number;
  readonly places: readonly Place[];
}

/** Places of the messages that spikes add. */
function spikeSchedule({ seed, startMs, ratePerSec, channels, anomalyEveryMs }: MockChatOptions) {
  const shares = zipfShares(channels.length);
  // Spikes never overlap: each is over before half of the time to the next one has gone by.
  let running: { number: number; channel: number; take: (tick: Tick) => Place[] } | undefined;
  return ({ fromMs, toMs }: Tick): SpikePlaces[] => {
    if (anomalyEveryMs === undefined) return [];
    const lengthMs = Math.min(SPIKE_MS, anomalyEveryMs / 2);
    const found: SpikePlaces[] = [];
    const first = Math.max(0, Math.floor((fromMs - startMs - lengthMs) / anomalyEveryMs) - 1);
    for (let number = first;; number++) {
      const beginMs = startMs + (number + 1) * anomalyEveryMs;
      if (beginMs >= toMs) return found;
      const endMs = beginMs + lengthMs;
      if (endMs <= fromMs) continue;
      if (running?.number !== number) {
        const channel = Math.floor(eventRandom(seed, number, SALT_SPIKE).next() * channels.length);
        const extraPerSec = ratePerSec * shares[channel]! * (SPIKE_FACTOR - 1);
        running = { number, channel, take: pacedSequence({ startMs: beginMs, ratePerSec: extraPerSec }) };
      }
      const places = running.take({ fromMs: Math.max(fromMs, beginMs), toMs: Math.min(toMs, endMs) });
      found.push({ number, channel: running.channel, places });
    }
  };
}

const SALT_SPIKE = 1;
/** Spike n draws its messages from the sequence SALT_SPIKE_EVENTS + n. */
const SALT_SPIKE_EVENTS = 2;

/** Number of invented people. */
const USERS = 3_000;

function eventMaker({ seed, startMs, channels }: MockChatOptions) {
  const drawUser = byShare(zipfShares(USERS));
  const drawChannel = byShare(zipfShares(channels.length));
  const drawEmote = byShare(zipfShares(mockEmotes.length));
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;

  return ({ k, pacedMs }: Place, burst?: { spike: number; channel: number }): MockChatEvent => {
    const random = eventRandom(seed, k, burst ? SALT_SPIKE_EVENTS + burst.spike : 0);
    const emotes: string[] = [];
    const emote = () => {
      const name = burst ? oneOf(hypeEmotes, random) : mockEmotes[drawEmote(random)]!;
      emotes.push(name);
      return name;
    };
    const timeMs = Math.floor(pacedMs) - jitterMs(random);
    const channel = channels[burst ? burst.channel : drawChannel(random)]!;
    const user = drawUser(random);
    const message = fill(oneOf(burst ? hypePhrases : phrases, random), { emote, random });
    const event = {
      event_id: burst ? `mock_chat:${run}:spike${burst.spike}:${k}` : `mock_chat:${run}:${k}`,
      timestamp: formatTime(timeMs),
      source: "mock_chat",
      stream_id: channel,
      user_id: `mock-${user + 1}`,
      username: userName(user),
      message,
      emotes,
    };
    return burst ? { ...event, fake_anomaly: "chat_spike" } : event;
  };
}

function fill(phrase: string, { emote, random }: { emote: () => string; random: Random }): string {
  return phrase.replace(/\{([ec])\}/g, (_, what) => what === "e" ? emote() : String(2 + Math.floor(random.next() * 8)));
}

const colours = ["amber", "blue", "coral", "green", "indigo", "mauve", "olive", "plum", "red", "teal"];
const animals = ["otter", "heron", "badger", "lynx", "crab", "gull", "seal", "newt", "wren", "mole"];

const userName = (user: number): string =>
  `${colours[user % 10]}_${animals[Math.floor(user / 10) % 10]}${user >= 100 ? Math.floor(user / 100) : ""}`;
