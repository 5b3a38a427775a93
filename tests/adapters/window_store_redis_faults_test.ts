/** What befalls a Redis server and the way to it, and what becomes of open windows. */
import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { partKeys } from "../../adapters/window_store_redis_layout.ts";
import { commitScript } from "../../adapters/window_store_redis_scripts.ts";
import type { RedisWindowStore } from "../../adapters/window_store_redis.ts";
import { UserError } from "../../core/errors.ts";
import type { WindowChange } from "../../core/ports.ts";
import {
  configThrough,
  inOrder,
  manySlices,
  windowChange,
  windowStoreOn,
  type WindowStoreSettings,
} from "../support/redis_kit.ts";
import { missingRedisServer, type RedisTestServer, startRedis } from "../support/services/redis.ts";
import { pause } from "../support/services/service.ts";
import { startTcpProxy, type TcpProxy } from "../support/services/tcp_proxy.ts";

const missing = missingRedisServer();

let server: RedisTestServer;
if (missing === null) {
  Deno.test.beforeAll(async () => {
    server = await startRedis({ aof: true });
  });
  Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
}

const test = (sentence: string, fn: () => Promise<void>) =>
  Deno.test({
    name: `redis window store: ${sentence}${missing === null ? "" : ` (skipped: ${missing})`}`,
    ignore: missing !== null,
    fn,
  });

/** A store by way of a relay; `direct` sees the same state without it. */
async function throughProxy(
  body: (at: { store: RedisWindowStore; direct: RedisWindowStore; proxy: TcpProxy; prefix: string }) => Promise<void>,
  settings: WindowStoreSettings = {},
): Promise<void> {
  const prefix = `test-${crypto.randomUUID()}`;
  const { port } = server.config().server;
  await using proxy = startTcpProxy(port);
  await using direct = await windowStoreOn(server, { ...settings, prefix });
  await using store = await windowStoreOn(server, { prefix, ...settings, config: configThrough(server, proxy.port) });
  await body({ store, direct, proxy, prefix });
}

/** Slices of one commit. */
const small = (state: string) => ({ changed: manySlices(20, state) });
const stateOf = async (store: RedisWindowStore) => {
  const state = await store.load("p", 0);
  return state && { nextOffset: state.nextOffset, slices: inOrder(state.slices) };
};

/** Scripts of five slices: a change of 20 is staged in four. */
const five = { slicesMax: 5, unitsMax: 10_000 };

const kinds: readonly [kind: string, settings: WindowStoreSettings, fromOffset: number | null][] = [
  ["a delta", {}, 10],
  ["a snapshot", {}, null],
  ["a staged delta", { limits: five }, 10],
  ["a staged snapshot", { limits: five }, null],
];

for (const verdict of ["cut", "cut_answer"] as const) {
  const when = verdict === "cut" ? "before Redis gets" : "after Redis got";
  test(`a connection cut ${when} any message of a commit changes no outcome`, async () => {
    for (const [kind, settings, fromOffset] of kinds) {
      let cuts = 0;
      for (let place = 0, reached = true; reached; place++) {
        reached = false;
        await throughProxy(async ({ store, direct, proxy }) => {
          assert.equal(await store.commit("p", 0, windowChange(small('"old"'))), "committed");
          let messages = 0;
          proxy.judge = () => {
            if (messages++ !== place) return "pass";
            reached = true;
            cuts++;
            return verdict;
          };
          const change = windowChange({ fromOffset, nextOffset: 11, ...small('"new"') });
          assert.equal(await store.commit("p", 0, change), "committed", `${kind}, message ${place}`);
          const expected = { nextOffset: 11, slices: inOrder(small('"new"').changed) };
          assert.deepEqual(await stateOf(direct), expected, `${kind}, message ${place}`);
          const next = windowChange({ fromOffset: 11, nextOffset: 12, dropped: manySlices(19, "") });
          assert.equal(await store.commit("p", 0, next), "committed", `${kind}, message ${place}, the next`);
          assert.deepEqual((await stateOf(direct))?.slices, manySlices(20, '"new"').slice(19));
        }, settings);
      }
      // A staged commit has more messages to lose; the last round cut none.
      assert.ok(cuts >= ("limits" in settings ? 5 : 1), `${kind}: ${cuts} cuts`);
    }
  });
}

test("a repeat that finds a new owner is fenced, though its first try was written", () =>
  throughProxy(async ({ store, direct, proxy }) => {
    await store.claim("p", 0, 1);
    await store.commit("p", 0, windowChange(small('"old"')));
    proxy.judge = () => {
      proxy.refusing = true;
      return "cut_answer";
    };
    const outcome = store.commit("p", 0, windowChange({ fromOffset: 10, nextOffset: 11, ...small('"new"') }));
    await pause(100);
    assert.equal(await direct.claim("p", 0, 2), true);
    proxy.judge = () => "pass";
    proxy.refusing = false;
    assert.equal(await outcome, "fenced");
    assert.equal((await direct.load("p", 0))?.nextOffset, 11);
  }));

