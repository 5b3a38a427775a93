import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIrc, unescapeTag } from "../../ingest/sources/twitch_irc.ts";
import { sharedDataTest, sharedPath } from "./shared_data.ts";

interface Vector {
  readonly Input: string;
  readonly Expected: {
    readonly tags?: Readonly<Record<string, string | null>>;
    readonly source?: { readonly nickname?: string; readonly username?: string; readonly host?: string };
    readonly command: string;
    readonly params?: readonly string[];
  };
}

const VECTORS = "chat/go-twitch-irc_parser_vectors.json";

sharedDataTest("the IRC parser passes every vector of go-twitch-irc", [VECTORS], () => {
  const { tests } = JSON.parse(Deno.readTextFileSync(sharedPath(VECTORS))) as { tests: Vector[] };
  assert.ok(tests.length > 25);
  for (const { Input, Expected } of tests) {
    const message = parseIrc(Input);
    assert.ok(message, Input);
    assert.deepEqual(Object.fromEntries(message.tags), Expected.tags ?? {}, Input);
    assert.equal(message.command, Expected.command, Input);
    assert.deepEqual(message.params, Expected.params ?? [], Input);
    const { nickname = "", username = "", host = "" } = Expected.source ?? {};
    assert.deepEqual(message.prefix, Expected.source && { nickname, username, host }, Input);
  }
});

Deno.test("escapes of tag values are undone", () => {
  const cases: readonly [string, string][] = [
    ["plain", "plain"],
    ["a\\sb", "a b"],
    ["a\\:b", "a;b"],
    ["a\\\\b", "a\\b"],
    ["a\\rb\\nc", "abc"],
    ["unknown\\x", "unknown\\x"],
    ["end\\", "end"],
    ["\\saround\\s", "around"],
  ];
  for (const [raw, expected] of cases) assert.equal(unescapeTag(raw), expected, raw);
});

Deno.test("a line without a command is no message", () => {
  for (const line of ["", " ", "@a=b", "@a=b ", "@a=b :nick", ":nick", ":nick "]) {
    assert.equal(parseIrc(line), undefined, line);
  }
});

Deno.test("a semicolon or equals sign behind the tags does not reach into them", () => {
  const message = parseIrc("@a :n!u@h PRIVMSG #c :x=1;y=2");
  assert.deepEqual([...message!.tags], [["a", null]]);
  assert.equal(message!.params[1], "x=1;y=2");
});

Deno.test("a message is parsed into what it was written from", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const value = fc.stringMatching(/^[a-z0-9=/,#-]{0,8}$/);
  fc.assert(fc.property(
    fc.uniqueArray(fc.tuple(word, value), { selector: ([key]) => key, maxLength: 5 }),
    word,
    fc.array(word, { maxLength: 3 }),
    fc.string({ maxLength: 30 }),
    (tags, command, params, last) => {
      const head = tags.length > 0 ? `@${tags.map((tag) => tag.join("=")).join(";")} ` : "";
      const message = parseIrc(`${head}:nick!user@host ${[command, ...params].join(" ")} :${last}`);
      assert.deepEqual([...message!.tags], tags);
      assert.deepEqual(message!.prefix, { nickname: "nick", username: "user", host: "host" });
      assert.equal(message!.command, command);
      assert.deepEqual(message!.params, [...params, last]);
    },
  ));
});

Deno.test("the parser throws for no text", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => void parseIrc(text)));
});
