import assert from "node:assert/strict";
import { FrameQueue } from "../../../ingest/connect/frame_queue.ts";
import { turns } from "../../support/manual_clock.ts";

function queueOf(framesMax: number, unitsMax = 1_000) {
  const gauge = { queueFrames: 0, queueDropped: 0 };
  const queue = new FrameQueue<string>(gauge, { bounds: { framesMax, unitsMax }, unitsOf: (text) => text.length });
  return { gauge, queue };
}

async function all(batches: AsyncIterable<string[]>): Promise<string[][]> {
  const found: string[][] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

Deno.test("frames come out in order, those that gathered together, and the rest after the close", async () => {
  const { queue } = queueOf(100);
  for (const frame of ["a", "b"]) queue.push(frame);
  const taking = all(queue.batches(new AbortController().signal));
  await turns(3);
  for (const frame of ["c", "d"]) queue.push(frame);
  await turns(3);
  queue.push("e");
  queue.close();
  assert.deepEqual(await taking, [["a", "b"], ["c", "d"], ["e"]]);
});

Deno.test("an abort hands over what is there and ends", async () => {
  const { queue } = queueOf(100);
  const stop = new AbortController();
  queue.push("a");
  stop.abort();
  assert.deepEqual(await all(queue.batches(stop.signal)), [["a"]]);
});

Deno.test("a full queue drops the newest and counts it, by frames and by size", () => {
  const byFrames = queueOf(2);
  assert.deepEqual(["a", "b", "c"].map((frame) => byFrames.queue.push(frame)), [true, true, false]);
  assert.deepEqual(byFrames.gauge, { queueFrames: 2, queueDropped: 1 });
  const bySize = queueOf(100, 10);
  assert.deepEqual(["x".repeat(6), "y".repeat(5), "zzzz"].map((frame) => bySize.queue.push(frame)), [
    true,
    false,
    true,
  ]);
  const giant = queueOf(100, 10);
  assert.ok(giant.queue.push("x".repeat(50)), "a single frame beyond the bound is not lost without a trace");
});

Deno.test("a batch has a bounded number of frames", async () => {
  const { queue } = queueOf(10_000, 100_000);
  for (let i = 0; i < 2_500; i++) queue.push(String(i));
  queue.close();
  const batches = await all(queue.batches(new AbortController().signal));
  assert.deepEqual(batches.map(({ length }) => length), [1_000, 1_000, 500]);
  assert.deepEqual(batches.flat(), Array.from({ length: 2_500 }, (_, i) => String(i)));
});
