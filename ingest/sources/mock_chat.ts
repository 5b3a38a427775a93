/**
 * Mock chat: a seeded stream of invented messages, with labelled spikes, raids and toxic episodes.
 * @module
 */
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { anyContract, type Source } from "../source.ts";
import { type ChatMessage, messageMaker } from "./mock_chat_messages.ts";
import { type Episode, type EpisodeKind, type EpisodeOptions, episodesIn } from "./mock_episodes.ts";
import { pacedSequence, type Place, type Tick } from "./mock_pace.ts";
import { streamShares } from "./mock_rhythm.ts";
import { mockBatches, ownStreams } from "./mock_start.ts";

const contract = anyContract(chatEvents);

/** Source `mock_chat`. */
export const mockChat: Source = {
  name: "mock_chat",
  about: "invented chat at a steady rate, with labelled spikes, raids and toxic episodes",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_chat",
      contract,
      make(start) {
        const { mock } = context.config;
        return mockChatMessages({
          ...start,
          ratePerSec: mock.ratePerSec,
          channels: ownStreams(context, mock.channels),
          ...(mock.fakeAnomalies ? { anomalyEveryMs: mock.anomalyEveryMs } : {}),
        });
      },
    }),
};

/** A message of the mock chat. */
export interface MockChatEvent extends ChatEvent {
  /** The truth for detectors: this message belongs to an episode. */
  readonly fake_anomaly?: EpisodeKind;
}

/** What decides the events of a mock chat, all of it. */
export interface MockChatOptions extends EpisodeOptions {
  /** Events a second over all channels, episodes come on top. */
  readonly ratePerSec: number;
}

/** How much of its own rate an episode adds to a channel. */
export const EPISODE_FACTOR: Readonly<Record<EpisodeKind, number>> = { chat_spike: 7, raid: 4, toxic_episode: 1.5 };

/**
 * The events of a mock chat by tick, in order of arrival. Event k is a function of the options and k alone; asking in
 * wider or narrower ticks changes nothing. Without a clock: a day takes as long as making its events.
 */
export function mockChatEvents(options: MockChatOptions): (tick: Tick) => MockChatEvent[] {
  const chat = mockChatMessages(options);
  return (tick) => chat(tick).map(({ event }) => event);
}

/** The same events, each with its JSON text. */
export function mockChatMessages(options: MockChatOptions): (tick: Tick) => ChatMessage[] {
  const make = messageMaker(options);
  const shares = streamShares(options.seed, options.channels.length);
  const steady = pacedSequence(options);
  const extras = episodePlaces(options);
  const steadily = (place: Place) => make(place, shares(place.pacedMs));
  return (tick) => {
    const places = steady(tick);
    const extra = extras(tick).flatMap(({ episode, places }) =>
      places.map((place) => ({ place, message: make(place, [], episode) }))
    );
    if (extra.length === 0) return places.map(steadily);
    const all = [...places.map((place) => ({ place, message: steadily(place) })), ...extra];
    return all.sort((a, b) => a.place.pacedMs - b.place.pacedMs).map(({ message }) => message);
  };
}

/** The episodes of a mock chat that overlap a stretch of time: the truth that detectors are scored by. */
export const mockChatEpisodes = (options: MockChatOptions, stretch: Tick): Episode[] => episodesIn(options, stretch);

const resumeOf = ({ resumeMs }: MockChatOptions) => (resumeMs === undefined ? {} : { resumeMs });

/** Places of the messages that episodes add. */
function episodePlaces(options: MockChatOptions) {
  const shares = streamShares(options.seed, options.channels.length);
  // Episodes never overlap: one is at hand at a time.
  let running: { number: number; take: (tick: Tick) => Place[] } | undefined;
  return ({ fromMs, toMs }: Tick): { readonly episode: Episode; readonly places: readonly Place[] }[] =>
    episodesIn(options, { fromMs, toMs }).map((episode) => {
      const { number, kind, channel, startMs, endMs } = episode;
      if (running?.number !== number) {
        const ratePerSec = options.ratePerSec * shares(startMs)[channel]! * EPISODE_FACTOR[kind];
        running = { number, take: pacedSequence({ startMs, ratePerSec, ...resumeOf(options) }) };
      }
      const places = running.take({ fromMs: Math.max(fromMs, startMs), toMs: Math.min(toMs, endMs) });
      return { episode, places };
    });
}
