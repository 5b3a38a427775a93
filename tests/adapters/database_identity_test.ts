/**
 * Epochs come from the tables' database. After an older dump is restored they begin lower again than those in Redis, which
 * must not refuse them, while owners of before must be refused all the same.
 */
import assert from "node:assert/strict";
import { createSqlSummaryStore } from "../../adapters/summary_store_sql.ts";
import { SqlError, type SqlSession } from "../../adapters/summary_store_session.ts";
import { openStore, targetOf, testOn } from "../support/postgres_store.ts";
import { inOrder, manySlices, windowChange, windowStoreOn } from "../support/redis_kit.ts";
import { findPostgres, missingPostgres } from "../support/services/postgres.ts";
import { findRedis, missingRedis } from "../support/services/redis.ts";

testOn(
  missingPostgres(),
  "a database has one name for all who ask, and another one once its tables are made anew from a dump",
  async () => {
    await using server = await findPostgres();
    const [first, second] = [await server.newDatabase(), await server.newDatabase()];
    const identityOf = async (url: string) => {
      await using open = await openStore(targetOf(url));
      return await createSqlSummaryStore(open.session).identity();
    };
    const before = await identityOf(first);
    assert.match(before, /^\d+\.\d+\.\d+$/);
    assert.equal(await identityOf(first), before);
    assert.notEqual(await identityOf(second), before);
    {
      await using open = await openStore(targetOf(first));
      const [row] = await open.session.query(
        "SELECT has_function_privilege('public', 'pg_control_system()', 'execute')::text",
      );
      assert.equal(row![0], "true", "whoever may log in may ask");
      const reserved: SqlSession = {
        query: (text, params) =>
          text.includes("pg_control_system")
            ? Promise.reject(new SqlError("permission denied for function pg_control_system", "42501"))
            : open.session.query(text, params),
        transaction: (...args) => open.session.transaction(...args),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
      assert.equal(await createSqlSummaryStore(reserved).identity(), before.replace(/^\d+/, "0"));
      await open.session.query("ALTER TABLE progress RENAME TO progress_of_before");
      await open.session.query("CREATE TABLE progress (LIKE progress_of_before INCLUDING ALL)");
      await open.session.query("INSERT INTO progress SELECT * FROM progress_of_before");
      await open.session.query("DROP TABLE progress_of_before");
    }
    assert.notEqual(await identityOf(first), before);
  },
);

testOn(
  missingRedis(),
  "a restored database's lower epoch is taken, its state rebuilt, and owners of before are refused",
  async () => {
    await using server = await findRedis();
    const prefix = `test-${crypto.randomUUID()}`;
    await using before = await windowStoreOn(server, { prefix, database: "1.2.3" });
    await using after = await windowStoreOn(server, { prefix, database: "1.2.99" });
    const slices = manySlices(5, "[1]");
    assert.equal(await before.claim("chat", 0, 9), true);
    assert.equal(await before.commit("chat", 0, windowChange({ epoch: 9, changed: slices })), "committed");
    assert.equal(await before.claim("chat", 0, 8), false, "of the same database a lower one is refused");

    assert.equal(await after.claim("chat", 0, 3), true);
    assert.equal(await after.load("chat", 0), null, "what was written before is rebuilt");
    assert.deepEqual(await after.open("chat"), []);
    assert.equal(await before.commit("chat", 0, windowChange({ epoch: 9, fromOffset: 10, nextOffset: 20 })), "fenced");
    assert.equal(await before.commit("chat", 0, windowChange({ epoch: 9, changed: slices })), "fenced");
    assert.equal(await after.commit("chat", 0, windowChange({ epoch: 3, changed: slices })), "committed");
    assert.deepEqual(inOrder((await after.load("chat", 0))!.slices), inOrder(slices));
    assert.equal(await after.claim("chat", 0, 2), false);
  },
);

testOn(
  missingRedis(),
  "what an earlier version wrote, without the database's name, is taken over as it is",
  async () => {
    await using server = await findRedis();
    const prefix = `test-${crypto.randomUUID()}`;
    await using unnamed = await windowStoreOn(server, { prefix });
    await using named = await windowStoreOn(server, { prefix, database: "1.2.3" });
    assert.equal(await unnamed.claim("chat", 0, 4), true);
    assert.equal(
      await unnamed.commit("chat", 0, windowChange({ epoch: 4, changed: manySlices(3, "[1]") })),
      "committed",
    );
    assert.equal(await named.claim("chat", 0, 3), false);
    assert.equal(await named.claim("chat", 0, 5), true);
    assert.equal((await named.load("chat", 0))?.slices.length, 3);
    const delta = {
      epoch: 5,
      fromOffset: 10,
      nextOffset: 11,
      changed: [{ key: "new", sliceStartMs: 0, state: "[2]" }],
    };
    assert.equal(await named.commit("chat", 0, windowChange(delta)), "committed");
    assert.equal((await named.load("chat", 0))?.slices.length, 4);
  },
);

testOn(
  missingRedis(),
  "a change too big for one script is fenced by the database as well, and leaves nothing behind",
  async () => {
    await using server = await findRedis();
    const prefix = `test-${crypto.randomUUID()}`;
    const limits = { slicesMax: 5, unitsMax: 1_000_000 };
    await using before = await windowStoreOn(server, { prefix, limits, database: "1.2.3" });
    await using after = await windowStoreOn(server, { prefix, limits, database: "1.2.99" });
    assert.equal(await before.claim("chat", 0, 9), true);
    const big = windowChange({ epoch: 9, changed: manySlices(30, "[1]") });
    assert.equal(await before.commit("chat", 0, big), "committed");
    assert.equal(await after.claim("chat", 0, 1), true);
    assert.equal(await before.commit("chat", 0, big), "fenced");
    assert.deepEqual(await after.open("chat"), []);
    assert.equal(await after.commit("chat", 0, { ...big, epoch: 1 }), "committed");
    assert.equal((await after.open("chat")).length, 30);
  },
);
