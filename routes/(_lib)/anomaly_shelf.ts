/**
 * The newest anomalies, bounded, one entry per id: on the server and in the browser alike.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";
import { isEarlier } from "./version.ts";

/** An anomaly as it is listed. */
export interface AnomalyItem {
  readonly id: string;
  readonly timeMs: number;
  readonly pipeline: string;
  readonly metric: string;
  readonly key: string;
  readonly value: number;
  readonly baseline: number;
  readonly score: number;
  readonly status: "active" | "retracted";
  readonly explanation: string;
  readonly generation: number;
  readonly revision: number;
}

/** Reads an update of channel `anomalies`; null where it is not one. */
export function anomalyItemOf(update: LiveUpdate): AnomalyItem | null {
  const { channel, key, generation = 0, revision, values } = update;
  const { anomaly_id, event_time, pipeline, metric, value, baseline, score, status, explanation } = values;
  const timeMs = Date.parse(String(event_time));
  if (channel !== "anomalies" || typeof anomaly_id !== "string" || Number.isNaN(timeMs)) return null;
  return {
    id: anomaly_id,
    timeMs,
    pipeline: String(pipeline),
    metric: String(metric),
    key,
    value: Number(value),
    baseline: Number(baseline),
    score: Number(score),
    status: status === "retracted" ? "retracted" : "active",
    explanation: String(explanation),
    generation,
    revision,
  };
}

/** The newest anomalies by event time. */
export class AnomalyShelf {
  readonly #itemsMax: number;
  #items: AnomalyItem[] = [];

  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  /** Newest first. */
  get items(): readonly AnomalyItem[] {
    return this.#items;
  }

  /** Forgets everything. */
  clear(): void {
    this.#items = [];
  }

  /** Takes an anomaly in, or a newer revision of a held one; returns whether the list changed. */
  put(item: AnomalyItem): boolean {
    const held = this.#items.find(({ id }) => id === item.id);
    if (held !== undefined && isEarlier(item, held)) return false;
    const others = held === undefined ? this.#items : this.#items.filter((other) => other !== held);
    let place = 0;
    while (place < others.length && others[place]!.timeMs > item.timeMs) place++;
    if (place >= this.#itemsMax) return false;
    // A new array: readers compare by identity.
    this.#items = [...others.slice(0, place), item, ...others.slice(place)].slice(0, this.#itemsMax);
    return true;
  }
}
