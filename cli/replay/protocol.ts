/**
 * What the main thread and the replay worker say to each other. The worker reads, decodes and checks; the main thread
 * owns the log. Records cross as columns: one text of all values, and dictionaries for what repeats, since cloning an
 * object an event would cost as much as decoding it.
 * @module
 */
import type { AppendBatch, NewRecord, Progress, SourcePosition, TopicPartition, TopicSpec } from "../../core/ports.ts";
import type { Failure } from "../failure.ts";
import type { ReplayCounts, ReplayOptions } from "../../ingest/replay/replay.ts";

type NotCrossing = "log" | "clock" | "random" | "signal" | "isLate";

/** What to replay, without what cannot cross threads. */
export interface ReplayRequest extends Omit<ReplayOptions, "source" | NotCrossing> {
  readonly sourceName: string;
  /** What lateness is judged by. */
  readonly topics: readonly TopicSpec[];
  readonly progress: readonly (Progress & TopicPartition)[];
}

/** From the main thread. */
export type ToWorker =
  | { readonly kind: "open"; readonly request: ReplayRequest }
  | { readonly kind: "feed" }
  | { readonly kind: "finish" }
  | { readonly kind: "abort" }
  /** Answer to an `append` or `loadPosition`. */
  | { readonly kind: "done"; readonly call: number; readonly result: unknown }
  | { readonly kind: "refused"; readonly call: number; readonly failure: Failure };

/** From the worker. */
export type ToMain =
  | {
    readonly kind: "opened";
    readonly runId: string;
    readonly nothingNew: boolean;
    readonly notes: readonly string[];
    readonly counts: ReplayCounts;
  }
  | { readonly kind: "fed" | "finished"; readonly counts: ReplayCounts }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "append"; readonly call: number; readonly batch: PackedAppend; readonly counts: ReplayCounts }
  | { readonly kind: "loadPosition"; readonly call: number; readonly id: string };

/** Records of one topic as columns. */
export interface PackedRecords {
  readonly topic: string;
  /** All values, joined. */
  readonly values: string;
  readonly lengths: Uint32Array;
  readonly keys: readonly (string | null)[];
  readonly keyNumbers: Uint32Array;
  readonly producers: readonly (readonly [instance: string | null, runId: string | null])[];
  readonly producerNumbers: Uint32Array;
  readonly seqs: Float64Array;
}

/** An append as it crosses. */
export interface PackedAppend {
  readonly writes: readonly PackedRecords[];
  readonly positions: readonly SourcePosition[];
}

/** Numbers what repeats, in the order of its first appearance. */
class Dictionary<T> {
  readonly #numbers = new Map<string | null, number>();
  readonly entries: T[] = [];

  number(id: string | null, entry: () => T): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.entries.push(entry()) - 1;
      this.#numbers.set(id, number);
    }
    return number;
  }
}

/** Packs an append, and names the buffers that are to be moved instead of copied. */
export function packAppend({ writes, positions = [] }: AppendBatch): { batch: PackedAppend; moved: ArrayBuffer[] } {
  const packed = writes.map(({ topic, records }) => packRecords(topic, records));
  const columns = packed.flatMap((
    { lengths, keyNumbers, producerNumbers, seqs },
  ) => [lengths, keyNumbers, producerNumbers, seqs]);
  return { batch: { writes: packed, positions }, moved: columns.map(({ buffer }) => buffer as ArrayBuffer) };
}

function packRecords(topic: string, records: readonly NewRecord[]): PackedRecords {
  const keys = new Dictionary<string | null>();
  const producers = new Dictionary<readonly [string | null, string | null]>();
  const [lengths, keyNumbers, producerNumbers] = [0, 0, 0].map(() => new Uint32Array(records.length)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const seqs = new Float64Array(records.length);
  records.forEach(({ key, value, instance, runId, seq }, i) => {
    lengths[i] = value.length;
    keyNumbers[i] = keys.number(key, () => key);
    producerNumbers[i] = producers.number(`${instance}\n${runId}`, () => [instance, runId]);
    seqs[i] = seq;
  });
  const values = records.map(({ value }) => value).join("");
  return {
    topic,
    values,
    lengths,
    keys: keys.entries,
    keyNumbers,
    producers: producers.entries,
    producerNumbers,
    seqs,
  };
}

/** The append that was packed. */
export function unpackAppend({ writes, positions }: PackedAppend): AppendBatch {
  return { writes: writes.map((packed) => ({ topic: packed.topic, records: unpackRecords(packed) })), positions };
}

function unpackRecords(packed: PackedRecords): NewRecord[] {
  const { values, lengths, keys, keyNumbers, producers, producerNumbers, seqs } = packed;
  const records = new Array<NewRecord>(lengths.length);
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + lengths[i]!;
    const [instance, runId] = producers[producerNumbers[i]!]!;
    records[i] = { key: keys[keyNumbers[i]!]!, value: values.slice(at, end), instance, seq: seqs[i]!, runId };
    at = end;
  }
  return records;
}
