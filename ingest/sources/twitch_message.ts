/**
 * A chat message of Twitch (`PRIVMSG`) as an event; one with bits as two.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { transactionEvents } from "../../core/events/transactions.ts";
import { formatTime, parseTime } from "../../core/time.ts";
import { anyContract, type Decoded, type DecodedEvent } from "../source.ts";
import { dead, shown } from "./outcome.ts";
import { emotesOf } from "./twitch_emotes.ts";
import type { IrcMessage } from "./twitch_irc.ts";

const contract = anyContract(chatEvents);
const transactions = anyContract(transactionEvents);

/** Decodes a `PRIVMSG`. */
export function decodeMessage(message: IrcMessage): Decoded {
  const { tags, prefix, params: [channel = "", text] } = message;
  const missing = missingPart(message);
  if (missing) return dead(contract, { reason: "schema", ...missing });
  const sentMs = sentTime(tags.get("tmi-sent-ts"));
  if (typeof sentMs === "string") {
    return dead(contract, { reason: "schema", path: "tags.tmi-sent-ts", message: `tags.tmi-sent-ts: ${sentMs}` });
  }
  const action = text!.startsWith(ACTION_START);
  const said = action ? unwrapAction(text!) : text!;
  const userId = tags.get("user-id")!;
  const value: Record<string, unknown> = {
    event_id: tags.get("id"),
    timestamp: formatTime(sentMs),
    source: "twitch",
    stream_id: channel.slice(1).toLowerCase(),
    user_id: userId,
    username: tags.get("display-name") || prefix?.nickname || userId,
    message: said,
    emotes: emotesOf(tags.get("emotes") ?? "", said),
  };
  addExtras(value, tags);
  if (action) value.action = true;
  const events: DecodedEvent[] = [{ contract, value }];
  if (typeof value.bits === "number" && value.bits > 0) events.push(cheer(value));
  return { kind: "events", events };
}

/** Bits are given with a message: the gift is an event of its own, beside the words. */
function cheer(
  { event_id, timestamp, source, stream_id, user_id, username, bits }: Record<string, unknown>,
): DecodedEvent {
  const value = {
    event_id: `${event_id}:bits`,
    timestamp,
    source,
    stream_id,
    user_id,
    username,
    type: "bits",
    amount: String(bits),
    currency: "BITS",
  };
  return { contract: transactions, value };
}

/** `/me` arrives as a CTCP message: `\u0001ACTION …\u0001`; ranges of emotes count from the text inside. */
const ACTION_START = "\u0001ACTION ";

const unwrapAction = (text: string): string =>
  text.slice(ACTION_START.length, text.endsWith("\u0001") ? text.length - 1 : text.length);

/** Which needed part of a PRIVMSG is not there. */
function missingPart(
  { tags, params: [channel = "", text] }: IrcMessage,
): { path: string; message: string } | undefined {
  if (tags.size === 0) {
    return { path: "tags", message: "tags: expected @id, user-id, tmi-sent-ts; ask for the capability twitch.tv/tags" };
  }
  for (const [name, what] of neededTags) {
    if (!tags.get(name)) return { path: `tags.${name}`, message: `tags.${name}: expected ${what}, found nothing` };
  }
  if (!/^#./.test(channel)) {
    return { path: "params.0", message: `params.0: expected a channel such as #name, found ${shown(channel)}` };
  }
  if (text === undefined) return { path: "params.1", message: "params.1: expected the message after the channel" };
  return undefined;
}

const neededTags = [
  ["id", "the message's id"],
  ["user-id", "the sender's id"],
  ["tmi-sent-ts", "epoch milliseconds"],
] as const;

/** The time of a `tmi-sent-ts` tag, or what is wrong with it. */
export function sentTime(tag: string | null | undefined): number | string {
  const timeMs = tag && /^\d{1,16}$/.test(tag) ? parseTime(Number(tag)) : "not digits";
  return typeof timeMs === "number" ? timeMs : `expected epoch milliseconds, found ${shown(tag ?? "")}`;
}

function addExtras(value: Record<string, unknown>, tags: ReadonlyMap<string, string | null>): void {
  const emotes = tags.get("emotes");
  // As Twitch writes them, `25:0-4,12-16/1902:6-10`: ids and ranges are for whoever draws the pictures.
  if (emotes) value.emote_ranges = emotes;
  const badges = tags.get("badges");
  value.badges = badges ? badges.split(",") : [];
  value.subscriber = tags.get("subscriber") === "1";
  value.mod = tags.get("mod") === "1";
  const bits = tags.get("bits");
  if (bits && /^\d{1,15}$/.test(bits)) value.bits = Number(bits);
  if (tags.get("first-msg") === "1") value.first_message = true;
  const replyTo = tags.get("reply-parent-msg-id");
  if (replyTo) value.reply_to = replyTo;
  const from = tags.get("source-room-id");
  // In a shared chat each channel has a copy of its own, with an id of its own.
  if (from && from !== tags.get("room-id")) value.shared_from = from;
}
