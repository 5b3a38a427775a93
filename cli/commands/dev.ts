/**
 * `dev`: everything in one process, on the embedded stores where no others are named: sources, processor and dashboard.
 * @module
 */
import { openStores, type Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes } from "../../core/errors.ts";
import type { Source } from "../../ingest/source.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { checkTables } from "../../processor/table_check.ts";
import { parseCall, usableConfig } from "../arguments.ts";
import { type Dashboard, listen, withPort } from "../services/http.ts";
import { chosenSources, DEFAULT_SOURCES, ownSpools, runnersOf } from "../services/ingestion.ts";
import { processingOf } from "../services/processing.ts";
import { readersOf } from "../services/readers.ts";
import { linkedTo, runTogether } from "../services/together.ts";
import { ownShard } from "../shard_names.ts";
import { interruption, print, say } from "../terminal.ts";
import { ensureTopics } from "../topics.ts";

const options = { source: "string", port: "string" } as const;

/** Runs the command until Ctrl-C; exit code. */
export async function dev(args: readonly string[], dashboard: Dashboard): Promise<number> {
  const call = parseCall(args, { command: "dev", options });
  const config = withPort(usableConfig(call), call);
  const chosen = chosenSources(call.text("source") ?? DEFAULT_SOURCES);
  say(`tidemark dev: ${chosen.map(({ name }) => name).join(", ")} into ${config.dataDir}`);
  using signal = interruption();
  const handler = dashboard.load(config);
  handler.catch(() => {});
  await using server = listen(config, async (request, info) => (await handler)(request, info));
  await using stores = await openStores(config, { clock: systemClock, onNote: say });
  await stores.ownership?.setUrl(server.url);
  await using _spools = await ownSpools(config);
  await handler;
  await work(stores, { config, chosen, dashboard, signal, server });
  return exitCodes.interrupted;
}

interface Work {
  readonly config: Parameters<typeof openStores>[0];
  readonly chosen: readonly Source[];
  readonly dashboard: Dashboard;
  readonly signal: AbortSignal;
  readonly server: ReturnType<typeof listen>;
}

async function work(stores: Stores, { config, chosen, dashboard, signal, server }: Work): Promise<void> {
  await checkTables(pipelines, stores.summaryStore);
  await ensureTopics(stores.log);
  const processing = processingOf(stores, config, say);
  const stop = linkedTo(signal);
  const runners = runnersOf(chosen, { config, log: stores.log, signal: stop.signal, shard: await ownShard(config) });
  dashboard.provide(
    await readersOf(stores, {
      sources: () => runners.map((runner) => runner.status()),
      processor: () => processing.status(),
    }),
  );
  print(`Dashboard: ${server.url}`);
  try {
    await runTogether([processing.run(stop.signal), ...runners.map((runner) => runner.run())], stop);
  } finally {
    dashboard.provide(undefined);
    // Before the stores close: a page that is being made still reads them.
    await server[Symbol.asyncDispose]();
  }
  say(`stopped: ${processing.status().records} events processed and saved in ${config.dataDir}`);
}
