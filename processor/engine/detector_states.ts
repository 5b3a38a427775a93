/**
 * What the states of a detector are kept by, and which stored states are nobody's any more.
 * @module
 */
import { hashText } from "../../core/hash.ts";
import type { KeyedState } from "../../core/ports.ts";
import type { Detector } from "../detectors/detector.ts";
import type { Pipeline } from "../pipeline.ts";
import { isPlaced, RecentStates } from "./recent_states.ts";

/** Fingerprint of what a detector looks at and of its parameters: a state that was kept by others says nothing to it. */
const fingerprintOf = ({ on, parameters }: Detector): string =>
  hashText(JSON.stringify([on, parameters]), 0).toString(16);

/** The states of a detector that were stored, by key; those of the same name with other parameters are left out. */
export function statesOf<S>(
  { detectorKeysMax }: Pipeline,
  detector: Detector,
  stored: readonly KeyedState[],
): RecentStates<S> {
  const own = stored.filter(({ name }) => name === detector.name);
  return new RecentStates(own, detectorKeysMax, { by: fingerprintOf(detector) });
}

/** Deletes the stored states of detectors that the pipeline does not have any more. */
export function deletionsOf({ detectors }: Pipeline, stored: readonly KeyedState[]): KeyedState[] {
  const names = new Set(detectors.map(({ name }) => name));
  return stored.filter(({ name, state }) => isPlaced(state) && !names.has(name)).map((row) => ({
    ...row,
    state: null,
  }));
}

/** Whether a metric has a value: nothing is not 0. */
export const hasValue = (value: unknown): boolean => value !== null && value !== undefined;
