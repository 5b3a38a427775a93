import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import type { Decoded } from "../../ingest/source.ts";
import { emotesOf } from "../../ingest/sources/twitch_emotes.ts";
import { twitchDecoder } from "../../ingest/sources/twitch.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

const REAL = "chat/xqcow_raw_irc_20190915.txt.gz";
const APPEND_MS = Date.UTC(2026, 0, 1);

const decode = (line: string): Decoded => twitchDecoder()(line);
const tags = "id=m-1;tmi-sent-ts=1700000000123;user-id=77;display-name=Ada";
const line = (more: string, message: string) =>
  `@${tags}${more} :ada!ada@ada.tmi.twitch.tv PRIVMSG #Some_Channel :${message}`;

function event(text: string): Record<string, unknown> {
  const decoded = decode(text);
  assert.equal(decoded.kind, "events", text);
  return (decoded.kind === "events" ? decoded.events[0]!.value : undefined) as Record<string, unknown>;
}

sharedDataTest("the 5,000 real lines give 4,933 chat events and 67 lines of other commands", [REAL], async () => {
  const decoder = twitchDecoder();
  const counts: Record<string, number> = {};
  let emotes = 0;
  for (const real of await sharedLines(REAL)) {
    const decoded = decoder(real);
    const kind = decoded.kind === "ignored" ? decoded.ignoredKind : decoded.kind;
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (decoded.kind !== "events") continue;
    const checked = checkEvent(chatEvents, { value: decoded.events[0]!.value, appendTimeMs: APPEND_MS });
    assert.ok(!isFault(checked), real);
    assert.equal(checked.eventTimeMs, Number(/tmi-sent-ts=(\d+)/.exec(real)![1]));
    assert.equal(checked.event.stream_id, "xqcow");
    emotes += checked.event.emotes.length;
  }
  assert.deepEqual(counts, { events: 4_933, CLEARCHAT: 58, USERNOTICE: 9 });
  assert.ok(emotes > 5_000, `only ${emotes} emotes`);
});

Deno.test("a message becomes a chat event", () => {
  assert.deepEqual(
    event(line(
      ";badges=moderator/1,subscriber/12;subscriber=1;mod=1;bits=100;first-msg=1;reply-parent-msg-id=m-0;emotes=25:0-4",
      "Kappa hi",
    )),
    {
      event_id: "m-1",
      timestamp: "2023-11-14T22:13:20.123Z",
      source: "twitch",
      stream_id: "some_channel",
      user_id: "77",
      username: "Ada",
      message: "Kappa hi",
      emotes: ["Kappa"],
      emote_ranges: "25:0-4",
      badges: ["moderator/1", "subscriber/12"],
      subscriber: true,
      mod: true,
      bits: 100,
      first_message: true,
      reply_to: "m-0",
    },
  );
});

Deno.test("fields that a message does not have are left out", () => {
  const value = event(line(";badges=;subscriber=0;mod=0", "hi"));
  assert.deepEqual([value.badges, value.subscriber, value.mod], [[], false, false]);
  for (const field of ["bits", "first_message", "reply_to", "action", "emote_ranges", "shared_from"]) {
    assert.ok(!(field in value), field);
  }
});

Deno.test("/me is unwrapped and its emotes are counted from the text inside", () => {
  const value = event(line(";emotes=25:6-10", "\u0001ACTION waves Kappa\u0001"));
  assert.deepEqual([value.message, value.emotes, value.action], ["waves Kappa", ["Kappa"], true]);
});

Deno.test("a name falls back to the login, then to the id", () => {
  const base = "@id=1;tmi-sent-ts=1700000000123;user-id=77;display-name=";
  assert.equal(event(`${base} :ada!ada@host PRIVMSG #c :hi`).username, "ada");
  assert.equal(event(`${base} :tmi.twitch.tv PRIVMSG #c :hi`).username, "77");
});

Deno.test("escaped tag values are read", () => {
  assert.equal(event(line(";display-name=Ada\\sL", "hi")).username, "Ada L");
});

Deno.test("a receive time in ms or ns and a line break may surround a line", () => {
  for (
    const text of [`1700000000123 ${line("", "hi")}`, `1700000000123456789 ${line("", "hi")}`, line("", "hi") + "\r\n"]
  ) {
    assert.equal(event(text).message, "hi", text);
  }
});