test("a change on the right offset of somebody else's state has diverged", async () => {
  const prefix = `test-${crypto.randomUUID()}`;
  await using store = await windowStoreOn(server, { prefix });
  await using zombie = await windowStoreOn(server, { prefix });
  await store.commit("p", 0, windowChange(small('"mine"')));
  await zombie.commit("p", 0, windowChange(small('"theirs"')));
  const delta = windowChange({ fromOffset: 10, nextOffset: 11 });
  assert.equal(await store.commit("p", 0, delta), "diverged");
  assert.equal(await store.commit("p", 0, { ...delta, fromOffset: null, ...small('"mine"') }), "committed");
  assert.equal((await store.open("p"))[0]?.state, '"mine"');
  // Who has loaded it builds on it.
  await zombie.load("p", 0);
  assert.equal(await zombie.commit("p", 0, windowChange({ fromOffset: 11, nextOffset: 12 })), "committed");
});

/** Keys below a prefix, without it. */
async function keysBelow(prefix: string): Promise<string[]> {
  const keys = await server.command("KEYS", `${prefix}:*`) as string[];
  return keys.map((key) => key.slice(prefix.length + 1)).toSorted();
}

const tidy = ["windows:p:partitions", "windows:{p:0}:keys", "windows:{p:0}:meta", "windows:{p:0}:slices"];

test("what an owner that died had staged is not seen, and goes when the next one claims", () =>
  throughProxy(async ({ store, direct, proxy, prefix }) => {
    await store.commit("p", 0, windowChange({ changed: manySlices(4, '"old"') }));
    let messages = 0;
    proxy.judge = () => {
      if (++messages < 4) return "pass";
      proxy.refusing = true;
      return "cut";
    };
    const dying = store.commit("p", 0, windowChange({ fromOffset: 10, nextOffset: 11, ...small('"new"') }));
    await pause(100);
    await store[Symbol.asyncDispose]();
    await assert.rejects(dying, /closed/);
    assert.deepEqual(await keysBelow(prefix), [
      ...tidy.slice(0, 2),
      "windows:{p:0}:keys:1:11:2",
      ...tidy.slice(2),
      "windows:{p:0}:slices:1:11:2",
    ]);
    assert.deepEqual(await stateOf(direct), { nextOffset: 10, slices: inOrder(manySlices(4, '"old"')) });
    assert.equal(await direct.claim("p", 0, 2), true);
    assert.deepEqual(await keysBelow(prefix), tidy);
  }, { limits: five }));

test("a switch by an owner that died right after it holds for readers and for the next owner", () =>
  throughProxy(async ({ store, direct, proxy, prefix }) => {
    const old = manySlices(30, '"old"');
    await store.commit("p", 0, windowChange({ changed: old }));
    // The script that moves what was switched is the only one to pick at random, and is sent whole the first time.
    await server.command("SCRIPT", "FLUSH");
    proxy.judge = (bytes) => {
      if (!new TextDecoder().decode(bytes).includes("HRANDFIELD")) return "pass";
      proxy.refusing = true;
      return "cut";
    };
    const change = windowChange({
      fromOffset: 10,
      nextOffset: 11,
      changed: manySlices(20, '"new"'),
      dropped: old.slice(25),
    });
    const dying = store.commit("p", 0, change);
    await pause(200);
    await store[Symbol.asyncDispose]();
    await assert.rejects(dying, /closed/);
    assert.ok((await keysBelow(prefix)).includes("windows:{p:0}:slices:1:11:2"));

    const expected = inOrder([...manySlices(20, '"new"'), ...old.slice(20, 25)]);
    assert.deepEqual(await stateOf(direct), { nextOffset: 11, slices: expected });
    assert.deepEqual(inOrder(await direct.open("p")), expected);
    for (const key of ["k0", "k3", "k6"]) {
      assert.deepEqual(inOrder(await direct.open("p", key)), expected.filter((slice) => slice.key === key));
    }
    await direct.claim("p", 0, 2);
    const next = windowChange({ epoch: 2, fromOffset: 11, nextOffset: 12, dropped: old.slice(0, 1) });
    assert.equal(await direct.commit("p", 0, next), "committed");
    assert.deepEqual(inOrder((await direct.load("p", 0))!.slices), expected.slice(1));
    assert.deepEqual(inOrder(await direct.open("p", "k0")), expected.slice(1).filter((slice) => slice.key === "k0"));
    assert.deepEqual(await keysBelow(prefix), tidy);
  }, { limits: five }));

