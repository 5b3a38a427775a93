/**
 * What the words of a `replay` call and the environment decide.
 * @module
 */
import type { Config } from "../../core/config.ts";
import { UserError } from "../../core/errors.ts";
import { hasPrices, requirePrices } from "../../ingest/replay/fake_anomaly.ts";
import type { ReplaySpeed } from "../../ingest/replay/replay.ts";
import { resolveShard } from "../../ingest/sharding.ts";
import { sourceByName } from "../../ingest/sources/mod.ts";
import type { Source } from "../../ingest/source.ts";
import { type Call, type OptionTypes, readConfig, userPath } from "../arguments.ts";
import { encodingOf, mappingOf, mappingOptions } from "../mapping_options.ts";
import { hostNames } from "../shard_names.ts";
import type { ReplayRequest } from "./protocol.ts";

/** The options of `replay`. */
export const replayOptions = {
  source: "string",
  speed: "string",
  order: "string",
  drain: "boolean",
  json: "boolean",
  again: "boolean",
  loop: "boolean",
  "shift-to-now": "boolean",
  "fake-anomalies": "boolean",
  ...mappingOptions,
} as const satisfies OptionTypes;

/** What is to be replayed, and how. */
export interface HowToReplay {
  readonly source: Source;
  readonly request: Omit<ReplayRequest, "topics" | "progress">;
  /** What people should know of it. */
  readonly notes: readonly string[];
}

const CALL = "tidemark replay FILE… --source NAME [--speed 1|60|max|record] [--order time|file] [--drain]";

const usage = (cause: string, fix = CALL) => new UserError("usage", { cause: `Cannot replay: ${cause}`, fix });

/**
 * Reads a call.
 *
 * @throws {UserError} where it cannot be followed.
 */
export async function howToReplay(call: Call, config: Config): Promise<HowToReplay> {
  const name = call.text("source");
  if (call.words.length === 0 || name === undefined) throw usage("at least one file and a source are needed");
  const isSet = settingsOf(call);
  const speed = speedOf(call.text("speed") ?? (isSet("SPEED") ? "record" : "max"), config);
  const order = call.text("order") ?? "time";
  if (order !== "time" && order !== "file") throw usage(`--order is "${order}"`, "--order takes time or file");
  const source = sourceByName(name);
  const mapping = mappingOf(call);
  const encoding = encodingOf(call);
  const anomalyEveryRecords = anomaliesOf(call, { config, source, isSet }) ? config.mock.anomalyEveryRecords : null;
  const shard = await resolveShard(config.sharding, hostNames);
  const loop = call.has("loop");
  const request = {
    files: call.words.map(userPath),
    sourceName: source.name,
    speed,
    order,
    mapping,
    encoding,
    shard,
    anomalyEveryRecords,
    loop,
    again: call.has("again") || loop,
    shiftToNow: call.has("shift-to-now"),
  } as const;
  const notes = [
    ...(mapping !== null && mapping.timeZone === null ? ["times without a zone are read as UTC (--timezone)"] : []),
    ...(shard.total > 1 ? [`producer ${shard.index} of ${shard.total}: sends its part of the symbols`] : []),
    ...(anomalyEveryRecords === null ? [] : [`every ${anomalyEveryRecords}th price is made a labelled anomaly`]),
  ];
  return { source, request, notes };
}

/** Whether a variable was set by somebody. */
function settingsOf(call: Call): (variable: string) => boolean {
  const { settings } = readConfig(call);
  return (name) => settings.some(({ variable, origin }) => variable === name && origin !== "default");
}

function speedOf(text: string, { replay }: Config): ReplaySpeed {
  if (text === "max") return "max";
  if (text === "record") return { recordEveryMs: replay.recordIntervalMs };
  const speed = Number(text);
  if (speed > 0 && speed < Infinity) return speed;
  throw usage(
    `--speed is "${text}"`,
    "--speed takes max, or event time per wall time, such as 1 or 60, or record (SPEED seconds a record)",
  );
}

/** Recorded data is changed on the user's word only: by the option, or by the variable where somebody set it. */
function anomaliesOf(
  call: Call,
  { config, source, isSet }: { config: Config; source: Source; isSet: (variable: string) => boolean },
): boolean {
  if (call.has("fake-anomalies")) {
    requirePrices(source);
    return true;
  }
  return isSet("ENABLE_FAKE_ANOMALIES") && config.mock.fakeAnomalies && hasPrices(source);
}
