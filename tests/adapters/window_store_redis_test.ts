import assert from "node:assert/strict";
import fc from "fast-check";
import { chunksOf, keyOfText, keyToText } from "../../adapters/window_store_redis_layout.ts";
import { windowStoreContract, type WindowStoreUnderTest } from "../contracts/window_store_contract.ts";
import { inOrder, manySlices, windowChange, windowStoreOn, type WindowStoreSettings } from "../support/redis_kit.ts";
import {
  findRedis,
  missingRedis,
  missingRedisTls,
  type RedisTestServer,
  startRedis,
} from "../support/services/redis.ts";

const missing = missingRedis();
const missingTls = missingRedisTls();
const skip = missing === null ? "" : ` (skipped: ${missing})`;

let server: RedisTestServer;
let guarded: RedisTestServer;

Deno.test.beforeAll(async () => {
  if (missing === null) server = await findRedis();
  if (missingTls === null) guarded = await startRedis({ tls: true, password: "p@ss word/:", aof: true });
});

Deno.test.afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await guarded?.[Symbol.asyncDispose]();
});

async function underTest(on: RedisTestServer, settings: WindowStoreSettings = {}): Promise<WindowStoreUnderTest> {
  const fixed = { prefix: `test-${crypto.randomUUID()}`, ...settings };
  const subject = {
    store: await windowStoreOn(on, fixed),
    async reopen() {
      await subject.store[Symbol.asyncDispose]();
      return subject.store = await windowStoreOn(on, fixed);
    },
    [Symbol.asyncDispose]: () => subject.store[Symbol.asyncDispose](),
  };
  return subject;
}

/** Limits under which nearly every change is staged and nearly every read comes in portions. */
const tiny = { slicesMax: 2, unitsMax: 100 };

if (missing === null) {
  windowStoreContract("redis window store", () => underTest(server));
  windowStoreContract("redis window store in scripts of two slices", () => underTest(server, { limits: tiny }));
} else {
  Deno.test({ name: `redis window store${skip}`, ignore: true, fn: () => {} });
}

if (missingTls === null) {
  windowStoreContract(
    "redis window store behind TLS and a password, in database 3",
    () => underTest(guarded, { config: guarded.config(3) }),
  );
} else {
  Deno.test({ name: `redis window store behind TLS (skipped: ${missingTls})`, ignore: true, fn: () => {} });
}

const test = (sentence: string, fn: () => Promise<void>) =>
  Deno.test({ name: `redis window store: ${sentence}${skip}`, ignore: missing !== null, fn });

test("keys with lone surrogates or a leading NUL stay apart from all others", async () => {
  const keys = [
    "\ud800",
    "\ud801",
    "\udc00a",
    "\ufffd",
    "\0",
    '\0"a"',
    "a",
    '"a"',
    "\0\ud800",
    "😀",
    "\\ud800",
    "|",
    "5|a",
  ];
  for (const limits of [undefined, tiny]) {
    await using store = await windowStoreOn(server, limits ? { limits } : {});
    const changed = keys.map((key, i) => ({ key, sliceStartMs: -10_000 * (i + 1), state: `"${i}"` }));
    assert.equal(await store.commit("p", 0, windowChange({ changed })), "committed");
    for (const slice of changed) assert.deepEqual(await store.open("p", slice.key), [slice]);
    assert.deepEqual(inOrder((await store.load("p", 0))!.slices), inOrder(changed));
    const dropped = windowChange({ fromOffset: 10, nextOffset: 11, dropped: changed });
    assert.equal(await store.commit("p", 0, dropped), "committed");
    assert.deepEqual(await store.open("p"), []);
  }
});

test("a state with a lone surrogate is stored as JSON that says the same, an empty one is refused", async () => {
  await using store = await windowStoreOn(server);
  const slice = { key: "a", sliceStartMs: 0, state: '{"top":"\ud800"}' };
  await store.commit("p", 0, windowChange({ changed: [slice] }));
  const [stored] = await store.open("p");
  assert.deepEqual(JSON.parse(stored!.state), { top: "\ud800" });
  await assert.rejects(store.commit("p", 0, windowChange({ changed: [{ ...slice, state: "" }] })), /empty/);
});

