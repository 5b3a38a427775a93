/**
 * Many runs, one seed after the other, until one fails or the time is over.
 * @module
 */
import type { Clock } from "../../core/clock.ts";
import type { BugName } from "./bugs.ts";
import { scenarioOf } from "./generate.ts";
import type { Scenario } from "./scenario.ts";
import { kindOf, shrunk } from "./shrink.ts";
import { runScenario } from "./simulation.ts";

/** Which runs. */
export interface CampaignOptions {
  readonly seed: number;
  readonly runs: number;
  /** Milliseconds of real time after which no further run begins. */
  readonly timeMsMax?: number;
  readonly bug?: BugName | undefined;
  readonly clock: Pick<Clock, "nowMs">;
  readonly onRun?: (done: number) => void;
}

/** A run that failed. */
export interface Failure {
  readonly seed: number;
  readonly failure: string;
}

/** What came out. */
export interface CampaignResult {
  /** Runs that were done, the failing one included. */
  readonly runs: number;
  /** Simulated events in all. */
  readonly events: number;
  /** In how many runs what happened. */
  readonly met: ReadonlyMap<string, number>;
  readonly failed: Failure | null;
}

/** Runs seeds in order, until the first failure. */
export async function campaign(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, runs, timeMsMax = Infinity, bug, clock, onRun } = options;
  const untilMs = clock.nowMs() + timeMsMax;
  const met = new Map<string, number>();
  let events = 0;
  let done = 0;
  while (done < runs && clock.nowMs() < untilMs) {
    const result = await runScenario(scenarioOf(seed + done), { bug });
    events += result.events;
    for (const what of result.met.keys()) met.set(what, (met.get(what) ?? 0) + 1);
    done++;
    if (result.failure !== null) {
      return { runs: done, events, met, failed: { seed: seed + done - 1, failure: result.failure } };
    }
    onRun?.(done);
  }
  return { runs: done, events, met, failed: null };
}

/** A failure made small, with its story. */
export interface SmallestFailure {
  readonly scenario: Scenario;
  readonly failure: string;
  readonly story: readonly string[];
  readonly attempts: number;
}

/** Shrinks a failure and tells its story. */
export async function smallestOf(
  { seed, failure }: Failure,
  { bug, attemptsMax }: { bug?: BugName | undefined; attemptsMax: number },
): Promise<SmallestFailure> {
  const kind = kindOf(failure);
  const fails = async (candidate: Scenario): Promise<boolean> => {
    const result = await runScenario(candidate, { bug });
    return result.failure !== null && kindOf(result.failure) === kind;
  };
  const { scenario, attempts } = await shrunk(scenarioOf(seed), { fails, attemptsMax });
  const told = await runScenario(scenario, { bug, tells: true });
  return { scenario, failure: told.failure ?? failure, story: told.story, attempts };
}
