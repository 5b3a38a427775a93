/**
 * Reading the embedded log: one member a group, all partitions in turn, each batch read when asked for.
 * @module
 */
import type { ConsumeOptions, LogRecord, RecordBatch } from "../core/ports.ts";
import { BATCH_RECORDS_MAX, BATCH_UNITS_MAX, type StoredBatch, unpackInto } from "./event_log_embedded_batch.ts";
import {
  type LogStatements,
  offsetOf,
  type PartitionState,
  rowIdOf,
  type TopicState,
} from "./event_log_embedded_tables.ts";
import { loopTurn, type Notifier } from "./notifier.ts";

/** What a consumer needs of its log. */
export interface ConsumedLog {
  readonly statements: LogStatements;
  /** Notified after each append and when the log is closed. */
  readonly appended: Notifier;
  isClosed(): boolean;
  /** Throws for a topic that was never ensured. */
  topic(name: string): TopicState;
  /** Puts a failure of the file in words. */
  explain(error: unknown): unknown;
}

/** Where a consumer stands in a partition. */
interface Cursor {
  readonly partition: PartitionState;
  offset: number;
}

interface RowSize {
  readonly id: number;
  readonly records: number;
  readonly bytes: number;
}

/** Batches until `options.signal` aborts. A partition is never taken away here, so onRevoke is not called. */
export async function* consumeEmbedded(log: ConsumedLog, options: ConsumeOptions): AsyncGenerator<RecordBatch> {
  const { signal } = options;
  const ended = () => signal.aborted || log.isClosed();
  const cursors: Cursor[] = [];
  for (const partition of options.topics.flatMap((topic) => log.topic(topic).partitions)) {
    if (ended()) return;
    const { topic, partition: number } = partition;
    const offset = await options.onAssign({ topic, partition: number });
    // Beyond the end: records appended up to there would be passed over in silence.
    if (!Number.isSafeInteger(offset) || offset > partition.nextOffset) {
      throw new RangeError(
        `Cannot start ${topic}/${number} at offset ${offset}: its end is ${partition.nextOffset}`,
      );
    }
    cursors.push({ partition, offset });
  }
  let turn = 0;
  while (!ended()) {
    await loopTurn();
    if (ended()) return;
    const cursor = nextReadable(cursors, turn);
    if (cursor === undefined) {
      await log.appended.wait(signal);
      continue;
    }
    turn = cursors.indexOf(cursor) + 1;
    yield read(log, cursor);
  }
}

/** The first partition at or after the turn that has unread records. */
function nextReadable(cursors: readonly Cursor[], turn: number): Cursor | undefined {
  for (let i = 0; i < cursors.length; i++) {
    const cursor = cursors[(turn + i) % cursors.length]!;
    if (cursor.offset < cursor.partition.nextOffset) return cursor;
  }
  return undefined;
}

function read(log: ConsumedLog, cursor: Cursor): RecordBatch {
  const { partition } = cursor;
  const from = Math.max(cursor.offset, partition.startOffset);
  const records: LogRecord[] = [];
  try {
    const { statements } = log;
    const [lowest, highest] = [
      rowIdOf(partition.id, partition.startOffset),
      rowIdOf(partition.id, partition.nextOffset),
    ];
    const first = statements.idAt.get(lowest, rowIdOf(partition.id, from)) as { id: number } | undefined;
    if (!first) throw new Error(`Cannot read ${partition.topic}/${partition.partition}: ${from} is missing`);
    const last = lastRowOfRead(statements.sizes.iterate(first.id, highest) as Iterable<unknown>);
    const rows = statements.batches.all(first.id, last) as unknown as (StoredBatch & { readonly id: number })[];
    for (const row of rows) unpackInto(records, row, offsetOf(row.id), from);
  } catch (error) {
    throw log.explain(error);
  }
  cursor.offset = records.at(-1)!.offset + 1;
  return { topic: partition.topic, partition: partition.partition, records, endOffset: partition.nextOffset };
}

/** Id of the last row that fits into one batch; the first row always does. */
function lastRowOfRead(sizes: Iterable<unknown>): number {
  let [last, records, bytes] = [-1, 0, 0];
  for (const size of sizes as Iterable<RowSize>) {
    records += size.records;
    bytes += size.bytes;
    if (last >= 0 && (records > BATCH_RECORDS_MAX || bytes > BATCH_UNITS_MAX)) break;
    last = size.id;
  }
  return last;
}
