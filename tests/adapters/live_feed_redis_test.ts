import assert from "node:assert/strict";
import type { RedisLiveFeed } from "../../adapters/live_feed_redis.ts";
import type { LiveFeed, LiveMessage, LiveUpdate } from "../../core/ports.ts";
import { liveFeedContract } from "../contracts/live_feed_contract.ts";
import { configThrough, liveFeedOn } from "../support/redis_kit.ts";
import {
  findRedis,
  missingRedis,
  missingRedisServer,
  missingRedisTls,
  type RedisTestServer,
  startRedis,
} from "../support/services/redis.ts";
import { pause, waitUntil } from "../support/services/service.ts";
import { startTcpProxy } from "../support/services/tcp_proxy.ts";

const missing = missingRedis();
const missingServer = missingRedisServer();
const missingTls = missingRedisTls();

let server: RedisTestServer;
let guarded: RedisTestServer;
/** One that may be killed. */
let own: RedisTestServer;

Deno.test.beforeAll(async () => {
  if (missing === null) server = await findRedis();
  if (missingServer === null) own = await startRedis({ aof: true });
  if (missingTls === null) guarded = await startRedis({ tls: true, password: "p@ss word/:" });
});

Deno.test.afterAll(async () => {
  for (const started of [server, own, guarded]) await started?.[Symbol.asyncDispose]();
});

if (missing === null) {
  liveFeedContract("redis live feed", async (_t, options) => {
    const feed = await liveFeedOn(server, options);
    return { feed, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
  });
} else Deno.test({ name: `redis live feed (skipped: ${missing})`, ignore: true, fn: () => {} });

if (missingTls === null) {
  liveFeedContract("redis live feed behind TLS and a password, in database 3", async (_t, options) => {
    const feed = await liveFeedOn(guarded, { ...options, config: guarded.config(3) });
    return { feed, [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose]() };
  });
} else Deno.test({ name: `redis live feed behind TLS (skipped: ${missingTls})`, ignore: true, fn: () => {} });

const skipped = (why: string | null) => (why === null ? "" : ` (skipped: ${why})`);
const test = (sentence: string, fn: () => Promise<void>) =>
  Deno.test({ name: `redis live feed: ${sentence}${skipped(missing)}`, ignore: missing !== null, fn });
const testOnOwn = (sentence: string, fn: () => Promise<void>) =>
  Deno.test({ name: `redis live feed: ${sentence}${skipped(missingServer)}`, ignore: missingServer !== null, fn });

const update = (revision: number): LiveUpdate => ({
  channel: "chat",
  key: "demo_stream",
  window_start: "2024-08-08T23:54:00.000Z",
  revision,
  values: {},
});

const updates = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => update(from + i));
const newPrefix = () => `test-${crypto.randomUUID()}`;

/**
 * A subscriber that is driven by hand; disposing ends it. One who wants what another process publishes begins after 0-0:
 * which of two connections Redis hears first is open.
 */
function subscriber(feed: LiveFeed, afterId?: string) {
  const stop = new AbortController();
  const options = { channels: [], signal: stop.signal, ...afterId === undefined ? {} : { afterId } };
  const messages = feed.subscribe(options)[Symbol.asyncIterator]();
  const take = async (count: number) => {
    const taken: LiveMessage[] = [];
    while (taken.length < count) {
      const { done, value } = await messages.next();
      assert.ok(!done, "the subscription ended");
      taken.push(value);
    }
    return taken;
  };
  return {
    take,
    revisions: async (count: number) => (await take(count)).map((m) => m.type === "gap" ? "gap" : m.update.revision),
    async [Symbol.asyncDispose]() {
      stop.abort();
      assert.ok((await messages.next()).done);
    },
  };
}

test("an id from one process resumes at another, which had not yet followed", async () => {
  const prefix = newPrefix();
  await using processor = await liveFeedOn(server, { prefix });
  await using first = await liveFeedOn(server, { prefix });
  let id: string;
  {
    await using browser = subscriber(first, "0-0");
    await processor.publish(updates(0, 5));
    id = (await browser.take(3))[2]!.id;
  }
  await processor.publish(updates(5, 1_205));
  await using second = await liveFeedOn(server, { prefix });
  await using browser = subscriber(second, id);
  assert.deepEqual(await browser.revisions(1_202), updates(3, 1_205).map(({ revision }) => revision));
});

