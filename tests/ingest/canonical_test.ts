import assert from "node:assert/strict";
import fc from "fast-check";
import { faultPosition } from "../../ingest/sources/json_position.ts";
import { chat } from "../../ingest/sources/chat.ts";
import { trades } from "../../ingest/sources/trades.ts";

const decode = (line: string) => chat.recorded!.decoder("lines")(line);

Deno.test("a JSON line is decoded and its text is kept as it is", () => {
  const text = '{"event_id":"1", "n":1.10,"big":12345678901234567890}';
  const decoded = decode(` \t${text}\r\n`);
  assert.ok(decoded.kind === "events");
  assert.equal(decoded.events.length, 1);
  assert.equal(decoded.events[0]!.text, text);
  assert.deepEqual(decoded.events[0]!.value, JSON.parse(text));
  assert.equal(decoded.events[0]!.contract.topic, "events.chat");
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
