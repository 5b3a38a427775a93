/**
 * Messages of the mock chat, each with its JSON text: at a hundred thousand a second there is no time to work it out by
 * other means.
 * @module
 */
import type { Random } from "../../core/clock.ts";
import { formatTime } from "../../core/time.ts";
import type { Episode, EpisodeKind } from "./mock_episodes.ts";
import type { Place } from "./mock_pace.ts";
import { hypeEmotes, hypePhrases, mockEmotes, phrases, raidPhrases, toxicPhrases } from "./mock_phrases.ts";
import { byShare, eventRandom, jitterMs, oneOf, zipfShares } from "./mock_random.ts";
import type { MockChatEvent } from "./mock_chat.ts";

/** A message with the JSON text that it is. */
export interface ChatMessage {
  readonly event: MockChatEvent;
  readonly text: string;
}

/** Number of invented people. */
const USERS = 3_000;
/** People whom a raid brings, and those who insult. */
const RAIDERS = 400;
const RUDE_USERS = 12;

/** Episode n draws its messages from the sequence SALT_EPISODE_EVENTS + n. */
const SALT_EPISODE_EVENTS = 2;

/** A phrase cut at its places: what stands before each, and which it is. */
interface Template {
  readonly parts: readonly string[];
  readonly places: readonly ("e" | "c")[];
}

function templateOf(phrase: string): Template {
  const pieces = phrase.split(/\{([ec])\}/);
  return {
    parts: pieces.filter((_, i) => i % 2 === 0),
    places: pieces.filter((_, i) => i % 2 === 1) as ("e" | "c")[],
  };
}

const ordinary = phrases.map(templateOf);
const ofEpisode: Readonly<Record<EpisodeKind, readonly Template[]>> = {
  chat_spike: hypePhrases.map(templateOf),
  raid: raidPhrases.map(templateOf),
  toxic_episode: toxicPhrases.map(templateOf),
};

/** What makes messages: `k` and the seed alone decide each. */
export type MakeMessage = (place: Place, shares: readonly number[], episode?: Episode) => ChatMessage;

/** A maker of messages. */
export function messageMaker(
  { seed, startMs, channels }: { seed: number; startMs: number; channels: readonly string[] },
): MakeMessage {
  const drawUser = byShare(zipfShares(USERS));
  const drawEmote = byShare(zipfShares(mockEmotes.length));
  const people = Array.from({ length: USERS }, (_, user) => ({ id: `mock-${user + 1}`, name: userName(user) }));
  const channelTexts = channels.map((channel) => JSON.stringify(channel));
  const run = `${startMs.toString(36)}-${seed.toString(36)}`;

  return ({ k, pacedMs }, shares, episode) => {
    const random = eventRandom(seed, k, episode ? SALT_EPISODE_EVENTS + episode.number : 0);
    const timestamp = formatTime(Math.floor(pacedMs) - jitterMs(random));
    const channel = episode ? episode.channel : drawOne(shares, random);
    const user = (episode && strangerOf(episode, people, random)) ?? people[drawUser(random)]!;
    const emotes: string[] = [];
    const template = oneOf(episode ? ofEpisode[episode.kind] : ordinary, random);
    let message = template.parts[0]!;
    for (let i = 0; i < template.places.length; i++) {
      if (template.places[i] === "c") message += 2 + Math.floor(random.next() * 8);
      else {
        const emote = episode ? oneOf(hypeEmotes, random) : mockEmotes[drawEmote(random)]!;
        emotes.push(emote);
        message += emote;
      }
      message += template.parts[i + 1]!;
    }
    const id = episode ? `mock_chat:${run}:${episode.kind}${episode.number}:${k}` : `mock_chat:${run}:${k}`;
    const event: MockChatEvent = {
      event_id: id,
      timestamp,
      source: "mock_chat",
      stream_id: channels[channel]!,
      user_id: user.id,
      username: user.name,
      message,
      emotes,
    };
    // Nothing but the channel's name could hold a character that JSON escapes: the words are ours.
    const names = emotes.length === 0 ? "" : `"${emotes.join('","')}"`;
    const text = `{"event_id":"${id}","timestamp":"${timestamp}","source":"mock_chat","stream_id":${
      channelTexts[channel]
    },"user_id":"${user.id}","username":"${user.name}","message":"${message}","emotes":[${names}]`;
    if (!episode) return { event, text: text + "}" };
    return { event: { ...event, fake_anomaly: episode.kind }, text: `${text},"fake_anomaly":"${episode.kind}"}` };
  };
}

interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who writes in an episode, where it is not everybody. */
function strangerOf({ kind, number }: Episode, people: readonly Person[], random: Random): Person | undefined {
  if (kind === "chat_spike") return undefined;
  if (kind === "toxic_episode") return people[USERS - 1 - Math.floor(random.next() * RUDE_USERS)]!;
  const raider = Math.floor(random.next() * RAIDERS);
  return { id: `mock-raid${number}-${raider + 1}`, name: `raider${number}_${userName(raider)}` };
}

/** Draws an index by its share; there are few. */
function drawOne(shares: readonly number[], random: Random): number {
  let left = random.next();
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i]!;
    if (left < 0) return i;
  }
  return shares.length - 1;
}

const colours = ["amber", "blue", "coral", "green", "indigo", "mauve", "olive", "plum", "red", "teal"];
const animals = ["otter", "heron", "badger", "lynx", "crab", "gull", "seal", "newt", "wren", "mole"];

/** Name of an invented person. */
export const userName = (user: number): string =>
  `${colours[user % 10]}_${animals[Math.floor(user / 10) % 10]}${user >= 100 ? Math.floor(user / 100) : ""}`;
