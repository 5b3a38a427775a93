import assert from "node:assert/strict";
import fc from "fast-check";
import { chatEvents } from "../../core/events/chat.ts";
import { checkEvent, isFault } from "../../core/events/contract.ts";
import type { Decoded } from "../../ingest/source.ts";
import { bars } from "../../ingest/sources/bars.ts";
import { faultPosition } from "../../ingest/sources/json_position.ts";
import { chat } from "../../ingest/sources/chat.ts";
import { trades } from "../../ingest/sources/trades.ts";

const decode = (line: string) => chat.recorded!.decoder("lines")(line);

Deno.test("a JSON line is decoded and its text is kept as it is", () => {
  const text = '{"event_id":"1", "source":"t","username":"n","emotes":[],"n":1.10,"big":12345678901234567890}';
  const decoded = decode(` \t${text}\r\n`);
  assert.ok(decoded.kind === "events");
  assert.equal(decoded.events.length, 1);
  assert.equal(decoded.events[0]!.text, text);
  assert.deepEqual(decoded.events[0]!.value, JSON.parse(text));
  assert.equal(decoded.events[0]!.contract.topic, "events.chat");
});

Deno.test("what a JSON line lacks and can be made is made as for a row of a table, and no digit of the line changes", () => {
  const file = { name: "f", fingerprint: "0123456789abcdef0123", mapping: null };
  const json = chat.recorded!.decoder("lines", file);
  const eventOf = (decoded: Decoded) => (decoded.kind === "events" ? decoded.events[0]! : undefined);
  const text = '{"timestamp":"2024-08-08T23:54:00Z","stream_id":"c","user_id":"u","message":"hi Kappa","big":1.10}';
  json(text, 1);
  const { value, text: kept } = eventOf(json(text, 2))!;
  assert.equal(
    kept,
    text.slice(0, -1) + ',"event_id":"0123456789abcdef:2","source":"chat","username":"u","emotes":["Kappa"]}',
  );
  assert.deepEqual(value, JSON.parse(kept!));
  assert.ok(!isFault(checkEvent(chatEvents, { value, appendTimeMs: Date.UTC(2026, 0, 1) })));
  const csv = chat.recorded!.decoder("csv", file);
  csv("timestamp,stream_id,user_id,message");
  const { big: _, ...row } = value as Record<string, unknown>;
  assert.deepEqual(eventOf(csv("2024-08-08T23:54:00Z,c,u,hi Kappa", 2))!.value, row);
  const { text: bare } = eventOf(json("{ }", 3))!;
  assert.deepEqual(JSON.parse(bare!), { event_id: "0123456789abcdef:3", source: "chat", emotes: [] });
});

Deno.test("what a JSON line has and is wrong is not made anew", () => {
  const good = { timestamp: "2024-08-08T23:54:00Z", stream_id: "c", user_id: "u", message: "hi" };
  for (const [name, wrong] of [["event_id", null], ["event_id", 7], ["source", ""], ["emotes", "Kappa"]] as const) {
    const decoded = decode(JSON.stringify({ ...good, [name]: wrong }));
    assert.ok(decoded.kind === "events");
    const { value } = decoded.events[0]!;
    const fault = checkEvent(chatEvents, { value, appendTimeMs: Date.UTC(2026, 0, 1) });
    assert.equal(isFault(fault) && fault.path, name);
  }
});

Deno.test("an id is made of texts and numbers only, whatever stands in their place", () => {
  for (const source of [trades, bars]) {
    const odd = { symbol: { toString: 1 }, trade_id: [{ toString: 1 }], interval: null };
    assert.equal(source.recorded!.decoder("lines")(JSON.stringify(odd)).kind, "events");
  }
});

Deno.test("the trades source decodes for its own topic", () => {
  const decoded = trades.recorded!.decoder("lines")("{}");
  assert.equal(decoded.kind === "events" && decoded.events[0]!.contract.topic, "market.trades");
});

Deno.test("a blank line is ignored", () => {
  for (const line of ["", "  ", "\r", "\ufeff"]) {
    assert.deepEqual(decode(line), { kind: "ignored", ignoredKind: "blank" });
  }
});

Deno.test("what is no JSON object is dead, and says where it breaks off", () => {
  const cases: readonly [string, string, RegExp][] = [
    ["hello", "not_json", /unexpected "h" at position 0/],
    ['{"a":NaN}', "not_json", /unexpected "N" at position 5/],
    ['{"a":1', "not_json", /ends too early, at position 6/],
    ['{"a":1}{"b":2}', "not_json", /unexpected "{" at position 7/],
    ["{'a':1}", "not_json", /unexpected "'" at position 1/],
    ['{"a":1,}', "not_json", /unexpected "}" at position 7/],
    ['{"a":"\\x"}', "not_json", /unexpected "x" at position 7/],
    ['{"a":"🔥",🔥}', "not_json", /unexpected "🔥" at position 10/],
    ["[1]", "schema", /found an array/],
    ["null", "schema", /found null/],
    ['"text"', "schema", /found "text"/],
    ["12", "schema", /found 12/],
    [`{"a":"${"x".repeat(1_048_576)}"}`, "too_large", /1048576/],
  ];
  for (const [line, reason, message] of cases) {
    const decoded = decode(line);
    assert.ok(decoded.kind === "dead", line.slice(0, 40));
    assert.deepEqual([decoded.fault.reason, decoded.fault.path], [reason, ""]);
    assert.match(decoded.fault.message, message);
    assert.ok(decoded.fault.message.length < 200);
  }
});

Deno.test("a line of exactly 1 Mi units is still read", () => {
  const shell = '{"a":""}';
  assert.equal(decode(`{"a":"${"x".repeat(1_048_576 - shell.length)}"}`).kind, "events");
});

Deno.test("brackets of any depth are no trouble", () => {
  assert.equal(decode('{"a":' + "[".repeat(300_000)).kind, "dead");
});

Deno.test("the position of a fault is the token that the engine names, where it names one", () => {
  const mutated = fc.tuple(
    fc.json({ maxDepth: 3 }),
    fc.nat(60),
    fc.constantFrom("", '"', "{", "]", ",", "x", "1", "\\", "\t"),
  );
  fc.assert(
    fc.property(mutated, ([json, at, insert]) => {
      const text = json.slice(0, at) + insert + json.slice(at + 1);
      try {
        JSON.parse(text);
      } catch (error) {
        const named = /at position (\d+)/.exec((error as Error).message)?.[1];
        const found = faultPosition(text);
        assert.ok(found >= 0 && found <= text.length);
        // Within a number or a literal ours is where the last whole one ended, the engine's may be some signs further.
        if (named !== undefined) {
          assert.match(text.slice(found, Number(named)), /^[-+.\w]*$/, `${JSON.stringify(text)}: ${error}`);
          assert.ok(found <= Number(named));
        }
      }
    }),
    { numRuns: 2_000 },
  );
});
