/**
 * A window in which a metric has no value is no window of value 0: detectors pass it over.
 */
import assert from "node:assert/strict";
import { type ChatEvent, chatEvents } from "../../core/events/chat.ts";
import { seconds } from "../../core/time.ts";
import { tumbling } from "../../core/window.ts";
import { type Detector, episode, peak, threshold, zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { DetectorBank } from "../../processor/engine/detector_bank.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import { meanOf } from "../../processor/metrics/mod.ts";
import { pipeline } from "../../processor/pipeline.ts";

/** A bank with these detectors of metric `mood`, which has no value where no event has one. */
const bankOf = (...detect: Detector<ChatEvent>[]) =>
  new DetectorBank(
    pipeline<ChatEvent>({
      name: "moods",
      contract: chatEvents,
      key: "stream_id",
      window: tumbling({ sizeMs: seconds(10) }),
      metrics: { mood: meanOf(() => undefined, { scale: 0 }) },
      detect,
      table: "moods",
    }),
    [],
  );

/** Shows a window of 10 s at each place, as it fires and as a correction leaves it; the places of what is found. */
function found(bank: DetectorBank, values: readonly (number | null | undefined)[]): number[] {
  return values.flatMap((value, place) => {
    const window = { key: "a", windowStartMs: seconds(10 * place), windowEndMs: seconds(10 * place + 10), revision: 1 };
    const pane = { ...window, timing: "on_time" as const, values: [value] };
    const findings = bank.onPane(pane, { missedUpToMs: seconds(10 * place - 60), counts: noCounts() });
    return [...findings, ...bank.onCorrection(window, () => value)].map(() => place);
  });
}

const ripple = Array.from({ length: 40 }, (_, i) => 50 + i % 2);

Deno.test("a window without a value is neither judged nor remembered", () => {
  for (const none of [null, undefined]) {
    assert.deepEqual(found(bankOf(zScore("mood", { threshold: 3 })), [...ripple, none]), []);
    const holes = ripple.flatMap((value) => [value, none]);
    assert.deepEqual(
      found(bankOf(zScore("mood", { threshold: 3 })), [...holes, 60]),
      [80, 80],
      "none is in a baseline",
    );
    const rises = bankOf(peak("mood", { kind: "k", samplesMin: 10 }));
    assert.deepEqual(found(rises, [...holes, 60]), [80]);
    assert.deepEqual(bankOf(threshold("mood", { enter: 0, leave: 0 })).takeChanges(), []);
    assert.deepEqual(found(bankOf(threshold("mood", { enter: 0, leave: 0 })), [none, none]), []);
    assert.deepEqual(found(bankOf(threshold("mood", { enter: 0, leave: 0 })), [0]), [0, 0], "0 is a value");
    assert.deepEqual(found(bankOf(episode("mood", { kind: "k", enter: 1, leave: 1 })), [2, none, none]), [0]);
  }
});

Deno.test("an event without a value that is a number is passed over", () => {
  const values = [...Array.from({ length: 40 }, (_, i) => i % 2), null, undefined, NaN, Infinity, 100];
  let at = 0;
  const bank = bankOf(zScoreOfEvents("mood", { value: () => values[at] as number | undefined, threshold: 3 }));
  const seen = { key: "a", eventTimeMs: 0, windowStartMs: 0, windowEndMs: 1, revision: 1 };
  const places = values.flatMap((_, i) => {
    at = i;
    return bank.onEvent({ ...seen, event: { event_id: String(i), timestamp: "", source: "" } }, noCounts()).map(() =>
      i
    );
  });
  assert.deepEqual(places, [values.length - 1]);
});
