/**
 * How recorded input is sent.
 * @module
 */
import { decimal, type Section } from "./variable.ts";

/** Settings of replays. */
export interface ReplayConfig {
  /** Time between two records with `--speed record`. */
  readonly recordIntervalMs: number;
}

/** The section. */
export const replaySection: Section<ReplayConfig> = {
  variables: [
    {
      name: "SPEED",
      fallback: "0.2",
      about: "seconds a record of a replay; set, it is its pace",
      ...decimal(0, 86_400),
    },
  ],
  read: (values) => ({ recordIntervalMs: values.number("SPEED") * 1_000 }),
};
