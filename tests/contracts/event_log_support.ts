/**
 * What the parts of the EventLog suite share: the log under test, its capabilities, short ways to write and read.
 * @module
 */
import type { EventLog, LogRecord, NewRecord, RecordBatch } from "../../core/ports.ts";

/** A log under test; disposing it closes the log and removes what it made. */
export interface LogUnderTest extends AsyncDisposable {
  readonly log: EventLog;
  /** Closes the log and opens it on the same data; the log from before is void. Only with the flag `reopens`. */
  reopen?(): Promise<EventLog>;
}

/** What an adapter promises beyond the port; tests that need an absent flag are left out. */
export interface EventLogContractOptions {
  /** Why the service behind the log is not there: every case is skipped by this reason. */
  readonly missing?: string | null;
  /** Position and records are one step: a failed append saves neither. */
  readonly atomicPositions?: boolean;
  /** A second member of a group is refused rather than given a share. */
  readonly refusesSecondMember?: boolean;
  /** Values come back exactly though they are no valid Unicode. */
  readonly keepsLoneSurrogates?: boolean;
  /** The log under test has `reopen`. */
  readonly reopens?: boolean;
  /** Rounds of the property test, where a reader takes long to begin. Default 40. */
  readonly propertyRuns?: number;
  /** A batch is read at the moment when it is asked for, with none fetched before. */
  readonly readsWhenAsked?: boolean;
}

/** Opens the log for one test. */
export type OpenLog = (t: Deno.TestContext) => Promise<LogUnderTest>;

/** Registers a case of the suite. */
export type Case = (sentence: string, needs: boolean, body: (subject: LogUnderTest) => Promise<void>) => void;

/** A topic name that no other test has. */
export function topicName(): string {
  return `contract.${crypto.randomUUID()}`;
}

/** A record with a value, and with the rest as given or empty. */
export function record(value: string, rest: Partial<NewRecord> = {}): NewRecord {
  return { key: null, value, instance: null, seq: 0, runId: null, ...rest };
}

/** Records of one topic in one append. */
export function appendTo(log: EventLog, topic: string, ...records: NewRecord[]): Promise<void> {
  return log.append({ writes: [{ topic, records }] });
}

/** How to read: offsets by partition (else 0), and when to stop. */
export interface ReadOptions {
  readonly from?: readonly number[];
  readonly until?: (batch: RecordBatch) => boolean;
}

/** The batches of a topic as a group of its own, up to the ends at this moment, or until told to stop. */
export async function readBatches(log: EventLog, topic: string, options: ReadOptions = {}): Promise<RecordBatch[]> {
  const from = options.from ?? [];
  const ends = await log.endOffsets(topic);
  const missing = new Set(ends.flatMap((end, partition) => end > (from[partition] ?? 0) ? [partition] : []));
  const batches: RecordBatch[] = [];
  if (missing.size === 0) return batches;
  const stop = new AbortController();
  for await (
    const batch of log.consume({
      topics: [topic],
      group: `contract-${crypto.randomUUID()}`,
      onAssign: ({ partition }) => Promise.resolve(from[partition] ?? 0),
      onRevoke: () => Promise.resolve(),
      signal: stop.signal,
    })
  ) {
    batches.push(batch);
    if (batch.records.at(-1)!.offset + 1 >= ends[batch.partition]!) missing.delete(batch.partition);
    if (missing.size === 0 || options.until?.(batch)) stop.abort();
  }
  return batches;
}

/** The records of a topic by partition. */
export async function readAll(log: EventLog, topic: string, from?: readonly number[]): Promise<LogRecord[][]> {
  const records: LogRecord[][] = (await log.endOffsets(topic)).map(() => []);
  for (const batch of await readBatches(log, topic, from ? { from } : {})) {
    records[batch.partition]!.push(...batch.records);
  }
  return records;
}

/** The values of records. */
export const values = (records: readonly LogRecord[] | undefined) => records?.map(({ value }) => value);

/** Equality without the megabytes of difference that an assertion would print. */
export function sameTexts(actual: readonly string[], expected: readonly string[]): boolean {
  return actual.length === expected.length && expected.every((text, i) => actual[i] === text);
}
