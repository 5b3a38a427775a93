/**
 * Things that the mock sources do at whole steps of time: a count every ten seconds, a bar every minute.
 * @module
 */
import type { Tick } from "./mock_pace.ts";

/** The multiples of `stepMs` within a tick, which are later than the tick's start or equal to it. */
export function stepsIn({ fromMs, toMs }: Tick, stepMs: number): number[] {
  const steps: number[] = [];
  for (let at = Math.ceil(fromMs / stepMs) * stepMs; at < toMs; at += stepMs) steps.push(at);
  return steps;
}