Deno.test("emotes are named by their ranges, each occurrence, in order of appearance", () => {
  const cases: readonly [string, string, string[]][] = [
    ["", "no emotes here", []],
    ["", "Kappa KEKW, KEKW kekw OMEGALUL", ["Kappa", "KEKW", "OMEGALUL"]],
    ["1902:6-10/25:0-4,12-16", "Kappa Keepo Kappa", ["Kappa", "Keepo", "Kappa"]],
    // Code points: each of the two signs before the emote is two units.
    ["9:3-10", "🔥👌 xqcThing LUL", ["xqcThing", "LUL"]],
    ["9:4-9", "LUL xqcHey Pog", ["LUL", "xqcHey", "Pog"]],
    // Ranges that do not fit the text are passed over; the words still count.
    ["25:0-400", "Kappa", ["Kappa"]],
    ["25:2-7", "a Kappa b", ["Kappa"]],
    ["25:x-y/26/:/27:3", "Kappa", ["Kappa"]],
    ["25:0-4,0-4", "Kappa", ["Kappa"]],
  ];
  for (const [tag, message, expected] of cases) assert.deepEqual(emotesOf(tag, message), expected, `${tag} ${message}`);
});

Deno.test("ranges over any text give the code points that they name", () => {
  const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).map((text) => text.replace(/\s/g, "x"));
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
    const ranges: string[] = [];
    let at = 0;
    for (const each of words) {
      const length = [...each].length;
      ranges.push(`${at}-${at + length - 1}`);
      at += length + 1;
    }
    assert.deepEqual(emotesOf(`1:${ranges.join(",")}`, words.join(" ")), words);
  }));
});

Deno.test("other commands are ignored by their name", () => {
  const cases: readonly [string, string][] = [
    ["PING :tmi.twitch.tv", "PING"],
    [":tmi.twitch.tv 001 nick :Welcome", "001"],
    [":a!a@a.tmi.twitch.tv JOIN #c", "JOIN"],
    ["@x=1 :tmi.twitch.tv CLEARMSG #c :bye", "CLEARMSG"],
    [":tmi.twitch.tv SOMENEWTHING #c", "SOMENEWTHING"],
    ["1700000000123 :tmi.twitch.tv RECONNECT", "RECONNECT"],
    ["", "blank"],
    ["   ", "blank"],
  ];
  for (const [text, kind] of cases) assert.deepEqual(decode(text), { kind: "ignored", ignoredKind: kind }, text);
});

Deno.test("made-up commands cannot make kinds without bound", () => {
  const decoder = twitchDecoder();
  const kinds = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const name = "X" + String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26));
    const decoded = decoder(`:server ${name} x`);
    if (decoded.kind === "ignored") kinds.add(decoded.ignoredKind);
  }
  assert.ok(kinds.size <= 65 && kinds.has("other"), String(kinds.size));
});

Deno.test("what is no chat line is dead, with what was expected", () => {
  const cases: readonly [string, string, string][] = [
    ["hello there", "not_irc", ""],
    ['{"a":1}', "not_irc", ""],
    ["@only=tags", "not_irc", ""],
    [":nick!u@h privmsg", "not_irc", ""],
    [":a!a@a PRIVMSG #c :no tags", "schema", "tags"],
    ["@user-id=1;tmi-sent-ts=1 :a!a@a PRIVMSG #c :x", "schema", "tags.id"],
    ["@id=;user-id=1;tmi-sent-ts=1 :a!a@a PRIVMSG #c :x", "schema", "tags.id"],
    ["@id=1;tmi-sent-ts=1 :a!a@a PRIVMSG #c :x", "schema", "tags.user-id"],
    ["@id=1;user-id=1 :a!a@a PRIVMSG #c :x", "schema", "tags.tmi-sent-ts"],
    ["@id=1;user-id=1;tmi-sent-ts=soon :a!a@a PRIVMSG #c :x", "schema", "tags.tmi-sent-ts"],
    ["@id=1;user-id=1;tmi-sent-ts=9999999999999999 :a!a@a PRIVMSG #c :x", "schema", "tags.tmi-sent-ts"],
    [`@${tags} :a!a@a PRIVMSG someone :x`, "schema", "params.0"],
    [`@${tags} :a!a@a PRIVMSG #c`, "schema", "params.1"],
    [`@${tags} :a!a@a PRIVMSG`, "schema", "params.0"],
  ];
  for (const [text, reason, path] of cases) {
    const decoded = decode(text);
    assert.ok(decoded.kind === "dead", text);
    assert.deepEqual([decoded.fault.reason, decoded.fault.path], [reason, path], text);
    assert.match(decoded.fault.message, /expected/, text);
    assert.equal(decoded.contract.topic, "events.chat");
  }
});

Deno.test("the decoder throws for no text", () => {
  const decoder = twitchDecoder();
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
    decoder(text);
    decoder(line(";emotes=" + text, text));
    decoder("@" + text + ";" + tags + " :a!a@a PRIVMSG #c :x");
  }));
});
