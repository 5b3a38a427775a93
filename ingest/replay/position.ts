/**
 * How far a recorded file has been sent: saved with the records, so that a kill at any moment is resumed exactly.
 * @module
 */
import { createHash } from "node:crypto";
import type { EventLog, SourcePosition } from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import type { RecallPoint } from "../quality/gate.ts";
import { type DoorCounts, noDoorCounts } from "../door.ts";
import { type Shard, wholeShard } from "../sharding.ts";
import type { FieldMapping } from "../source.ts";
import { nameOfFile } from "../sources/name_of_file.ts";

/** State of a file. */
export interface ReplayPosition {
  /** How often it is sent on purpose: `--again` starts the next pass. */
  readonly pass: number;
  /** Lines sent, in sending order. */
  readonly lines: number;
  /** Next place in the sending order of its events. */
  readonly nextSeq: number;
  /** The run that sends it. */
  readonly runId: string;
  /** What became of the run's lines at the door. */
  readonly door: DoorCounts;
  /** Lines that earlier, finished runs had sent. */
  readonly skipped: number;
  /** Added to every event time of this pass. */
  readonly shiftMs: number;
  /** From where the rules of quality know the lines; absent in positions of older versions. */
  readonly recall?: Readonly<RecallPoint>;
  /** Whether the run has ended, all of its lines sent and processed. */
  readonly finished: boolean;
}

/** What decides which events are sent of a file, and in which order. */
export interface SendingIdentity {
  readonly fingerprint: string;
  readonly source: string;
  readonly order: string;
  readonly mapping?: FieldMapping | null;
  /** Name of the file, which constants of the mapping may stand for. */
  readonly name: string;
  /** Encoding by the user's word. */
  readonly encoding?: string | null;
  readonly shard?: Shard;
  readonly anomalyEveryRecords?: number | null;
}

/** Identity of a file's position: the same bytes through the same source in the same order make the same events. */
export function positionId(identity: SendingIdentity): string {
  const { fingerprint, source, order, mapping, name, encoding, shard = wholeShard, anomalyEveryRecords } = identity;
  const more = [
    mapping ? `map-${digestOf(mapping, name)}` : "",
    encoding ? `encoding-${encoding}` : "",
    shard.total > 1 ? `part-${shard.index}-of-${shard.total}` : "",
    anomalyEveryRecords ? `anomalies-${anomalyEveryRecords}` : "",
  ];
  return ["replay", fingerprint, source, order, ...more.filter((part) => part !== "")].join(":");
}

/**
 * A short name of a mapping; the order in which its options were given does not matter, and of a constant only the value
 * that it has for this file does.
 */
function digestOf({ fields, constants, ...rest }: FieldMapping, name: string): string {
  const sorted = (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries).sort(([a], [b]) => compareCodePoints(a, b));
  const values = sorted(constants).map(([field, value]) => [field, nameOfFile(value, name)]);
  const text = JSON.stringify([sorted(fields), values, rest.columns, rest.timeZone, rest.priceExponent]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** Reads a position; null where the file is new. */
export async function loadPosition(log: Pick<EventLog, "loadPosition">, id: string): Promise<ReplayPosition | null> {
  return (await log.loadPosition(id)) as ReplayPosition | null;
}

/** Where a run starts in a file that stands at `found`. */
export function startPosition(
  found: ReplayPosition | null,
  run: { runId: string; again: boolean; shiftMs: number },
): ReplayPosition {
  const { runId, shiftMs } = run;
  if (found === null) {
    return { pass: 0, lines: 0, nextSeq: 0, runId, door: noDoorCounts(), skipped: 0, shiftMs, finished: false };
  }
  if (!found.finished && found.runId === runId) return found;
  if (run.again && found.finished) {
    const pass = found.pass + 1;
    return { pass, lines: 0, nextSeq: 0, runId, door: noDoorCounts(), skipped: 0, shiftMs, finished: false };
  }
  return { ...found, runId, door: noDoorCounts(), skipped: found.lines };
}

/** The position as the log saves it. */
export const savedPosition = (id: string, state: ReplayPosition): SourcePosition => ({ id, state });
