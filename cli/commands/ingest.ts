/**
 * `ingest`: sources alone, into a log that several processes share.
 * @module
 */
import { openLog, requireShared } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import { parseCall, usableConfig } from "../arguments.ts";
import { withPort } from "../services/http.ts";
import { chosenSources, runnersOf } from "../services/ingestion.ts";
import { monitoring } from "../services/monitoring.ts";
import { linkedTo, runTogether } from "../services/together.ts";
import { ownShard } from "../shard_names.ts";
import { interruption, say } from "../terminal.ts";
import { ensureTopics } from "../topics.ts";

/** Runs the command until Ctrl-C or until every source has ended; exit code. */
export async function ingest(args: readonly string[]): Promise<number> {
  const call = parseCall(args, { command: "ingest", options: { source: "string", port: "string" } });
  const config = withPort(usableConfig(call), call);
  const names = call.text("source");
  if (names === undefined) {
    throw new UserError("usage", {
      cause: "Cannot ingest: no source is named",
      fix: "tidemark ingest --source NAME[,NAME…], such as twitch or binance",
    });
  }
  const chosen = chosenSources(names);
  requireShared(config, "ingest");
  const shard = await ownShard(config);
  say(`tidemark ingest: ${chosen.map(({ name }) => name).join(", ")}`);
  using signal = interruption();
  await using monitor = monitoring(call, config);
  await using log = await openLog(config, { clock: systemClock, onNote: say });
  await ensureTopics(log);
  const stop = linkedTo(signal);
  const runners = runnersOf(chosen, { config, log, signal: stop.signal, shard });
  monitor.provide({ sources: () => runners.map((runner) => runner.status()), processor: () => null, store: null });
  await runTogether(runners.map((runner) => runner.run()), stop);
  const events = runners.reduce((sum, runner) => sum + runner.status().read, 0);
  say(`stopped: ${events} events taken in`);
  return signal.aborted ? exitCodes.interrupted : 0;
}
