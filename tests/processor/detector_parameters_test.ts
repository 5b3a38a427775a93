/**
 * A state belongs to the parameters that it was kept by: with other ones a detector begins anew, with the same ones it
 * goes on, and what nobody reads any more is deleted.
 */
import assert from "node:assert/strict";
import type { ChatEvent } from "../../core/events/chat.ts";
import type { KeyedState } from "../../core/ports.ts";
import { seconds } from "../../core/time.ts";
import {
  type Detector,
  detector,
  episode,
  rateJump,
  threshold,
  zScore,
  zScoreOfEvents,
} from "../../processor/detectors/mod.ts";
import { DetectorBank } from "../../processor/engine/detector_bank.ts";
import { isMoment } from "../../processor/engine/pane.ts";
import { SlicedPartition } from "../../processor/engine/sliced_partition.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import { chatValue, counting, Engine, noonMs, type Sent } from "../support/engine_kit.ts";
import { bySliding } from "../support/partition_story.ts";

const price = (samplesMax: number): Detector =>
  zScoreOfEvents("price", { value: (event) => Number((event as ChatEvent).message), threshold: 3, samplesMax });

/** Events with a price, one each second. */
const priced = (from: number, prices: readonly number[]): Sent[] =>
  prices.map((value, i) => ({ at: from + i, key: i % 7 === 6 ? "b" : "a", fields: { message: String(value) } }));
const about = (value: number, n: number) => Array.from({ length: n }, (_, i) => value + i % 2);

async function storedStates(engine: Engine): Promise<KeyedState[]> {
  const place = { topic: "events.chat", partition: 0 };
  const { keyedStates } = await engine.ports.summaryStore.acquire(place, ["counting"]);
  return keyedStates.toSorted((a, b) => (a.name + a.key < b.name + b.key ? -1 : 1));
}
const findingsOf = async (engine: Engine) => (await engine.ports.summaryStore.query({ table: "anomalies" })).rows;

Deno.test("a smaller baseline begins anew: nothing of the larger one stays in it", async () => {
  const engine = await Engine.open();
  await engine.send(...priced(0, about(100, 150)));
  await engine.process([counting({ detect: [price(100)] })]);
  await engine.send(...priced(150, about(200, 120)));
  await engine.process([counting({ detect: [price(50)] })]);
  const rings = (await storedStates(engine)).map(({ state }) =>
    (state as { state: { values: number[] } }).state.values
  );
  assert.equal(rings.length, 2);
  for (const values of rings) assert.ok(values.length <= 50 && values.every((value) => value >= 200), values.join());
  await engine.send({ at: 280, fields: { message: "100" } });
  await engine.process([counting({ detect: [price(50)] })]);
  assert.equal((await findingsOf(engine)).length, 1, "half of what came lately is out of the ordinary");
});

Deno.test("a restart with the same parameters changes nothing, wherever it comes", async () => {
  const detect = [price(40), rateJump("events", { factor: 1.2, valueMin: 3, samplesMin: 2 })];
  const sent = priced(0, [...about(100, 90), 130, ...about(100, 30), 60, ...about(100, 10)]);
  const undisturbed = await Engine.open();
  await undisturbed.send(...sent);
  await undisturbed.process([counting({ detect })]);
  const expected = [await findingsOf(undisturbed), await storedStates(undisturbed)];
  assert.ok(expected[0]!.length > 0);
  for (const cut of [1, 50, 91, 120]) {
    const engine = await Engine.open();
    await engine.send(...sent.slice(0, cut));
    await engine.process([counting({ detect })]);
    await engine.send(...sent.slice(cut));
    await engine.process([counting({ detect })]);
    assert.deepEqual([await findingsOf(engine), await storedStates(engine)], expected);
  }
});

Deno.test("states of detectors that are no more are deleted, and so are those of keys that do not come back", async () => {
  const engine = await Engine.open();
  await engine.send(...priced(0, about(100, 150)));
  const jump = rateJump("events", { factor: 3, valueMin: 5 });
  await engine.process([counting({ detect: [price(100), jump] })]);
  assert.deepEqual(new Set((await storedStates(engine)).map(({ name }) => name)), new Set([price(1).name, jump.name]));
  await engine.send({ at: 150, fields: { message: "100" } });
  await engine.process([counting({ detect: [price(60)] })]);
  const left = (await storedStates(engine)).map(({ name, key }) => [name, key]);
  assert.deepEqual(left, [[price(1).name, "a"]]);
});