test("updates of several processes come to all in one order", async () => {
  const prefix = newPrefix();
  await using a = await liveFeedOn(server, { prefix });
  await using b = await liveFeedOn(server, { prefix });
  await using atA = subscriber(a, "0-0");
  await using atB = subscriber(b, "0-0");
  await Promise.all([a.publish(updates(0, 600)), b.publish(updates(1_000, 1_600)), a.publish(updates(600, 700))]);
  const seen = await atA.revisions(1_300);
  assert.deepEqual(await atB.revisions(1_300), seen);
  const ofA = seen.filter((revision) => Number(revision) < 1_000);
  assert.deepEqual(ofA, updates(0, 700).map(({ revision }) => revision));
});

test("Redis keeps no more than the stated history", async () => {
  const prefix = newPrefix();
  await using feed = await liveFeedOn(server, { prefix, historyUpdatesMax: 50 });
  for (let i = 0; i < 5; i++) await feed.publish(updates(0, 70));
  assert.equal(await server.command("XLEN", `${prefix}:live`), 50);
});

test("a subscription begins when it is made, and closing the feed ends it", async () => {
  const feed = await liveFeedOn(server);
  const messages = feed.subscribe({ channels: [], signal: new AbortController().signal })[Symbol.asyncIterator]();
  await feed.publish([update(1)]);
  assert.equal((await messages.next()).value?.type, "update");
  const waiting = messages.next();
  await feed[Symbol.asyncDispose]();
  assert.ok((await waiting).done);
  await assert.rejects(feed.publish([update(1)]), /closed/);
  const late = feed.subscribe({ channels: [], signal: new AbortController().signal })[Symbol.asyncIterator]();
  assert.ok((await late.next()).done);
});

test("entries of other programs are skipped, with a note", async () => {
  const [prefix, notes] = [newPrefix(), [] as string[]];
  await using feed = await liveFeedOn(server, { prefix, notes });
  await using browser = subscriber(feed);
  await feed.publish([update(0)]);
  for (const fields of [["x", "y"], ["run", "r", "n", "2", "update", "{"], ["run", "r", "n", "x", "update", "{}"]]) {
    await server.command("XADD", `${prefix}:live`, "*", ...fields);
  }
  assert.deepEqual(await browser.revisions(1), [0]);
  await waitUntil(() => feed.counts.reading?.unreadable === 3, { timeoutMs: 3_000, what: "the entries to be seen" });
  assert.equal(notes.length, 1);
  await using late = subscriber(feed, "0-0");
  assert.deepEqual(await late.revisions(1), [0]);
  await feed.publish([update(1)]);
  // The numbers began anew behind the strange entry: whether something was lost cannot be told.
  assert.deepEqual(await browser.revisions(1), ["gap"]);
  await feed.publish([update(2)]);
  assert.deepEqual(await browser.revisions(1), [2]);
});

test("a bound that is no count is refused", () =>
  assert.rejects(liveFeedOn(server, { historyUpdatesMax: 0 }), RangeError));

/** A feed by way of a relay, and one that reads the same without it. */
async function throughProxy(
  body: (at: { feed: RedisLiveFeed; direct: RedisLiveFeed; proxy: ReturnType<typeof startTcpProxy> }) => Promise<void>,
): Promise<void> {
  const prefix = newPrefix();
  await using proxy = startTcpProxy(own.config().server.port);
  await using direct = await liveFeedOn(own, { prefix });
  await using feed = await liveFeedOn(own, { prefix, config: configThrough(own, proxy.port) });
  await body({ feed, direct, proxy });
}

testOnOwn("a publish whose answer was lost is not there twice, and one that was lost itself is there", async () => {
  for (const verdict of ["cut", "cut_answer"] as const) {
    await throughProxy(async ({ feed, direct, proxy }) => {
      await using browser = subscriber(direct, "0-0");
      await feed.publish(updates(0, 3));
      let messages = 0;
      proxy.judge = () => (messages++ === 0 ? verdict : "pass");
      // The second waits for the first, whatever becomes of it.
      await Promise.all([feed.publish(updates(3, 5)), feed.publish(updates(5, 1_200))]);
      assert.deepEqual(await browser.revisions(1_200), updates(0, 1_200).map(({ revision }) => revision), verdict);
      assert.equal(feed.counts.publishing.retries, 1);
    });
  }
});

