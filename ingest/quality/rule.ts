/**
 * What a rule of quality is: a named check on the events of some topics, and what becomes of those that fail it.
 * @module
 */
import type { EventBase, EventContract } from "../../core/events/contract.ts";

/** `dead` = an event that fails cannot be true and goes to `dead`; `mark` = it passes, with the rule's name on it. */
export type Severity = "dead" | "mark";

/** When an event happened and when it came to the door. */
export interface Moment {
  readonly eventTimeMs: number;
  readonly nowMs: number;
}

/**
 * A check at work, with what it remembers of the events before. Its answer follows from this event and from those since
 * the last {@link RuleCheck.forget} but one, and from nothing else: so a replay that was killed comes to the same
 * answers when it reads that far back.
 */
export interface RuleCheck<E extends EventBase = EventBase> {
  /** Whether the event passes. */
  passes(event: E, moment: Moment): boolean;
  /** Forgets what was remembered before the last call. Absent where nothing is remembered. */
  forget?(): void;
}

/** A rule. */
export interface Rule<E extends EventBase = EventBase> {
  /** What a mark and a dead letter say: lower-case letters and _. */
  readonly name: string;
  /** What holds for an event that passes, half a sentence. */
  readonly about: string;
  readonly severity: Severity;
  /** Its share in the score, a whole number: what a failed event takes away. */
  readonly weight: number;
  /** The topics whose events it looks at. */
  readonly contracts: readonly EventContract<E>[];
  /** A check for one topic of one sending order. */
  open(): RuleCheck<E>;
}

/** Lets a list hold rules of different events. */
export const anyRule = <E extends EventBase>(rule: Rule<E>): Rule => rule as unknown as Rule;

/** A check that remembers nothing. */
export const plainCheck = <E extends EventBase>(passes: RuleCheck<E>["passes"]): () => RuleCheck<E> => {
  const check = { passes };
  return () => check;
};
