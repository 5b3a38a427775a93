/**
 * A live source at work against a fake server: the real runner and sockets, a log in memory.
 * @module
 */
import { seededRandom, systemClock } from "../../core/clock.ts";
import { parseConfig } from "../../core/config.ts";
import { contracts, derivedTopics } from "../../core/events/mod.ts";
import type { AppendBatch, LogRecord } from "../../core/ports.ts";
import type { SourceStatus } from "../../core/status.ts";
import { type KeepTimes } from "../../ingest/connect/keep_connected.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import type { Source } from "../../ingest/source.ts";
import { MemoryLog } from "./memory_log.ts";
import { until } from "./until.ts";

/** Times that a test can wait for. */
export const quickTimes: KeepTimes = {
  backOff: { firstMs: 10, maxMs: 80 },
  readyMsMax: 1_000,
  goodMs: 50,
  silentMsMax: 60_000,
  answerMsMax: 200,
  ageMsMax: Infinity,
};

/** A log in memory that can be away. */
export class AwayLog extends MemoryLog {
  refuses = false;

  override append(batch: AppendBatch): Promise<void> {
    return this.refuses ? Promise.reject(new Error("the log is on leave")) : super.append(batch);
  }
}

/** What a test sees of a run. */
export interface LiveRun {
  readonly log: AwayLog;
  status(): SourceStatus;
  /** All records of a topic, by partition and in order. */
  records(topic: string): readonly LogRecord[];
  /** All values of a topic. */
  values(topic: string): Record<string, unknown>[];
  /** Resolves when the condition holds; a run that fails before rejects with its reason. */
  until(condition: () => boolean, what: string, ms?: number): Promise<void>;
}

/** How to run. */
export interface LiveRunOptions {
  readonly env: Record<string, string>;
  /** A log to go on with, as after a restart. */
  readonly log?: AwayLog;
  readonly spoolFolder?: string;
  readonly seed?: number;
}

/** A log with all topics. */
export async function emptyLog(): Promise<AwayLog> {
  const log = new AwayLog(systemClock);
  const derived = Object.values(derivedTopics).map((topic) => ({ topic, partitions: 1 }));
  await log.ensureTopics([...contracts, ...derived]);
  return log;
}

/** Runs a source while the body lasts, and ends it as Ctrl-C would. */
export async function withRun(
  source: Source,
  { env, log: given, spoolFolder, seed = 1 }: LiveRunOptions,
  body: (run: LiveRun) => Promise<void>,
): Promise<void> {
  const log = given ?? await emptyLog();
  const stop = new AbortController();
  const { config, faults } = parseConfig(env);
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const context = { config, clock: systemClock, random: seededRandom(seed), signal: stop.signal };
  const options = { context, log };
  const runner = new SourceRunner(source, spoolFolder === undefined ? options : { ...options, spoolFolder });
  let failure: unknown = null;
  const running = runner.run().catch((error) => (failure = error));
  const run: LiveRun = {
    log,
    status: () => runner.status(),
    records: (topic) => log.recordsOf(topic).flat(),
    values: (topic) => log.valuesOf(topic),
    async until(condition, what, ms) {
      await until(
        () => {
          if (failure !== null) throw failure;
          return condition();
        },
        what,
        ms,
      );
    },
  };
  try {
    await body(run);
  } finally {
    stop.abort();
    await running;
  }
}
