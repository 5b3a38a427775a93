/**
 * What Twitch's chat tells beside its messages: money, raids, removals.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import type { DecodedEvent } from "../../ingest/source.ts";
import { twitchDecoder } from "../../ingest/sources/twitch.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

const REAL = "chat/xqcow_raw_irc_20190915.txt.gz";
const SENT = "tmi-sent-ts=1700000000123";

/** The side events of a line that is no message; each fits its contract. */
function sides(line: string): { topic: string; value: Record<string, unknown> }[] {
  const decoded = twitchDecoder()(line);
  assert.equal(decoded.kind, "ignored", line);
  const events = decoded.kind === "ignored" ? decoded.events ?? [] : [];
  return events.map(shown);
}

function shown({ contract, value }: DecodedEvent): { topic: string; value: Record<string, unknown> } {
  const checked = checkEvent(contract, { value, appendTimeMs: Date.UTC(2026, 0, 1) });
  assert.ok(!isFault(checked), JSON.stringify([checked, value]));
  return { topic: contract.topic, value: value as Record<string, unknown> };
}

const notice = (tags: string, text = "", sent = SENT) =>
  `@id=n-1;user-id=77;login=ada;display-name=Ada;${sent};${tags} :tmi.twitch.tv USERNOTICE #Demo${text && ` :${text}`}`;

Deno.test("a subscription is a transaction at the list price of its tier", () => {
  const [found, ...more] = sides(
    notice("msg-id=resub;msg-param-cumulative-months=10;msg-param-sub-plan=1000", "love the streams"),
  );
  assert.deepEqual(more, []);
  assert.deepEqual(found, {
    topic: "events.transactions",
    value: {
      event_id: "n-1",
      timestamp: "2023-11-14T22:13:20.123Z",
      source: "twitch",
      stream_id: "demo",
      user_id: "77",
      username: "Ada",
      type: "subscription",
      amount: "4.99",
      currency: "USD",
      estimated: true,
      notice: "resub",
      plan: "1000",
      months: 10,
      message: "love the streams",
    },
  });
});

Deno.test("the list price goes by plan, months of a gift and the day", () => {
  const in2025 = `tmi-sent-ts=${Date.UTC(2025, 0, 1)}`;
  const cases: readonly [tags: string, sent: string, amount: string][] = [
    ["msg-id=sub;msg-param-sub-plan=Prime", SENT, "4.99"],
    ["msg-id=sub;msg-param-sub-plan=Prime", in2025, "5.99"],
    ["msg-id=sub;msg-param-sub-plan=1000", in2025, "5.99"],
    ["msg-id=sub;msg-param-sub-plan=2000", in2025, "9.99"],
    ["msg-id=sub;msg-param-sub-plan=3000", in2025, "24.99"],
    ["msg-id=subgift;msg-param-sub-plan=1000;msg-param-recipient-id=5;msg-param-gift-months=1", SENT, "4.99"],
    ["msg-id=subgift;msg-param-sub-plan=2000;msg-param-recipient-id=5;msg-param-gift-months=6", SENT, "59.94"],
    ["msg-id=anonsubgift;msg-param-sub-plan=3000;msg-param-recipient-id=5", SENT, "24.99"],
  ];
  for (const [tags, sent, amount] of cases) {
    assert.deepEqual(sides(notice(tags, "", sent)).map(({ value }) => value.amount), [amount], tags);
  }
});

Deno.test("what moves no money, or would count twice, yields nothing", () => {
  for (
    const tags of [
      "msg-id=submysterygift;msg-param-sub-plan=1000;msg-param-mass-gift-count=5",
      "msg-id=giftpaidupgrade",
      "msg-id=primepaidupgrade;msg-param-sub-plan=1000",
      "msg-id=ritual;msg-param-ritual-name=new_chatter",
      "msg-id=sharedchatnotice;source-msg-id=sub;msg-param-sub-plan=1000",
      "msg-id=announcement",
      "msg-id=sub;msg-param-sub-plan=9999",
      "msg-id=raid;msg-param-login=other",
    ]
  ) assert.deepEqual(sides(notice(tags)), [], tags);
  assert.deepEqual(sides("@msg-id=sub;msg-param-sub-plan=1000 :tmi.twitch.tv USERNOTICE #demo"), [], "no id, no time");
});

Deno.test("a raid tells where it comes from and how many come", () => {
  const [found] = sides(
    notice("msg-id=raid;msg-param-login=Other;msg-param-displayName=Other;msg-param-viewerCount=1234"),
  );
  assert.equal(found!.topic, "events.raids");
  const { stream_id, from_stream_id, viewer_count, user_id } = found!.value;
  assert.deepEqual([stream_id, from_stream_id, viewer_count, user_id], ["demo", "other", 1234, "77"]);
});

