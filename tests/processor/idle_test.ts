/**
 * A silent partition: after idleTimeout its watermark goes on with the clock, so that the last windows fire although
 * nothing comes any more.
 *
 * ```
 * event time   |── window 12:00:00 ──|── window 12:00:10 ──|
 * events          ▲ 1        ▲ 8          ▲ 13               … silence; max = 12:00:13, appended at 12:00:00
 * clock        after 30 s the watermark is max + time since its append − outOfOrderness, at most max + lateness
 * ```
 */
import assert from "node:assert/strict";
import { counting, Engine, noonMs } from "../support/engine_kit.ts";
import { MemoryLiveFeed } from "../support/memory_ports.ts";
import { mortal } from "../support/mortal_ports.ts";

const idles = { idleTimeoutMs: 30_000, liveIntervalMs: 1_000 };
const three = [{ at: 1 }, { at: 8 }, { at: 13 }] as const;

Deno.test("windows of a silent partition fire when the clock has come as far as their end, not before", async () => {
  const engine = await Engine.open();
  const liveFeed = new MemoryLiveFeed();
  await engine.send(...three);
  await using running = engine.start([counting()], { ...idles, liveFeed });
  await running.caughtUp();
  await engine.clock.advance(29_000);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
  await engine.clock.advance(3_000);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 1"]);
  const progress = await engine.progress();
  assert.equal(progress?.counts.windows, 2);
  assert.equal(progress?.idleWatermarkMs, null, "what was granted is acted upon");
  // The cap: highest event time 12:00:13 + lateness 20 s.
  await engine.clock.advance(600_000);
  assert.equal((await engine.progress())?.watermarkMs, noonMs + 33_000);
});

Deno.test("idling makes no record late that is newer than what was seen", async () => {
  const engine = await Engine.open();
  await engine.send(...three);
  await using running = engine.start([counting()], idles);
  await running.caughtUp();
  await engine.clock.advance(600_000);
  await engine.send({ at: 14 }, { at: 9 });
  await running.caughtUp();
  await running.stop();
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 2"]);
  assert.equal((await engine.runCounts()).late, 1, "the record of 12:00:09 is older, and its window is missed");
});

Deno.test("a replay never idles", async () => {
  const engine = await Engine.open();
  await engine.send(...three);
  await using running = engine.start([counting()], { ...idles, idleTimeoutMs: null });
  await running.caughtUp();
  await engine.clock.advance(3_600_000);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
});

Deno.test("while the log is away silence says nothing: no window fires, it is said once, and nothing ends", async () => {
  const engine = await Engine.open();
  await engine.send(...three);
  await using running = engine.start([counting()], idles);
  await running.caughtUp();
  engine.ports.log.away = true;
  await engine.clock.advance(120_000);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2"]);
  assert.equal((await engine.progress())?.idleWatermarkMs, null);
  assert.equal(engine.notes.length, 1);
  assert.match(engine.notes[0]!, /events\.chat\/0: watermark waits for the log: the log cannot be reached/);
  engine.ports.log.away = false;
  await engine.clock.advance(2_000);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 1"]);
});

/**
 * ```
 * grant ─▶ stored in the progress row ─▶ ✝ ─▶ next owner fires the same windows at the same offset
 * ```
 */
Deno.test("a granted watermark is stored before it is acted upon: whoever takes over fires the same windows", async () => {
  const calm = await Engine.open();
  await calm.send(...three);
  await using undisturbed = calm.start([counting()], idles);
  await undisturbed.caughtUp();
  await calm.clock.advance(60_000);
  await undisturbed.stop();

  const found = new Set<string>();
  for (let atCall = 10; atCall < 40; atCall++) {
    const engine = await Engine.open();
    await engine.send(...three);
    const { ports, kill } = mortal(engine.ports, { atCall, afterwards: true, passes: false });
    await using first = engine.start([counting()], { ...idles, ports });
    await Promise.race([first.caughtUp().catch(() => {}), first.ended]);
    await engine.clock.advance(60_000);
    kill();
    await first.stop();
    const granted = (await engine.progress())?.idleWatermarkMs ?? null;
    // The next owner is a replay: by itself it would fire nothing.
    await engine.process([counting()]);
    const fired = (await engine.rows()).length === 2;
    found.add(`${granted === null ? "nothing granted" : "granted"}, ${fired ? "fired" : "not fired"}`);
    if (!fired) continue;
    assert.deepEqual(await engine.rows(), await calm.rows());
    assert.deepEqual((await engine.progress())?.counts, (await calm.progress())?.counts);
  }
  assert.ok(found.has("granted, fired"), [...found].join("; "));
  assert.ok(!found.has("granted, not fired"), [...found].join("; "));
});

Deno.test("a record that comes after the grant meets the watermark that was granted, also under a new owner", async () => {
  const engine = await Engine.open();
  await engine.send(...three);
  let granted = false;
  for (let atCall = 10; atCall < 40 && !granted; atCall++) {
    const { ports, kill } = mortal(engine.ports, { atCall, afterwards: true, passes: false });
    await using first = engine.start([counting()], { ...idles, ports });
    await Promise.race([first.caughtUp().catch(() => {}), first.ended]);
    await engine.clock.advance(600_000);
    kill();
    await first.stop();
    granted = ((await engine.progress())?.idleWatermarkMs ?? null) !== null;
  }
  assert.ok(granted);
  const { idleWatermarkMs } = (await engine.progress())!;
  await engine.send({ at: 12 });
  await engine.process([counting()]);
  const after = (await engine.progress())!;
  assert.equal(after.watermarkMs, idleWatermarkMs);
  assert.deepEqual(await engine.rows(), ["a 12:00:00 2", "a 12:00:10 2"], "fired at the grant, corrected afterwards");
  assert.equal(after.counts.windows, 2);
});

Deno.test("an owner that is overtaken while a batch waits for its idle watermark leaves the partition, and goes on", async () => {
  const engine = await Engine.open();
  const commitMayEnd = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { summaryStore } = engine.ports;
  const commit = summaryStore.commit.bind(summaryStore);
  summaryStore.commit = async (change) => {
    if (change.progress.every(({ idleWatermarkMs }) => idleWatermarkMs === null)) return await commit(change);
    asked.resolve();
    await commitMayEnd.promise;
    return "fenced";
  };
  await engine.send(...three);
  await using running = engine.start([counting()], { ...idles, whenFenced: "leave" });
  await running.caughtUp();
  const advancing = engine.clock.advance(33_000);
  await asked.promise;
  await engine.send({ at: 14 });
  await engine.rest();
  commitMayEnd.resolve();
  await advancing;
  await engine.rest();
  const outcome = await Promise.race([running.ended, engine.rest().then(() => "still running")]);
  assert.equal(outcome, "still running");
  assert.match(engine.notes.join(), /a newer owner than epoch 1 holds it; it is left to that one/);
});
