/**
 * The rules at work on one sending order: each event of a topic meets the checks of that topic.
 *
 * Checks remember two stretches of events, so that what they know is bounded, and so that a replay that was killed knows
 * the same once it has read the lines of these stretches again:
 *
 * ```
 * lines    ──────┬───────────────┬───────────────┬────── ✝
 *                │ stretch before│ present       │
 *                └────────── recallPoint ────────┘
 * ```
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { Moment, Rule, RuleCheck } from "./rule.ts";
import { rules as allRules } from "./rules/mod.ts";

/** Events of a stretch; one more line's at most, since a stretch ends between two lines. */
export const STRETCH_EVENTS = 4_096;
/** Lines of a stretch at most, where few of them hold events. */
export const STRETCH_LINES = 65_536;

/** How far back a door that goes on has to begin. */
export interface RecallPoint {
  /** Lines from there. */
  lines: number;
  /** Place in the sending order there. */
  nextSeq: number;
}

/** The checks of one topic. */
export class TopicGate {
  readonly topic: string;
  /** Weight of all rules of the topic. */
  readonly weight: number;
  /** Event time of the last event here; null before the first. */
  lastTimeMs: number | null = null;
  readonly #rules: readonly Rule[];
  readonly #checks: readonly RuleCheck[];

  constructor(topic: string, rules: readonly Rule[]) {
    this.topic = topic;
    this.#rules = rules.filter(({ contracts }) => contracts.some((contract) => contract.topic === topic));
    this.weight = this.#rules.reduce((sum, rule) => sum + rule.weight, 0);
    this.#checks = this.#rules.map((rule) => rule.open());
  }

  /** The rules that an event fails; null for none. */
  failedBy(event: EventBase, moment: Moment): readonly Rule[] | null {
    const checks = this.#checks;
    this.lastTimeMs = moment.eventTimeMs;
    let failed: Rule[] | null = null;
    for (let i = 0; i < checks.length; i++) {
      // Each check sees each event, also after another has failed it: it may have to remember it.
      if (!checks[i]!.passes(event, moment)) (failed ??= []).push(this.#rules[i]!);
    }
    return failed;
  }

  /** Begins a stretch. */
  forget(): void {
    for (const check of this.#checks) check.forget?.();
  }
}

/** The rules at work. */
export class QualityGate {
  readonly #rules: readonly Rule[];
  readonly #topics = new Map<string, TopicGate>();
  /** The one asked for last: neighbours are mostly of one topic. */
  #last: TopicGate | null = null;
  #events = 0;
  #present: RecallPoint = { lines: 0, nextSeq: 0 };
  #before: RecallPoint | null = null;

  constructor(rules: readonly Rule[] = allRules) {
    this.#rules = rules;
  }

  /** From where lines must be read again, before the next one, to know what is known now. */
  get recallPoint(): RecallPoint {
    if (this.#before === null) return { ...this.#present };
    return { lines: this.#before.lines + this.#present.lines, nextSeq: this.#before.nextSeq };
  }

  /** Says that a line begins, and which place in the sending order its first event would have. */
  beginLine(nextSeq: number): void {
    if (this.#events >= STRETCH_EVENTS || this.#present.lines >= STRETCH_LINES) {
      this.#before = this.#present;
      this.#present = { lines: 0, nextSeq };
      this.#events = 0;
      for (const gate of this.#topics.values()) gate.forget();
    } else if (this.#before === null && this.#present.lines === 0) this.#present.nextSeq = nextSeq;
    this.#present.lines++;
  }

  /** The gate of a topic, for an event that is about to pass it. */
  enter(topic: string): TopicGate {
    this.#events++;
    return this.of(topic);
  }

  /** The gate of a topic. */
  of(topic: string): TopicGate {
    if (this.#last?.topic === topic) return this.#last;
    let found = this.#topics.get(topic);
    if (found === undefined) this.#topics.set(topic, found = new TopicGate(topic, this.#rules));
    this.#last = found;
    return found;
  }
}
