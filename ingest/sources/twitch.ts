/**
 * Twitch chat: tagged IRC lines, as the server sends them; recorded or live.
 * @module
 */
import { chatEvents } from "../../core/events/chat.ts";
import { raidEvents } from "../../core/events/raids.ts";
import { removalEvents } from "../../core/events/removals.ts";
import { transactionEvents } from "../../core/events/transactions.ts";
import { anyContract, type Decode, type DecodedEvent, type Source } from "../source.ts";
import { boundedKinds, dead, EVENT_UNITS_MAX, ignored, shown, tooLarge } from "./outcome.ts";
import { type IrcMessage, parseIrc } from "./twitch_irc.ts";
import { twitchLive, type TwitchLiveOptions, twitchLiveOptions } from "./twitch_live.ts";
import { decodeMessage } from "./twitch_message.ts";
import { noticeEvent } from "./twitch_notice.ts";
import { removalEvent } from "./twitch_removal.ts";

const contract = anyContract(chatEvents);

/** Source `twitch` with what a test changes. */
export const twitchSource = (options: TwitchLiveOptions): Source => ({
  name: "twitch",
  about: "Twitch chat: messages, bits, subscriptions, raids, removals (IRC with the capability twitch.tv/tags)",
  contracts: [contract, anyContract(transactionEvents), anyContract(removalEvents), anyContract(raidEvents)],
  recorded: { form: "lines", decoder: twitchDecoder },
  // The server sends a PING about every five minutes, however quiet the channels are.
  quietMsMax: 6 * 60_000,
  open: (context) => twitchLive(context, { decode: twitchDecoder(), options }),
});

/** Source `twitch`. */
export const twitch: Source = twitchSource(twitchLiveOptions);

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
    if (message.command === "PRIVMSG") return decodeMessage(message);
    const side = sideEvent(message);
    if (side === undefined) return ignored(kindOf(message.command));
    return { kind: "ignored", ignoredKind: message.command, events: [side] };
  };
}

/** What a line that is no message tells beside the chat. */
function sideEvent(message: IrcMessage): DecodedEvent | undefined {
  if (message.command === "USERNOTICE") return noticeEvent(message);
  return message.command === "CLEARCHAT" || message.command === "CLEARMSG" ? removalEvent(message) : undefined;
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
