/**
 * Whether a run ended as it must: tables, counts and topics against the naive reference and against one undisturbed
 * pass, and what the live feed has shown against the tables.
 * @module
 */
import { derivedTopics } from "../../core/events/mod.ts";
import { partitionOf } from "../../core/partitioner.ts";
import type { StoredSlice } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { type Reference, referenceOf, type ReferenceResult } from "../support/reference.ts";
import { paneIdOf } from "./history.ts";
import { enginePipelines, referencePipelines, simTopic } from "./pipelines.ts";
import type { World } from "./ports.ts";
import type { Scenario } from "./scenario.ts";
import { type Undisturbed, undisturbedPass } from "./undisturbed.ts";

/** A run at its end. */
export interface Ending extends World {
  readonly scenario: Scenario;
  /** The life that was there at the end: nothing cut its publishing off. */
  readonly lastLife: string;
  /** Windows that it drained, by pipeline. */
  readonly drained: ReadonlyMap<string, number>;
}

/** The first difference, or null. */
export async function differences(ending: Ending): Promise<string | null> {
  const { log, history, scenario } = ending;
  const { partitions, variant } = scenario.options;
  const { grants } = history;
  const records = log.recordsOf(simTopic);
  const partitionFor = (key: string) => partitionOf(key, partitions);
  const reference = referenceOf(records, referencePipelines[variant]!, { grants, partitionFor });
  const undisturbed = await undisturbedPass(records, { pipelines: enginePipelines[variant]!, grants });
  return grantDifference(ending) ?? await tableDifference(ending, reference) ??
    await countDifference(ending, reference) ??
    await runDifference(ending, reference) ?? await anomalyDifference(ending, undisturbed) ??
    derivedDifference(ending, { reference, undisturbed }) ??
    await windowDifference(ending, undisturbed) ?? await liveDifference(ending);
}

