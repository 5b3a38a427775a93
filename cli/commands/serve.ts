/**
 * `serve`: the dashboard alone, reading what other processes write into shared stores.
 * @module
 */
import { openStores, requireShared } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes } from "../../core/errors.ts";
import { parseCall, usableConfig } from "../arguments.ts";
import { type Dashboard, listen, withPort } from "../services/http.ts";
import { interruptionOf, unlessInterrupted } from "../services/opening.ts";
import { readersOf } from "../services/readers.ts";
import { interruption, print, say } from "../terminal.ts";
import { ensureTopics } from "../topics.ts";

/** Runs the command until Ctrl-C; exit code. */
export async function serve(args: readonly string[], dashboard: Dashboard): Promise<number> {
  const call = parseCall(args, { command: "serve", options: { port: "string" } });
  const config = withPort(usableConfig(call), call);
  requireShared(config, "serve");
  say("tidemark serve: reading the stores of other processes");
  using signal = interruption();
  const handler = dashboard.load(config);
  handler.catch(() => {});
  await using server = listen(config, async (request, info) => (await handler)(request, info));
  const logAwayMsMax = config.kafka?.deliveryTimeoutMs ?? 0;
  const opening = openStores(config, { clock: systemClock, onNote: say, logAwayMsMax });
  await using stores = await unlessInterrupted(opening, signal);
  if (stores === null) return exitCodes.interrupted;
  await ensureTopics(stores.log);
  await handler;
  dashboard.provide(await readersOf(stores, { sources: () => [], processor: () => null }));
  print(`Dashboard: ${server.url}`);
  await interruptionOf(signal);
  dashboard.provide(undefined);
  // Before the stores close: a page that is being made still reads them.
  await server[Symbol.asyncDispose]();
  return exitCodes.interrupted;
}
