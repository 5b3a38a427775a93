/**
 * How long to wait before the next try.
 * @module
 */
import type { Random } from "../../core/clock.ts";

/** Bounds of a back-off. */
export interface BackOff {
  /** Longest wait before the first try again. */
  readonly firstMs: number;
  /** Longest wait ever. */
  readonly maxMs: number;
}

/**
 * Exponential, with jitter: between half and the whole of `firstMs · 2^failures`, at most `maxMs`, so that many clients
 * of one server that went away do not come back in the same moment.
 */
export function backOffMs(
  { firstMs, maxMs }: BackOff,
  { failures, random }: { failures: number; random: Random },
): number {
  const wholeMs = Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
  return wholeMs * (0.5 + random.next() / 2);
}
