/**
 * Runs a pipeline over some events, on stores in memory: for tests of pipelines, metrics and detectors, and for examples.
 * @module
 */
import { print } from "../../cli/terminal.ts";
import type { EventBase, EventContract } from "../../core/events/contract.ts";
import { derivedTopics } from "../../core/events/mod.ts";
import type { TableRows, TopicWrite } from "../../core/ports.ts";
import { formatTime, parseTime, seconds } from "../../core/time.ts";
import type { Source } from "../../ingest/source.ts";
import type { Pipeline } from "../../processor/pipeline.ts";
import { Processor } from "../../processor/processor.ts";
import { ManualClock, turns } from "./manual_clock.ts";
import { memoryPorts } from "./memory_ports.ts";

/** A row by the names of its columns; times are ISO 8601 UTC. */
export type NamedRow = Readonly<Record<string, unknown>>;

/** What a pipeline made of its events. */
export interface PipelineRun {
  /** Rows of its table, those of windows that are still open included. */
  readonly rows: readonly NamedRow[];
  /** Rows of table `anomalies`. */
  readonly anomalies: readonly NamedRow[];
  /** Counts: in, accepted, late, dead, … */
  readonly counts: Readonly<Record<string, number>>;
}

/** What a run has beside its events. */
export interface RunOptions {
  /** The rows of the table that the pipeline's lookup reads; they are there before the events. */
  readonly table?: readonly object[];
}

/** Events as they arrive: in this order, at the time of the newest. */
export async function runPipeline(
  pipeline: Pipeline,
  events: readonly object[],
  { table = [] }: RunOptions = {},
): Promise<PipelineRun> {
  const { contract, lookup } = pipeline;
  if (lookup === null && table.length > 0) {
    throw new TypeError(`Cannot run pipeline "${pipeline.name}" with a table: it has no lookup; leave the table out`);
  }
  const times = [...table, ...events].map((event) => Number(parseTime((event as EventBase).timestamp)));
  const clock = new ManualClock(Math.max(0, ...times.filter(Number.isFinite)));
  const ports = memoryPorts(clock);
  await ports.log.ensureTopics(
    [contract.topic, lookup?.table.topic ?? [], Object.values(derivedTopics)].flat()
      .map((topic) => ({ topic, partitions: 1 })),
  );
  if (lookup !== null) await ports.log.append({ writes: [writeOf(lookup.table, table)] });
  await ports.log.append({ writes: [writeOf(contract, events)] });
  const stop = new AbortController();
  const processor = new Processor(ports, { pipelines: [pipeline], liveFeed: null, idleTimeoutMs: null });
  const running = processor.run(stop.signal);
  await drained(processor, { running, clock });
  stop.abort();
  await running;
  const counts = (await ports.summaryStore.runCounts("run")).filter((count) => count.pipeline === pipeline.name);
  return {
    rows: named(await ports.summaryStore.query({ table: pipeline.table.table })),
    anomalies: named(await ports.summaryStore.query({ table: "anomalies" })),
    counts: Object.fromEntries(counts.map(({ counter, value }) => [counter, value])),
  };
}

/** What is appended of some events. */
function writeOf({ topic, keyField }: EventContract, events: readonly object[]): TopicWrite {
  const records = events.map((event) => ({
    key: String((event as Record<string, unknown>)[keyField]),
    value: JSON.stringify(event),
    instance: null,
    seq: 0,
    runId: "run",
  }));
  return { topic, records };
}

/** Lets time pass until all is drained: events with a lookup wait for rows. */
async function drained(
  processor: Processor,
  { running, clock }: { running: Promise<void>; clock: ManualClock },
): Promise<void> {
  let isOver = false;
  const over = Promise.race([processor.drain(), running]).finally(() => isOver = true);
  over.catch(() => {});
  for (await turns(1); !isOver; await turns(1)) await clock.advance(seconds(1));
  await over;
}

/** Runs it and prints the rows and what was found out of the ordinary, a line of JSON each. */
export async function showPipeline(
  pipeline: Pipeline,
  events: readonly object[],
  options: RunOptions = {},
): Promise<void> {
  const { rows, anomalies } = await runPipeline(pipeline, events, options);
  for (const row of rows) print(JSON.stringify(row));
  for (const { key, window_start, explanation } of anomalies) print(`! ${key} ${window_start}: ${explanation}`);
}

/** Prints what a source makes of recorded lines: events as JSON, the rest in a word. */
export function showSource({ recorded, name }: Source, lines: readonly string[]): void {
  if (recorded === undefined) throw new TypeError(`Cannot decode lines: source ${name} has no recorded form`);
  const decode = recorded.decoder("lines");
  for (const decoded of lines.map((line) => decode(line))) {
    if (decoded.kind === "events") { for (const { value } of decoded.events) print(JSON.stringify(value)); }
    else print(decoded.kind === "dead" ? `dead: ${decoded.fault.message}` : `ignored: ${decoded.ignoredKind}`);
  }
}

const named = ({ columns, rows }: TableRows): NamedRow[] =>
  rows.map((row) =>
    Object.fromEntries(columns.map(({ name, type }, i) => {
      const value = row[i];
      return [name, type === "timestamptz" && typeof value === "number" ? formatTime(value) : value];
    }))
  );
