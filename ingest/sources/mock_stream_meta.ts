/**
 * Mock words of streams about themselves: a title and a category at the start, and now and then another one.
 * @module
 */
import { type StreamMetaEvent, streamMetaEvents } from "../../core/events/stream_meta.ts";
import { formatTime, minutes } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { type Tick } from "./mock_pace.ts";
import { eventRandom, oneOf } from "./mock_random.ts";
import { mockBatches, type MockStart, ownStreams } from "./mock_start.ts";

const contract = anyContract(streamMetaEvents);

/** Source `mock_stream_meta`. */
export const mockStreamMeta: Source = {
  name: "mock_stream_meta",
  about: "invented titles and categories of streams, at the start and when they change",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_stream_meta",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockStreamMetaEvents({ ...start, channels: ownStreams(context, mock.channels) });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** What decides the mock words. */
export interface MockStreamMetaOptions extends MockStart {
  readonly channels: readonly string[];
}

/** In each slot of this length a stream may change what it does. */
export const META_SLOT_MS = minutes(10);
const CHANGE_SHARE = 0.4;
const SALT_META = 401;

const categories: readonly (readonly [category: string, titles: readonly string[]])[] = [
  ["Just Chatting", ["morning coffee", "reading your questions", "planning the week"]],
  ["Software and Game Development", ["building a clock", "fixing one bug, making two"]],
  ["Music", ["piano by request", "learning a new song", "quiet evening"]],
  ["Retro", ["one more level", "no hits today", "speedrun practice"]],
  ["Chess", ["climbing the ladder", "puzzles with chat"]],
];
const languages = ["en", "en", "en", "de", "es", "fr"];
const tagsOf = ["cosy", "english", "chill", "first-time", "no-spoilers", "with-viewers"];

/** The words of the mock streams by tick: one for each stream in the first tick, then the changes. */
export function mockStreamMetaEvents({ seed, startMs, resumeMs, channels }: MockStreamMetaOptions) {
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;
  const spoken = (channel: number, slot: number, timeMs: number): StreamMetaEvent => {
    const random = eventRandom(seed, slot, SALT_META + 2 * channel);
    const [category, titles] = oneOf(categories, random);
    return {
      event_id: `mock_stream_meta:${run}:${channels[channel]}:${slot}`,
      timestamp: formatTime(timeMs),
      source: "mock_stream_meta",
      stream_id: channels[channel]!,
      title: oneOf(titles, random),
      category,
      language: oneOf(languages, eventRandom(seed, channel, SALT_META - 1)),
      tags: tagsOf.filter(() => random.next() < 0.3),
    };
  };
  let started = resumeMs !== undefined;
  return ({ fromMs, toMs }: Tick): StreamMetaEvent[] => {
    const found: { timeMs: number; event: StreamMetaEvent }[] = [];
    if (!started) {
      started = true;
      channels.forEach((_, channel) => found.push({ timeMs: fromMs, event: spoken(channel, -1, fromMs) }));
    }
    for (let slot = Math.floor((fromMs - startMs) / META_SLOT_MS); startMs + slot * META_SLOT_MS < toMs; slot++) {
      channels.forEach((_, channel) => {
        const random = eventRandom(seed, slot, SALT_META + 2 * channel + 1);
        const changes = random.next() < CHANGE_SHARE;
        const timeMs = Math.floor(startMs + (slot + random.next()) * META_SLOT_MS);
        if (changes && timeMs >= fromMs && timeMs < toMs) found.push({ timeMs, event: spoken(channel, slot, timeMs) });
      });
    }
    return found.sort((a, b) => a.timeMs - b.timeMs).map(({ event }) => event);
  };
}
