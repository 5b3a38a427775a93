import assert from "node:assert/strict";
import { CircuitBreaker, TokenBucket } from "../../ingest/sources/yahoo_limits.ts";
import { closeMs, isOpen, nextOpenMs } from "../../ingest/sources/yahoo_hours.ts";
import type { Session } from "../../ingest/sources/yahoo_chart.ts";
import { ManualClock } from "../support/manual_clock.ts";

Deno.test("a bucket lets a burst through and then no more than its rate, and refills up to its size only", async () => {
  const clock = new ManualClock();
  const startMs = clock.nowMs();
  const bucket = new TokenBucket(clock, { size: 3, refillMs: 1_000 });
  const takenMs: number[] = [];
  const take = async (times: number) => {
    for (let i = 0; i < times; i++) {
      await bucket.take(new AbortController().signal);
      takenMs.push(clock.nowMs() - startMs);
    }
  };
  const taking = take(5);
  await clock.advance(2_500);
  await taking;
  assert.deepEqual(takenMs, [0, 0, 0, 1_000, 2_000]);
  await clock.advance(60_000);
  const again = take(4);
  await clock.advance(1_000);
  await again;
  assert.deepEqual(takenMs.slice(5).map((ms) => ms - 62_500), [0, 0, 0, 1_000]);
});

Deno.test("who waits for a token is let go when the signal aborts", async () => {
  const stop = new AbortController();
  const bucket = new TokenBucket(new ManualClock(), { size: 1, refillMs: 1_000 });
  assert.equal(await bucket.take(stop.signal), true);
  const waiting = bucket.take(stop.signal);
  stop.abort();
  assert.equal(await waiting, false);
});

Deno.test("the circuit opens after failures in a row, lets one call decide, and stays open twice as long each time", async () => {
  const clock = new ManualClock();
  const breaker = new CircuitBreaker(clock, { failuresMax: 3, openMs: 1_000, openMsMax: 3_000 });
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  breaker.failed();
  assert.equal(breaker.state, "closed", "a success in between begins the count anew");
  breaker.failed();
  for (const openMs of [1_000, 2_000, 3_000, 3_000]) {
    assert.deepEqual([breaker.state, breaker.waitMs], ["open", openMs]);
    await clock.advance(openMs - 1);
    assert.equal(breaker.state, "open");
    await clock.advance(1);
    assert.deepEqual([breaker.state, breaker.waitMs], ["half-open", 0]);
    breaker.failed();
  }
  await clock.advance(3_000);
  breaker.succeeded();
  assert.equal(breaker.state, "closed");
  for (let i = 0; i < 3; i++) breaker.failed();
  assert.equal(breaker.waitMs, 1_000, "it begins short again");
});

const utc = (text: string) => Date.parse(`${text}Z`);
/** New York, Friday 2024-03-08, 09:30 to 16:00 in winter time: two days before the clocks go forward. */
const newYork: Session = {
  startMs: utc("2024-03-08T14:30:00"),
  endMs: utc("2024-03-08T21:00:00"),
  timeZone: "America/New_York",
};

Deno.test("a market's hours follow its own clock over the weekend and the change to summer time", () => {
  const open = (text: string) => isOpen(newYork, utc(text));
  assert.deepEqual(
    ["2024-03-08T14:29:59", "2024-03-08T14:30:00", "2024-03-08T20:59:59", "2024-03-08T21:00:00"].map(open),
    [false, true, true, false],
  );
  assert.equal(open("2024-03-09T16:00:00"), false, "Saturday");
  assert.deepEqual(["2024-03-11T13:29:59", "2024-03-11T13:30:00", "2024-03-11T20:00:00"].map(open), [
    false,
    true,
    false,
  ]);
  const next = (text: string) => new Date(nextOpenMs(newYork, utc(text))).toISOString().slice(0, 16);
  assert.deepEqual(["2024-03-08T12:00:00", "2024-03-08T15:00:00", "2024-03-10T12:00:00"].map(next), [
    "2024-03-08T14:30",
    "2024-03-11T13:30",
    "2024-03-11T13:30",
  ]);
  assert.equal(next("2024-11-01T20:00:00"), "2024-11-04T14:30", "and back");
  const close = (text: string) => new Date(closeMs(newYork, utc(text))).toISOString().slice(0, 16);
  assert.deepEqual(["2024-03-08T15:00:00", "2024-03-08T23:00:00", "2024-03-12T10:00:00"].map(close), [
    "2024-03-08T21:00",
    "2024-03-08T21:00",
    "2024-03-11T20:00",
  ]);
});

Deno.test("a market beyond the date line has its own days, and one that never closes is open at the weekend", () => {
  const tokyo: Session = {
    startMs: utc("2024-03-08T00:00:00"),
    endMs: utc("2024-03-08T06:00:00"),
    timeZone: "Asia/Tokyo",
  };
  assert.ok(isOpen(tokyo, utc("2024-03-11T05:00:00")));
  assert.ok(!isOpen(tokyo, utc("2024-03-09T05:00:00")));
  assert.equal(nextOpenMs(tokyo, utc("2024-03-08T07:00:00")), utc("2024-03-11T00:00:00"));
  const coin: Session = { startMs: utc("2024-03-08T00:00:00"), endMs: utc("2024-03-08T23:59:00"), timeZone: "UTC" };
  assert.ok(isOpen(coin, utc("2024-03-10T12:00:00")));
  const overnight: Session = {
    startMs: utc("2024-03-07T22:00:00"),
    endMs: utc("2024-03-08T06:00:00"),
    timeZone: "UTC",
  };
  assert.deepEqual(["2024-03-12T01:00:00", "2024-03-12T07:00:00"].map((text) => isOpen(overnight, utc(text))), [
    true,
    false,
  ]);
  const nowhere = { ...newYork, timeZone: "Mars/Olympus" };
  assert.ok(isOpen(nowhere, utc("2024-03-11T14:30:00")), "an unknown zone counts as UTC");
});
