import assert from "node:assert/strict";
import { systemClock } from "../../core/clock.ts";

Deno.test("a sleep longer than a timer takes goes on until it is aborted", async () => {
  for (const durationMs of [2 ** 31, 73 * 365 * 86_400_000, Infinity]) {
    const stop = new AbortController();
    let over = false;
    const sleeping = systemClock.sleep(durationMs, stop.signal).then(() => over = true);
    await systemClock.sleep(30);
    assert.equal(over, false, `${durationMs} ms`);
    stop.abort();
    await sleeping;
  }
});

Deno.test("the slices of a long sleep add up to it", async () => {
  const slicesMs: number[] = [];
  const original = globalThis.setTimeout;
  try {
    globalThis.setTimeout = ((after: () => void, durationMs: number) => {
      slicesMs.push(durationMs);
      return original(after, 0);
    }) as typeof setTimeout;
    await systemClock.sleep(5_000_000_000);
  } finally {
    globalThis.setTimeout = original;
  }
  assert.deepEqual(slicesMs, [2 ** 31 - 1, 2 ** 31 - 1, 5_000_000_000 - 2 * (2 ** 31 - 1)]);
});