test("after FLUSHALL a delta has diverged, a snapshot and a claim work, also in the middle of a staging", () =>
  throughProxy(async ({ store, direct, proxy, prefix }) => {
    await store.claim("p", 0, 3);
    const change = (rest: Partial<WindowChange>) => windowChange({ epoch: 3, ...small('"s"'), ...rest });
    await store.commit("p", 0, change({}));
    await server.command("FLUSHALL");
    assert.equal(await store.load("p", 0), null);
    assert.equal(await store.commit("p", 0, change({ fromOffset: 10, nextOffset: 11 })), "diverged");
    assert.equal(await store.commit("p", 0, change({ nextOffset: 11 })), "committed");
    assert.equal((await store.open("p")).length, 20);
    await server.command("FLUSHALL");
    assert.equal(await direct.claim("p", 0, 4), true);
    assert.equal(await store.commit("p", 0, change({ nextOffset: 12 })), "fenced");
    assert.equal(await direct.commit("p", 0, change({ epoch: 4, nextOffset: 12 })), "committed");

    let messages = 0;
    let flushed: Promise<unknown> = Promise.resolve();
    await store.load("p", 0);
    proxy.judge = () => {
      if (++messages === 4) {
        flushed = server.command("FLUSHALL");
        return "cut"; // the same message comes again, after the flush
      }
      return "pass";
    };
    assert.equal(await store.commit("p", 0, change({ epoch: 4, nextOffset: 13 })), "committed");
    await flushed;
    assert.equal(store.counts.stagingsLost, 1);
    assert.equal((await stateOf(direct))?.slices.length, 20);
    assert.deepEqual((await keysBelow(prefix)).slice(1), tidy.slice(1));
  }, { limits: five }));

test("a staging of which Redis lost a part is not switched, but begun anew", () =>
  throughProxy(async ({ store, direct, proxy, prefix }) => {
    let messages = 0;
    let lost: Promise<unknown> = Promise.resolve();
    proxy.judge = () => {
      if (++messages !== 5) return "pass";
      // As by a restart without the last second; the message itself comes again after it.
      lost = server.command("HDEL", `${prefix}:windows:{p:0}:slices:1:10:1`, "0|k1");
      return "cut";
    };
    assert.equal(await store.commit("p", 0, windowChange(small('"s"'))), "committed");
    assert.equal(await lost, 1);
    assert.equal(store.counts.stagingsLost, 1);
    assert.deepEqual(await stateOf(direct), { nextOffset: 10, slices: inOrder(small('"s"').changed) });
  }, { limits: five }));

test("SCRIPT FLUSH is not noticed", async () => {
  await using store = await windowStoreOn(server);
  for (let offset = 0; offset < 3; offset++) {
    const fromOffset = offset === 0 ? null : offset;
    const change = windowChange({ fromOffset, nextOffset: offset + 1, changed: manySlices(3, `${offset}`) });
    assert.equal(await store.commit("p", 0, change), "committed");
    assert.equal((await store.open("p", "k1"))[0]?.state, `${offset}`);
    await server.command("SCRIPT", "FLUSH");
  }
});

test("a commit waits while Redis is killed and started again, and says so once", async () => {
  const notes: string[] = [];
  await using store = await windowStoreOn(server, { notes });
  await store.claim("p", 0, 1);
  await store.commit("p", 0, windowChange(small('"old"')));
  await pause(1_200); // appendfsync everysec
  await server.kill();
  const [restarted, outcome] = [
    pause(1_500).then(() => server.restart()),
    await store.commit(
      "p",
      0,
      windowChange({
        fromOffset: 10,
        nextOffset: 11,
        ...small('"new"'),
      }),
    ),
  ];
  await restarted;
  assert.equal(outcome, "committed");
  assert.deepEqual(await stateOf(store), { nextOffset: 11, slices: inOrder(small('"new"').changed) });
  assert.equal(notes.length, 2, notes.join("\n"));
  assert.match(notes[0]!, /^Redis at 127\.0\.0\.1:\d+ \(windows\) is waited for for? ?up to 60 s: .*refused/i);
  assert.match(notes[1]!, /is back$/);
  assert.ok(store.counts.retries > 0 && store.counts.connections === 2);
  const { reconnects, retries, given_up } = store.troubles();
  assert.deepEqual([reconnects, retries, given_up], [1, store.counts.retries, 0], "as metrics are told");
});

