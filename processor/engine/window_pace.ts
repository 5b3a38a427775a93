/**
 * How often a pipeline's changed slices are written to the WindowStore. The progress row is the truth; a WindowStore that
 * is behind costs an owner who takes over the reading of so many records. Where every record changes a slice of its own
 * (a million keys), writing each of them at each commit would cost more than all the rest, so the write waits until
 * several records have gone into each.
 * @module
 */

/** When a write is due: few slices changed, or many records went into each, or too many would have to be read again. */
export interface WindowPace {
  /** So many changed slices are written at every commit. */
  readonly slicesFree: number;
  /** More of them wait until so many records a changed slice have come. */
  readonly recordsPerSlice: number;
  /** Records that the WindowStore may be behind at most when a commit ends. */
  readonly recordsBehindMax: number;
}

/** The pace unless another is asked for: to read 500,000 records again takes a second or two. */
export const windowPace: WindowPace = { slicesFree: 10_000, recordsPerSlice: 4, recordsBehindMax: 500_000 };

/** Whether a write is due. */
export const isWriteDue = (
  pace: WindowPace,
  { changedSlices, recordsBehind }: { changedSlices: number; recordsBehind: number },
): boolean =>
  changedSlices <= pace.slicesFree || recordsBehind >= changedSlices * pace.recordsPerSlice ||
  recordsBehind >= pace.recordsBehindMax;
