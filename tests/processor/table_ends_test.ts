/**
 * The ends of a table: who asks at the same time shares an answer, but none from before the moment that is asked about.
 */
import assert from "node:assert/strict";
import { LookupReader } from "../../processor/engine/lookup_reader.ts";
import { TableEnds } from "../../processor/engine/table_ends.ts";
import { Engine, noonMs } from "../support/engine_kit.ts";
import { categoryOf, say } from "../support/lookup_kit.ts";
import { ManualClock } from "../support/manual_clock.ts";

/** A log whose answers come when a test says so. */
function slowLog() {
  const asked: PromiseWithResolvers<number[]>[] = [];
  const endOffsets = () => {
    const answer = Promise.withResolvers<number[]>();
    asked.push(answer);
    return answer.promise;
  };
  return { asked, log: { endOffsets } };
}

Deno.test("looks at the same time are one, and a later question is asked anew", async () => {
  const clock = new ManualClock(1_000);
  const { asked, log } = slowLog();
  const ends = new TableEnds({ log, clock, topic: "t" });
  const [first, second] = [ends.lookAfter(900), ends.lookAfter(950)];
  assert.equal(asked.length, 1);
  await clock.advance(100);
  const later = ends.lookAfter(1_000);
  assert.equal(asked.length, 2, "the first answer may be older than what was appended at 1,000");
  asked[1]!.resolve([7]);
  await later;
  assert.deepEqual([ends.offsets, ends.asOfMs], [[7], 1_100]);
  asked[0]!.resolve([5]);
  await Promise.all([first, second]);
  assert.deepEqual([ends.offsets, ends.asOfMs], [[7], 1_100], "an answer that was overtaken changes nothing");
});

Deno.test("a failure is everybody's who waits, and the next look is a new one", async () => {
  const { asked, log } = slowLog();
  const ends = new TableEnds({ log, clock: new ManualClock(1_000), topic: "t" });
  const looks = [ends.lookAfter(0), ends.lookAfter(0)];
  asked[0]!.reject(new Error("away"));
  for (const look of looks) await assert.rejects(() => look, /away/);
  assert.equal(ends.offsets, null);
  const next = ends.lookAfter(0);
  asked[1]!.resolve([1]);
  await next;
  assert.deepEqual(ends.offsets, [1]);
});

Deno.test("a reader that has nothing to do reads on when the ends that another has seen concern who waits for it", async () => {
  const engine = await Engine.open();
  const { clock, ports: { log } } = engine;
  const lookup = categoryOf();
  const { topic } = lookup.table;
  const ends = new TableEnds({ log, clock, topic });
  await engine.clock.advance(240);
  await say(engine, { at: 0, category: "chess" });
  await clock.advance(60);
  await ends.lookAfter(noonMs + 250);
  const reader = new LookupReader({ log, clock, lookup, group: "g", ends, onNote: () => {}, dead: null });
  const stop = new AbortController();
  const running = reader.run(stop.signal);
  reader.want(noonMs + 250);
  await clock.advance(10);
  assert.equal(reader.table.rows, 1, "and there it rests");
  await say(engine, { at: 0.1, category: "poker" });
  await clock.advance(90);
  await ends.lookAfter(noonMs + 300);
  let isDone = false;
  reader.reach(noonMs + 245, stop.signal).then(() => isDone = true);
  await clock.advance(100);
  assert.equal(isDone, true);
  stop.abort();
  await running;
});
