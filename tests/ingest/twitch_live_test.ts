/**
 * The live source against a server that cuts, stalls, repeats, refuses and reconnects: every line that reached the socket
 * once.
 */
import assert from "node:assert/strict";
import { UserError } from "../../core/errors.ts";
import { twitchSource } from "../../ingest/sources/twitch.ts";
import { type TwitchLiveOptions, twitchLiveOptions } from "../../ingest/sources/twitch_live.ts";
import { chatLine, FakeTwitch } from "../support/fake_twitch.ts";
import { emptyLog, type LiveRun, quickTimes, withRun } from "../support/live_run.ts";
import { inTempFolder } from "../support/temp_folder.ts";
import { sharedDataTest, sharedLines } from "./shared_data.ts";

const quick: TwitchLiveOptions = { ...twitchLiveOptions, times: quickTimes, joinMsMax: 300 };

const lines = (from: number, to: number, channel = "demo"): string[] =>
  Array.from(
    { length: to - from + 1 },
    (_, i) => chatLine({ id: `m${from + i}`, channel, message: `hello ${from + i}` }),
  );

const idsOf = (run: LiveRun): string[] => run.values("events.chat").map(({ event_id }) => event_id as string);

const range = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `m${from + i}`);

async function gives(run: LiveRun, ids: readonly string[]): Promise<void> {
  await run.until(() => idsOf(run).length >= ids.length, `${ids.length} messages`);
  assert.deepEqual(idsOf(run), ids);
}

interface Setting {
  readonly options?: Partial<TwitchLiveOptions>;
  readonly env?: Record<string, string>;
  readonly prepare?: (server: FakeTwitch) => void;
}

function liveTest(
  name: string,
  body: (server: FakeTwitch, run: LiveRun) => Promise<void>,
  { options = {}, env = {}, prepare }: Setting = {},
): void {
  Deno.test(name, async () => {
    await using server = new FakeTwitch();
    prepare?.(server);
    const source = twitchSource({ ...quick, ...options });
    await withRun(source, { env: { TWITCH_CHANNEL: "demo", ...server.environment, ...env } }, async (run) => {
      await body(server, run);
    });
  });
}

liveTest("it logs in as a guest, asks for tags, joins, and messages arrive in order", async (server, run) => {
  await server.hasJoined();
  const [cap, nick, join] = server.heard.map(({ text }) => text);
  assert.equal(cap, "CAP REQ :twitch.tv/tags twitch.tv/commands twitch.tv/membership");
  assert.match(nick!, /^NICK justinfan\d{5}$/);
  assert.equal(join, "JOIN #demo");
  server.say(lines(1, 20));
  await gives(run, range(1, 20));
  await run.until(() => run.status().state === "live", "the state live");
  assert.deepEqual([run.status().dead, run.status().failure], [0, null]);
});

liveTest("with a token it logs in by name", async (server, run) => {
  await server.hasJoined();
  assert.deepEqual(server.nicknames, ["somebody"]);
  assert.ok(server.heard.some(({ text }) => text === "PASS oauth:abcdefghij1234567890"));
  server.say(lines(1, 1));
  await gives(run, range(1, 1));
}, {
  env: { TWITCH_OAUTH_TOKEN: "oauth:abcdefghij1234567890", TWITCH_NICKNAME: "Somebody" },
  prepare: (server) => (server.token = "abcdefghij1234567890"),
});

Deno.test("a token that the server refuses ends the source with cause and fix, and is not tried again and again", async () => {
  await using server = new FakeTwitch();
  server.token = "another0000";
  const env = { TWITCH_CHANNEL: "demo", TWITCH_OAUTH_TOKEN: "abcdefghij", TWITCH_NICKNAME: "somebody" };
  await withRun(twitchSource(quick), { env: { ...env, ...server.environment } }, async (run) => {
    await assert.rejects(
      run.until(() => false, "the refusal"),
      (error) => error instanceof UserError && /Login authentication failed/.test(error.message),
    );
    const { state, failure } = run.status();
    assert.equal(state, "failed");
    assert.match(failure!, /renew TWITCH_OAUTH_TOKEN/);
    assert.equal(server.connections, 1);
  });
});

Deno.test("without a channel it is refused with the variable to set", async () => {
  await withRun(twitchSource(quick), { env: {} }, async (run) => {
    await assert.rejects(run.until(() => false, "the refusal"), /no channel is named/);
    assert.match(run.status().failure!, /set TWITCH_CHANNEL/);
  });
});

