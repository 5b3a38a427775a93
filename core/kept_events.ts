/**
 * Events that are kept one by one beside the rows of windows.
 * @module
 */

/** An event that is kept by itself, in the table raw_events. */
export interface KeptEvent {
  readonly offset: number;
  readonly appendTimeMs: number;
  readonly eventTimeMs: number;
  readonly key: string | null;
  /** JSON text. */
  readonly value: string;
}

/** Events of one partition to keep: records as they came, or events with what enrichers added. */
export interface KeptEvents {
  readonly kind: "raw" | "enriched";
  readonly rows: readonly KeptEvent[];
}
