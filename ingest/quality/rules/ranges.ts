/**
 * Values that lie outside of what their field can mean, topic by topic. What cannot be true is dead, what is only hard to
 * believe is marked.
 * @module
 */
import { type BarEvent, barEvents } from "../../../core/events/bars.ts";
import { type ChatEvent, chatEvents } from "../../../core/events/chat.ts";
import { type StreamMetaEvent, streamMetaEvents } from "../../../core/events/stream_meta.ts";
import { type TradeEvent, tradeEvents } from "../../../core/events/trades.ts";
import { type TransactionEvent, transactionEvents } from "../../../core/events/transactions.ts";
import { type ViewerEvent, viewerEvents } from "../../../core/events/viewer.ts";
import { type WatchEvent, watchEvents } from "../../../core/events/watch.ts";
import { anyRule, plainCheck, type Rule } from "../rule.ts";

const MESSAGE_UNITS_MAX = 2_000;
const TITLE_UNITS_MAX = 500;
const VIEWERS_MAX = 50_000_000;
const AMOUNT_MAX = 1_000_000;
const WATCH_MINUTES_MAX = 1_440;

/** Whether a decimal text, which has no sign, is above 0; reading the number would take longer. */
function isAboveZero(decimal: string): boolean {
  for (let i = 0; i < decimal.length; i++) if (decimal.charCodeAt(i) > 48) return true;
  return false;
}

const messageRange: Rule<ChatEvent> = {
  name: "message_range",
  about: `the message has at most ${MESSAGE_UNITS_MAX} characters`,
  severity: "mark",
  weight: 1,
  contracts: [chatEvents],
  open: plainCheck(({ message }) => message.length <= MESSAGE_UNITS_MAX),
};

const viewerRange: Rule<ViewerEvent> = {
  name: "viewer_range",
  about: `viewer_count is at most ${VIEWERS_MAX}`,
  severity: "mark",
  weight: 2,
  contracts: [viewerEvents],
  open: plainCheck(({ viewer_count }) => viewer_count <= VIEWERS_MAX),
};

const amountRange: Rule<TransactionEvent> = {
  name: "amount_range",
  about: `the amount is above 0 and at most ${AMOUNT_MAX}`,
  severity: "mark",
  weight: 2,
  contracts: [transactionEvents],
  open: plainCheck(({ amount }) => Number(amount) > 0 && Number(amount) <= AMOUNT_MAX),
};

const titleRange: Rule<StreamMetaEvent> = {
  name: "title_range",
  about: `the title has at most ${TITLE_UNITS_MAX} characters`,
  severity: "mark",
  weight: 1,
  contracts: [streamMetaEvents],
  open: plainCheck(({ title }) => title.length <= TITLE_UNITS_MAX),
};

const tradePrice: Rule<TradeEvent> = {
  name: "price_range",
  about: "the price is above 0",
  severity: "dead",
  weight: 4,
  contracts: [tradeEvents],
  open: plainCheck(({ price }) => isAboveZero(price)),
};

const tradeSize: Rule<TradeEvent> = {
  name: "size_range",
  about: "the size is above 0",
  severity: "mark",
  weight: 1,
  contracts: [tradeEvents],
  open: plainCheck(({ size }) => isAboveZero(size)),
};

const barPrices: Rule<BarEvent> = {
  name: "price_range",
  about: "open, high, low and close are above 0",
  severity: "dead",
  weight: 4,
  contracts: [barEvents],
  open: plainCheck(({ open, high, low, close }) =>
    Math.min(Number(open), Number(high), Number(low), Number(close)) > 0
  ),
};

const barRange: Rule<BarEvent> = {
  name: "bar_range",
  about: "the high is not below the low",
  severity: "dead",
  weight: 4,
  contracts: [barEvents],
  open: plainCheck(({ high, low }) => Number(high) >= Number(low)),
};

const barBody: Rule<BarEvent> = {
  name: "bar_body",
  about: "open and close lie between low and high",
  severity: "mark",
  weight: 1,
  contracts: [barEvents],
  open: plainCheck(({ open, high, low, close }) => {
    const [top, bottom] = [Number(high), Number(low)];
    const inside = (price: number) => price >= bottom && price <= top;
    return inside(Number(open)) && inside(Number(close));
  }),
};

const durationRange: Rule<WatchEvent> = {
  name: "duration_range",
  about: `a sitting lasts at most ${WATCH_MINUTES_MAX} minutes`,
  severity: "mark",
  weight: 2,
  contracts: [watchEvents],
  open: plainCheck(({ watch_duration_minutes }) => watch_duration_minutes <= WATCH_MINUTES_MAX),
};

/** All of them. */
export const ranges: readonly Rule[] = [
  anyRule(messageRange),
  anyRule(viewerRange),
  anyRule(amountRange),
  anyRule(titleRange),
  anyRule(tradePrice),
  anyRule(tradeSize),
  anyRule(barPrices),
  anyRule(barRange),
  anyRule(barBody),
  anyRule(durationRange),
];
