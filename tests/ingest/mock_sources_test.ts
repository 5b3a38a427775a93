import assert from "node:assert/strict";
import { type Clock, seededRandom } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { SourceMonitor } from "../../ingest/monitor.ts";
import type { Decoded, Source } from "../../ingest/source.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";

const START_MS = Date.UTC(2025, 0, 1);

/** A clock whose sleeps pass at once. */
function jumpingClock(): Clock & { passMs(durationMs: number): void; sleeps: number } {
  let nowMs = START_MS;
  const clock = {
    sleeps: 0,
    nowMs: () => nowMs,
    sleep(durationMs: number) {
      clock.sleeps++;
      nowMs += durationMs;
      return Promise.resolve();
    },
    passMs: (durationMs: number) => {
      nowMs += durationMs;
    },
  };
  return clock;
}

async function collect(source: Source, { env, batches, slowMs = 0 }: {
  env: Record<string, string>;
  batches: number;
  slowMs?: number;
}) {
  const abort = new AbortController();
  const clock = jumpingClock();
  const found: (readonly Decoded[])[] = [];
  const times: number[] = [];
  const { config } = parseConfig(env);
  const monitor = new SourceMonitor();
  const context = { config, clock, random: seededRandom(3), signal: abort.signal, monitor };
  for await (const batch of source.open!({ ...context, loadPosition: () => Promise.resolve(null) })) {
    found.push("decoded" in batch ? batch.decoded : batch);
    times.push(clock.nowMs());
    clock.passMs(slowMs);
    if (found.length === batches) abort.abort();
  }
  return { found, times, clock };
}

for (const name of ["mock_chat", "mock_trades"]) {
  const source = sourceByName(name);

  Deno.test(`${name} spreads a low rate over time and gives the same again`, async () => {
    const { found, times } = await collect(source, { env: { PRODUCER_RATE_PER_SEC: "10" }, batches: 30 });
    assert.ok(found.every((batch) => batch.length === 1));
    assert.deepEqual(times, times.map((_, i) => START_MS + (i + 1) * 100));
    const again = await collect(source, { env: { PRODUCER_RATE_PER_SEC: "10" }, batches: 30 });
    assert.deepEqual(again.found, found);
  });

  Deno.test(`${name} gives no empty batches`, async () => {
    const { found, times } = await collect(source, { env: { PRODUCER_RATE_PER_SEC: "1" }, batches: 4 });
    assert.deepEqual(found.map((batch) => batch.length), [1, 1, 1, 1]);
    assert.deepEqual(times, [0, 1, 2, 3].map((second) => START_MS + second * 1_000 + 100));
  });

  Deno.test(`${name} gives a high rate in batches of thousands`, async () => {
    const { found, clock } = await collect(source, { env: { PRODUCER_RATE_PER_SEC: "100000" }, batches: 5 });
    assert.deepEqual(found.map((batch) => batch.length), Array(5).fill(10_000));
    assert.ok(clock.sleeps <= 6);
  });

  Deno.test(`${name} falls behind a slow reader by two seconds at most`, async () => {
    const { found, times } = await collect(source, { env: { PRODUCER_RATE_PER_SEC: "100" }, batches: 50, slowMs: 500 });
    assert.ok(found.every((batch) => batch.length <= 11));
    const last = found.at(-1)![0]!;
    assert.ok(last.kind === "events");
    const { timestamp } = last.events[0]!.value as { timestamp: string };
    const behindMs = times.at(-1)! - Date.parse(timestamp);
    assert.ok(behindMs >= 0 && behindMs < 2_000 + 2_200, String(behindMs));
  });

  Deno.test(`${name} labels its anomalies only where they are asked for`, async () => {
    const env = { PRODUCER_RATE_PER_SEC: "100", ANOMALY_EVERY_SEC: "2", ANOMALY_EVERY_RECORDS: "50" };
    const labels = async (flag: string) => {
      const { found } = await collect(source, { env: { ...env, ENABLE_FAKE_ANOMALIES: flag }, batches: 100 });
      return found.flat().filter((decoded) =>
        decoded.kind === "events" && "fake_anomaly" in (decoded.events[0]!.value as object)
      ).length;
    };
    assert.ok(await labels("true") > 10);
    assert.equal(await labels("false"), 0);
  });

  Deno.test(`${name} ends at once when it is told to`, async () => {
    const signal = AbortSignal.abort();
    const { config } = parseConfig({});
    const context = { config, clock: jumpingClock(), random: seededRandom(1), signal, monitor: new SourceMonitor() };
    for await (const _ of source.open!({ ...context, loadPosition: () => Promise.resolve(null) })) {
      assert.fail("a batch came");
    }
  });
}