Deno.test("bits are a transaction beside the message, whose outcome stays the line's", () => {
  const decoded = twitchDecoder()(
    `@id=m-1;user-id=77;display-name=Ada;${SENT};bits=150 :ada!a@b PRIVMSG #demo :cheer150 hi`,
  );
  assert.ok(decoded.kind === "events");
  const [chat, cheer, ...more] = decoded.events.map(shown);
  assert.deepEqual([chat!.topic, chat!.value.bits, more], ["events.chat", 150, []]);
  assert.deepEqual(cheer, {
    topic: "events.transactions",
    value: {
      event_id: "m-1:bits",
      timestamp: "2023-11-14T22:13:20.123Z",
      source: "twitch",
      stream_id: "demo",
      user_id: "77",
      username: "Ada",
      type: "bits",
      amount: "150",
      currency: "BITS",
    },
  });
});

Deno.test("a removal names what goes: a message, a user's messages, the whole chat", () => {
  const base = { timestamp: "2023-11-14T22:13:20.123Z", source: "twitch", stream_id: "demo" };
  const cases: readonly [line: string, value: Record<string, unknown>][] = [
    [`@login=ada;target-msg-id=m-1;${SENT} :tmi.twitch.tv CLEARMSG #demo :bad words`, {
      event_id: "twitch:removal:demo:m-1:1700000000123",
      ...base,
      kind: "message",
      target_message_id: "m-1",
      target_username: "ada",
    }],
    [`@ban-duration=150;target-user-id=77;${SENT} :tmi.twitch.tv CLEARCHAT #Demo :ada`, {
      event_id: "twitch:removal:demo:77:1700000000123",
      ...base,
      kind: "user",
      target_user_id: "77",
      target_username: "ada",
      ban_duration_sec: 150,
    }],
    [`@target-user-id=77;${SENT} :tmi.twitch.tv CLEARCHAT #demo :ada`, {
      event_id: "twitch:removal:demo:77:1700000000123",
      ...base,
      kind: "user",
      target_user_id: "77",
      target_username: "ada",
    }],
    [`@room-id=1;${SENT} :tmi.twitch.tv CLEARCHAT #demo`, {
      event_id: "twitch:removal:demo:*:1700000000123",
      ...base,
      kind: "channel",
    }],
  ];
  for (const [line, value] of cases) assert.deepEqual(sides(line), [{ topic: "events.removals", value }], line);
});

Deno.test("a message of a shared chat says where it was written", () => {
  const shared = (source: string) =>
    twitchDecoder()(`@id=m-1;user-id=77;room-id=1;source-room-id=${source};${SENT} :a!a@b PRIVMSG #demo :hi`);
  const from = ["2", "1"].map((source) => {
    const decoded = shared(source);
    return decoded.kind === "events" ? (decoded.events[0]!.value as { shared_from?: string }).shared_from : null;
  });
  assert.deepEqual(from, ["2", undefined]);
});

sharedDataTest("the real lines hold 58 removals and 9 subscriptions, each fitting its contract", [REAL], async () => {
  const decode = twitchDecoder();
  const topics: Record<string, number> = {};
  const ids = new Set<unknown>();
  for (const line of await sharedLines(REAL)) {
    const decoded = decode(line);
    if (decoded.kind !== "ignored") continue;
    for (const { topic, value } of (decoded.events ?? []).map(shown)) {
      topics[topic] = (topics[topic] ?? 0) + 1;
      ids.add(value.event_id);
    }
  }
  assert.deepEqual(topics, { "events.removals": 58, "events.transactions": 9 });
  assert.equal(ids.size, 67);
});

Deno.test("no tags make the decoder throw", () => {
  const tag = fc.constantFrom(
    "msg-id=sub",
    "msg-id=raid",
    "msg-param-sub-plan=1000",
    SENT,
    "id=1",
    "user-id=2",
    "x",
    "",
  );
  const tags = fc.array(fc.oneof(tag, fc.string({ maxLength: 12 })), { maxLength: 8 });
  fc.assert(
    fc.property(tags, fc.constantFrom("USERNOTICE", "CLEARCHAT", "CLEARMSG"), fc.string(), (all, command, text) => {
      twitchDecoder()(`@${all.join(";")} :tmi.twitch.tv ${command} #demo :${text}`);
    }),
  );
});
