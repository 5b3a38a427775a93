/**
 * `replay FILE… --source NAME`: sends recorded input through the whole pipeline, and with --drain writes the rows of all
 * windows, prints the counts and exits.
 * @module
 */
import { openStores, type Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import type { ReplayOptions } from "../../ingest/replay/replay.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { Processor } from "../../processor/processor.ts";
import { checkTables } from "../../processor/table_check.ts";
import { type Call, parseCall, usableConfig, userPath } from "../arguments.ts";
import { RemoteReplay } from "../replay/remote_replay.ts";
import { ensureTopics } from "../topics.ts";
import { outcomeOf, type RunOutcome } from "../run_outcome.ts";
import { clearProgress, interruption, isTerminal, print, say, showProgress } from "../terminal.ts";

const options = {
  source: "string",
  speed: "string",
  order: "string",
  drain: "boolean",
  json: "boolean",
  again: "boolean",
  "shift-to-now": "boolean",
} as const;

/** Runs the command; exit code. */
export async function replay(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "replay", options });
  const config = usableConfig(call);
  const how = howToReplay(call);
  say(
    `replaying ${how.files.length} ${
      how.files.length === 1 ? "file" : "files"
    } through ${how.source.name} into ${config.dataDir}`,
  );
  using signal = interruption();
  await using stores = await openStores(config, { clock: systemClock, onNote: say });
  await checkTables(pipelines, stores.summaryStore);
  await ensureTopics(stores.log);
  using input = await openInput(stores, how, signal);
  const startedMs = systemClock.nowMs();
  const topics = how.source.contracts.map(({ topic }) => topic);
  const readers = pipelines.filter(({ contract }) => topics.includes(contract.topic));
  if (input.nothingNew && await isCaughtUp(stores)) {
    say("nothing is new: every line was read by an earlier run; nothing was written (--again sends them once more)");
    const drained = new Map<string, number>();
    report(call, await outcomeOf(stores.summaryStore, { input, drained, pipelines: readers, durationMs: 0 }));
    return 0;
  }
  const drained = await run(stores, { input, drains: call.has("drain"), signal });
  if (drained === null) {
    say("interrupted: what was read is saved; the same command goes on from there");
    return exitCodes.interrupted;
  }
  const durationMs = systemClock.nowMs() - startedMs;
  report(call, await outcomeOf(stores.summaryStore, { input, drained, pipelines: readers, durationMs }));
  return 0;
}

/** What the words of the call decide. */
type HowToReplay = Pick<ReplayOptions, "files" | "source" | "speed" | "order" | "again" | "shiftToNow">;

function howToReplay(call: Call): HowToReplay {
  const usage = (
    cause: string,
    fix = "tidemark replay FILE… --source NAME [--speed 1|60|max] [--order time|file] [--drain]",
  ) => new UserError("usage", { cause: `Cannot replay: ${cause}`, fix });
  const name = call.text("source");
  if (call.words.length === 0 || name === undefined) throw usage("at least one file and a source are needed");
  const speedText = call.text("speed") ?? "max";
  const speed = speedText === "max" ? "max" : Number(speedText);
  if (speed !== "max" && !(speed > 0 && speed < Infinity)) {
    throw usage(`--speed is "${speedText}"`, "--speed takes max, or event time per wall time, such as 1 or 60");
  }
  const order = call.text("order") ?? "time";
  if (order !== "time" && order !== "file") throw usage(`--order is "${order}"`, "--order takes time or file");
  return {
    files: call.words.map(userPath),
    source: sourceByName(name),
    speed,
    order,
    again: call.has("again"),
    shiftToNow: call.has("shift-to-now"),
  };
}

async function openInput({ log, summaryStore }: Stores, how: HowToReplay, signal: AbortSignal): Promise<RemoteReplay> {
  const [topics, progress] = await Promise.all([log.topics(), summaryStore.progress()]);
  const { source, ...rest } = how;
  return await RemoteReplay.open(log, { request: { ...rest, sourceName: source.name, topics, progress }, signal });
}

/** Whether every pipeline has processed all that the log holds. */
async function isCaughtUp({ log, summaryStore }: Stores): Promise<boolean> {
  const progress = await summaryStore.progress();
  for (const { name, contract } of pipelines) {
    const ends = await log.endOffsets(contract.topic);
    for (const [partition, end] of ends.entries()) {
      const found = progress.find((p) =>
        p.pipeline === name && p.topic === contract.topic && p.partition === partition
      );
      if ((found?.nextOffset ?? 0) < end) return false;
    }
  }
  return true;
}

interface Running {
  readonly input: RemoteReplay;
  readonly drains: boolean;
  readonly signal: AbortSignal;
}

/** Feeds and processes; drained windows by pipeline, or null when interrupted. */
async function run(stores: Stores, { input, drains, signal }: Running): Promise<ReadonlyMap<string, number> | null> {
  const stop = new AbortController();
  const ports = { ...stores, clock: systemClock };
  const processor = new Processor(ports, { pipelines, liveFeed: null, idleTimeoutMs: null, onNote: say });
  const running = processor.run(AbortSignal.any([signal, stop.signal]));
  using _progress = watchProgress(input, processor);
  const feeding = input.feed();
  const work = async (): Promise<ReadonlyMap<string, number> | null> => {
    await feeding;
    if (signal.aborted) return null;
    await processor.caughtUp();
    const drained = drains ? await processor.drain() : new Map<string, number>();
    await input.finish();
    return drained;
  };
  try {
    const interrupted = new Promise<null>((resolve) => {
      signal.addEventListener("abort", () => resolve(null));
      if (signal.aborted) resolve(null);
    });
    // A processor that fails must not leave the feeding side waiting for it.
    return await Promise.race([work(), running.then(() => interrupted), interrupted]);
  } finally {
    stop.abort();
    // Nothing may still be on its way to a store that is about to be closed.
    await Promise.allSettled([feeding]);
    await running;
  }
}

/** Shows how far it is: in place on a terminal, as a line every few seconds elsewhere. */
function watchProgress(input: RemoteReplay, processor: Processor): Disposable {
  const startedMs = systemClock.nowMs();
  const line = () => {
    const { read } = input.counts();
    const { records } = processor.status();
    const rate = Math.round(records / Math.max(0.001, (systemClock.nowMs() - startedMs) / 1000));
    return `${read} lines read, ${records} events processed, ${rate}/s`;
  };
  const timer = isTerminal() ? setInterval(() => showProgress(line()), 200) : setInterval(() => say(line()), 5_000);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      clearProgress();
    },
  };
}

function report(call: Call, outcome: RunOutcome): void {
  if (call.has("json")) return print(JSON.stringify(outcome));
  const { run, read, accepted, dead, late, duplicate, ignored, skipped } = outcome;
  print(
    `run ${run}: ${read} lines read = ${accepted} accepted + ${dead} dead + ${late} late + ${duplicate} duplicate + ${ignored} ignored; ${skipped} skipped`,
  );
  for (const [name, counts] of Object.entries(outcome.pipelines)) {
    print(`  ${name}: ${counts.in} in, ${counts.accepted} accepted, ${counts.late} late, ${counts.windows} windows`);
  }
}
