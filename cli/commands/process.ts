/**
 * `process`: one of any number of processors on shared stores; each has some of the partitions.
 * @module
 */
import { openStores, requireShared } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes } from "../../core/errors.ts";
import { sumOfTroubles } from "../../core/status.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { checkTables } from "../../processor/table_check.ts";
import { parseCall, usableConfig } from "../arguments.ts";
import { withPort } from "../services/http.ts";
import { monitoring } from "../services/monitoring.ts";
import { unlessInterrupted } from "../services/opening.ts";
import { processingOf } from "../services/processing.ts";
import { ProcessingThreads } from "../services/processing_threads.ts";
import { interruption, say } from "../terminal.ts";
import { ensureTopics } from "../topics.ts";

/** Runs the command until Ctrl-C; exit code. */
export async function processEvents(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "process", options: { port: "string" } });
  const config = withPort(usableConfig(call), call);
  requireShared(config, "process");
  say("tidemark process: taking partitions over");
  using signal = interruption();
  await using monitor = monitoring(call, config);
  const logAwayMsMax = config.kafka?.deliveryTimeoutMs ?? 0;
  const opening = openStores(config, { clock: systemClock, onNote: say, logAwayMsMax });
  await using stores = await unlessInterrupted(opening, signal);
  if (stores === null) return exitCodes.interrupted;
  await checkTables(pipelines, stores.summaryStore);
  await ensureTopics(stores.log);
  const { processorThreads: threads } = config;
  const inThreads = threads === 1 ? null : new ProcessingThreads({ config, threads, onNote: say });
  const processing = inThreads ?? processingOf(stores, config, say);
  monitor.provide({
    sources: () => [],
    processor: () => processing.status(),
    troubles: () => sumOfTroubles([...stores.troubles(), ...inThreads?.troubles() ?? []]),
    store: stores.summaryStore,
  });
  await processing.run(signal);
  say(`stopped: ${processing.status().records} events processed and saved`);
  return exitCodes.interrupted;
}
