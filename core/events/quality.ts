import * as z from "zod";
import { type EventBase, eventBase, type EventContract, identifier } from "./contract.ts";

/**
 * What the door found in a part of one topic's minute; `timestamp` is the minute's start, by event time. The parts of a
 * minute add up: its score is Σ weight_passed / Σ weight.
 */
export interface QualityEvent extends EventBase {
  /** The topic that was looked at. */
  readonly topic: string;
  /** Events that came to the door, and lines that nobody could read as one. */
  readonly rows: number;
  /** Weight of all rules over these rows. */
  readonly weight: number;
  /** The part of it that passed. */
  readonly weight_passed: number;
  /** Rows that failed, by rule: a rule of the door, or the reason of a dead letter. */
  readonly failed: Readonly<Record<string, number>>;
}

const count = z.int().min(0);

/**
 * Topic `quality`. The fewest partitions that keep chat, trades, bars and watch sessions apart: a partition has one
 * event-time clock, and the scores of a chat log of last year must not be late because of the trades of today. Each
 * partition costs time at every start.
 */
export const qualityEvents: EventContract<QualityEvent> = {
  topic: "quality",
  partitions: 8,
  keyField: "topic",
  schema: z.looseObject({
    ...eventBase,
    topic: identifier,
    rows: count,
    weight: count,
    weight_passed: count,
    failed: z.record(z.string(), count),
  }),
};
