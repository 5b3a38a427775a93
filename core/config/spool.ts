/**
 * What sources keep on disk while the log is away.
 * @module
 */
import { integer, type Section } from "./variable.ts";

/** Settings of the spools. */
export interface SpoolConfig {
  /** How large the spool of one source may grow. */
  readonly spoolBytesMax: number;
}

/** The section. */
export const spoolSection: Section<SpoolConfig> = {
  variables: [
    {
      name: "SPOOL_MB_MAX",
      fallback: "256",
      about: "how much a source may keep on disk while the log is away",
      ...integer(1, 1_000_000),
    },
  ],
  read: (values) => ({ spoolBytesMax: values.number("SPOOL_MB_MAX") * 1_000_000 }),
};
