/**
 * Calls as a user makes them: what stands on stdout, what on stderr, and the exit code. Every failure is one line of
 * cause and one of fix.
 */
import assert from "node:assert/strict";
import { inTempFolder } from "../support/temp_folder.ts";
import { type Finished, projectRoot, tidemark } from "../support/tidemark.ts";

/** Asserts a failure of two lines, after what was said before. */
function assertFailure(
  { code, stdout, stderr }: Finished,
  expected: { code: number; cause: RegExp; fix: RegExp },
): void {
  const [cause = "", fix = ""] = stderr.trimEnd().split("\n").slice(-2);
  assert.match(cause, /^error: /, stderr);
  assert.match(cause, expected.cause);
  assert.match(fix, /^ {2}fix: /, stderr);
  assert.match(fix, expected.fix);
  assert.equal(code, expected.code, stderr);
  assert.equal(stdout, "");
  assert.ok(!/\n {4}at /.test(stderr), "a stack comes only with --debug");
}

const TOKEN = "a-token-that-nobody-may-see";

Deno.test("config: every variable with its origin, secrets masked, and where the stores lie", async () => {
  const { code, stdout, stderr } = await tidemark(["config", "--data-dir", "/tmp/elsewhere"], {
    TIDEMARK_TOKEN: TOKEN,
    PORT: "9123",
  });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^PORT +9123 {2}\(environment; /m);
  assert.match(stdout, /^HOST +127\.0\.0\.1 {2}\(default; /m);
  assert.match(stdout, /^TIDEMARK_TOKEN +\*{8} {2}\(environment; /m);
  assert.match(stdout, /^event log +embedded: \/tmp\/elsewhere\/log\.db$/m);
  assert.ok(!(stdout + stderr).includes(TOKEN));
});

Deno.test("config: everything that is wrong is told at once, with exit code 2", async () => {
  const wrong = { PORT: "eighty", LOG_SIZE_MB_MAX: "1", TIDEMARK_TOKEN: "short", REDIS_URL: "http://:secret@host" };
  for (const args of [["config"], ["config", "--json"]]) {
    const { code, stdout, stderr } = await tidemark(args, wrong);
    assert.equal(code, 2);
    assert.match(stderr, /error: PORT is "eighty"\n {2}fix: set it to a whole number from 0 to 65535\n/);
    assert.match(stderr, /error: LOG_SIZE_MB_MAX is "1"\n {2}fix: /);
    assert.match(stderr, /error: TIDEMARK_TOKEN is "\*{8}"\n {2}fix: set it to at least 16 characters\n/);
    assert.match(stderr, /error: REDIS_URL is "\*{8}"\n {2}fix: set it to redis:/);
    assert.ok(!/secret|short\b/.test(stdout + stderr), stdout + stderr);
  }
});

Deno.test("config --json is one line of JSON with the same content", async () => {
  const { stdout } = await tidemark(["config", "--json"], { PORT: "9123", TIDEMARK_TOKEN: TOKEN });
  const { settings, faults, dataDir } = JSON.parse(stdout);
  assert.deepEqual(faults, []);
  assert.match(dataDir, /^\//);
  const port = settings.find(({ variable }: { variable: string }) => variable === "PORT");
  assert.deepEqual([port.value, port.origin], ["9123", "environment"]);
  assert.ok(!stdout.includes(TOKEN));
});

Deno.test("a command other than config refuses to work with a wrong variable, and names each of them", async () => {
  const outcome = await tidemark(["export", "anomalies", "--to", "/tmp/never.csv"], { PORT: "x", HOST: "0.0.0.0" });
  assertFailure(outcome, { code: 2, cause: /PORT=x, TIDEMARK_TOKEN=$/, fix: /PORT: expected .*; TIDEMARK_TOKEN: / });
});

Deno.test(".env of the folder that the task runs in is read, and real variables win", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/.env`, 'PORT=9001\nTOPIC_PREFIX="from file"\nBINANCE_SYMBOLS=SOLUSDT # one\n');
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", `${projectRoot}deno.json`, `${projectRoot}main.ts`, "config", "--json"],
      cwd: folder,
      env: { PORT: "9002" },
    }).output();
    const { settings, faults } = JSON.parse(new TextDecoder().decode(stdout));
    const of = (name: string) => settings.find(({ variable }: { variable: string }) => variable === name);
    assert.deepEqual([of("PORT").value, of("PORT").origin], ["9002", "environment"]);
    assert.deepEqual([of("BINANCE_SYMBOLS").value, of("BINANCE_SYMBOLS").origin], ["SOLUSDT", ".env"]);
    assert.deepEqual(faults.map(({ variable }: { variable: string }) => variable), ["TOPIC_PREFIX"]);
  }));

Deno.test("a .env line that is no variable stops a command, and config tells it with what is wrong besides", () =>
  inTempFolder(async (folder) => {
    const files: readonly (readonly [Uint8Array | string, RegExp])[] = [
      [
        "HOST=::1\nTIDEMARK_TOKEN: a-secret\nLOG_SIZE_MB_MAX=1\n",
        /\.env line 2=\*{8}, LOG_SIZE_MB_MAX=1\n.*NAME=value/,
      ],
      [new Uint8Array(new Uint16Array([0xfeff, 80, 61, 49]).buffer), /\.env=\*{8}\n.*UTF-8/],
    ];
    for (const [content, refusal] of files) {
      await Deno.writeFile(`${folder}/.env`, typeof content === "string" ? new TextEncoder().encode(content) : content);
      const run = async (...args: string[]) => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--config", `${projectRoot}deno.json`, `${projectRoot}main.ts`, ...args],
          cwd: folder,
        }).output();
        return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
      };
      const refused = await run("export", "anomalies", "--to", `${folder}/never.csv`);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, refusal);
      const config = await run("config");
      assert.equal(config.code, 2);
      assert.match(config.stderr, /^error: \.env/);
      assert.match(config.stdout, /^PORT +8000/m);
      assert.ok(!(config.stderr + refused.stderr).includes("a-secret"));
    }
  }));

Deno.test("an unknown command is refused with the list of commands", async () => {
  assertFailure(await tidemark(["repaly"]), {
    code: 2,
    cause: /Cannot run "repaly": there is no such command/,
    fix: /dev, ingest, process, serve, replay, .*export, /,
  });
});

Deno.test("help lists the commands and is no failure; a call without a command is one", async () => {
  for (const [args, expected] of [[["help"], 0], [["--help"], 0], [["-h"], 0], [[], 2]] as const) {
    const { code, stderr } = await tidemark(args);
    assert.equal(code, expected);
    assert.match(stderr, /^tidemark dev .*\ntidemark ingest .*\n(.*\n)*tidemark replay /);
  }
});

Deno.test("--help and -h after a command print how it is called, and run nothing", () =>
  inTempFolder(async (folder) => {
    for (const args of [["dev", "--help"], ["replay", "x.gz", "-h", "--source", "chat"], ["config", "-h"]]) {
      const { code, stdout, stderr } = await tidemark([...args, "--data-dir", `${folder}/data`]);
      assert.deepEqual([code, stdout, stderr.split("\n").length], [0, "", 2], stderr);
      assert.ok(stderr.startsWith(`tidemark ${args[0]} `), stderr);
    }
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound);
  }));

Deno.test("surplus words, and a source named twice, are refused before anything is opened", () =>
  inTempFolder(async (folder) => {
    const data = ["--data-dir", `${folder}/data`];
    for (const args of [["dev", "extra"], ["config", "extra", "words"], ["ingest", "twitch"], ["serve", "8000"]]) {
      assertFailure(await tidemark([...args, ...data]), {
        code: 2,
        cause: new RegExp(`Cannot read the call of ${args[0]}: "${args[1]}" stands without an option`),
        fix: /leave it out; the options of/,
      });
    }
    for (const command of ["dev", "ingest"]) {
      assertFailure(await tidemark([command, "--source", "mock_chat, mock_trades,mock_chat", ...data]), {
        code: 2,
        cause: /Cannot run source mock_chat twice/,
        fix: /name each source once/,
      });
    }
    await assert.rejects(Deno.stat(`${folder}/data`), Deno.errors.NotFound);
  }));

Deno.test("decode: events as JSONL on stdout, dead lines on stderr, and nothing for what yields no event", () =>
  inTempFolder(async (folder) => {
    const tags = "id=m-1;tmi-sent-ts=1700000000123;user-id=77;display-name=Ada";
    await Deno.writeTextFile(
      `${folder}/chat.txt`,
      `@${tags} :ada!a@a PRIVMSG #demo :Kappa hi\nPING :x\nrubbish\n@${tags} :ada!a@a PRIVMSG #demo :second\n`,
    );
    const { code, stdout, stderr } = await tidemark(["decode", `${folder}/chat.txt`, "--source", "twitch"]);
    assert.equal(code, 0, stderr);
    const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(events.map(({ message, timestamp }) => [message, timestamp]), [
      ["Kappa hi", "2023-11-14T22:13:20.123Z"],
      ["second", "2023-11-14T22:13:20.123Z"],
    ]);
    const dead = stderr.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(dead.map(({ reason, origin, raw }) => [reason, origin, raw]), [
      ["not_irc", "chat.txt:3", "rubbish"],
    ]);
  }));

Deno.test("decode without a file or a source says how it is called", async () => {
  for (const args of [["decode"], ["decode", "x.txt"], ["decode", "a", "b", "--source", "chat"]]) {
    assertFailure(await tidemark(args), {
      code: 2,
      cause: /one file and a source are needed/,
      fix: /decode FILE --source/,
    });
  }
});

Deno.test("a wrong port, and a source that only reads recordings, are told before anything is opened", () =>
  inTempFolder(async (folder) => {
    const data = `${folder}/data`;
    const dev = (...more: string[]) => tidemark(["dev", "--data-dir", data, ...more]);
    assertFailure(await dev("--port", "70000"), { code: 2, cause: /--port is "70000"/, fix: /0 to 65535/ });
    assertFailure(await dev("--source", "trades"), {
      code: 2,
      cause: /it reads recorded input only/,
      fix: /twitch, binance, .*mock_chat/,
    });
    await assert.rejects(Deno.stat(data), Deno.errors.NotFound);
  }));

Deno.test("a stack is shown with --debug only", async () => {
  const { code, stderr } = await tidemark(["decode", "--debug"]);
  assert.equal(code, 2);
  assert.match(stderr, /\n {4}at /);
});
