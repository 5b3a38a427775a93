/** The stores in memory are held to the same contracts as the real ones: else tests on them would prove nothing. */
import assert from "node:assert/strict";
import { systemClock } from "../../core/clock.ts";
import { eventLogContract } from "../contracts/event_log_contract.ts";
import { changeOf, chatRow, chatSpec, progressOf, rowsOf } from "../contracts/summary_store_fixture.ts";
import { windowStoreContract } from "../contracts/window_store_contract.ts";
import { MemoryLog } from "./memory_log.ts";
import { MemorySummaryStore, MemoryWindowStore } from "./memory_ports.ts";

eventLogContract("memory log", () => {
  const log = new MemoryLog(systemClock);
  log.refusesSecondMember = true;
  return Promise.resolve({ log, reopen: () => Promise.resolve(log), [Symbol.asyncDispose]: () => Promise.resolve() });
}, {
  atomicPositions: true,
  keepsLoneSurrogates: true,
  readsWhenAsked: true,
  refusesSecondMember: true,
  reopens: true,
});

windowStoreContract("memory window store", () => {
  const store = new MemoryWindowStore();
  return Promise.resolve({
    store,
    reopen: () => Promise.resolve(store),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

Deno.test("memory summary store: an owner from before is fenced and writes nothing", async () => {
  const store = new MemorySummaryStore();
  const at = { topic: "t", partition: 0 };
  const zombie = await store.acquire(at, ["chat"]);
  const owner = await store.acquire(at, ["chat", "second"]);
  const change = (epoch: number, n: number) =>
    changeOf("t", epoch, {
      progress: [progressOf("chat", n)],
      rows: [rowsOf(chatSpec, [chatRow("s", 0, n, n)])],
      runCounts: [{ runId: "r", pipeline: "chat", counter: "in", value: n }],
      keyedStates: [{ pipeline: "chat", name: "z", key: "k", state: n }],
    });
  assert.equal(await store.commit(change(owner.epoch, 5)), "committed");
  assert.equal(await store.commit(change(zombie.epoch, 9)), "fenced");
  assert.equal(await store.commit(change(owner.epoch, 4)), "committed");
  const after = await store.acquire(at, ["chat"]);
  assert.ok(after.epoch > owner.epoch);
  assert.deepEqual(after.progress, [progressOf("chat", 4)]);
  assert.deepEqual(after.keyedStates, [{ pipeline: "chat", name: "z", key: "k", state: 4 }]);
  assert.deepEqual((await store.runCounts("r")).map(({ value }) => value), [9]);
  assert.equal((await store.query({ table: "chat_summary_minute" })).rows[0]?.[3], 5, "the higher revision stands");
});
