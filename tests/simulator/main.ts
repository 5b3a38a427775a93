/**
 * The simulator's command.
 *
 *     deno task sim --seed 1 --runs 10000
 *     deno task sim --seed 77 --runs 1 --verbose
 *     deno task sim --bug lost_watermark
 * @module
 */
import { parseArgs } from "node:util";
import { systemClock } from "../../core/clock.ts";
import { type BugName, bugs } from "./bugs.ts";
import { campaign, smallestOf } from "./campaign.ts";
import { scenarioOf } from "./generate.ts";
import { scenarioLines } from "./scenario.ts";
import { runScenario } from "./simulation.ts";

/** Runs that the shrinker may make. */
const ATTEMPTS_MAX = 2_000;
/** Runs between two lines of progress. */
const PROGRESS_RUNS = 1_000;

const encoder = new TextEncoder();

/** Writes all of it: a pipe takes what it has room for. */
function print(...lines: readonly string[]): void {
  let rest = encoder.encode(lines.map((line) => `${line}\n`).join(""));
  while (rest.length > 0) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

interface Call {
  readonly seed: number;
  readonly runs: number;
  readonly seconds: number;
  readonly bug: BugName | undefined;
  readonly verbose: boolean;
}

function callOf(args: readonly string[]): Call {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: "string", default: "1" },
      runs: { type: "string" },
      seconds: { type: "string" },
      bug: { type: "string" },
      verbose: { type: "boolean", default: false },
    },
  });
  const { bug } = values;
  if (bug !== undefined && !(bug in bugs)) {
    throw new RangeError(`Cannot plant bug "${bug}": there are ${Object.keys(bugs).join(", ")}`);
  }
  const whole = (name: "seed" | "runs" | "seconds", fallback: number): number => {
    const value = Number(values[name] ?? fallback);
    if (!(value >= 0)) throw new RangeError(`Cannot run: --${name} is ${values[name]}, expected a number`);
    return value;
  };
  return {
    seed: whole("seed", 1),
    runs: whole("runs", values.seconds === undefined ? 2_000 : Infinity),
    seconds: whole("seconds", Infinity),
    bug: bug as BugName | undefined,
    verbose: values.verbose,
  };
}

async function main(args: readonly string[]): Promise<number> {
  const { seed, runs, seconds, bug, verbose } = callOf(args);
  const startMs = performance.now();
  const perSecond = (done: number) => (done / (performance.now() - startMs) * 1000).toFixed(0);
  if (bug !== undefined) print(`planted: ${bug}: ${bugs[bug].about}`);
  if (verbose && runs === 1) {
    const scenario = scenarioOf(seed);
    const { story, hash } = await runScenario(scenario, { bug, tells: true });
    print(...scenarioLines(scenario), "", ...story, "", `history ${hash}`);
  }
  const result = await campaign({
    seed,
    runs,
    timeMsMax: seconds * 1000,
    bug,
    clock: systemClock,
    onRun: (done) => {
      if (done % (verbose ? 100 : PROGRESS_RUNS) === 0) print(`${done} runs, ${perSecond(done)} a second`);
    },
  });
  const done = `${result.runs} runs from seed ${seed}, ${perSecond(result.runs)} a second, ${result.events} events`;
  if (result.failed === null) {
    print(`${done}: no failure`);
    return 0;
  }
  print(`${done}: seed ${result.failed.seed} failed`, result.failed.failure, "", "shrinking …");
  const smallest = await smallestOf(result.failed, { bug, attemptsMax: ATTEMPTS_MAX });
  print(`the smallest of ${smallest.attempts} attempts:`, "", ...scenarioLines(smallest.scenario), "");
  print("what happened (seconds, process.life, step):", ...smallest.story, "", smallest.failure);
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
