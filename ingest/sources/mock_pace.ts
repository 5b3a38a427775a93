/**
 * The pace of the mock sources: time in ticks, and the places of evenly spaced events in it.
 * @module
 */
import type { Clock } from "../../core/clock.ts";

/** A stretch of time [fromMs, toMs) whose events are due. */
export interface Tick {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Width of a tick: ten batches a second, whatever the rate. */
export const TICK_MS = 100;

/** How far the ticks may fall behind the clock before time is left out (a slow reader, a machine that slept). */
const LAG_MS_MAX = 2_000;

/** How ticks follow each other. */
export interface TickOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly startMs: number;
  /** A reader that is too slow gets every tick all the same, late; else time is left out. */
  readonly leavesNothingOut?: boolean;
}

/** Ticks from `startMs` on, each given once the clock has passed it. */
export async function* ticks(
  { clock, signal, startMs, leavesNothingOut = false }: TickOptions,
): AsyncGenerator<Tick> {
  for (let fromMs = startMs; !signal.aborted;) {
    const aheadMs = fromMs + TICK_MS - clock.nowMs();
    if (aheadMs > 0) await clock.sleep(aheadMs, signal);
    if (signal.aborted) return;
    if (aheadMs < -LAG_MS_MAX && !leavesNothingOut) fromMs = clock.nowMs() - TICK_MS;
    const toMs = fromMs + TICK_MS;
    yield { fromMs, toMs };
    fromMs = toMs;
  }
}

/** The place of an event in an evenly spaced sequence. */
export interface Place {
  /** Number in the sequence, from 0, without a gap. */
  readonly k: number;
  /** When it is due. */
  readonly pacedMs: number;
}

/** What decides the places of a sequence. */
export interface PaceOptions {
  readonly startMs: number;
  readonly ratePerSec: number;
  /** The places before were taken by an earlier process. */
  readonly resumeMs?: number;
}

/**
 * Evenly spaced places from `startMs` on. The answers depend on the ticks' borders in no way; time that the ticks leave
 * out shifts the places after it.
 */
export function pacedSequence({ startMs, ratePerSec, resumeMs = startMs }: PaceOptions): (tick: Tick) => Place[] {
  let originMs = startMs;
  let seenMs = Math.max(startMs, resumeMs);
  const pacedAt = (k: number) => originMs + (k * 1_000) / ratePerSec;
  let k = Math.max(0, Math.floor((seenMs - startMs) * ratePerSec / 1_000) - 1);
  while (pacedAt(k) < seenMs) k++;
  return ({ fromMs, toMs }) => {
    if (fromMs > seenMs) originMs += fromMs - seenMs;
    seenMs = toMs;
    const places: Place[] = [];
    for (;;) {
      const pacedMs = pacedAt(k);
      if (pacedMs >= toMs) return places;
      places.push({ k, pacedMs });
      k++;
    }
  };
}
