/**
 * The simulator: the engine under crashes, zombies, lost answers and stores that went back, in simulated time, against
 * the naive reference; and the simulator itself, against planted bugs.
 *
 * ```
 * seed ─▶ scenario ─▶ lives ✝ zombies ✝ … ─▶ healed, drained ─▶ tables, topics, live feed ═ reference
 * ```
 */
import assert from "node:assert/strict";
import { systemClock } from "../../core/clock.ts";
import { seconds } from "../../core/time.ts";
import { type BugName, bugs } from "./bugs.ts";
import { campaign, smallestOf } from "./campaign.ts";
import { scenarioOf } from "./generate.ts";
import { recordCount, scenarioLines } from "./scenario.ts";
import { runScenario } from "./simulation.ts";

const clock = systemClock;
/** In CI as many runs as a minute allows. */
const TIME_MS_MAX = seconds(Deno.env.get("CI") ? 60 : 10);
const RUNS_PER_BUG_MAX = 2_000;
const BUGS_TIME_MS_MAX = seconds(90);

/** What must have happened in some of them. */
const TROUBLE = [
  ...["is killed", "move", "lost without a word", "trap ahead", "trap unknown", "retain", "its place is gone"],
  ...["starts anew", "they are lost", "cannot be rebuilt", "are rebuilt from", "left to that one"],
];

const say = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));

Deno.test("whatever befalls processes and stores, the engine ends with what a naive walk over the records gives", async () => {
  const { runs, events, met, failed } = await campaign({ seed: 1, runs: Infinity, timeMsMax: TIME_MS_MAX, clock });
  if (failed !== null) {
    const { scenario, story, failure } = await smallestOf(failed, { attemptsMax: 1_000 });
    assert.fail([`seed ${failed.seed}`, ...scenarioLines(scenario), ...story, failure].join("\n"));
  }
  say(`${runs} runs, ${events} simulated events`);
  assert.ok(runs > 100, `${runs} runs`);
  for (const what of TROUBLE) assert.ok((met.get(what) ?? 0) > 0, `${what}: in none of ${runs} runs`);
});

Deno.test("each planted bug is found", async () => {
  const startMs = clock.nowMs();
  for (const bug of Object.keys(bugs) as BugName[]) {
    const { runs, failed } = await campaign({ seed: 1, runs: RUNS_PER_BUG_MAX, bug, clock });
    assert.ok(failed !== null, `${bug} is not found in ${runs} runs: ${bugs[bug].about}`);
    say(`${bug}: run ${runs}: ${failed.failure.split("\n")[0]}`);
  }
  assert.ok(clock.nowMs() - startMs < BUGS_TIME_MS_MAX, "finding them takes too long");
});

Deno.test("a run is reproducible: the same seed gives the same history, another seed another one", async () => {
  const hashes = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const [first, second] = [await runScenario(scenarioOf(seed)), await runScenario(scenarioOf(seed), { tells: true })];
    assert.equal(first.hash, second.hash, `seed ${seed}`);
    assert.ok(second.story.length > 0);
    hashes.add(first.hash);
  }
  assert.equal(hashes.size, 20);
});

Deno.test("a failure is made small enough to read", async () => {
  for (const bug of ["seqs_forgotten", "states_apart", "credulous_windows"] as const) {
    const { failed } = await campaign({ seed: 1, runs: RUNS_PER_BUG_MAX, bug, clock });
    const before = recordCount(scenarioOf(failed!.seed));
    const smallest = await smallestOf(failed!, { bug, attemptsMax: 1_000 });
    assert.ok(recordCount(smallest.scenario) <= Math.max(4, before / 2), `${bug}: from ${before} records`);
    assert.ok(smallest.story.length > 0);
  }
});