liveTest(
  "several channels share a connection; one that is absent or suspended is named and harms no other",
  async (server, run) => {
    await server.hasJoined(1, "demo");
    await server.hasJoined(1, "other");
    server.say(lines(1, 2, "other"), "other");
    server.say(lines(3, 4), "demo");
    // Channels lie in partitions of their own.
    await run.until(() => idsOf(run).length === 4, "four messages");
    assert.deepEqual(
      run.values("events.chat").map(({ stream_id }) => stream_id).sort(),
      ["demo", "demo", "other", "other"],
    );
    await run.until(() => run.status().failure !== null, "the absent channels to be named");
    assert.deepEqual([run.status().failure, run.status().state], [
      "no chat to read in nobody, banned: check the names",
      "live",
    ]);
  },
  {
    env: { TWITCH_CHANNEL: "demo,nobody,other,banned" },
    prepare: (server) => {
      server.absent.add("nobody");
      server.suspended.add("banned");
    },
  },
);

liveTest("joins keep to the allowed rate, over reconnects, too", async (server, run) => {
  await run.until(() => server.joined("c11") === 1, "twelve channels", 15_000);
  server.cut();
  await run.until(() => server.joined("c11") === 1 && server.connections === 2, "twelve channels again", 15_000);
  const joins = server.heard.filter(({ text }) => text.startsWith("JOIN")).map(({ atMs }) => atMs);
  assert.ok(joins.length >= 24, String(joins.length));
  for (let i = 5; i < joins.length; i++) {
    // The server's clock sees them a little later than they were sent.
    assert.ok(joins[i]! - joins[i - 5]! >= 150, `join ${i} came ${joins[i]! - joins[i - 5]!} ms after join ${i - 5}`);
  }
}, {
  env: { TWITCH_CHANNEL: Array.from({ length: 12 }, (_, i) => `c${i}`).join(",") },
  options: { joinBounds: { callsMax: 5, perMs: 200 }, times: { ...quickTimes, readyMsMax: 10_000 } },
});

liveTest("twenty cuts: what reached the socket counts once, and the source is back each time", async (server, run) => {
  const said: string[] = [];
  for (let cuts = 0; cuts < 20; cuts++) {
    await server.hasJoined();
    const from = cuts * 10 + 1;
    server.say(lines(from, from + 9));
    said.push(...range(from, from + 9));
    await server.sent();
    // A close is an orderly end: what was sent before it arrives.
    server.cut();
  }
  await gives(run, said);
  await run.until(() => run.status().reconnects >= 19, "nineteen reconnects");
});

liveTest(
  "RECONNECT: the successor has joined before the old connection goes, and nothing counts twice",
  async (server, run) => {
    await server.hasJoined();
    server.say(lines(1, 5));
    server.joinMs = 300;
    server.raw(":tmi.twitch.tv RECONNECT\r\n");
    await server.hasJoined(2);
    // Both connections bring these, and a removal that has no id of its own.
    server.say(lines(6, 10));
    server.say([
      "@room-id=1;target-user-id=77;ban-duration=10;tmi-sent-ts=1700000000124 :tmi.twitch.tv CLEARCHAT #demo :ada",
    ]);
    await server.hasJoined(1);
    server.say(lines(11, 12));
    await gives(run, range(1, 12));
    assert.equal(run.values("events.removals").length, 1);
    assert.deepEqual([run.status().reconnects, run.status().state], [1, "live"]);
  },
);

liveTest("a PING is answered; a socket that stalls is asked, and left when it does not answer", async (server, run) => {
  await server.hasJoined();
  server.raw("PING :tmi.twitch.tv\r\n");
  await run.until(() => server.heard.some(({ text }) => text === "PONG :tmi.twitch.tv"), "the answer");
  await run.until(() => server.heard.filter(({ text }) => text === "PING :tidemark").length >= 2, "two questions");
  assert.equal(server.connections, 1, "a quiet channel is no reason to leave");
  server.answers = false;
  await run.until(() => server.connections >= 2, "another connection");
  server.answers = true;
  await server.hasJoined();
  server.say(lines(1, 2));
  await gives(run, range(1, 2));
}, { options: { times: { ...quickTimes, silentMsMax: 150, answerMsMax: 100 } } });

liveTest("a server that refuses is tried again, and rubbish goes to dead", async (server, run) => {
  await server.hasJoined();
  server.say([...lines(1, 1), "what is this", lines(2, 2)[0]!.replace("tmi-sent-ts=1700000000123;", ""), "\u0000"]);
  server.refuses = true;
  await run.until(() => run.status().dead === 3, "three dead lines");
  server.cut();
  await run.until(() => run.status().failure !== null, "a failure to be shown");
  assert.deepEqual([run.status().state, /cannot connect/.test(run.status().failure!)], ["connecting", true]);
  server.refuses = false;
  await server.hasJoined();
  server.say(lines(3, 3));
  await gives(run, ["m1", "m3"]);
});

