import assert from "node:assert/strict";
import { ensureTopics } from "../../cli/topics.ts";
import { contracts, derivedTopics } from "../../core/events/mod.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryLog } from "../support/memory_log.ts";

Deno.test("every topic is made; those that no pipeline reads may be deleted by age, or they would fill the log for good", async () => {
  const log = new MemoryLog(new ManualClock());
  await ensureTopics(log);
  const made = await log.topics();
  const expected = [...contracts.map(({ topic }) => topic), ...Object.values(derivedTopics)];
  assert.deepEqual(made.map(({ topic }) => topic), expected);
  const read = new Set(pipelines.map(({ contract }) => contract.topic));
  for (const { topic, partitions } of made) {
    for (let partition = 0; partition < partitions; partition++) {
      const floor = log.floors.get(`${topic}/${partition}`);
      assert.equal(floor, read.has(topic) ? undefined : Number.MAX_SAFE_INTEGER, topic);
    }
  }
  assert.ok(read.has("events.chat") && !read.has("events.removals"));
});
