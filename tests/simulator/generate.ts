/**
 * Scenarios from seeds: a feed with repeats, disorder, lateness and rubbish, cut into appends, and between them what may
 * befall processes and stores.
 * @module
 */
import { Chance } from "./chance.ts";
import { VARIANTS, VERSIONS } from "./pipelines.ts";
import type { Action, CallName, Scenario, ScenarioOptions, SimRecord, Step, TrapEffect } from "./scenario.ts";

/** What a run is about; some faults show only where certain things come together. */
type Theme = "mixed" | "idle" | "drain" | "moves" | "renewal" | "forget";

/** How rough a run is. */
interface Mood {
  readonly theme: Theme;
  readonly processes: number;
  /** Weight of what disturbs. */
  readonly disturbing: number;
}

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const chance = new Chance(seed);
  const processes = chance.weighted([[3, 1], [4, 2], [2, 3]] as const);
  const theme = chance.weighted<Theme>([[5, "mixed"], [2, "idle"], [2, "drain"], [processes > 1 ? 2 : 0, "moves"], [
    2,
    "renewal",
  ], [2, "forget"]]);
  const mood: Mood = { theme, processes, disturbing: chance.oneOf([2, 6, 10]) };
  const options = optionsOf(chance, { theme, processes });
  // Where records are gone, what a repeat repeats may be gone as well.
  const feed = new Feed(chance, { repeatPercent: theme === "forget" ? 0 : 10 });
  const steps: Step[] = [];
  for (let process = 0; process < processes; process++) {
    steps.push({ afterMs: process === 0 ? 0 : chance.oneOf([0, 10, 500, 3_000]), action: { kind: "start", process } });
  }
  const length = chance.whole(6, 26);
  for (let i = 0; i < length; i++) {
    const action = chance.percent(50) ? null : disturbance(chance, { mood, options });
    // What a feed makes is sent: a repeat is always of a record that was there.
    const sent = action ?? feed.next(chance.weighted([[4, 3], [4, 8], [1, 20]] as const));
    steps.push({ afterMs: waitOf(chance, theme, options), action: sent });
  }
  return { seed, options, steps };
}

function optionsOf(chance: Chance, { theme, processes }: { theme: Theme; processes: number }): ScenarioOptions {
  const options: ScenarioOptions = {
    partitions: chance.oneOf([1, 2, 2]),
    variant: chance.whole(0, VARIANTS - 1),
    batchRecordsMax: chance.oneOf([1, 4, 20]),
    commitIntervalMs: chance.oneOf([100, 1_000]),
    commitRecordsMax: chance.oneOf([1, 5, 5, 30]),
    liveIntervalMs: chance.oneOf([250, 1_000]),
    windowsBehindMax: chance.oneOf([null, 10, 40]),
    idleTimeoutMs: theme === "idle" ? 2_000 : chance.oneOf([null, 2_000, 4_000]),
    whenFenced: processes > 1 ? chance.oneOf(["stop", "leave"]) : "stop",
    keeps: chance.oneOf([null, null, "raw", "enriched"]),
    slowPercent: chance.oneOf([0, 5, 20]),
    slowMs: chance.oneOf([100, 1_500]),
    skewMs: chance.oneOf([0, 0, 1_500]),
    sessionMs: chance.oneOf([200, 1_000]),
  };
  // Many callers at a time wait for commits that take long.
  const busy = { commitIntervalMs: 100, commitRecordsMax: 1, liveIntervalMs: 250, slowPercent: 50, slowMs: 1_000 };
  return theme === "drain" ? { ...options, ...busy, batchRecordsMax: 1 } : options;
}

/** Mostly as quick as commits are, at times long enough for a partition to idle. */
function waitOf(chance: Chance, theme: Theme, { idleTimeoutMs }: ScenarioOptions): number {
  const long = idleTimeoutMs === null ? 0 : theme === "idle" ? 6 : 2;
  return chance.weighted([
    [4, 0],
    [6, chance.whole(1, 60)],
    [5, chance.whole(60, 1_500)],
    [long, chance.whole(3_000, 30_000)],
  ]);
}

const COMMITTING: readonly CallName[] = ["append", "commit", "commit_windows", "publish", "commit_offset", "floor"];
const TAKING_OVER: readonly CallName[] = ["acquire", "claim", "load"];

