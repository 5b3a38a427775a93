/**
 * `dev`: everything in one process on the embedded stores: sources, processor and dashboard.
 * @module
 */
import { openStores, type Stores } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import { seconds } from "../../core/time.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import { sourceByName, sources } from "../../ingest/sources/mod.ts";
import type { Source } from "../../ingest/source.ts";
import { openWindows } from "../../processor/open_windows.ts";
import { pipelines } from "../../processor/pipelines/mod.ts";
import { Processor } from "../../processor/processor.ts";
import type { Services } from "../../routes/(_lib)/state.ts";
import { type Call, parseCall, usableConfig } from "../arguments.ts";
import { interruption, print, say } from "../terminal.ts";
import { ensureTopics } from "../topics.ts";

/** The dashboard as the composition root offers it. */
export interface Dashboard {
  /** Builds or loads the app's handler. */
  load(config: Config): Promise<(request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>>;
  /** Gives the routes their readers; undefined takes them away. */
  provide(services: Services | undefined): void;
}

const options = { source: "string", port: "string" } as const;

/** Silence after which a partition's windows close by the clock. */
const IDLE_TIMEOUT_MS = seconds(30);

/** Runs the command until Ctrl-C; exit code. */
export async function dev(args: readonly string[], dashboard: Dashboard): Promise<number> {
  const call = parseCall(args, { command: "dev", options });
  const config = configOf(call);
  const chosen = chosenSources(call);
  say(`tidemark dev: ${chosen.map(({ name }) => name).join(", ")} into ${config.dataDir}`);
  using signal = interruption();
  const handler = dashboard.load(config);
  handler.catch(() => {});
  await using server = serve(config, async (request, info) => (await handler)(request, info));
  await using stores = await openStores(config, { clock: systemClock, onNote: say });
  await stores.ownership.setUrl(server.url);
  await handler;
  await work(stores, { config, chosen, dashboard, signal, url: server.url });
  return exitCodes.interrupted;
}

function configOf(call: Call): Config {
  const config = usableConfig(call);
  const port = call.text("port");
  if (port === undefined) return config;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return { ...config, port: Number(port) };
  throw new UserError("usage", {
    cause: `Cannot listen: --port is "${port}"`,
    fix: "a number from 0 to 65535; 0 takes a free one",
  });
}

function chosenSources(call: Call): readonly Source[] {
  const names = (call.text("source") ?? "mock_chat,mock_trades").split(",");
  return names.map((name) => {
    const source = sourceByName(name.trim());
    if (source.open !== undefined) return source;
    const live = sources.filter(({ open }) => open !== undefined).map((other) => other.name);
    throw new UserError("usage", {
      cause: `Cannot run source ${source.name}: it reads recorded input only`,
      fix: `use tidemark replay for it, or one of ${live.join(", ")}`,
    });
  });
}

function serve(config: Config, handler: Deno.ServeHandler): AsyncDisposable & { url: string } {
  const { port, host } = config;
  try {
    const server = Deno.serve({ port, hostname: host, onListen: () => {} }, handler);
    const name = host.includes(":") ? `[${host}]` : host;
    return {
      url: `http://${name}:${server.addr.port}/`,
      // Live streams never end by themselves: the process ends them.
      [Symbol.asyncDispose]: () => Promise.race([server.shutdown(), systemClock.sleep(200)]),
    };
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse) && !(error instanceof Deno.errors.AddrNotAvailable)) throw error;
    throw new UserError("unavailable", {
      cause: `Cannot listen on ${host}:${port}: ${
        error instanceof Deno.errors.AddrInUse ? "the port is in use" : "no such address here"
      }`,
      fix: "stop what uses it, or choose another by --port N (or PORT and HOST)",
    }, { cause: error });
  }
}

interface Work {
  readonly config: Config;
  readonly chosen: readonly Source[];
  readonly dashboard: Dashboard;
  readonly signal: AbortSignal;
  readonly url: string;
}

async function work(stores: Stores, { config, chosen, dashboard, signal, url }: Work): Promise<void> {
  const clock = systemClock;
  await ensureTopics(stores.log);
  const { liveFeed } = stores;
  const processor = new Processor({ ...stores, clock }, {
    pipelines,
    liveFeed,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    onNote: say,
  });
  const stop = new AbortController();
  const ending = AbortSignal.any([signal, stop.signal]);
  const context = { config, clock, random: { next: () => Math.random() }, signal: ending };
  const runners = chosen.map((source) => {
    const spoolFolder = `${config.dataDir}/spool/${source.name}`;
    return new SourceRunner(source, { context, log: stores.log, spoolFolder });
  });
  const partitionCounts = new Map((await stores.log.topics()).map(({ topic, partitions }) => [topic, partitions]));
  dashboard.provide({
    store: stores.summaryStore,
    feed: liveFeed,
    clock,
    openWindows: (name) => {
      const pipeline = pipelines.find((candidate) => candidate.name === name);
      if (pipeline === undefined) return Promise.resolve([]);
      return openWindows(pipeline, { ...stores, partitionCount: partitionCounts.get(pipeline.contract.topic) ?? 1 });
    },
    sources: () => runners.map((runner) => runner.status()),
    processor: () => processor.status(),
    startedMs: clock.nowMs(),
  });
  print(`Dashboard: ${url}`);
  // One part that fails ends the others, and all have ended before the stores are closed.
  const parts = [processor.run(ending), ...runners.map((runner) => runner.run())];
  const failures = await Promise.allSettled(
    parts.map((part) => part.catch((error) => (stop.abort(), Promise.reject(error)))),
  );
  dashboard.provide(undefined);
  for (const part of failures) if (part.status === "rejected") throw part.reason;
  say(`stopped: ${processor.status().records} events processed and saved in ${config.dataDir}`);
}
