import assert from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "../../core/config.ts";
import { UserError } from "../../core/errors.ts";
import { reverseZoneName } from "../../cli/shard_names.ts";
import { resolveShard, shardOf, shardOfKeys } from "../../ingest/sharding.ts";

const shardOn = (env: Record<string, string>, host: string, reverse: readonly string[] = []) =>
  resolveShard(parseConfig(env).config.sharding, {
    hostName: () => host,
    reverseNames: () => Promise.resolve(reverse),
  });

Deno.test("a producer is the one that PRODUCER_INDEX, a StatefulSet's host name or a Compose replica's name says", async () => {
  const three = { TOTAL_PRODUCERS: "3" };
  const cases: readonly [Record<string, string>, string, string[], number][] = [
    [{ ...three, PRODUCER_INDEX: "2" }, "producer-0", ["app-producer-1.app_default"], 2],
    [three, "producer-0", ["app-producer-2.app_default"], 0],
    [three, "producer-2.headless.default.svc.cluster.local", [], 2],
    [three, "a1b2c3d4e5f6", ["app-producer-1.app_default"], 1],
    [three, "a1b2c3d4e5f6", ["app-producer-3.app_default"], 0],
    [three, "a1b2c3d4e5f6", ["gateway.local", "app-producer-2.app_default"], 2],
  ];
  for (const [env, host, reverse, index] of cases) {
    assert.deepEqual(await shardOn(env, host, reverse), { index, total: 3 }, `${host} ${reverse}`);
  }
  assert.deepEqual(await shardOn({}, "whatever-7"), { index: 0, total: 1 });
});

Deno.test("the replicas of a Compose service, counted from 1, are all producers, each once", async () => {
  const found = await Promise.all(
    [1, 2, 3, 4].map((replica) => shardOn({ TOTAL_PRODUCERS: "4" }, "c0ffee", [`app-producer-${replica}.net`])),
  );
  assert.deepEqual(found.map(({ index }) => index).sort(), [0, 1, 2, 3]);
});

Deno.test("a producer that nobody tells which one it is refuses, and names the fix", async () => {
  const cases: readonly [string, string[], RegExp][] = [
    ["laptop", [], /no name of this host ends with -<number> \(names: laptop\)/],
    ["a1b2c3", ["printer.local"], /names: a1b2c3, printer/],
    ["ip-10-0-0-12", ["x-1.y"], /ip-10-0-0-12 ends with 12, which is not below TOTAL_PRODUCERS=3/],
  ];
  for (const [host, reverse, cause] of cases) {
    await assert.rejects(shardOn({ TOTAL_PRODUCERS: "3" }, host, reverse), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, cause);
      return /set PRODUCER_INDEX to 0, 1, … below TOTAL_PRODUCERS/.test(error.fix);
    });
  }
});

Deno.test("an index that is not below the total is a fault of the configuration", () => {
  const { faults } = parseConfig({ TOTAL_PRODUCERS: "3", PRODUCER_INDEX: "3" });
  assert.deepEqual(faults.map(({ variable }) => variable), ["PRODUCER_INDEX"]);
  assert.deepEqual(parseConfig({ TOTAL_PRODUCERS: "3", PRODUCER_INDEX: "2" }).faults, []);
});

Deno.test("the parts of any list are disjoint and together the list; those of keys do not depend on their order", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (list, total) => {
      const parts = Array.from({ length: total }, (_, index) => shardOf(list, { index, total }));
      assert.deepEqual(parts.flat().sort(), [...list].sort());
      assert.ok(Math.max(...parts.map((part) => part.length)) - Math.min(...parts.map((part) => part.length)) <= 1);
      for (let index = 0; index < total; index++) {
        const forwards = shardOfKeys(list, { index, total });
        assert.deepEqual(shardOfKeys([...list].reverse(), { index, total }), forwards);
      }
    }),
  );
});

Deno.test("the name of an address is asked for by its octets backwards", () => {
  assert.equal(reverseZoneName("172.18.0.4"), "4.0.18.172.in-addr.arpa");
});