test("a change beyond one script is staged, and nothing but the state is left afterwards", async () => {
  const prefix = `test-${crypto.randomUUID()}`;
  await using store = await windowStoreOn(server, { prefix });
  const commit = async (fromOffset: number | null, state: string) => {
    const change = windowChange({ fromOffset, nextOffset: (fromOffset ?? 0) + 1, changed: manySlices(5_000, state) });
    assert.equal(await store.commit("p", 0, change), "committed");
    const { slices } = (await store.load("p", 0))!;
    assert.deepEqual([slices.length, new Set(slices.map((slice) => slice.state))], [5_000, new Set([state])]);
  };
  await commit(null, '"first"');
  await commit(1, '"second"');
  await commit(null, '"third"');
  assert.equal(store.counts.staged, 3);
  const keys = await server.command("KEYS", `${prefix}:*`) as string[];
  const names = ["windows:p:partitions", ...["keys", "meta", "slices"].map((name) => `windows:{p:0}:${name}`)];
  assert.deepEqual(keys.toSorted(), names.map((name) => `${prefix}:${name}`));
});

test("a reader sees each commit whole or not at all, however big", async () => {
  const settings = { prefix: `test-${crypto.randomUUID()}`, limits: { slicesMax: 50, unitsMax: 100_000 } };
  await using store = await windowStoreOn(server, settings);
  await using reader = await windowStoreOn(server, settings);
  const commit = (n: number) =>
    store.commit("p", 0, {
      ...windowChange({ fromOffset: n % 5 === 0 ? null : n, nextOffset: n + 1 }),
      // Slices come and go, and every one that is there says which commit it is of.
      changed: manySlices(300 + 100 * (n % 3), `${n}`),
      dropped: n % 5 === 0 ? [] : manySlices(500, "").slice(300 + 100 * (n % 3)),
    });
  assert.equal(await commit(0), "committed");
  let writing = true;
  const seen = new Set<string>();
  const read = async () => {
    while (writing) {
      const [all, one] = [await reader.open("p"), await reader.open("p", "k3")];
      for (const slices of [all, one]) assert.equal(new Set(slices.map(({ state }) => state)).size, 1);
      const n = Number(all[0]!.state);
      assert.equal(all.length, 300 + 100 * (n % 3));
      seen.add(all[0]!.state);
    }
  };
  const reading = read();
  for (let n = 1; n < 40; n++) assert.equal(await commit(n), "committed");
  writing = false;
  await reading;
  assert.ok(seen.size > 3, `only ${seen.size} commits were seen`);
});

Deno.test("redis window store: a change is cut into scripts within their bounds, each slice once", () => {
  const slice = fc.record({
    key: fc.string({ unit: "binary", maxLength: 5 }),
    sliceStartMs: fc.integer({ min: -3, max: 3 }),
    state: fc.nat({ max: 100 }).map((length) => `"${"s".repeat(length)}"`),
  });
  const limits = { slicesMax: 4, unitsMax: 120 };
  fc.assert(fc.property(fc.array(slice), fc.array(slice), (changed, dropped) => {
    const expected = new Map<string, string>();
    const idOf = (key: string, startMs: number) => `${startMs}|${key}`;
    for (const { key, sliceStartMs } of dropped) expected.set(idOf(key, sliceStartMs), "");
    for (const { key, sliceStartMs, state } of changed) expected.set(idOf(key, sliceStartMs), state);
    const found = new Map<string, string>();
    for (const { args, slices } of chunksOf({ changed, dropped }, limits)) {
      let [count, units] = [0, 0];
      for (let i = 0; i < args.length;) {
        const [key, ofKey] = [String(args[i++]), Number(args[i++])];
        for (let j = 0; j < ofKey; j++, count++) {
          const [startMs, state] = [Number(args[i++]), String(args[i++])];
          const id = idOf(keyOfText(key), startMs);
          assert.ok(!found.has(id), id);
          found.set(id, state);
          units += key.length + state.length;
        }
      }
      assert.equal(count, slices);
      assert.ok(count <= limits.slicesMax && (count === 1 || units <= limits.unitsMax));
    }
    assert.deepEqual(found, expected);
  }));
});

Deno.test("redis window store: any key comes back as it was", () => {
  const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
  fc.assert(fc.property(fc.oneof(anyText, anyText.map((text) => `\0${text}`)), (key) => {
    const text = keyToText(key);
    assert.ok(text.isWellFormed());
    assert.equal(keyOfText(text), key);
  }));
});
