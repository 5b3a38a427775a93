/**
 * Mock numbers of viewers: each stream's audience through its day, with the raids of the mock chat of the same seed.
 * @module
 */
import { type ViewerEvent, viewerEvents } from "../../core/events/viewer.ts";
import { formatTime, minutes, seconds } from "../../core/time.ts";
import { anyContract, type Source } from "../source.ts";
import { type EpisodeOptions, episodesIn } from "./mock_episodes.ts";
import { type Tick } from "./mock_pace.ts";
import { eventRandom, normal, zipfShares } from "./mock_random.ts";
import { streamRhythm } from "./mock_rhythm.ts";
import { stepsIn } from "./mock_schedule.ts";
import { mockBatches, ownStreams } from "./mock_start.ts";

const contract = anyContract(viewerEvents);

/** Source `mock_viewers`. */
export const mockViewers: Source = {
  name: "mock_viewers",
  about: "invented numbers of viewers every ten seconds, with labelled raids",
  contracts: [contract],
  repeatable: true,
  open: (context) =>
    mockBatches(context, {
      name: "mock_viewers",
      contract,
      make(start) {
        const { mock } = context.config;
        const made = mockViewerEvents({
          ...start,
          channels: ownStreams(context, mock.channels),
          ...(mock.fakeAnomalies ? { anomalyEveryMs: mock.anomalyEveryMs } : {}),
        });
        return (tick) => made(tick).map((event) => ({ event }));
      },
    }),
};

/** A number of viewers of the mock streams. */
export interface MockViewerEvent extends ViewerEvent {
  /** The truth for detectors: a raid has come in. */
  readonly fake_anomaly?: "raid";
}

/** How often a stream's viewers are counted. */
export const VIEWERS_EVERY_MS = seconds(10);

/** Viewers of the busiest stream on average. */
const VIEWERS_MEAN = 8_000;
const NOISE = 0.01;
/** What a raid adds, and how long half of it takes to leave. */
const RAID_SHARE = 0.5;
const RAID_HALF_MS = minutes(5);
/** After so long a raid can no longer be told from the rest. */
const RAID_MS_MAX = minutes(30);
const SALT_VIEWERS = 201;

/** The counts of the mock streams by tick; each follows from the options and its moment alone. */
export function mockViewerEvents(options: EpisodeOptions): (tick: Tick) => MockViewerEvent[] {
  const { seed, startMs, channels } = options;
  const ranks = zipfShares(channels.length);
  const rhythms = channels.map((_, channel) => streamRhythm(seed, channel));
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;
  const countAt = (channel: number, timeMs: number): MockViewerEvent => {
    const past = episodesIn(options, { fromMs: timeMs - RAID_MS_MAX, toMs: timeMs + 1 });
    const raids = past.filter((episode) => episode.kind === "raid" && episode.channel === channel);
    const raided = raids.reduce((sum, raid) => sum + RAID_SHARE * 0.5 ** ((timeMs - raid.startMs) / RAID_HALF_MS), 0);
    const random = eventRandom(seed, Math.floor(timeMs / VIEWERS_EVERY_MS), SALT_VIEWERS + channel);
    const mean = VIEWERS_MEAN * ranks[channel]! / ranks[0]! * rhythms[channel]!(timeMs);
    const event: MockViewerEvent = {
      event_id: `mock_viewers:${run}:${channels[channel]}:${timeMs}`,
      timestamp: formatTime(timeMs),
      source: "mock_viewers",
      stream_id: channels[channel]!,
      viewer_count: Math.max(0, Math.round(mean * (1 + raided) * (1 + NOISE * normal(random)))),
    };
    return raids.some((raid) => timeMs < raid.endMs) ? { ...event, fake_anomaly: "raid" } : event;
  };
  return (tick) =>
    stepsIn(tick, VIEWERS_EVERY_MS).flatMap((timeMs) => channels.map((_, channel) => countAt(channel, timeMs)));
}
