/**
 * One processor with pipelines of two topics: each topic has its own reader's place, owner and commits, and a kill at any
 * call leaves both right.
 *
 * ```
 * events.chat/0    |── 0 … ──✝        ──▶ counting_rows
 * events.viewer/0  |── 0 ──✝          ──▶ viewing_rows
 * ```
 */
import assert from "node:assert/strict";
import { viewerEvents } from "../../core/events/viewer.ts";
import { formatTime, seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { zScore } from "../../processor/detectors/mod.ts";
import { count } from "../../processor/metrics/mod.ts";
import { pipeline } from "../../processor/pipeline.ts";
import { counting, Engine, noonMs } from "../support/engine_kit.ts";
import { mortal } from "../support/mortal_ports.ts";

const detect = [zScore("events", { threshold: 1, samplesMin: 3 })];
const viewing = pipeline({
  name: "viewing",
  contract: viewerEvents,
  key: "stream_id",
  window: tumbling({ sizeMs: seconds(10) }),
  outOfOrdernessMs: 0,
  allowedLatenessMs: seconds(20),
  metrics: { events: count() },
  detect,
  table: "viewing_rows",
});
const pipelines = [counting({ detect }), viewing];

/** Stores with both topics, and events in both: of each its own bursts. */
async function engineWithBoth(): Promise<Engine> {
  const engine = await Engine.open();
  const { topic } = viewerEvents;
  await engine.ports.log.ensureTopics([{ topic, partitions: 1 }]);
  await engine.send(...[1, 11, 12, 21, 31, 32, 33, 34, 41, 3, 35, 51].map((at, i) => ({ at, id: `${i}` })));
  const records = [1, 2, 11, 21, 22, 31, 32, 41, 42, 43, 44, 45, 46, 51, 22].map((at, i) => {
    const event = { event_id: `v${i}`, timestamp: formatTime(noonMs + seconds(at)), source: "test", stream_id: "b" };
    return { key: "b", value: JSON.stringify({ ...event, viewer_count: i }), instance: null, seq: 0, runId: "run" };
  });
  await engine.ports.log.append({ writes: [{ topic, records }] });
  return engine;
}

async function endOf(engine: Engine): Promise<unknown> {
  const { summaryStore, log } = engine.ports;
  const anomalies = await summaryStore.query({ table: "anomalies" });
  const ids = (topic: string) =>
    [...new Set(log.valuesOf<{ event_id: string }>(topic).map((one) => one.event_id))].sort();
  return {
    rows: [await engine.rows(), await engine.rows("viewing")],
    anomalies: anomalies.rows,
    counts: await engine.runCounts(),
    progress: (await summaryStore.progress()).map(({ pipeline, topic, nextOffset, counts }) => [
      ...[pipeline, topic, nextOffset, counts],
    ]),
    ids: [ids("late"), ids("derived.anomalies")],
  };
}

Deno.test("pipelines of two topics end as in one calm run, whatever call their process dies at", async () => {
  const calm = await engineWithBoth();
  await calm.process(pipelines, { drains: true });
  const expected = await endOf(calm);
  assert.equal((await calm.rows("viewing")).length, 6);
  assert.ok(calm.ports.log.valuesOf("derived.anomalies").length >= 2, "an anomaly in each topic");

  for (let atCall = 1; atCall <= 40; atCall++) {
    const engine = await engineWithBoth();
    engine.ports.log.batchRecordsMax = () => 3;
    for (const afterwards of [false, true]) {
      const { ports } = mortal(engine.ports, { atCall, afterwards, passes: false });
      const running = engine.start(pipelines, { ports, commitRecordsMax: 2 });
      await Promise.race([running.caughtUp().catch(() => {}), running.ended]);
      await running.stop();
      if (afterwards) engine.ports.windowStore.lose("viewing");
    }
    await engine.process(pipelines, { drains: true });
    assert.deepEqual(await endOf(engine), expected, `call ${atCall}`);
  }
});
