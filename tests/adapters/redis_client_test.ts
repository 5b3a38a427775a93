/** Reaching a Redis server: what is refused, in which words, and what is not. */
import assert from "node:assert/strict";
import { OPERATIONS_MAX } from "../../adapters/redis_client.ts";
import { UserError } from "../../core/errors.ts";
import { configThrough, liveFeedOn, windowChange, windowStoreOn } from "../support/redis_kit.ts";
import { makeCertificate } from "../support/services/certificate.ts";
import {
  missingRedisServer,
  missingRedisTls,
  type RedisServerOptions,
  type RedisTestServer,
  startRedis,
} from "../support/services/redis.ts";
import { freePort } from "../support/services/service.ts";
import { startTcpProxy } from "../support/services/tcp_proxy.ts";
import { inTempFolder } from "../support/temp_folder.ts";

const missing = missingRedisServer();

/** A test on a server of its own. */
const test = (
  sentence: string,
  options: RedisServerOptions,
  fn: (server: RedisTestServer) => Promise<void>,
  why: string | null = missing,
) =>
  Deno.test({
    name: `redis: ${sentence}${why === null ? "" : ` (skipped: ${why})`}`,
    ignore: why !== null,
    async fn() {
      await using server = await startRedis(options);
      await fn(server);
    },
  });

/** Matches the refusal that a user reads. */
const refused = (cause: RegExp, fix: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, cause);
  assert.match(error.fix, fix);
  return true;
};

type Config = ReturnType<RedisTestServer["config"]>;

/** The same server with another login, or otherwise changed. */
const changed = (config: Config, server: Partial<Config["server"]>): Config => ({
  ...config,
  server: { ...config.server, ...server },
});

/** Fails where something is printed meanwhile. */
async function inSilence(body: () => Promise<void>): Promise<void> {
  const names = ["log", "info", "warn", "error"] as const;
  const terminal = console; // libraries print there
  const kept = names.map((name) => terminal[name]);
  const printed: unknown[] = [];
  for (const name of names) terminal[name] = (...words: unknown[]) => void printed.push(words);
  try {
    await body();
  } finally {
    names.forEach((name, i) => terminal[name] = kept[i]!);
  }
  assert.deepEqual(printed, []);
}

test("a server that may evict keys is refused with the fix", {}, async (server) => {
  for (const policy of ["allkeys-lru", "volatile-ttl"]) {
    await server.command("CONFIG", "SET", "maxmemory-policy", policy);
    const isRefused = refused(new RegExp(`maxmemory-policy is ${policy}`), /CONFIG SET maxmemory-policy noeviction/);
    await assert.rejects(windowStoreOn(server), isRefused);
    await assert.rejects(liveFeedOn(server), isRefused);
  }
  await server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
  const notes: string[] = [];
  await (await windowStoreOn(server, { notes }))[Symbol.asyncDispose]();
  assert.deepEqual(notes, []);
});

test(
  "where CONFIG is forbidden the policy is read elsewhere, or a note says that it is unknown",
  {},
  async (server) => {
    const login = async (...rights: string[]) => {
      await server.command("ACL", "SETUSER", "app", "reset", "on", ">pw", "~*", "+@all", ...rights);
      return changed(server.config(), { credentials: { user: "app", password: "pw" } });
    };
    await server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
    await assert.rejects(
      windowStoreOn(server, { config: await login("-config") }),
      refused(/allkeys-lfu/, /noeviction/),
    );
    const notes: string[] = [];
    await inSilence(async () => {
      // A user without the right to name the connection either.
      await using store = await windowStoreOn(server, { notes, config: await login("-config", "-info", "-client") });
      assert.equal(await store.commit("p", 0, windowChange()), "committed");
    });
    assert.deepEqual(notes.map((note) => note.replace(/:\d+/, ":N")), [
      "Redis at 127.0.0.1:N does not tell its maxmemory-policy: make sure that it is noeviction",
    ]);
    await server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    await using without = await windowStoreOn(server, { config: await login("-evalsha", "-eval") });
    await assert.rejects(without.claim("p", 0, 1), refused(/Cannot claim p\/0 on Redis .*NOPERM/, /that right/));
  },
);

test("a wrong login is refused at once, a needless one is none", { password: "right" }, async (server) => {
  await inSilence(async () => {
    const login = (password: string | null) =>
      changed(server.config(), { credentials: password === null ? null : { user: "default", password } });
    const began = performance.now();
    await assert.rejects(
      windowStoreOn(server, { config: login("wrong") }),
      refused(/WRONGPASS/, /password in REDIS_URL/),
    );
    await assert.rejects(windowStoreOn(server, { config: login(null) }), refused(/NOAUTH/, /redis:\/\/:password@host/));
    assert.ok(performance.now() - began < 5_000);
    await (await windowStoreOn(server))[Symbol.asyncDispose]();
    await server.command("CONFIG", "SET", "requirepass", "");
    await (await windowStoreOn(server, { config: login("needless") }))[Symbol.asyncDispose]();
  });
});

