/**
 * `ingest`: sources alone, into a log that several processes share.
 * @module
 */
import { openLog, requireShared } from "../../adapters/mod.ts";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { exitCodes, UserError } from "../../core/errors.ts";
import type { EventLog } from "../../core/ports.ts";
import { type Troubled, troublesOf } from "../../core/status.ts";
import { AwaitedLog } from "../../ingest/awaited_log.ts";
import { parseCall, usableConfig } from "../arguments.ts";
import { withPort } from "../services/http.ts";
import { chosenSources, ownSpools, runnersOf } from "../services/ingestion.ts";
import { monitoring } from "../services/monitoring.ts";
import { interruptionOf } from "../services/opening.ts";
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
  requireShared(config, "ingest", ["event log"]);
  const shard = await ownShard(config);
  say(`tidemark ingest: ${chosen.map(({ name }) => name).join(", ")}`);
  using signal = interruption();
  await using _spools = await ownSpools(config);
  await using monitor = monitoring(call, config);
  // Sources do not wait for the log: what it does not take yet is spooled.
  let opened: Partial<Troubled> | undefined;
  await using log = new AwaitedLog(async () => opened = await openWithTopics(config));
  const stop = linkedTo(signal);
  const runners = runnersOf(chosen, { config, log, signal: stop.signal, shard });
  monitor.provide({
    sources: () => runners.map((runner) => runner.status()),
    processor: () => null,
    troubles: () => troublesOf("log", opened),
    store: null,
  });
  const logIsThere = Promise.race([log.opened, interruptionOf(stop.signal)]);
  await runTogether([logIsThere, ...runners.map((runner) => runner.run())], stop);
  const sumOf = (count: "read" | "spoolRecords") => runners.reduce((sum, runner) => sum + runner.status()[count], 0);
  const waiting = sumOf("spoolRecords");
  say(`stopped: ${sumOf("read")} events taken in${waiting > 0 ? `, ${waiting} wait in the spool` : ""}`);
  return signal.aborted ? exitCodes.interrupted : 0;
}

/** However long that takes: what the spool has no room for is counted, and told by the metrics. */
async function openWithTopics(config: Config): Promise<EventLog & Partial<Troubled>> {
  const log = await openLog(config, { clock: systemClock, onNote: say, logAwayMsMax: Infinity });
  try {
    await ensureTopics(log);
    return log;
  } catch (error) {
    await log[Symbol.asyncDispose]();
    throw error;
  }
}
