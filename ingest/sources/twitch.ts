/**
 * Twitch chat: tagged IRC lines, as the server sends them.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { formatTime, parseTime } from "../../core/time.ts";
import { anyContract, type Decode, type Decoded, type Source } from "../source.ts";
import { boundedKinds, dead, EVENT_UNITS_MAX, ignored, oneEvent, shown, tooLarge } from "./outcome.ts";
import { emotesOf } from "./twitch_emotes.ts";
import { type IrcMessage, parseIrc } from "./twitch_irc.ts";

const contract = anyContract(chatEvents);

/** Source `twitch`. */
export const twitch: Source = {
  name: "twitch",
  about: "Twitch chat as tagged IRC lines (capability twitch.tv/tags)",
  contracts: [contract],
  recorded: { form: "lines", decoder: twitchDecoder },
};

/** Commands that a line without a prefix may start with; anything else there is taken for other text. */
const commands: ReadonlySet<string> = new Set(
  ("PRIVMSG CLEARCHAT CLEARMSG GLOBALUSERSTATE HOSTTARGET NOTICE RECONNECT ROOMSTATE USERNOTICE USERSTATE WHISPER CAP " +
    "JOIN PART PING PONG NICK PASS MODE QUIT NAMES ERROR AUTHENTICATE USER").split(" "),
);

/** A decoder of Twitch IRC lines; a receive time in ms, µs or ns may stand before the message. */
export function twitchDecoder(): Decode {
  const kindOf = boundedKinds(commands);
  return (line) => {
    if (line.length > EVENT_UNITS_MAX) return dead(contract, tooLarge);
    const text = withoutReceiveTime(line);
    if (text.trim() === "") return ignored("blank");
    const message = parseIrc(text);
    if (!message || !isCommand(message)) {
      return dead(contract, {
        reason: "not_irc",
        path: "",
        message: `expected an IRC line such as "@tags :nick!user@host PRIVMSG #channel :text", found ${shown(text)}`,
      });
    }
    return message.command === "PRIVMSG" ? decodeMessage(message) : ignored(kindOf(message.command));
  };
}

function withoutReceiveTime(line: string): string {
  const end = line.endsWith("\n") ? line.length - 1 : line.length;
  const text = line.slice(0, line.charCodeAt(end - 1) === 13 ? end - 1 : end);
  const code = text.charCodeAt(0);
  return code >= 48 && code <= 57 ? text.replace(/^\d{10,20}\s+/, "") : text;
}

function isCommand({ command, prefix }: IrcMessage): boolean {
  return commands.has(command) || /^\d{3}$/.test(command) || (prefix !== undefined && /^[A-Z]{2,24}$/.test(command));
}

function decodeMessage(message: IrcMessage): Decoded {
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
  return oneEvent(contract, value);
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

function sentTime(tag: string | null | undefined): number | string {
  const timeMs = tag && /^\d{1,16}$/.test(tag) ? parseTime(Number(tag)) : "not digits";
  return typeof timeMs === "number" ? timeMs : `expected epoch milliseconds, found ${shown(tag ?? "")}`;
}

function addExtras(value: Record<string, unknown>, tags: ReadonlyMap<string, string | null>): void {
  const badges = tags.get("badges");
  value.badges = badges ? badges.split(",") : [];
  value.subscriber = tags.get("subscriber") === "1";
  value.mod = tags.get("mod") === "1";
  const bits = tags.get("bits");
  if (bits && /^\d{1,15}$/.test(bits)) value.bits = Number(bits);
  if (tags.get("first-msg") === "1") value.first_message = true;
  const replyTo = tags.get("reply-parent-msg-id");
  if (replyTo) value.reply_to = replyTo;
}
