/**
 * What every SummaryStore does with what is to go: rows and keyed states. Part of summary_store_contract.ts.
 * @module
 */
import assert from "node:assert/strict";
import type { TableSpec } from "../../core/ports.ts";
import {
  type Case,
  changeOf,
  chatRow,
  chatSpec,
  minuteMs,
  read,
  rowsOf,
  startMs,
  write,
} from "./summary_store_fixture.ts";

/** Cases of rows and keyed states that are deleted. */
export const deletions: Record<string, Case> = {
  async "a row is deleted by an equal or newer pair, never by an older one, and what is not there is no fault"(
    { store },
    topic,
  ) {
    const at = (n: number) => startMs + n * minuteMs;
    const rows = [0, 1, 2, 3].map((n) => chatRow(topic, at(n), n, 10));
    await write(store, topic, [rowsOf(chatSpec, rows, 2)]);
    const gone = (n: number, revision: number) => ({ key: [topic, at(n)], revision });
    const left = async () => (await read(store, "chat_summary_minute", topic, ["chat_count"])).flat();
    await write(store, topic, [{ ...rowsOf(chatSpec, [], 2), deleted: [gone(0, 10), gone(1, 9), gone(7, 99)] }]);
    assert.deepEqual(await left(), [1, 2, 3], "equal goes, older stays");
    await write(store, topic, [{ ...rowsOf(chatSpec, [], 1), deleted: [gone(1, 99)] }]);
    assert.deepEqual(await left(), [1, 2, 3], "an older generation deletes nothing");
    const deleted = [gone(2, 11), gone(3, 12)];
    await write(store, topic, [{ ...rowsOf(chatSpec, [chatRow(topic, at(1), 33, 12)], 2), deleted }]);
    assert.deepEqual(await left(), [33], "rows go and come in one change");
    await write(store, topic, [rowsOf(chatSpec, [chatRow(topic, at(2), 4, 1)], 0)]);
    assert.deepEqual(await left(), [33, 4], "a deleted row leaves no trace");
  },

  async "a row of several owners loses the columns of the one that deletes it, and goes with the last"(
    { store, sql },
    topic,
  ) {
    await sql(`CREATE TABLE IF NOT EXISTS scratch_owned (
      key text, window_start timestamptz, window_end timestamptz NOT NULL, a bigint, b text, a_generation integer,
      a_revision bigint, b_generation integer, b_revision bigint, updated_at timestamptz DEFAULT now(),
      PRIMARY KEY (key, window_start))`);
    const key = [{ name: "key", type: "text" }, { name: "window_start", type: "timestamptz" }] as const;
    const end = { name: "window_end", type: "timestamptz" } as const;
    const a: TableSpec = { table: "scratch_owned", owner: "a", key, columns: [end, { name: "a", type: "bigint" }] };
    const b: TableSpec = { table: "scratch_owned", owner: "b", key, columns: [end, { name: "b", type: "text" }] };
    const row = (value: unknown, revision: number) => [{ revision, values: [topic, startMs, startMs + 1, value] }];
    const gone = (spec: TableSpec, revision: number) => ({
      ...rowsOf(spec, [], 1),
      deleted: [{ key: [topic, startMs], revision }],
    });
    const left = () => read(store, "scratch_owned", topic, ["a", "b", "a_revision", "b_revision"]);
    try {
      await write(store, topic, [rowsOf(a, row(1, 10), 1), rowsOf(b, row("x", 20), 1)]);
      await write(store, topic, [gone(a, 9)]);
      assert.deepEqual(await left(), [[1, "x", 10, 20]], "an older pair deletes nothing");
      await write(store, topic, [gone(a, 15)]);
      assert.deepEqual(await left(), [[null, "x", null, 20]], "the other owner's columns stay");
      await write(store, topic, [rowsOf(a, row(2, 16), 1)]);
      assert.deepEqual(await left(), [[2, "x", 16, 20]], "the owner comes back");
      await write(store, topic, [gone(a, 17), gone(b, 21)]);
      assert.deepEqual(await left(), [], "the last owner takes the row along");
    } finally {
      await sql("DROP TABLE scratch_owned");
    }
  },

  async "rows to delete may hold odd characters, and a fenced commit deletes nothing"({ store }, topic) {
    const odd = `${topic} "a,b" {\\}`;
    await write(store, topic, [rowsOf(chatSpec, [chatRow(odd, startMs, 1), chatRow(topic, startMs, 2)])]);
    const deleted = [odd, topic].map((key) => ({ key: [key, startMs], revision: 5 }));
    const { epoch } = await store.acquire({ topic, partition: 0 }, ["chat"]);
    const rows = [{ ...rowsOf(chatSpec, []), deleted }];
    assert.equal(await store.commit(changeOf(topic, epoch - 1, { rows })), "fenced");
    assert.deepEqual(await read(store, "chat_summary_minute", odd, ["chat_count"]), [[1]]);
    assert.equal(await store.commit(changeOf(topic, epoch, { rows })), "committed");
    for (const key of [odd, topic]) assert.deepEqual(await read(store, "chat_summary_minute", key, ["chat_count"]), []);
  },

  async "keyed states are written and deleted one by one, those of other names, keys and partitions stay"(
    { store },
    topic,
  ) {
    const state = (name: string, key: string, value: unknown) => ({ pipeline: "chat", name, key, state: value });
    const shown = async (partition: number) => {
      const { epoch, keyedStates } = await store.acquire({ topic, partition }, ["chat"]);
      return { epoch, states: keyedStates.map(({ name, key, state }) => [name, key, state]) };
    };
    const commit = async (partition: number, keyedStates: readonly ReturnType<typeof state>[]) => {
      const { epoch } = await shown(partition);
      assert.equal(await store.commit({ ...changeOf(topic, epoch, { keyedStates }), partition }), "committed");
    };
    const first = [state("s", "1|a", [1]), state("s", "2|a", [2]), state("t", "1|a", 0)];
    await commit(0, first);
    await commit(1, first);
    await commit(0, [state("s", "1|a", null), state("s", "none", null), state("s", "3|a", { n: null })]);
    assert.deepEqual((await shown(0)).states, [["s", "2|a", [2]], ["s", "3|a", { n: null }], ["t", "1|a", 0]]);
    assert.equal((await shown(1)).states.length, 3);
  },
};
