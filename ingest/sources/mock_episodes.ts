/**
 * Labelled episodes: stretches in which a mock stream does what a detector is to find. When, where and what follows from
 * the seed alone, so that the truth can be asked for beside the events.
 * @module
 */
import { minutes, seconds } from "../../core/time.ts";
import type { Tick } from "./mock_pace.ts";
import { eventRandom } from "./mock_random.ts";
import type { MockStart } from "./mock_start.ts";

/**
 * What happens: `chat_spike` everybody writes at once; `raid` people of another stream come in; `toxic_episode` a few
 * people insult the others.
 */
export type EpisodeKind = "chat_spike" | "raid" | "toxic_episode";

/** The kinds, in the order in which they take turns. */
export const episodeKinds: readonly EpisodeKind[] = ["chat_spike", "raid", "toxic_episode"];

/** An episode as it truly is. */
export interface Episode {
  /** From 0. */
  readonly number: number;
  readonly kind: EpisodeKind;
  /** Index of the stream, and its name. */
  readonly channel: number;
  readonly stream: string;
  readonly startMs: number;
  /** Exclusive. */
  readonly endMs: number;
}

/** How long each kind lasts; never longer than half of the time to the next one, so that none overlap. */
export const EPISODE_MS: Readonly<Record<EpisodeKind, number>> = {
  chat_spike: seconds(10),
  raid: minutes(1),
  toxic_episode: minutes(1),
};

/** What decides episodes. */
export interface EpisodeOptions extends MockStart {
  readonly channels: readonly string[];
  /** Time between the starts of two, and from the start to the first; none without it. */
  readonly anomalyEveryMs?: number;
}

const SALT_EPISODE = 1;

/** The episodes that overlap a stretch of time, in order. */
export function episodesIn(
  { seed, startMs, channels, anomalyEveryMs }: EpisodeOptions,
  { fromMs, toMs }: Tick,
): Episode[] {
  if (anomalyEveryMs === undefined) return [];
  const found: Episode[] = [];
  for (let number = Math.max(0, Math.floor((fromMs - startMs) / anomalyEveryMs) - 2);; number++) {
    const beginMs = startMs + (number + 1) * anomalyEveryMs;
    if (beginMs >= toMs) return found;
    const kind = episodeKinds[number % episodeKinds.length]!;
    const endMs = beginMs + Math.min(EPISODE_MS[kind], anomalyEveryMs / 2);
    if (endMs <= fromMs) continue;
    const channel = Math.floor(eventRandom(seed, number, SALT_EPISODE).next() * channels.length);
    found.push({ number, kind, channel, stream: channels[channel]!, startMs: beginMs, endMs });
  }
}