const sorted = (rows: readonly (readonly unknown[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

/** What only one of two lists of lines has. */
function lineDifference(what: string, found: readonly string[], expected: readonly string[]): string | null {
  const missing = [...expected];
  const surplus = found.filter((line) => {
    const at = missing.indexOf(line);
    if (at >= 0) missing.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0 && surplus.length === 0) return null;
  const lines = [...missing.map((line) => `  expected ${line}`), ...surplus.map((line) => `  found    ${line}`)];
  return [`${what}:`, ...lines.slice(0, 20)].join("\n");
}

const withoutZeros = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts).filter(([, value]) => value !== 0).map(([name, value]) => `${name} ${value}`).sort();

/**
 * What idling may grant: highest event time + time since that record's append − outOfOrderness, at most highest event
 * time + allowedLateness.
 */
function grantDifference({ history, log, scenario }: Ending): string | null {
  const { variant, skewMs } = scenario.options;
  for (const { pipeline, partition, offset, watermarkMs, eventTimeMsMax, grantedAtMs } of history.grants) {
    const { outOfOrdernessMs, allowedLatenessMs } = referencePipelines[variant]!.find(({ name }) => name === pipeline)!;
    if (eventTimeMsMax === null) return `idling granted ${watermarkMs} to ${pipeline}/${partition} before any event`;
    const newest = log.recordsOf(simTopic)[partition]!.slice(0, offset).find(({ value }) =>
      value.includes(`"${formatTime(eventTimeMsMax)}"`)
    );
    const silentMs = grantedAtMs + skewMs - (newest?.appendTimeMs ?? Infinity);
    const mostMs = eventTimeMsMax + Math.min(silentMs - outOfOrdernessMs, allowedLatenessMs);
    if (watermarkMs > mostMs) {
      return `idling granted ${watermarkMs} to ${pipeline}/${partition}, at most ${mostMs} is due`;
    }
  }
  return null;
}

async function tableDifference({ summaryStore }: Ending, { pipelines }: Reference): Promise<string | null> {
  for (const [name, { rows }] of Object.entries(pipelines)) {
    const found = await summaryStore.query({ table: `${name}_rows` });
    const difference = lineDifference(`rows of ${name}`, sorted(found.rows), sorted(rows));
    if (difference !== null) return difference;
  }
  return null;
}

/** The counts in the progress rows, and what was drained at the end. */
async function countDifference({ summaryStore, drained }: Ending, { pipelines }: Reference): Promise<string | null> {
  const progress = await summaryStore.progress();
  for (const [name, { counts, fired, open }] of Object.entries(pipelines)) {
    const sum: Record<string, number> = { open: drained.get(name) ?? 0 };
    for (const row of progress.filter(({ pipeline }) => pipeline === name)) {
      for (const [counter, count] of Object.entries(row.counts)) sum[counter] = (sum[counter] ?? 0) + count;
    }
    const expected = withoutZeros({ ...counts, windows: fired, open });
    const difference = lineDifference(`counts of ${name} in progress`, withoutZeros(sum), expected);
    if (difference !== null) return difference;
  }
  return null;
}

async function runDifference({ summaryStore, log }: Ending, reference: Reference): Promise<string | null> {
  const sums = new Map<string, Record<string, number>>();
  for (const runId of ["run 0", "run 1"]) {
    let read = 0;
    for (const { pipeline, counter, value } of await summaryStore.runCounts(runId)) {
      const sum = sums.get(pipeline) ?? {};
      sums.set(pipeline, sum);
      sum[counter] = (sum[counter] ?? 0) + value;
      if (pipeline === "") read += value;
    }
    const sent = log.recordsOf(simTopic).flat().filter((record) => record.runId === runId).length;
    if (read !== sent) return `${runId} sent ${sent} records, its outcomes add up to ${read}`;
  }
  const expected = new Map<string, Record<string, number>>([["", reference.outcomes]]);
  for (const [name, result] of Object.entries(reference.pipelines)) expected.set(name, runCountsOf(result));
  for (const [name, counts] of expected) {
    const found = withoutZeros(sums.get(name) ?? {});
    const difference = lineDifference(`counts of ${name || "outcomes"} by run`, found, withoutZeros(counts));
    if (difference !== null) return difference;
  }
  return null;
}

/** Windows that fire by idling belong to no run. */
const runCountsOf = ({ counts, fired, firedIdle }: ReferenceResult) => ({ ...counts, windows: fired - firedIdle });

async function anomalyDifference({ summaryStore }: Ending, { anomalies }: Undisturbed): Promise<string | null> {
  const { rows } = await summaryStore.query({ table: "anomalies" });
  return lineDifference("anomalies, against an undisturbed pass", sorted(rows), sorted(anomalies));
}

function derivedDifference(
  { log }: Ending,
  { reference, undisturbed }: { reference: Reference; undisturbed: Undisturbed },
): string | null {
  const late = Object.entries(reference.pipelines).flatMap(([name, result]) =>
    result.late.map((place) => `late:${name}:${simTopic}:${place}`)
  );
  const expected = new Map<string, Iterable<string>>([
    [derivedTopics.dead, reference.dead.map((place) => `dead:${simTopic}:${place}`)],
    [derivedTopics.late, late],
    [derivedTopics.anomalies, undisturbed.derivedIds.get(derivedTopics.anomalies)!],
  ]);
  for (const [topic, ids] of expected) {
    const found = new Set(log.valuesOf<{ event_id: string }>(topic).map(({ event_id }) => event_id));
    const difference = lineDifference(`event_ids of topic ${topic}`, [...found], [...ids]);
    if (difference !== null) return difference;
  }
  return null;
}

/** The last processor has left a WindowStore that is up to date. */
async function windowDifference({ windowStore }: Ending, { windows }: Undisturbed): Promise<string | null> {
  const slicesOf = (slices: readonly StoredSlice[]) => slices.map((one) => [one.key, one.sliceStartMs, one.state]);
  for (const [lane, expected] of windows) {
    const [pipeline = "", partition] = lane.split("/");
    const found = await windowStore.load(pipeline, Number(partition));
    if (found?.nextOffset !== expected.nextOffset) {
      return `WindowStore of ${lane} ends at ${found?.nextOffset}, expected ${expected.nextOffset}`;
    }
    const wanted = sorted(slicesOf(expected.changed));
    const difference = lineDifference(`WindowStore of ${lane}`, sorted(slicesOf(found.slices)), wanted);
    if (difference !== null) return difference;
  }
  return null;
}

/**
 * Who reads the live feed and compares revisions ends with what the tables hold; rows whose publishing was cut off, and
 * that could change no more when the next owner came, may be missing.
 */
async function liveDifference({ summaryStore, history, scenario, lastLife }: Ending): Promise<string | null> {
  for (const { name, metricNames } of enginePipelines[scenario.options.variant]!) {
    const { rows } = await summaryStore.query({ table: `${name}_rows` });
    for (const [key, startMs, , ...values] of rows) {
      const id = paneIdOf(name, key as string, formatTime(startMs as number));
      const shown = history.shown.get(id);
      const found = JSON.stringify(shown && metricNames.map((metric) => shown.values[metric]));
      if (found === JSON.stringify(values)) continue;
      const missed = history.unpublished.get(id);
      if (missed !== undefined && missed.label !== lastLife) continue;
      return `live feed, ${id}:\n  expected ${
        JSON.stringify(values)
      }\n  found    ${found} of revision ${shown?.revision}`;
    }
  }
  return null;
}