Deno.test("while the log is away lines are spooled and come in order afterwards, each once, over a restart, too", () =>
  inTempFolder(async (folder) => {
    await using server = new FakeTwitch();
    const log = await emptyLog();
    const setting = { env: { TWITCH_CHANNEL: "demo", ...server.environment }, log, spoolFolder: `${folder}/spool` };
    await withRun(twitchSource(quick), setting, async (run) => {
      await server.hasJoined();
      server.say(lines(1, 10));
      await gives(run, range(1, 10));
      log.refuses = true;
      server.say(lines(11, 20));
      // The records of the score go there as well.
      await run.until(() => run.status().spoolRecords >= 11, "ten lines and their score in the spool");
    });
    log.refuses = false;
    await server.hasJoined(0);
    await withRun(twitchSource(quick), { ...setting, seed: 2 }, async (run) => {
      await server.hasJoined();
      server.say(lines(21, 25));
      await gives(run, range(1, 25));
      const producers = run.records("events.chat").map(({ instance, seq }) => `${instance}:${seq}`);
      assert.equal(new Set(producers).size, 25, "each has a place of its own in a sending order");
    });
  }));

liveTest(
  "a log that is slow fills the queue to its bound; every line is in the log or counted as dropped",
  async (server, run) => {
    await server.hasJoined();
    // What it is welcomed with must not be among the lines that are counted below.
    await run.until(() => run.status().state === "live", "the state live");
    run.log.hold();
    for (let from = 1; from <= 14_000; from += 100) server.say(lines(from, from + 99));
    await run.until(() => run.status().queueDropped > 0 && run.status().queueFrames === 10_000, "the queue to be full");
    await server.sent();
    run.log.release();
    await run.until(() => idsOf(run).length + run.status().queueDropped === 14_000, "every line to be accounted for");
    const found = idsOf(run).map((id) => Number(id.slice(1)));
    assert.ok(found.length >= 10_000, String(found.length));
    assert.deepEqual(found, found.toSorted((a, b) => a - b), "what was taken in first stays in order");
    assert.equal(found[9_999], 10_000, "the newest are dropped");
    assert.equal(run.status().queueFrames, 0);
  },
);

Deno.test("a spool takes what it may; every line is in the log afterwards or counted as dropped", () =>
  inTempFolder(async (folder) => {
    await using server = new FakeTwitch();
    const env = { TWITCH_CHANNEL: "demo", SPOOL_MB_MAX: "1", ...server.environment };
    await withRun(twitchSource(quick), { env, spoolFolder: `${folder}/spool` }, async (run) => {
      await server.hasJoined();
      await run.until(() => run.status().state === "live", "the state live");
      run.log.refuses = true;
      for (let from = 1; from <= 8_000; from += 100) {
        server.say(lines(from, from + 99));
        await server.sent();
      }
      await run.until(() => run.status().spoolDropped > 0, "the spool to be full");
      assert.ok(run.status().spoolBytes <= 1_000_000, `${run.status().spoolBytes} bytes`);
      const judged = () => run.status().spoolRecords + run.status().spoolDropped;
      await run.until(() => judged() >= 8_000, "all lines to be judged");
      run.log.refuses = false;
      await run.until(() => run.status().spoolRecords === 0, "the spool to be empty", 20_000);
      // Of each batch that was dropped the record of its score was, too: at most one a batch of a hundred lines.
      const scores = idsOf(run).length + run.status().spoolDropped - 8_000;
      assert.ok(scores >= 0 && scores <= 80, String(scores));
      assert.equal(run.status().spoolBytes, 0);
      server.say(lines(8_001, 8_001));
      await run.until(() => idsOf(run).includes("m8001"), "the next line");
    });
  }));

const REAL = "chat/xqcow_raw_irc_20190915.txt.gz";

sharedDataTest(
  "the 5,000 real lines through the socket, cut and reconnected in between, each count once",
  [REAL],
  async () => {
    const real = await sharedLines(REAL);
    assert.equal(real.length, 5_000);
    await using server = new FakeTwitch();
    await withRun(twitchSource(quick), { env: { TWITCH_CHANNEL: "xqcow", ...server.environment } }, async (run) => {
      for (let at = 0; at < real.length; at += 250) {
        await run.until(() => server.joined("xqcow") > 0, "a connection");
        for (let i = at; i < at + 250; i += 10) server.say(real.slice(i, i + 10), "xqcow");
        await server.sent();
        if (at % 1_000 === 0) server.cut();
        if (at % 1_000 === 500) {
          const { connections } = server;
          server.raw(":tmi.twitch.tv RECONNECT\r\n");
          await run.until(() => server.connections > connections, "a successor");
        }
      }
      await run.until(() => run.values("events.chat").length >= 4_933, "all messages", 20_000);
      assert.equal(new Set(idsOf(run)).size, 4_933);
      assert.equal(run.values("events.chat").length, 4_933);
      // Nine subscriptions, and one message with bits.
      assert.deepEqual([run.values("events.removals").length, run.values("events.transactions").length], [58, 10]);
      assert.deepEqual([run.status().dead, run.status().queueDropped], [0, 0]);
    });
  },
);
