/**
 * What moderators take away: `CLEARMSG` (a message), `CLEARCHAT` (a user's messages, or the whole chat).
 * @module
 */
import { removalEvents } from "../../core/events/removals.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type DecodedEvent } from "../source.ts";
import type { IrcMessage } from "./twitch_irc.ts";
import { sentTime } from "./twitch_message.ts";

const contract = anyContract(removalEvents);

/** The removal that a line tells of; undefined where it lacks its channel, its time or its target. */
export function removalEvent(
  { command, tags, params: [channel = "", username] }: IrcMessage,
): DecodedEvent | undefined {
  const sentMs = sentTime(tags.get("tmi-sent-ts"));
  if (typeof sentMs === "string" || !/^#./.test(channel)) return undefined;
  const stream = channel.slice(1).toLowerCase();
  const target = command === "CLEARMSG" ? messageTarget(tags) : userTarget(tags, username);
  if (target === undefined) return undefined;
  const { id, ...fields } = target;
  const value = {
    // The line has no id: two connections that overlap bring the same one.
    event_id: `twitch:removal:${stream}:${id}:${sentMs}`,
    timestamp: formatTime(sentMs),
    source: "twitch",
    stream_id: stream,
    ...fields,
  };
  return { contract, value };
}

type Tags = IrcMessage["tags"];

function messageTarget(tags: Tags) {
  const message = tags.get("target-msg-id");
  const login = tags.get("login");
  if (!message) return undefined;
  return { id: message, kind: "message", target_message_id: message, ...(login ? { target_username: login } : {}) };
}

function userTarget(tags: Tags, username: string | undefined) {
  if (!username) return { id: "*", kind: "channel" };
  const user = tags.get("target-user-id");
  if (!user) return undefined;
  const duration = tags.get("ban-duration");
  return {
    id: user,
    kind: "user",
    target_user_id: user,
    target_username: username,
    ...(duration && /^\d{1,9}$/.test(duration) ? { ban_duration_sec: Number(duration) } : {}),
  };
}
