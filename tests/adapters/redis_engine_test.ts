/** The engine with its open windows on Redis: whatever befalls Redis, the rows are those of an undisturbed run. */
import assert from "node:assert/strict";
import { seconds } from "../../core/time.ts";
import { sliding } from "../../core/window.ts";
import { counting, Engine, type Sent } from "../support/engine_kit.ts";
import { liveFeedOn, windowStoreOn } from "../support/redis_kit.ts";
import { missingRedisServer, type RedisTestServer, startRedis } from "../support/services/redis.ts";
import { pause } from "../support/services/service.ts";

const missing = missingRedisServer();
const pipeline = counting({ window: sliding({ sizeMs: seconds(30), slideMs: seconds(10) }), outOfOrderness: 2 });

/** Events of five streams, part after part; some are late, more than a script's worth of slices is touched. */
function part(number: number): Sent[] {
  return Array.from({ length: 400 }, (_, i) => {
    const at = number * 100 + i / 4 - (i % 17 === 0 ? 25 : 0);
    return { at: Math.max(0, at), key: `stream ${i % 5}`, id: `${number}/${i}` };
  });
}

async function undisturbed(): Promise<string[]> {
  const engine = await Engine.open();
  for (let number = 0; number < PARTS; number++) await engine.send(...part(number));
  await engine.process([pipeline], { drains: true });
  return await engine.rows();
}

const PARTS = 6;

/** What happens to Redis between two parts, while the processor goes on. */
const mishaps: Readonly<Record<string, (server: RedisTestServer) => Promise<unknown>>> = {
  "it is flushed": (server) => server.command("FLUSHALL"),
  "it is killed and started again": async (server) => {
    await server.kill();
    await server.restart();
  },
  "it is killed and comes back without the last third of its writes": async (server) => {
    const file = await server.appendedFile();
    await server.kill();
    await Deno.truncate(file, Math.floor((await Deno.stat(file)).size * 2 / 3));
    await server.restart();
  },
  "its scripts are flushed": (server) => server.command("SCRIPT", "FLUSH"),
  "it hangs for a moment": async (server) => {
    server.signal("SIGSTOP");
    await pause(500);
    server.signal("SIGCONT");
  },
};

for (const [what, happen] of Object.entries(mishaps)) {
  Deno.test({
    name: `the engine on Redis: rows are the same though ${what}${missing === null ? "" : ` (skipped: ${missing})`}`,
    ignore: missing !== null,
    async fn() {
      await using server = await startRedis({ aof: true });
      const settings = { limits: { slicesMax: 20, unitsMax: 100_000 }, answerMsMax: 200 };
      await using windowStore = await windowStoreOn(server, settings);
      await using liveFeed = await liveFeedOn(server);
      const engine = await Engine.open();
      const options = { ports: { ...engine.ports, windowStore }, liveFeed, commitRecordsMax: 100 };
      for (let number = 0; number < PARTS; number += 2) {
        // Each turn is an owner of its own: the next one loads what this one left in Redis.
        const running = engine.start([pipeline], options);
        await engine.send(...part(number));
        await running.caughtUp();
        const happening = happen(server);
        await engine.send(...part(number + 1));
        await happening;
        await running.caughtUp();
        assert.equal(await running.stop(), null);
      }
      await engine.process([pipeline], { ...options, drains: true });
      assert.deepEqual(await engine.rows(), await undisturbed());
      assert.ok(windowStore.counts.staged > 0);
    },
  });
}