test("after a loss of its last second Redis holds an earlier whole state, and the next delta has diverged", async () => {
  await using store = await windowStoreOn(server, { limits: five });
  await store.claim("p", 0, 1);
  await store.commit("p", 0, windowChange(small('"kept"')));
  const file = await server.appendedFile();
  const keptBytes = (await Deno.stat(file)).size;
  for (let offset = 10; offset < 13; offset++) {
    const change = windowChange({ fromOffset: offset, nextOffset: offset + 1, ...small(`"${offset}"`) });
    assert.equal(await store.commit("p", 0, change), "committed");
  }
  await server.kill();
  // In the middle of the staging of the second commit: each place is one that a crash may leave.
  const lostBytes = (await Deno.stat(file)).size - keptBytes;
  await Deno.truncate(file, keptBytes + Math.floor(lostBytes / 2));
  await server.restart();

  const found = await stateOf(store);
  const state = new Map([[10, '"kept"'], [11, '"10"'], [12, '"11"']]).get(found!.nextOffset);
  assert.deepEqual(found?.slices, inOrder(small(state!).changed));
  const next = windowChange({ fromOffset: 13, nextOffset: 14, ...small('"next"') });
  assert.equal(await store.commit("p", 0, next), "diverged");
  assert.equal(await store.commit("p", 0, { ...next, fromOffset: null }), "committed");
  assert.deepEqual(await stateOf(store), { nextOffset: 14, slices: inOrder(small('"next"').changed) });
});

test("a server that hangs is waited for", async () => {
  await using store = await windowStoreOn(server, { answerMsMax: 200 });
  await store.commit("p", 0, windowChange(small('"old"')));
  server.signal("SIGSTOP");
  const outcome = store.commit("p", 0, windowChange({ nextOffset: 11, ...small('"new"') }));
  await pause(900);
  server.signal("SIGCONT");
  assert.equal(await outcome, "committed");
  const next = windowChange({ fromOffset: 11, nextOffset: 12, changed: manySlices(1, '"next"') });
  assert.equal(await store.commit("p", 0, next), "committed");
  assert.equal((await stateOf(store))?.nextOffset, 12);
  assert.ok(store.counts.retries >= 2, `${store.counts.retries} retries`);
});

test("a server that takes no writes for a while is waited for: full, or a replica", async () => {
  await using store = await windowStoreOn(server);
  await store.commit("p", 0, windowChange(small('"old"')));
  const states: readonly [begin: string[], end: string[]][] = [
    [["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
    [["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
  ];
  for (const [i, [[begin = "", ...more], [end = "", ...rest]]] of states.entries()) {
    await server.command(begin, ...more);
    const change = windowChange({ fromOffset: 10 + i, nextOffset: 11 + i, ...small(`"${i}"`) });
    const outcome = store.commit("p", 0, change);
    await pause(300);
    const { retries } = store.counts;
    await server.command(end, ...rest);
    assert.equal(await outcome, "committed");
    assert.ok(retries > i, `${retries} retries`);
  }
  await server.command("CONFIG", "SET", "maxmemory", "1");
  await using hasty = await windowStoreOn(server, { awayMsMax: 200 });
  await assert.rejects(hasty.claim("p", 0, 1), (error) => {
    assert.ok(error instanceof UserError && /OOM/.test(error.message) && /raise maxmemory/.test(error.fix));
    return true;
  });
  await server.command("CONFIG", "SET", "maxmemory", "0");
});

test("a snapshot that comes late, over a connection long given up, changes nothing", async () => {
  const prefix = `test-${crypto.randomUUID()}`;
  await using store = await windowStoreOn(server, { prefix });
  await store.commit("p", 0, windowChange(small('"first"')));
  await store.commit("p", 0, windowChange({ fromOffset: 10, nextOffset: 11, ...small('"second"') }));
  const { meta, slices, keys } = partKeys(prefix, "p", 0);
  const writer = String(await server.command("HGET", meta, "writer"));
  const late = ["1", "", "", writer, 1, 10, "i", 1, "[]", "k0", 1, 0, '"first"'];
  const { host, port } = server.config().server;
  const redis = new Redis({ host, port });
  assert.equal(await commitScript.run(redis, [meta, slices, keys], late), "diverged");
  await redis.quit();
  assert.deepEqual(await stateOf(store), { nextOffset: 11, slices: inOrder(small('"second"').changed) });
});

test("a server that stays away is given up after the stated time, with the fix", () =>
  throughProxy(async ({ store, proxy }) => {
    proxy.refusing = true;
    proxy.cutAll();
    await assert.rejects(store.commit("p", 0, windowChange()), (error) => {
      assert.ok(error instanceof UserError && error.code === "unavailable");
      assert.match(error.message, /^Cannot commit p\/0 on Redis at 127\.0\.0\.1:\d+/);
      assert.match(error.fix, /start the server, or mend REDIS_URL/);
      return true;
    });
    assert.equal(store.counts.givenUp, 1);
  }, { awayMsMax: 400 }));
