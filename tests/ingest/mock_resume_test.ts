/**
 * Seeded mocks are repeatable: killed at any batch, saved or not, the next process goes on with the event after the last
 * saved one, under the same names and numbers.
 *
 * ```
 * batches   1 2 3 4 │ 3 4 5 6 7 │ 7 8 …        │ = killed, with the position of an earlier or of the last batch saved
 * ```
 */
import assert from "node:assert/strict";
import { seededRandom } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { minutes } from "../../core/time.ts";
import { SourceMonitor } from "../../ingest/monitor.ts";
import type { DecodedEvent } from "../../ingest/source.ts";
import { sourceByName, sources } from "../../ingest/sources/mod.ts";

const START_MS = Date.UTC(2025, 0, 1);
const env = { PRODUCER_SEED: "5", PRODUCER_RATE_PER_SEC: "20", ANOMALY_EVERY_SEC: "20", ANOMALY_EVERY_RECORDS: "30" };

interface Sent {
  readonly event: DecodedEvent;
  /** What a log would hold once the event's batch is in it. */
  readonly position: unknown;
}

/** One process: from the position on until so many batches are sent or the time is over. */
async function process(
  name: string,
  { nowMs, position, batches, untilMs, more = {} }: {
    nowMs: number;
    position: unknown;
    batches: number;
    untilMs: number;
    more?: Record<string, string>;
  },
): Promise<{ sent: Sent[][]; nowMs: number }> {
  const stop = new AbortController();
  let time = nowMs;
  const context = {
    config: parseConfig({ ...env, ...more }).config,
    clock: { nowMs: () => time, sleep: (durationMs: number) => Promise.resolve(void (time += durationMs)) },
    random: seededRandom(1),
    signal: stop.signal,
    monitor: new SourceMonitor(),
    // As crossed the log: JSON.
    loadPosition: () => Promise.resolve(JSON.parse(JSON.stringify(position))),
  };
  const sent: Sent[][] = [];
  for await (const batch of sourceByName(name).open!(context)) {
    assert.ok("decoded" in batch, "a seeded mock says where it stands");
    const [saved] = batch.positions ?? [];
    sent.push(batch.decoded.map((decoded) => {
      assert.ok(decoded.kind === "events");
      return { event: decoded.events[0]!, position: saved!.state };
    }));
    if (sent.length >= batches || time >= untilMs) stop.abort();
  }
  return { sent, nowMs: time };
}

const facts = (sent: readonly Sent[]) => sent.map(({ event: { value, text, order } }) => ({ value, text, order }));

for (const { name } of sources.filter((source) => source.name.startsWith("mock_"))) {
  Deno.test(`${name} with a seed goes on where it was killed`, async () => {
    const untilMs = START_MS + minutes(name === "mock_stream_meta" ? 40 : 4);
    const calm = (await process(name, { nowMs: START_MS, position: null, batches: Infinity, untilMs })).sent.flat();
    assert.ok(calm.length > 3, String(calm.length));
    assert.deepEqual(calm.map(({ event }) => event.order!.seq), calm.map((_, i) => i));
    for (const lost of [0, 1]) {
      const kept: Sent[] = [];
      let position: unknown = null;
      let nowMs = START_MS;
      for (let kills = 0; nowMs < untilMs && kills < 100; kills++) {
        const batches = 1 + lost + (kills * 7) % 400;
        const run = await process(name, { nowMs, position, batches, untilMs });
        const whole = run.sent.slice(0, run.nowMs < untilMs ? run.sent.length - lost : undefined);
        kept.push(...whole.flat());
        position = whole.at(-1)?.[0]?.position ?? position;
        nowMs = run.nowMs;
      }
      assert.deepEqual(facts(kept).slice(0, calm.length), facts(calm).slice(0, kept.length));
      assert.ok(kept.length >= calm.length - 1, `${kept.length} of ${calm.length}`);
    }
  });
}

Deno.test("a seeded mock that was away for more than ten minutes, or makes other events now, begins anew", async () => {
  const first = await process("mock_chat", { nowMs: START_MS, position: null, batches: 5, untilMs: Infinity });
  const { position, event } = first.sent.flat().at(-1)!;
  const next = async (nowMs: number, more: Record<string, string> = {}) => {
    const { sent } = await process("mock_chat", { nowMs, position, batches: 1, untilMs: Infinity, more });
    return sent[0]![0]!.event.order!;
  };
  assert.deepEqual(await next(first.nowMs + minutes(9)), { ...event.order!, seq: event.order!.seq + 1 });
  const late = await next(first.nowMs + minutes(11));
  assert.equal(late.seq, 0);
  assert.notEqual(late.instance, event.order!.instance);
  assert.notEqual((await next(first.nowMs, { PRODUCER_RATE_PER_SEC: "30" })).instance, event.order!.instance);
});