testOnOwn(
  "a subscriber whose connection was cut goes on where it was",
  () =>
    throughProxy(async ({ feed, direct, proxy }) => {
      await using browser = subscriber(feed, "0-0");
      await direct.publish(updates(0, 3));
      assert.deepEqual(await browser.revisions(3), [0, 1, 2]);
      proxy.cutAll();
      await direct.publish(updates(3, 6));
      assert.deepEqual(await browser.revisions(3), [3, 4, 5]);
      assert.equal(feed.counts.reading?.missed, 0);
    }),
);

testOnOwn("after FLUSHALL every subscriber gets a gap and what comes next, old ids a gap", async () => {
  await using feed = await liveFeedOn(own);
  await using browser = subscriber(feed);
  await feed.publish(updates(0, 3));
  const [{ id } = { id: "" }] = await browser.take(1);
  assert.deepEqual(await browser.revisions(2), [1, 2]);
  await own.command("FLUSHALL");
  await feed.publish(updates(3, 5));
  await using late = subscriber(feed, id);
  const [first] = await late.take(1);
  assert.deepEqual(first, { type: "gap", id: await feed.lastId() });
  assert.deepEqual(await browser.revisions(1), ["gap"]);
  await feed.publish(updates(5, 6));
  assert.deepEqual(await browser.revisions(1), [5]);
  assert.deepEqual(await late.revisions(1), [5]);
});

testOnOwn("a stream that begins anew with lower ids makes a gap and is followed", async () => {
  const prefix = newPrefix();
  await using feed = await liveFeedOn(own, { prefix });
  await using browser = subscriber(feed);
  await feed.publish(updates(0, 3));
  await browser.take(3);
  await own.command("DEL", `${prefix}:live`);
  await own.command("XADD", `${prefix}:live`, "5-1", "run", "r", "n", 1, "update", JSON.stringify(update(7)));
  await own.command("CLIENT", "KILL", "TYPE", "normal"); // else it is noticed within some seconds
  assert.deepEqual(await browser.take(1), [{ type: "gap", id: "5-1" }]);
  await own.command("XADD", `${prefix}:live`, "5-2", "run", "r", "n", 2, "update", JSON.stringify(update(8)));
  assert.deepEqual(await browser.revisions(1), [8]);
});

testOnOwn("a restart is bridged: publishing waits, subscribers miss nothing", async () => {
  const notes: string[] = [];
  await using feed = await liveFeedOn(own, { notes });
  await using browser = subscriber(feed);
  await feed.publish(updates(0, 3));
  assert.deepEqual(await browser.revisions(3), [0, 1, 2]);
  await pause(1_200); // appendfsync everysec
  await own.kill();
  const published = feed.publish(updates(3, 6));
  await pause(2_500);
  await own.restart();
  await published;
  assert.deepEqual(await browser.revisions(3), [3, 4, 5]);
  await waitUntil(() => notes.length === 4, { timeoutMs: 3_000, what: "the notes", explain: () => notes.join("\n") });
  assert.deepEqual(
    notes.map((note) => /waited for|is back|no updates come in|come in again/.exec(note)?.[0]).toSorted(),
    [
      "come in again",
      "is back",
      "no updates come in",
      "waited for",
    ],
  );
});

testOnOwn("updates that Redis lost with its last second make a gap, though their ids are given out again", async () => {
  await using feed = await liveFeedOn(own);
  await using browser = subscriber(feed);
  await feed.publish(updates(0, 3));
  const file = await own.appendedFile();
  const keptBytes = (await Deno.stat(file)).size;
  await feed.publish(updates(3, 6));
  const lost = (await browser.take(6)).at(-1)!;
  await own.kill();
  await Deno.truncate(file, keptBytes);
  await own.restart();
  await feed.publish(updates(10, 13));
  assert.deepEqual(await browser.revisions(1), ["gap"]);
  await using late = subscriber(feed, lost.id);
  assert.deepEqual(await late.revisions(1), ["gap"]);
  await feed.publish(updates(13, 14));
  assert.deepEqual(await late.revisions(1), [13]);
  assert.deepEqual((await browser.revisions(1)).at(-1), 13);
});
