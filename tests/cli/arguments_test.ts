import assert from "node:assert/strict";
import { resolve } from "node:path";
import { asksForHelp, parseCall, readConfig, userPath } from "../../cli/arguments.ts";
import { UserError } from "../../core/errors.ts";

const options = { source: "string", drain: "boolean" } as const;
const parse = (...args: string[]) => parseCall(args, { command: "replay", options, words: true });

Deno.test("words, options with values and switches are told apart, wherever they stand", () => {
  const call = parse("a.gz", "--drain", "b.gz", "--source", "twitch", "--", "--odd-name");
  assert.deepEqual(call.words, ["a.gz", "b.gz", "--odd-name"]);
  assert.deepEqual([call.text("source"), call.has("drain"), call.has("debug")], ["twitch", true, false]);
});

Deno.test("--source=NAME is the same as --source NAME, and an option that is not given has no value", () => {
  assert.equal(parse("--source=chat").text("source"), "chat");
  assert.equal(parse().text("source"), undefined);
});

Deno.test("every command knows --data-dir and --debug", () => {
  const call = parse("--data-dir", "x", "--debug");
  assert.deepEqual([call.text("data-dir"), call.has("debug")], ["x", true]);
});

Deno.test("a call that cannot be read is refused in one line, with the options that there are", () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--fast"], /Unknown option '--fast'/],
    [["-x"], /Unknown option '-x'/],
    [["--source"], /'--source <value>' argument missing/],
    [["--source", "--drain"], /'--source' argument is ambiguous/],
    [["--drain=yes"], /'--drain' does not take an argument/],
  ];
  for (const [args, pattern] of cases) {
    assert.throws(() => parse(...args), (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.equal(error.exitCode, 2);
      assert.match(error.message, pattern);
      assert.match(error.message, /^Cannot read the call of replay: [^\n]+$/);
      assert.equal(error.fix, "the options of replay are: --source --drain --debug --data-dir");
      return true;
    }, args.join(" "));
  }
});

Deno.test("a word where none has a meaning is refused by name", () => {
  assert.throws(() => parseCall(["extra", "words"], { command: "dev", options }), (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    assert.equal(error.message, 'Cannot read the call of dev: "extra" stands without an option');
    assert.equal(error.fix, "leave it out; the options of dev are: --source --drain --debug --data-dir");
    return true;
  });
});

Deno.test("help is asked for by --help or -h anywhere before --", () => {
  const asking = [["--help"], ["-h"], ["file", "--source", "x", "-h"]];
  for (const args of asking) assert.ok(asksForHelp(args), args.join(" "));
  for (const args of [[], ["help"], ["--", "--help"], ["--helpful"]]) assert.ok(!asksForHelp(args), args.join(" "));
});

Deno.test("of two data folders the last one named is taken", () => {
  assert.equal(readConfig(parse("--data-dir", "/first", "--data-dir", "/second")).config.dataDir, "/second");
});

Deno.test("an empty --data-dir is refused, so that an unset variable does not lead to the project's own data", () => {
  assert.throws(() => readConfig(parse("--data-dir=")), { name: "UserError", message: /--data-dir: it is empty/ });
});

Deno.test("a path in a call is taken from the folder that the call was made in", () => {
  const before = Deno.env.get("INIT_CWD");
  try {
    Deno.env.set("INIT_CWD", "/somewhere/else");
    assert.equal(userPath("file.gz"), "/somewhere/else/file.gz");
    assert.equal(userPath("../file.gz"), "/somewhere/file.gz");
    assert.equal(userPath("/absolute"), "/absolute");
    assert.equal(readConfig(parse("--data-dir", "d")).config.dataDir, "/somewhere/else/d");
    Deno.env.delete("INIT_CWD");
    assert.equal(userPath("file.gz"), resolve("file.gz"));
  } finally {
    if (before !== undefined) Deno.env.set("INIT_CWD", before);
  }
});
