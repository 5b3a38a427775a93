/**
 * What the running parts tell of themselves, for the dashboard and for people.
 * @module
 */
import type { TopicPartition } from "./ports.ts";

/** What a running source tells of itself. */
export interface SourceStatus {
  readonly source: string;
  readonly state: "connecting" | "live" | "ended" | "failed";
  /** Events and lines that came to the door. */
  readonly read: number;
  /** Those of them that could not be let in. */
  readonly dead: number;
  /** When the last event came in; null before the first. */
  readonly lastEventMs: number | null;
  /** Why it failed. */
  readonly failure: string | null;
}

/** One partition of one pipeline. */
export interface PartitionStatus extends TopicPartition {
  readonly pipeline: string;
  readonly nextOffset: number;
  readonly endOffset: number;
  /** Null before the first event. */
  readonly watermarkMs: number | null;
  /** Events that passed without the fields of an enricher, over the whole history. */
  readonly unenriched: number;
}

/** How far the processor is. */
export interface ProcessorStatus {
  /** Records taken in since the start. */
  readonly records: number;
  /** Records in the log that are not yet taken in, as last seen. */
  readonly lagRecords: number;
  readonly partitions: readonly PartitionStatus[];
}