function disturbance(
  chance: Chance,
  { mood, options }: { mood: Mood; options: ScenarioOptions },
): Action | null {
  const process = chance.whole(0, mood.processes - 1);
  const rough = mood.disturbing;
  const { theme } = mood;
  const partition = chance.whole(0, options.partitions - 1);
  const [renews, forgets] = [theme === "renewal", theme === "forget"];
  // An older WindowStore knows what is gone, and a drained row stays when all of its events are: neither has one outcome.
  const fates = forgets ? ["lost", "half"] as const : ["save", "save", "older", "older", "lost", "half"] as const;
  return chance.weighted<() => Action | null>([
    [6, () => null],
    [rough, () => trapOf(chance, process, theme)],
    [rough / 4, () => ({ kind: "kill", process })],
    [rough / 4, () => ({ kind: "pause", process, forMs: chance.oneOf([50, 500, 3_000, 9_000]) })],
    [rough / 4, () => ({ kind: "windows", fate: chance.oneOf<(typeof fates)[number]>(fates) })],
    [
      mood.processes > 1 ? (theme === "moves" ? 12 : 3) : 0,
      () => ({ kind: "move", partition, process }),
    ],
    [1, () => ({ kind: "stop", process })],
    [theme === "drain" ? 16 : forgets ? 0 : 1, () => ({ kind: "drain", process })],
    // A pipeline that starts anew begins where the log does: that is known where the log keeps all.
    [renews ? 0 : 1, () => ({ kind: "retain" })],
    [forgets ? 8 : 0, () => ({ kind: "forget", partition, percent: chance.whole(10, 100) })],
    [renews ? 6 : 0, () => ({ kind: "upgrade", version: chance.whole(0, VERSIONS - 1) })],
    [renews ? 2 : 0, () => ({ kind: "recreate" })],
    [1, () => ({ kind: "quiet" })],
  ])();
}

function trapOf(chance: Chance, process: number, theme: Theme): Action {
  const call = chance.weighted<CallName>([
    [5, "commit"],
    [3, "commit_windows"],
    [4, chance.oneOf(COMMITTING)],
    [2, chance.oneOf(TAKING_OVER)],
    [1, "end_offsets"],
    [1, "detector_states"],
  ]);
  const effect = chance.weighted<TrapEffect>([
    [2, "refuse"],
    [2, "unknown"],
    [2, "kill_before"],
    [3, "kill_after"],
    [2, "pause_before"],
    [2, "pause_after"],
    [call === "commit" && theme !== "forget" ? 3 : 0, "ahead"],
    [call === "commit" && theme === "idle" ? 14 : 0, "ahead_idle"],
  ]);
  const forMs = effect.startsWith("pause") ? chance.oneOf([300, 2_000, 7_000]) : 0;
  const nth = effect === "ahead_idle" ? 1 : chance.oneOf([1, 1, 2, 3]);
  return { kind: "trap", process, call, nth, effect, forMs };
}

/** A feed: event times go on with leaps, records come late, twice, at the wrong place, or are none. */
class Feed {
  readonly #chance: Chance;
  readonly #sent: SimRecord[] = [];
  readonly #seqs = [0, 0, 0];
  readonly #streams: number;
  readonly #repeatPercent: number;
  readonly #stepMs: number;
  #atMs: number;
  #ids = 0;

  constructor(chance: Chance, { repeatPercent }: { repeatPercent: number }) {
    this.#chance = chance;
    this.#repeatPercent = repeatPercent;
    this.#streams = chance.whole(1, 5);
    this.#stepMs = chance.oneOf([1_000, 5_000, 12_000]);
    this.#atMs = chance.whole(0, 100_000);
  }

  /** The next records. */
  next(most: number): Action & { kind: "append" } {
    const records = Array.from({ length: this.#chance.whole(1, most) }, () => this.#record());
    return { kind: "append", records };
  }

  #record(): SimRecord {
    const chance = this.#chance;
    const earlier = this.#sent.length > 0 && chance.percent(this.#repeatPercent)
      ? this.#sent.at(-chance.whole(1, 30))
      : undefined;
    if (earlier !== undefined) return earlier;
    this.#atMs += chance.percent(4) ? chance.whole(0, 240_000) : chance.whole(0, this.#stepMs);
    const lateMs = chance.weighted([[6, 0], [4, chance.whole(0, 8_000)], [2, chance.whole(0, 120_000)]]);
    const which = chance.whole(0, this.#seqs.length);
    const producer = which < this.#seqs.length ? which : null;
    const record: SimRecord = {
      kind: chance.weighted([[40, "event"], [1, "rubbish"], [1, "future"], [1, "misplaced"]] as const),
      id: this.#ids++,
      atMs: this.#atMs - lateMs,
      stream: chance.whole(0, this.#streams - 1),
      pick: chance.whole(0, 999),
      producer,
      seq: producer === null ? 0 : this.#seqs[producer]!++,
    };
    this.#sent.push(record);
    return record;
  }
}
