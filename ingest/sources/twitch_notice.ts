/**
 * What Twitch announces in a chat (`USERNOTICE`): subscriptions as transactions, raids.
 * @module
 */
import { raidEvents } from "../../core/events/raids.ts";
import { transactionEvents } from "../../core/events/transactions.ts";
import { formatTime } from "../../core/time.ts";
import { anyContract, type DecodedEvent } from "../source.ts";
import type { IrcMessage } from "./twitch_irc.ts";
import { sentTime } from "./twitch_message.ts";

const transactions = anyContract(transactionEvents);
const raids = anyContract(raidEvents);

/**
 * The event that a notice announces; undefined for one that moves no money and no viewers. A `submysterygift` says how
 * many gifts follow, each with a `subgift` of its own: these count. A `…paidupgrade` promises a payment that comes with a
 * later `resub`. A `sharedchatnotice` is another channel's.
 */
export function noticeEvent(message: IrcMessage): DecodedEvent | undefined {
  const { tags, params: [channel = ""] } = message;
  const sentMs = sentTime(tags.get("tmi-sent-ts"));
  const [id, userId] = [tags.get("id"), tags.get("user-id")];
  if (typeof sentMs === "string" || !/^#./.test(channel) || !id || !userId) return undefined;
  const notice: Notice = { message, id, userId, sentMs, stream: channel.slice(1).toLowerCase() };
  switch (tags.get("msg-id")) {
    case "sub":
    case "resub":
    case "subgift":
    case "anonsubgift":
      return subscription(notice);
    case "raid":
      return raid(notice);
    default:
      return undefined;
  }
}

interface Notice {
  readonly message: IrcMessage;
  readonly id: string;
  readonly userId: string;
  readonly sentMs: number;
  readonly stream: string;
}

/** From this day on tier 1 costs more in the United States. */
const TIER_1_RAISED_MS = Date.UTC(2024, 6, 11);

/**
 * List price of a month in US cents. Twitch does not tell what was paid, which depends on the country: these are the
 * prices of the United States, on the web, without tax. A Prime subscription is paid for by the membership and worth a
 * tier 1 to the stream.
 */
function centsAMonth(plan: string, timeMs: number): number | undefined {
  if (plan === "1000" || plan === "Prime") return timeMs < TIER_1_RAISED_MS ? 499 : 599;
  if (plan === "2000") return 999;
  return plan === "3000" ? 2_499 : undefined;
}

function subscription({ message: { tags, params }, ...notice }: Notice): DecodedEvent | undefined {
  const plan = tags.get("msg-param-sub-plan") ?? "";
  const cents = centsAMonth(plan, notice.sentMs);
  if (cents === undefined) return undefined;
  const giftMonths = wholeNumber(tags.get("msg-param-gift-months")) || 1;
  const recipient = tags.get("msg-param-recipient-id");
  const months = wholeNumber(tags.get("msg-param-cumulative-months") ?? tags.get("msg-param-months"));
  const [, text] = params;
  const value = {
    ...commonFields(notice, tags),
    type: "subscription",
    amount: dollars(cents * (recipient ? giftMonths : 1)),
    currency: "USD",
    /** The amount is a list price, not what was paid. */
    estimated: true,
    notice: tags.get("msg-id"),
    plan,
    ...(recipient ? { recipient_id: recipient } : {}),
    ...(months ? { months } : {}),
    ...(text ? { message: text } : {}),
  };
  return { contract: transactions, value };
}

function raid({ message: { tags }, ...notice }: Notice): DecodedEvent | undefined {
  const from = tags.get("msg-param-login") || tags.get("login");
  const viewers = wholeNumber(tags.get("msg-param-viewerCount"));
  if (!from || viewers === undefined) return undefined;
  const value = { ...commonFields(notice, tags), from_stream_id: from.toLowerCase(), viewer_count: viewers };
  return { contract: raids, value };
}

const commonFields = ({ id, userId, sentMs, stream }: Omit<Notice, "message">, tags: IrcMessage["tags"]) => ({
  event_id: id,
  timestamp: formatTime(sentMs),
  source: "twitch",
  stream_id: stream,
  user_id: userId,
  username: tags.get("display-name") || tags.get("login") || userId,
});

const wholeNumber = (tag: string | null | undefined): number | undefined =>
  tag && /^\d{1,9}$/.test(tag) ? Number(tag) : undefined;

const dollars = (cents: number): string => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
