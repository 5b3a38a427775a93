/**
 * Whether a run ended as it must: tables, counts and topics against the naive reference and against one undisturbed
 * pass, and what the live feed has shown against the tables.
 * @module
 */
import { derivedTopics } from "../../core/events/mod.ts";
import type { StoredSlice } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";
import { isOfSessions, type Reference, referenceOf, type ReferenceResult } from "../support/reference.ts";
import { type Ending, type Facts, factsOf, pastReads, recordsOf } from "./facts.ts";
import { paneIdOf } from "./history.ts";
import { enginePipelinesOf, simTopic } from "./pipelines.ts";
import { referencePipelinesOf } from "./reference_pipelines.ts";
import { type Undisturbed, undisturbedPass } from "./undisturbed.ts";

/** An ending with what it must have come to. */
interface Case extends Ending {
  readonly facts: Facts;
  readonly reference: Reference;
  /** Null where records are gone that it would need. */
  readonly undisturbed: Undisturbed | null;
}

/** The first difference, or null. */
export async function differences(ending: Ending): Promise<string | null> {
  const { variant } = ending.scenario.options;
  const records = recordsOf(ending);
  const facts = await factsOf(ending);
  const { grants, hasForgotten } = facts;
  const pipelines = enginePipelinesOf(variant, ending.version);
  const one: Case = {
    ...ending,
    facts,
    reference: referenceOf(records, referencePipelinesOf(variant, ending.version), facts),
    undisturbed: hasForgotten ? null : await undisturbedPass(records, { pipelines, grants }),
  };
  for (const difference of [grantDifference, tableDifference, countDifference, runDifference, keptDifference]) {
    const found = await difference(one);
    if (found !== null) return found;
  }
  return await anomalyDifference(one) ?? derivedDifference(one) ?? await windowDifference(one) ??
    await liveDifference(one);
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
function grantDifference(one: Case): string | null {
  const { variant, skewMs } = one.scenario.options;
  const pipelines = referencePipelinesOf(variant, one.version);
  for (const { pipeline, partition, offset, watermarkMs, eventTimeMsMax, grantedAtMs } of one.facts.grants) {
    const sent = pipelines.find(({ name }) => name === pipeline)!;
    if (eventTimeMsMax === null) return `idling granted ${watermarkMs} to ${pipeline}/${partition} before any event`;
    const newest = recordsOf(one)[partition]!.slice(0, offset).find(({ value }) =>
      value.includes(`"${formatTime(eventTimeMsMax)}"`)
    );
    const silentMs = grantedAtMs + skewMs - (newest?.appendTimeMs ?? Infinity);
    const aheadMs = sent.allowedLatenessMs + (isOfSessions(sent) ? sent.window.gapMs : 0);
    const mostMs = eventTimeMsMax + Math.min(silentMs - sent.outOfOrdernessMs, aheadMs);
    if (watermarkMs > mostMs) {
      return `idling granted ${watermarkMs} to ${pipeline}/${partition}, at most ${mostMs} is due`;
    }
  }
  return null;
}

/** Rows of earlier generations stay where the last one has none of their key. */
function tableDifference({ summaryStore, facts, reference }: Case): string | null {
  for (const [pipeline, { rows }] of Object.entries(reference.pipelines)) {
    const found = summaryStore.rowsOf(`${pipeline}_rows`).filter(({ values, generation }) =>
      facts.isLast({ pipeline, key: values[0] as string, generation })
    );
    const lines = sorted(found.map(({ values }) => values));
    const difference = lineDifference(`rows of ${pipeline}`, lines, sorted(rows));
    if (difference !== null) return difference;
  }
  return null;
}

/** The counts in the progress rows, and what was drained at the end. */
async function countDifference({ summaryStore, drained, reference, undisturbed }: Case): Promise<string | null> {
  const progress = await summaryStore.progress();
  for (const [name, { counts, fired, open }] of Object.entries(reference.pipelines)) {
    const sum: Record<string, number> = { open: drained.get(name) ?? 0 };
    for (const row of progress.filter(({ pipeline }) => pipeline === name)) {
      for (const [counter, count] of Object.entries(row.counts)) sum[counter] = (sum[counter] ?? 0) + count;
    }
    const dropped = undisturbed?.keysDropped.get(name) ?? 0;
    if (!isCountedByEvents(name)) sum.detector_keys_dropped = undisturbed === null ? 0 : sum.detector_keys_dropped ?? 0;
    const all = isCountedByEvents(name) ? counts : { ...counts, detector_keys_dropped: dropped };
    const expected = withoutZeros({ ...all, windows: fired, open });
    const difference = lineDifference(`counts of ${name} in progress`, withoutZeros(sum), expected);
    if (difference !== null) return difference;
  }
  return null;
}

/** Each record counts once for its run, in each pipeline and over all, whatever became of it. */
async function runDifference(one: Case): Promise<string | null> {
  const { summaryStore, reference, facts } = one;
  const past = pastReads(one);
  const sums = new Map<string, Record<string, number>>();
  for (const runId of ["run 0", "run 1"]) {
    const read = (reference.read.get(runId) ?? 0) + (past.get(runId) ?? 0);
    const reads = new Map<string, number>([
      ["", 0],
      ...Object.keys(reference.pipelines).map((name) => [name, 0] as const),
    ]);
    for (const { pipeline, counter, value } of await summaryStore.runCounts(runId)) {
      const sum = sums.get(pipeline) ?? {};
      sums.set(pipeline, sum);
      sum[counter] = (sum[counter] ?? 0) + value;
      if (OUTCOMES.includes(counter)) reads.set(pipeline, reads.get(pipeline)! + value);
    }
    for (const [name, found] of reads) {
      if (found !== read) return `outcomes of ${runId} in ${name || "all"} add up to ${found}, it sent ${read} records`;
    }
  }
  const isRenewed = facts.renewed.size > 0;
  const expected = new Map<string, Record<string, number>>(isRenewed ? [] : [["", reference.outcomes]]);
  for (const [name, result] of Object.entries(reference.pipelines)) {
    if (!facts.renewed.has(name)) expected.set(name, runCountsOf(result));
  }
  for (const [name, counts] of expected) {
    const { detector_keys_dropped = 0, ...sum } = sums.get(name) ?? {};
    const found = withoutZeros(isCountedByEvents(name) ? { ...sum, detector_keys_dropped } : sum);
    const difference = lineDifference(`counts of ${name || "outcomes"} by run`, found, withoutZeros(counts));
    if (difference !== null) return difference;
  }
  return null;
}

/** Which keys detectors on panes forget is left to the undisturbed pass: they see keys as windows fire. */
const isCountedByEvents = (pipeline: string): boolean => pipeline !== "wide";

const OUTCOMES = ["accepted", "dead", "late", "duplicate"];

/** Windows that fire by idling belong to no run, nor do records that nobody has read. */
const runCountsOf = ({ counts, fired, firedIdle, partialIdle }: ReferenceResult) => ({
  ...counts,
  lost: 0,
  partial: counts.partial - partialIdle,
  windows: fired - firedIdle,
});

/** Each event that was read is kept once. */
function keptDifference({ log, scenario, summaryStore, reference }: Case): string | null {
  const { incarnation } = log.placeOf({ topic: simTopic, partition: 0 });
  const found = summaryStore.keptPlaces().filter((place) => place.startsWith(`${incarnation}/`));
  const expected = scenario.options.keeps === null ? [] : reference.events;
  return lineDifference("kept events", found, expected.map((place) => `${incarnation}/${place}`));
}

function anomalyDifference({ summaryStore, undisturbed, facts }: Case): string | null {
  if (undisturbed === null) return null;
  const found = summaryStore.rowsOf("anomalies").filter(({ values, generation }) =>
    facts.isLast({ pipeline: values[2] as string, key: values[5] as string, generation })
  );
  const lines = sorted(found.map(({ values }) => values));
  return lineDifference("anomalies, against an undisturbed pass", lines, sorted(undisturbed.anomalies));
}

/** Topics hold what earlier generations found as well, and what was found in records that are gone. */
function derivedDifference({ log, past, reference, undisturbed, facts }: Case): string | null {
  const late = Object.entries(reference.pipelines).flatMap(([name, result]) =>
    result.late.map((place) => `late:${name}:${simTopic}:${place}`)
  );
  const anomalies = undisturbed?.derivedIds.get(derivedTopics.anomalies);
  const expected = new Map<string, readonly string[]>([
    [derivedTopics.dead, reference.dead.map((place) => `dead:${simTopic}:${place}`)],
    [derivedTopics.late, late],
    ...anomalies === undefined ? [] : [[derivedTopics.anomalies, [...anomalies]] as const],
  ]);
  for (const [topic, ids] of expected) {
    const records = log.valuesOf<{ event_id: string; pipeline?: string }>(topic);
    const mayHaveMore = (pipeline: string | undefined) =>
      facts.hasForgotten || past.length > 0 || facts.renewed.has(pipeline ?? "");
    const found = records.filter(({ event_id, pipeline }) => ids.includes(event_id) || !mayHaveMore(pipeline));
    const different = [...new Set(found.map(({ event_id }) => event_id))];
    const difference = lineDifference(`event_ids of topic ${topic}`, different, ids);
    if (difference !== null) return difference;
  }
  return null;
}

/** The last processor has left a WindowStore that is up to date. */
async function windowDifference({ windowStore, undisturbed }: Case): Promise<string | null> {
  const slicesOf = (slices: readonly StoredSlice[]) => slices.map((one) => [one.key, one.sliceStartMs, one.state]);
  for (const [lane, expected] of undisturbed?.windows ?? []) {
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
async function liveDifference(one: Case): Promise<string | null> {
  const { summaryStore, history, facts, lastLife } = one;
  // Revisions of records that are gone, and of earlier generations, may be higher than those that came after them.
  if (facts.hasForgotten) return null;
  for (const { name, columns } of enginePipelinesOf(one.scenario.options.variant, one.version)) {
    if (facts.renewed.has(name)) continue;
    const { rows } = await summaryStore.query({ table: `${name}_rows` });
    for (const [key, startMs, , ...values] of rows) {
      const id = paneIdOf(name, key as string, formatTime(startMs as number));
      const shown = history.shown.get(id);
      const found = JSON.stringify(shown && columns.map((column) => shown.values[column.name]));
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
