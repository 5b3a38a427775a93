/**
 * The score of what came to the doors since the last append, by topic and minute of event time. It leaves with the
 * records that it counts, in one append: a part of a minute's score for each append that holds events of it.
 * @module
 */
import { type QualityEvent, qualityEvents } from "../../core/events/quality.ts";
import type { NewRecord } from "../../core/ports.ts";
import { formatTime } from "../../core/time.ts";

/** What a row failed, and the weight that it lost by it. */
export interface Failed {
  readonly name: string;
  readonly weight: number;
}

/** A row that came to a door. */
export interface TallyRow {
  readonly topic: string;
  readonly timeMs: number;
  /** Weight of all rules that a row of this topic meets. */
  readonly weight: number;
  readonly failed: readonly Failed[] | null;
  /** Names the row among all: the sending order and the number of the line in it. */
  readonly instance: string;
  readonly line: number;
}

interface Part {
  readonly topic: string;
  readonly id: string;
  readonly minuteMs: number;
  rows: number;
  weight: number;
  lost: number;
  readonly failed: Map<string, number>;
}

const MINUTE_MS = 60_000;

/** Scores that wait to be appended. Bounded by the rows that wait with them. */
export class QualityTally {
  #topics = new Map<string, Map<number, Part>>();
  /** The part of the row before: neighbours are mostly of one topic and minute. */
  #last: Part | null = null;

  /** Counts a row. */
  add(row: TallyRow): void {
    const { timeMs } = row;
    const last = this.#last;
    const isLast = last !== null && timeMs >= last.minuteMs && timeMs < last.minuteMs + MINUTE_MS &&
      last.topic === row.topic;
    const part = isLast ? last : this.#partOf(row);
    part.rows++;
    part.weight += row.weight;
    if (row.failed === null) return;
    for (const { name, weight } of row.failed) {
      part.lost += weight;
      part.failed.set(name, (part.failed.get(name) ?? 0) + 1);
    }
  }

  #partOf({ topic, timeMs, instance, line }: TallyRow): Part {
    const minuteMs = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
    let parts = this.#topics.get(topic);
    if (parts === undefined) this.#topics.set(topic, parts = new Map());
    let part = parts.get(minuteMs);
    if (part === undefined) {
      part = { topic, id: `${instance}:${line}`, minuteMs, rows: 0, weight: 0, lost: 0, failed: new Map() };
      parts.set(minuteMs, part);
    }
    this.#last = part;
    return part;
  }

  /** Hands over what has gathered, as records of topic `quality`. */
  take(): NewRecord[] {
    const records = [...this.#topics.values()].flatMap((parts) => [...parts.values()].map(recordOf));
    this.#topics = new Map();
    this.#last = null;
    return records;
  }
}

function recordOf(part: Part): NewRecord {
  const { topic } = part;
  const timestamp = formatTime(part.minuteMs);
  const event: QualityEvent = {
    event_id: `quality:${topic}:${timestamp}:${part.id}`,
    timestamp,
    source: "tidemark",
    topic,
    rows: part.rows,
    weight: part.weight,
    weight_passed: part.weight - part.lost,
    failed: Object.fromEntries(part.failed),
  };
  return {
    key: event[qualityEvents.keyField] as string,
    value: JSON.stringify(event),
    instance: null,
    seq: 0,
    runId: null,
  };
}
