/**
 * How several producers share one data set or one list of symbols.
 * @module
 */
import { integer, type Section } from "./variable.ts";

/** What the environment says of the producers; which of them this is may be left to the host's name. */
export interface ShardingConfig {
  /** Number of producers that share the work; 1 = this one does all of it. */
  readonly totalProducers: number;
  /** Number of this producer, from 0; null = found by the host's name. */
  readonly producerIndex: number | null;
}

/** The section. */
export const shardingSection: Section<ShardingConfig> = {
  variables: [
    {
      name: "TOTAL_PRODUCERS",
      fallback: "1",
      about: "producers that share a data set or a list of symbols",
      ...integer(1, 10_000),
    },
    {
      name: "PRODUCER_INDEX",
      fallback: "",
      expected: "a whole number from 0 to 9999, below TOTAL_PRODUCERS",
      about: "number of this producer, from 0; without it the end of the host's name says it",
      check: (value) => /^\d{1,4}$/.test(value),
    },
  ],
  read: (values) => ({
    totalProducers: values.number("TOTAL_PRODUCERS"),
    producerIndex: values.text("PRODUCER_INDEX") === "" ? null : values.number("PRODUCER_INDEX"),
  }),
  relations: ({ totalProducers, producerIndex }) =>
    producerIndex === null || producerIndex < totalProducers
      ? []
      : [["PRODUCER_INDEX", `a number below TOTAL_PRODUCERS=${totalProducers}`]],
};
