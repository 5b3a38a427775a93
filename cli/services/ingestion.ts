/**
 * The sources of a process.
 * @module
 */
import { type Ownership, takeOwnership } from "../../adapters/owner_lock.ts";
import { systemClock } from "../../core/clock.ts";
import type { Config } from "../../core/config.ts";
import { UserError } from "../../core/errors.ts";
import type { SourceLog } from "../../ingest/awaited_log.ts";
import { SourceRunner } from "../../ingest/runner.ts";
import type { Shard } from "../../ingest/sharding.ts";
import type { Source } from "../../ingest/source.ts";
import { sourceByName, sources } from "../../ingest/sources/mod.ts";

/** What `dev` runs where nobody says otherwise; all but chat and trades make an event every few seconds. */
export const DEFAULT_SOURCES = "mock_chat,mock_trades,mock_viewers,mock_transactions,mock_stream_meta";

/**
 * The sources that a call names, which must be able to run by themselves.
 *
 * @throws {UserError} for one that there is not or that cannot run, and for one named twice: its events would count
 * twice, and two writers would share its spool.
 */
export function chosenSources(names: string): readonly Source[] {
  const chosen = names.split(",").map((name) => {
    const source = sourceByName(name.trim());
    if (source.open !== undefined) return source;
    const live = sources.filter(({ open }) => open !== undefined).map((other) => other.name);
    throw new UserError("usage", {
      cause: `Cannot run source ${source.name}: it reads recorded input only`,
      fix: `use tidemark replay for it, or one of ${live.join(", ")}`,
    });
  });
  const twice = chosen.find((source, at) => chosen.indexOf(source) !== at);
  if (twice === undefined) return chosen;
  throw new UserError("usage", {
    cause: `Cannot run source ${twice.name} twice: its events would be doubled`,
    fix: "name each source once in --source",
  });
}

const spoolRoot = ({ dataDir }: Config): string => `${dataDir}/spool`;

/**
 * Takes the spools of a DATA_DIR: two processes would each append what the other one has spooled, and cut off what it is
 * writing.
 *
 * @throws {UserError} where another process has them.
 */
export const ownSpools = (config: Config): Promise<Ownership> =>
  takeOwnership(spoolRoot(config), {
    wording: { folder: "the spool folder", otherwise: "give each ingest a --data-dir of its own" },
  });

/** A runner for each source, each with its share of what several producers divide. */
export function runnersOf(
  chosen: readonly Source[],
  { config, log, signal, shard }: { config: Config; log: SourceLog; signal: AbortSignal; shard: Shard },
): readonly SourceRunner[] {
  const context = { config, clock: systemClock, random: { next: () => Math.random() }, signal, shard };
  return chosen.map((source) => {
    const spoolFolder = `${spoolRoot(config)}/${source.name}`;
    return new SourceRunner(source, { context, log, spoolFolder });
  });
}
