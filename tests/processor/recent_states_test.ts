/**
 * Detectors know a bounded number of keys, and which ones is a function of the records.
 */
import assert from "node:assert/strict";
import { zScore, zScoreOfEvents } from "../../processor/detectors/mod.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import { RecentStates } from "../../processor/engine/recent_states.ts";
import { counting, Engine } from "../support/engine_kit.ts";

interface Seen {
  times: number;
}

/** What a commit would save: null for what is to go. */
type Changes = readonly (readonly [key: string, saved: unknown])[];

/** Sees keys one after the other. */
function see(states: RecentStates<Seen>, keys: string, counts = noCounts()): Changes {
  for (const key of keys) states.take(key, counts, () => ({ times: 0 })).times++;
  return states.takeChanges();
}

/** `a2 at 1`: seen twice since it was forgotten last, first in the order. */
const shown = (changes: Changes): string =>
  changes.map(([key, saved]) => {
    if (saved === null) return `${key} gone`;
    const { state, order } = saved as { state: Seen; order: number };
    return `${key}${state.times} at ${order}`;
  }).join(", ");

Deno.test("one key too many takes the place of the one that was seen least recently, and is counted", () => {
  const states = new RecentStates<Seen>([], 2);
  const counts = noCounts();
  assert.equal(shown(see(states, "aab", counts)), "a2 at 1, b1 at 2");
  assert.equal(shown(see(states, "a", counts)), "a3 at 3");
  assert.equal(shown(see(states, "c", counts)), "c1 at 4, b gone");
  assert.equal(shown(see(states, "b", counts)), "b1 at 5, a gone");
  assert.equal(counts.detector_keys_dropped, 2);
  assert.equal(states.takeKnown("a"), undefined);
});

Deno.test("whoever takes over drops what its predecessor would have dropped, in whatever order states are loaded", () => {
  const keys = [..."abacdbeafcaabdce"];
  const undisturbed = new RecentStates<Seen>([], 3);
  const expected = keys.map((key) => shown(see(undisturbed, key)));
  const saved = new Map<string, unknown>();
  const found = keys.map((key, i) => {
    const stored = [...saved].map(([name, state]) => ({ key: name, state }));
    const changes = see(new RecentStates(i % 2 === 0 ? stored : stored.reverse(), 3), key);
    for (const [name, state] of changes) {
      if (state === null) saved.delete(name);
      else saved.set(name, state);
    }
    return shown(changes);
  });
  assert.deepEqual(found, expected);
});

Deno.test("the states of a pipeline's detectors are bounded in the store as well, and the drops add up", async () => {
  const engine = await Engine.open();
  const often = { threshold: 1, samplesMin: 3 };
  const detect = [zScore("events", often), zScoreOfEvents("size", { ...often, value: () => 1 })];
  const pipelines = [counting({ detect, detectorKeysMax: 3 })];
  await engine.send(...[..."abcdefgh"].map((key, i) => ({ at: i, key })), { at: 31 });
  await engine.process(pipelines);
  const { keyedStates } = await engine.ports.summaryStore.acquire({ topic: "events.chat", partition: 0 }, ["counting"]);
  const keysOf = (on: string) => keyedStates.filter(({ name }) => name === detect.find((one) => one.on === on)!.name);
  assert.deepEqual(keysOf("pane").map(({ key }) => key).sort(), ["f", "g", "h"]);
  assert.deepEqual(keysOf("event").map(({ key }) => key).sort(), ["a", "g", "h"]);
  assert.equal((await engine.progress())?.counts.detector_keys_dropped, 5 + 6);
  assert.equal((await engine.runCounts())["counting.detector_keys_dropped"], 5 + 6);
});

Deno.test("a number of keys that is no number is refused with the fix", () => {
  assert.throws(() => counting({ detectorKeysMax: 0 }), /detectorKeysMax is 0; make it a whole number above 0/);
});
