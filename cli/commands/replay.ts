/**
 * `replay FILE… --source NAME`: sends recorded input through the whole pipeline, and with --drain writes the rows of all
 * windows, prints the counts and exits.
 * @module
 */
import { openStores, type Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { isCopied } from "../../processor/engine/rekey_position.ts";
import { Processor } from "../../processor/processor.ts";
import { rekeyTargets } from "../../processor/rekey_targets.ts";
import { type Call, parseCall, usableConfig } from "../arguments.ts";
import { type HowToReplay, howToReplay, replayOptions } from "../replay/how_to_replay.ts";
import type { ReplayRequest } from "../replay/protocol.ts";
import { checkTables } from "../../processor/table_check.ts";
import { RemoteReplay } from "../replay/remote_replay.ts";
import { ensureTopics } from "../topics.ts";
import { outcomeOf, type RunOutcome } from "../run_outcome.ts";
import { clearProgress, interruption, isTerminal, print, say, showProgress } from "../terminal.ts";

/** Runs the command; exit code. */
export async function replay(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "replay", options: replayOptions, words: true });
  const config = usableConfig(call);
  const how = await howToReplay(call, config);
  const count = how.request.files.length;
  say(`replaying ${count} ${count === 1 ? "file" : "files"} through ${how.source.name} into ${config.dataDir}`);
  how.notes.forEach(say);
  using signal = interruption();
  await using stores = await openStores(config, { clock: systemClock, onNote: say });
  await checkTables(pipelines, stores.summaryStore);
  await ensureTopics(stores.log);
  using input = await RemoteReplay.open(stores.log, { request: await requestOf(stores, how), signal });
  if (input === null) return sayInterrupted();
  input.notes.forEach(say);
  if (input.nothingNew && await isCaughtUp(stores)) {
    say("nothing is new: every line was read by an earlier run; nothing was written (--again sends them once more)");
    report(call, await outcomeOfPass(stores, { how, input, drained: new Map(), startedMs: systemClock.nowMs() }));
    return 0;
  }
  // Where other processes share the stores, they process what is fed here, unless all is to be drained.
  const feedsOnly = stores.ownership === null && !call.has("drain");
  const running = { call, how, input, config, signal };
  const ended = feedsOnly ? await feed(running) : await run(stores, running);
  return ended ? 0 : sayInterrupted();
}

function sayInterrupted(): number {
  say("interrupted: what was read is saved; the same command goes on from there");
  return exitCodes.interrupted;
}

/** The request with what lateness is judged by as of now. */
async function requestOf({ log, summaryStore }: Stores, { request }: HowToReplay): Promise<ReplayRequest> {
  const [topics, progress] = await Promise.all([log.topics(), summaryStore.progress()]);
  return { ...request, topics, progress };
}

async function outcomeOfPass(
  { summaryStore }: Stores,
  { how, input, drained, startedMs }: {
    how: HowToReplay;
    input: RemoteReplay;
    drained: ReadonlyMap<string, number>;
    startedMs: number;
  },
): Promise<RunOutcome> {
  const topics = how.source.contracts.map(({ topic }) => topic);
  const readers = pipelines.filter(({ contract }) => topics.includes(contract.topic));
  const durationMs = systemClock.nowMs() - startedMs;
  return await outcomeOf(summaryStore, { input, drained, pipelines: readers, durationMs });
}

/** Whether every pipeline has processed all that the log holds. */
async function isCaughtUp({ log, summaryStore }: Stores): Promise<boolean> {
  const progress = await summaryStore.progress();
  for (const target of rekeyTargets(pipelines)) if (!await isCopied(log, target)) return false;
  for (const { name, topic } of pipelines) {
    const ends = await log.endOffsets(topic);
    for (const [partition, end] of ends.entries()) {
      const found = progress.find((p) => p.pipeline === name && p.topic === topic && p.partition === partition);
      if ((found?.nextOffset ?? 0) < end) return false;
    }
  }
  return true;
}

interface Running {
  readonly call: Call;
  readonly config: Config;
  readonly how: HowToReplay;
  readonly input: RemoteReplay;
  readonly signal: AbortSignal;
}

/** Feeds the log; what becomes of it is for the processors to say. False when interrupted. */
async function feed({ input, signal }: Running): Promise<boolean> {
  using _progress = watchProgress(input, null);
  await input.feed();
  if (signal.aborted) return false;
  clearProgress();
  const { read, dead, ignored } = input.counts();
  print(
    `run ${input.runId}: ${read} lines read, ${read - dead - ignored} sent; the processors of these stores take them`,
  );
  say("the same command with --drain, once they have ended, writes the rows of open windows and prints the counts");
  return true;
}

/** Feeds and processes, pass by pass, and reports each; false when interrupted. */
async function run(stores: Stores, running: Running): Promise<boolean> {
  const { input, config, signal } = running;
  const stop = new AbortController();
  const ports = { ...stores, clock: systemClock };
  const processor = new Processor(ports, {
    pipelines,
    liveFeed: null,
    idleTimeoutMs: null,
    keepEvents: config.keepEvents,
    // All partitions are to be its own, whoever else reads the log.
    ...(stores.ownership === null ? { group: `tidemark-replay-${input.runId}` } : {}),
    onNote: say,
  });
  const processing = processor.run(AbortSignal.any([signal, stop.signal]));
  using _progress = watchProgress(input, processor);
  const passes = sendPasses(stores, { ...running, processor });
  try {
    const interrupted = new Promise<false>((resolve) => {
      signal.addEventListener("abort", () => resolve(false));
      if (signal.aborted) resolve(false);
    });
    // A processor that fails must not leave the feeding side waiting for it.
    return await Promise.race([passes, processing.then(() => interrupted), interrupted]);
  } finally {
    stop.abort();
    // Nothing may still be on its way to a store that is about to be closed.
    await Promise.allSettled([input.fed]);
    await processing;
  }
}

/** Sends what there is to send, with --loop again and again; false when interrupted. */
async function sendPasses(
  stores: Stores,
  { call, how, input, processor, signal }: Running & { processor: Processor },
): Promise<boolean> {
  for (;;) {
    const startedMs = systemClock.nowMs();
    await input.feed();
    if (signal.aborted) return false;
    await processor.save();
    const drained = call.has("drain") ? await processor.drain() : new Map<string, number>();
    await input.finish();
    clearProgress();
    report(call, await outcomeOfPass(stores, { how, input, drained, startedMs }));
    if (!how.request.loop) return true;
    const { read, dead, ignored } = input.counts();
    if (read === dead + ignored) {
      throw new UserError("usage", {
        cause: "Cannot replay in a loop: the files hold no event that could be sent",
        fix: "look at what becomes of them: tidemark decode FILE --source NAME",
      });
    }
    await input.reopen(await requestOf(stores, how));
  }
}

/** Shows how far it is: in place on a terminal, as a line every few seconds elsewhere. */
function watchProgress(input: RemoteReplay, processor: Processor | null): Disposable {
  const startedMs = systemClock.nowMs();
  const line = () => {
    const { read } = input.counts();
    if (processor === null) return `${read} lines read`;
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
