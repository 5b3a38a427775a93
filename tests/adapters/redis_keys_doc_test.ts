/** The examples of docs/redis_keys.md, on a real server that holds what they speak of. */
import assert from "node:assert/strict";
import { liveFeedOn, windowChange, windowStoreOn } from "../support/redis_kit.ts";
import { missingRedisServer, startRedis } from "../support/services/redis.ts";
import { findProgram, runProgram } from "../support/services/service.ts";
import { Engine } from "../support/engine_kit.ts";
import { chat } from "../../processor/pipelines/chat.ts";
import { projectRoot } from "../support/tidemark.ts";

const missing = missingRedisServer() ?? (findProgram("redis-cli") === null ? "redis-cli is not installed" : null);

/** Commands with the output that the page promises. */
async function examples(): Promise<{ command: string; output: string }[]> {
  const page = await Deno.readTextFile(`${projectRoot}docs/redis_keys.md`);
  return [...page.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block.split(/^\$ /m).slice(1).map((example) => {
      const [command = "", ...output] = example.split("\n");
      return { command, output: output.join("\n") };
    })
  );
}

Deno.test({
  name: `every example of docs/redis_keys.md does what the page says${
    missing === null ? "" : ` (skipped: ${missing})`
  }`,
  ignore: missing !== null,
  async fn() {
    await using server = await startRedis();
    await using windowStore = await windowStoreOn(server, { prefix: "tidemark" });
    const engine = await Engine.open();
    await engine.send(
      { at: 0, key: "demo_stream", user: "ann", fields: { emotes: ["Kappa"] } },
      { at: 4, key: "demo_stream", user: "bob" },
      { at: 11, key: "demo_stream", user: "ann", id: "last", fields: { emotes: ["Kappa", "LUL"] } },
    );
    await engine.process([chat], { ports: { ...engine.ports, windowStore } });
    await using feed = await liveFeedOn(server, { prefix: "tidemark" });
    for (const revision of [1204, 1205]) {
      const values = { chat_count: revision - 1193 };
      const window_start = "2024-08-08T23:54:00.000Z";
      await feed.publish([{ channel: "chat", key: "demo_stream", window_start, generation: 0, revision, values }]);
    }
    const found = await examples();
    assert.ok(found.length >= 8, `${found.length} examples`);
    for (const { command, output } of found) {
      const here = command.replace(/^redis-cli /, `redis-cli -u ${server.url} `);
      const printed = await runProgram("sh", { args: ["-c", here] });
      const known = printed.replace(/^\d+-\d+$/gm, "<id>").replace(/^(run\n).*$/gm, "$1<run>");
      assert.equal(known, output, command);
    }
  },
});

Deno.test({
  name: `the rights that docs/redis_keys.md names are enough${missing === null ? "" : ` (skipped: ${missing})`}`,
  ignore: missing !== null,
  async fn() {
    const page = await Deno.readTextFile(`${projectRoot}docs/redis_keys.md`);
    const [, rights = "", more = ""] = /needs `(~tidemark[^`]*)`; with `([^`]*)`/.exec(page.replace(/\s+/g, " ")) ??
      [];
    assert.match(rights, /^~tidemark:\*( \+@\w+)+$/);
    await using server = await startRedis();
    for (const granted of [rights, `${rights} ${more}`]) {
      await server.command("ACL", "SETUSER", "app", "reset", "on", ">pw", ...granted.split(/\s+/));
      const config = server.config();
      const login = { ...config, server: { ...config.server, credentials: { user: "app", password: "pw" } } };
      const notes: string[] = [];
      const settings = { prefix: "tidemark", config: login, notes };
      await using store = await windowStoreOn(server, { ...settings, limits: { slicesMax: 1, unitsMax: 1_000 } });
      await using feed = await liveFeedOn(server, settings);
      assert.equal(notes.length, granted === rights ? 1 : 0, notes.join("\n"));
      const changed = [0, 1, 2].map((sliceStartMs) => ({ key: "k", sliceStartMs, state: "1" }));
      await store.claim("p", 0, 1);
      assert.equal(await store.commit("p", 0, windowChange({ changed })), "committed");
      assert.equal(await store.commit("p", 0, windowChange({ fromOffset: 10, nextOffset: 11, changed })), "committed");
      assert.equal((await store.load("p", 0))?.slices.length, 3);
      assert.equal((await store.open("p", "k")).length, 3);
      const stop = new AbortController();
      const messages = feed.subscribe({ channels: [], signal: stop.signal })[Symbol.asyncIterator]();
      await feed.publish([{ channel: "c", key: "k", window_start: "", revision: 1, values: {} }]);
      assert.equal((await messages.next()).value?.type, "update");
      stop.abort();
    }
  },
});
