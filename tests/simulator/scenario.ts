/**
 * What happens in one run, as data: it can be printed, and made smaller step by step.
 *
 * ```
 * scenario   options, then actions, each so many milliseconds after the one before
 * process    a place where the supervisor keeps a processor running
 * life       one processor there, from its start to its stop, failure or kill; the next one follows by itself
 * trap       waits in a process for the n-th call of a kind, and springs once
 * ```
 * @module
 */

/** A record to append, with all that decides it. */
export interface SimRecord {
  readonly kind: "event" | "rubbish" | "future" | "misplaced";
  /** Name of its event. */
  readonly id: number;
  /** Event time, in milliseconds after the feed's begin; may be negative. */
  readonly atMs: number;
  /** Which stream, 0 to 4. */
  readonly stream: number;
  /** Decides user, emotes and amount. */
  readonly pick: number;
  /** Which producer, or null for none. */
  readonly producer: number | null;
  readonly seq: number;
}

/** Kinds of calls of the ports. */
export type CallName =
  | "acquire"
  | "claim"
  | "load"
  | "append"
  | "commit"
  | "commit_windows"
  | "publish"
  | "commit_offset"
  | "floor"
  | "end_offsets"
  | "detector_states";

/**
 * What a trap does: `refuse` = the call rejects with nothing done; `unknown` = it is done, and rejects; `kill_before`,
 * `kill_after` = the process dies around it; `pause_before`, `pause_after` = the process stands still around it (before:
 * the call is under way as long); `ahead` = a SummaryStore that says "committed" and forgets it, so that the WindowStore
 * comes to be ahead; the process dies at the first call that is not to the WindowStore; `ahead_idle` = so at the commit
 * after one that granted an idle watermark.
 */
export type TrapEffect =
  | "refuse"
  | "unknown"
  | "kill_before"
  | "kill_after"
  | "pause_before"
  | "pause_after"
  | "ahead"
  | "ahead_idle";

/** What happens. */
export type Action =
  | { readonly kind: "append"; readonly records: readonly SimRecord[] }
  /** The supervisor starts the process, if it is not running. */
  | { readonly kind: "start"; readonly process: number }
  /** As Ctrl-C does; the supervisor starts it anew. */
  | { readonly kind: "stop"; readonly process: number }
  | { readonly kind: "kill"; readonly process: number }
  | { readonly kind: "pause"; readonly process: number; readonly forMs: number }
  | {
    readonly kind: "trap";
    readonly process: number;
    readonly call: CallName;
    readonly nth: number;
    readonly effect: TrapEffect;
    readonly forMs: number;
  }
  /** The group gives a partition to another process. */
  | { readonly kind: "move"; readonly partition: number; readonly process: number }
  | { readonly kind: "drain"; readonly process: number }
  /** `save` makes a copy of the WindowStore, `older` puts it back; `half` loses one pipeline's part. */
  | { readonly kind: "windows"; readonly fate: "save" | "older" | "lost" | "half" }
  /** The log deletes what it may. */
  | { readonly kind: "retain" }
  /** The log deletes some of a partition's records, in percent, whoever needs them. */
  | { readonly kind: "forget"; readonly partition: number; readonly percent: number }
  /** Processes that start from now on have another version of the pipelines. */
  | { readonly kind: "upgrade"; readonly version: number }
  /** The topic is deleted and made anew. */
  | { readonly kind: "recreate" }
  | { readonly kind: "quiet" };

/** An action and how long it waits. */
export interface Step {
  readonly afterMs: number;
  readonly action: Action;
}

/** How the processors work, and how fast the world is. */
export interface ScenarioOptions {
  readonly partitions: number;
  /** Which variant of the pipelines. */
  readonly variant: number;
  readonly batchRecordsMax: number;
  readonly commitIntervalMs: number;
  readonly commitRecordsMax: number;
  readonly liveIntervalMs: number;
  /** How far the WindowStore may be behind at most; null = each commit writes it. */
  readonly windowsBehindMax: number | null;
  readonly idleTimeoutMs: number | null;
  /** What an overtaken owner does. */
  readonly whenFenced: "stop" | "leave";
  /** What is kept of each event. */
  readonly keeps: "raw" | "enriched" | null;
  /** Part of the calls, in percent, that are slow, and how slow at most. */
  readonly slowPercent: number;
  readonly slowMs: number;
  /** How far the clocks of lives are beside the log's, at most. */
  readonly skewMs: number;
  /** How long the group waits for a silent member before it gives its partitions away. */
  readonly sessionMs: number;
}

/** One run. */
export interface Scenario {
  /** Seed of delays and of other small chances. */
  readonly seed: number;
  readonly options: ScenarioOptions;
  readonly steps: readonly Step[];
}

/** How many records a scenario sends. */
export const recordCount = ({ steps }: Scenario): number =>
  steps.reduce((sum, { action }) => sum + (action.kind === "append" ? action.records.length : 0), 0);

/** A scenario as lines for people. */
export function scenarioLines({ seed, options, steps }: Scenario): string[] {
  const lines = [`seed ${seed}`, `options ${JSON.stringify(options)}`];
  for (const { afterMs, action } of steps) {
    const { kind, ...rest } = action;
    if (action.kind !== "append") {
      lines.push(`+${afterMs} ms  ${kind} ${JSON.stringify(rest)}`);
      continue;
    }
    lines.push(`+${afterMs} ms  append`, ...action.records.map((record) => `            ${JSON.stringify(record)}`));
  }
  return lines;
}