test("a database that is not there is refused, never replaced by another", {}, async (server) => {
  const config = server.config(99);
  await assert.rejects(windowStoreOn(server, { config }), refused(/DB index is out of range/, /lower number/));
  assert.equal(await server.command("DBSIZE"), 0);
});

test(
  "a certificate that nobody vouches for is refused at once",
  { tls: true, password: "pw" },
  (server) =>
    inSilence(() =>
      inTempFolder(async (folder) => {
        const fix = /REDIS_CA_FILE/;
        const began = performance.now();
        const unsigned = { ...server.config(), caFile: undefined };
        await assert.rejects(windowStoreOn(server, { config: unsigned }), refused(/certificate/i, fix));
        const foreign = { ...server.config(), caFile: (await makeCertificate(folder)).caFile };
        await assert.rejects(windowStoreOn(server, { config: foreign }), refused(/certificate/i, fix));
        const nothing = { ...server.config(), caFile: `${folder}/none.pem` };
        await assert.rejects(windowStoreOn(server, { config: nothing }), refused(/Cannot read REDIS_CA_FILE/, /PEM/));
        assert.ok(performance.now() - began < 8_000);
        const named = changed(server.config(), { host: "localhost" });
        await (await windowStoreOn(server, { config: named }))[Symbol.asyncDispose]();
      })
    ),
  missingRedisTls(),
);

test("TLS on one side only is told in the fix", { tls: true }, async (server) => {
  const plain = changed(server.config(), { tls: false });
  await assert.rejects(
    windowStoreOn(server, { config: plain, awayMsMax: 300 }),
    refused(/Cannot connect on Redis/, /TLS is off: redis:\/\//),
  );
}, missingRedisTls());

Deno.test("redis: a server that is not there is refused after the stated time", async () => {
  const server = { host: "127.0.0.1", port: freePort(), tls: false, credentials: null, database: 0 };
  const config = { server, caFile: undefined };
  const nowhere = { config: () => config } as RedisTestServer;
  await inSilence(() =>
    assert.rejects(
      windowStoreOn(nowhere, { awayMsMax: 300 }),
      refused(/Cannot connect on Redis at 127\.0\.0\.1:\d+: .*refused/i, /start the server/),
    )
  );
});

test("what waits for a server that is away is bounded, and the rest refused", {}, async (server) => {
  await using proxy = startTcpProxy(server.config().server.port);
  const through = { config: configThrough(server, proxy.port), awayMsMax: 300 };
  await using store = await windowStoreOn(server, through);
  await using feed = await liveFeedOn(server, through);
  proxy.refusing = true;
  proxy.cutAll();
  const update = { channel: "c", key: "k", window_start: "", revision: 1, values: {} };
  const reasons = async (promises: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(promises)).map((result) => result.status === "rejected" ? String(result.reason) : "done");
  const publishing = reasons(Array.from({ length: 1_003 }, () => feed.publish([update])));
  const asked = Array.from({ length: OPERATIONS_MAX + 5 }, () => store.open("p"));
  const ofStore = await reasons(asked);
  assert.equal(ofStore.filter((reason) => /operations are under way/.test(reason)).length, 5);
  assert.equal(
    ofStore.filter((reason) => /Cannot read open windows of p on Redis at/.test(reason)).length,
    OPERATIONS_MAX,
  );
  assert.equal(store.counts.refused, 5);
  assert.ok(proxy.accepted < 100, `${proxy.accepted} connections: those who wait share one attempt`);
  const ofFeed = await publishing;
  assert.equal(ofFeed.filter((reason) => /1000 publishes wait/.test(reason)).length, 3);
  assert.equal(ofFeed.filter((reason) => /Cannot publish updates on Redis/.test(reason)).length, 1_000);
});

test("a server too old for the scripts is refused", {}, async (server) => {
  // Its own word, changed on the way.
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const relaying = (async () => {
    for await (const client of listener) {
      const behind = await Deno.connect({ hostname: "127.0.0.1", port: server.config().server.port });
      const age = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(bytes, controller) {
          const text = new TextDecoder().decode(bytes).replace(/redis_version:\d/, "redis_version:6");
          controller.enqueue(new TextEncoder().encode(text));
        },
      });
      await Promise.allSettled([
        client.readable.pipeTo(behind.writable),
        behind.readable.pipeThrough(age).pipeTo(client.writable),
      ]);
    }
  })();
  const config = configThrough(server, listener.addr.port);
  await assert.rejects(windowStoreOn(server, { config }), refused(/is version 6/, /use Redis 7\.0 or later/));
  listener.close();
  await relaying;
});
