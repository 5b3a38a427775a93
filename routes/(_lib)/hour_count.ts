/**
 * How many anomalies the hour of event time before the newest event holds: counted once for all clients.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";
import { hours } from "../../core/time.ts";

/** Ids that are kept apart; beyond, the oldest is forgotten. */
const IDS_MAX = 10_000;

/** A sliding count of anomalies, each id once. */
export class HourCount {
  readonly #times = new Map<string, number>();
  /** ISO 8601 UTC of one form: it sorts as text, so that the many other updates cost a comparison only. */
  #newest = "";

  /** Takes any update of the feed into account. */
  note({ channel, window_start, values }: LiveUpdate): void {
    if (window_start > this.#newest) this.#newest = window_start;
    if (channel !== "anomalies") return;
    const id = String(values["anomaly_id"]);
    const timeMs = Date.parse(String(values["event_time"]));
    if (values["status"] === "retracted") this.#times.delete(id);
    else if (!Number.isNaN(timeMs)) this.#times.set(id, timeMs);
    if (this.#times.size <= IDS_MAX) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }

  /** The count now. */
  count(): number {
    const fromMs = Date.parse(this.#newest) - hours(1);
    for (const [id, timeMs] of this.#times) if (timeMs < fromMs) this.#times.delete(id);
    return this.#times.size;
  }
}