const row = (name: string, state: unknown): KeyedState => ({ pipeline: "counting", name, key: "a", state });

Deno.test("what the engine itself keeps by key is left alone", () => {
  const own = [row("$source", [0, 0, false, 3]), row("counted_offset", 7), row("open_sessions", [0, true, true, []])];
  const bank = new DetectorBank(counting({ detect: [zScore("events", { threshold: 3 })] }), [
    ...own,
    row("gone", { order: 1, state: {} }),
  ]);
  assert.deepEqual(bank.takeChanges(), [row("gone", null)]);
  assert.deepEqual(bank.takeChanges(), []);
});

Deno.test("states that do not say what they were kept by are read, and not written before they change", () => {
  const watcher = threshold("events", { enter: 5, leave: 5 });
  const stored = [
    row(watcher.name, { order: 4, state: { own: { sinceMs: 1, active: true, latestMs: 10_000 }, tested: [] } }),
  ];
  const bank = new DetectorBank(counting({ detect: [watcher] }), stored);
  assert.deepEqual(bank.takeChanges(), []);
  const window = { key: "a", windowStartMs: 10_000, windowEndMs: 20_000, revision: 1 };
  const pane = { ...window, timing: "on_time" as const, values: [9] };
  assert.deepEqual(bank.onPane(pane, { missedUpToMs: 0, counts: noCounts() }), [], "the episode goes on");
  const [changed] = bank.takeChanges();
  const by = (changed!.state as { by?: string }).by;
  assert.match(by ?? "", /^[0-9a-f]+$/);
  const other = new DetectorBank(counting({ detect: [threshold("events", { enter: 6, leave: 5 })] }), [changed!]);
  assert.deepEqual(other.takeChanges(), [row(watcher.name, null)]);
});

Deno.test("a detector that begins to name its parameters begins anew", () => {
  const bare = (parameters?: { form: number }): Detector =>
    detector<{ n: number }, number>({
      on: "pane",
      name: "bare(events)",
      metric: "events",
      ...(parameters === undefined ? {} : { parameters }),
      zero: () => ({ n: 0 }),
      baseline: ({ n }) => n,
      judge: (n, value) => ({
        anomalous: true,
        verdict: () => ({ value, baseline: n, score: n, explanation: "" }),
      }),
      remember: (state) => void state.n++,
    });
  let stored: KeyedState[] = [];
  const scores = [undefined, undefined, { form: 2 }, { form: 2 }, { form: 3 }].map((parameters, place) => {
    const bank = new DetectorBank(counting({ detect: [bare(parameters)] }), stored);
    const window = { key: "a", windowStartMs: seconds(10 * place), windowEndMs: seconds(10 * place + 10), revision: 1 };
    const pane = { ...window, timing: "on_time" as const, values: [1] };
    const [finding] = bank.onPane(pane, { missedUpToMs: 0, counts: noCounts() });
    stored = bank.takeChanges();
    return finding!.verdict.score;
  });
  assert.deepEqual(scores, [0, 1, 0, 1, 0]);
});

Deno.test("a moment that the version before kept is read: what it told stands until its windows are seen again", () => {
  const crowd = episode("events", { kind: "crowd", enter: 5, leave: 5, tell: (read) => ({ events: read("events") }) });
  const verdict = { value: 6, baseline: 5, score: 1.2, explanation: "" };
  const id = "counting:episode(events):a:2024-01-01T12:00:00.000Z";
  const kept = { id, hot: [{ startMs: noonMs, verdict }], happened: { events: 6 } };
  const tested = [[noonMs, [5], true]];
  const state = new SlicedPartition({
    pipeline: counting({ detect: [crowd], window: bySliding(10, 10), lateness: 100 }),
    watermarkMs: noonMs + seconds(10),
    eventTimeMsMax: noonMs + seconds(10),
    keyedStates: [row(crowd.name, { order: 1, state: { own: { active: true }, tested, moments: [kept] } })],
    tracksLive: false,
  });
  state.resume();
  let offset = 0;
  const take = (at: number) => {
    const place = { topic: "events.chat", partition: 0, offset: offset++, key: "a" };
    state.accept({ event: chatValue({ at }) as never, eventTimeMs: noonMs + seconds(at), ...place }, noCounts());
  };
  for (const at of [11, 12, 13, 14, 15, 20]) take(at);
  const [grown] = state.takeOutputs(1).findings.filter(isMoment);
  assert.deepEqual([grown?.id, grown?.moment.happened, grown?.verdict.value], [id, { events: 6 }, 6]);
});
