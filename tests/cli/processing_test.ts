import { deepEqual, equal, match } from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { UserError } from "../../core/errors.ts";
import { createEmbeddedLiveFeed } from "../../adapters/live_feed_embedded.ts";
import { Processing } from "../../cli/services/processing.ts";
import { counting } from "../support/engine_kit.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { memoryPorts } from "../support/memory_ports.ts";

/** Processing whose log fails so many times before it can be read. */
async function failing(times: number, failure: Error, { shared }: { shared: boolean }) {
  const clock = new ManualClock();
  const ports = memoryPorts(clock);
  const pipelines = [counting()];
  await ports.log.ensureTopics([{ topic: pipelines[0]!.topic, partitions: 1 }]);
  const consume = ports.log.consume.bind(ports.log);
  let failures = 0;
  ports.log.consume = (options) => {
    if (failures++ < times) throw failure;
    return consume(options);
  };
  const notes: string[] = [];
  const stores = {
    ...ports,
    liveFeed: createEmbeddedLiveFeed({ clock }),
    ownership: null,
    troubles: () => [],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const options = { liveFeed: null, idleTimeoutMs: null, onNote: (note: string) => void notes.push(note) };
  return {
    clock,
    notes,
    processing: new Processing(stores, { ...options, pipelines, clock, random: seededRandom(1), shared }),
  };
}

Deno.test("on shared stores a failure is a new start after a growing pause, told and counted", async () => {
  const { clock, notes, processing } = await failing(3, new Error("the broker is gone"), { shared: true });
  const stop = new AbortController();
  const running = processing.run(stop.signal);
  const restarts: number[] = [];
  for (let second = 0; second < 30; second++) {
    await clock.advance(1_000);
    restarts.push(processing.status().restarts);
  }
  deepEqual([...new Set(restarts)].filter((n) => n > 0), [1, 2, 3]);
  equal(notes.length, 3);
  match(notes[0]!, /^processing starts anew in [\d.]+ s: .*the broker is gone/);
  stop.abort();
  await running;
});

Deno.test("what a user has to mend, and any failure on stores of its own, ends it", async () => {
  const mendable = new UserError("usage", { cause: "the partition count has changed", fix: "mend it" });
  for (const [failure, shared] of [[mendable, true], [new Error("the disk is full"), false]] as const) {
    const { processing } = await failing(1, failure, { shared });
    const ended = await processing.run(new AbortController().signal).then(() => null, (error: Error) => error.message);
    equal(ended, failure.message);
    equal(processing.status().restarts, 0);
  }
});
