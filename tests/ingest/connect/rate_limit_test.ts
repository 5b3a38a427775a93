import assert from "node:assert/strict";
import { seededRandom } from "../../../core/clock.ts";
import { backOffMs } from "../../../ingest/connect/back_off.ts";
import { RateLimit } from "../../../ingest/connect/rate_limit.ts";
import { RecentIds } from "../../../ingest/connect/recent_ids.ts";
import { ManualClock } from "../../support/manual_clock.ts";

Deno.test("no stretch of time holds more calls than allowed, and they come in the order of asking", async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, { callsMax: 3, perMs: 1_000 });
  const { signal } = new AbortController();
  const startMs = clock.nowMs();
  const made: [number, number][] = [];
  const ask = (call: number) => limit.take(signal).then(() => made.push([call, clock.nowMs() - startMs]));
  const calls = [0, 1].map(ask);
  await clock.advance(900);
  for (let call = 2; call < 8; call++) calls.push(ask(call));
  await clock.advance(5_000);
  await Promise.all(calls);
  assert.deepEqual(made, [[0, 0], [1, 0], [2, 900], [3, 1_000], [4, 1_000], [5, 1_900], [6, 2_000], [7, 2_000]]);
});

Deno.test("an abort ends the waiting", async () => {
  const clock = new ManualClock();
  const limit = new RateLimit(clock, { callsMax: 1, perMs: 1_000 });
  const stop = new AbortController();
  assert.ok(await limit.take(stop.signal));
  const waiting = limit.take(stop.signal);
  stop.abort();
  assert.equal(await waiting, false);
});

Deno.test("a back-off doubles up to its bound, with jitter between half and the whole", () => {
  const random = seededRandom(5);
  for (let failures = 0; failures < 40; failures++) {
    const wholeMs = Math.min(60_000, 500 * 2 ** failures);
    const drawn = Array.from({ length: 50 }, () => backOffMs({ firstMs: 500, maxMs: 60_000 }, { failures, random }));
    assert.ok(drawn.every((ms) => ms >= wholeMs / 2 && ms < wholeMs), String(failures));
    assert.ok(Math.max(...drawn) - Math.min(...drawn) > wholeMs / 5, "they differ");
  }
});

Deno.test("ids are remembered up to a bound, the oldest forgotten first", () => {
  const ids = new RecentIds(3);
  assert.deepEqual(["a", "b", "a", "c", "d", "b", "a"].map((id) => ids.isNew(id)), [
    true,
    true,
    false,
    true,
    true,
    false,
    true,
  ]);
});
