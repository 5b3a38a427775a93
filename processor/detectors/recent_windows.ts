/**
 * The values of a key's recent windows, as the detectors on panes remember them.
 * @module
 */
import type { PaneSample, PaneWindow } from "./detector.ts";

/** Start and value of windows, oldest first; plain JSON. */
export type RecentWindows = [startMs: number, value: number][];

/** Windows kept beyond those that a baseline holds, since the ones that overlap the tested window are skipped. */
const OVERLAPPING_MAX = 1_000;

/** Values of the latest `samplesMax` windows that end at or before the tested one starts, oldest first. */
export function valuesApart(recent: RecentWindows, window: PaneWindow, samplesMax: number): number[] {
  const sizeMs = window.windowEndMs - window.windowStartMs;
  let apart = recent.length;
  while (apart > 0 && recent[apart - 1]![0] + sizeMs > window.windowStartMs) apart--;
  return recent.slice(Math.max(0, apart - samplesMax), apart).map(([, value]) => value);
}

/** Takes a window's value in, in the place of an older value of the same window, and forgets what no baseline reaches. */
export function rememberWindow(recent: RecentWindows, sample: PaneSample, samplesMax: number): void {
  const { windowStartMs, windowEndMs, value } = sample;
  let at = recent.length;
  while (at > 0 && recent[at - 1]![0] >= windowStartMs) at--;
  if (recent[at]?.[0] === windowStartMs) {
    recent[at] = [windowStartMs, value];
    return;
  }
  // A window that was forgotten stays so when a correction comes for it.
  if (at < recent.length) return;
  recent.push([windowStartMs, value]);
  const sizeMs = windowEndMs - windowStartMs;
  let apart = recent.length;
  while (apart > 0 && recent[apart - 1]![0] + sizeMs > windowStartMs) apart--;
  const surplus = Math.max(apart - samplesMax, recent.length - samplesMax - OVERLAPPING_MAX);
  if (surplus > 0) recent.splice(0, surplus);
}

/** Mean and sample standard deviation (n − 1), in two passes: no rounding builds up over a restart. */
export function meanAndStdDev(samples: readonly number[]): { mean: number; stdDev: number } {
  const n = samples.length;
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / n;
  let squares = 0;
  for (const sample of samples) squares += (sample - mean) ** 2;
  return { mean, stdDev: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
}

/**
 * Whether a window overlaps or touches the latest one, by the end of that. Windows without events are not seen: where it
 * does neither there was silence, and what had begun before it does not go on.
 */
export const goesOn = (latestMs: number | null | undefined, { windowStartMs }: PaneWindow): boolean =>
  latestMs !== null && latestMs !== undefined && windowStartMs <= latestMs;

/** A number as a sentence shows it. */
export const shown = (value: number): string => String(Number(value.toPrecision(6)));
