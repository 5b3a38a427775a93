/**
 * A story of events on one partition of a pipeline that counts by sessions. Times are seconds after an origin.
 * @module
 */
import type { LateEvent } from "../../core/events/derived.ts";
import { seconds } from "../../core/time.ts";
import { session } from "../../core/window.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import type { Pane } from "../../processor/engine/pane.ts";
import { SessionPartition } from "../../processor/engine/session_partition.ts";
import { chatValue, counting, noonMs } from "./engine_kit.ts";

/** Sessions under test: gap 10 s, lateness 20 s unless told otherwise. */
export class SessionStory {
  readonly state: SessionPartition;
  readonly counts = noCounts();
  /** Rows by start and key, as a table would hold them. */
  readonly table = new Map<string, unknown>();
  #offset = 0;
  #late: LateEvent[] = [];

  constructor({ gap = 10, lateness = 20 }: { gap?: number; lateness?: number } = {}, readonly originMs = noonMs) {
    const pipeline = counting({ window: session({ gapMs: seconds(gap) }), lateness });
    const start = { watermarkMs: null, eventTimeMsMax: null, keyedStates: [], tracksLive: true };
    this.state = new SessionPartition({ pipeline, ...start });
  }

  /** Takes events in; what became of the last one. */
  take(...events: (number | readonly [at: number, key: string])[]): string {
    let outcome = "";
    for (const one of events) {
      const [at, key] = typeof one === "number" ? [one, "a"] : one;
      const event = chatValue({ at, key }) as never;
      const eventTimeMs = this.originMs + Math.round(seconds(at));
      const place = { topic: "events.chat", partition: 0, offset: this.#offset++ };
      outcome = this.state.accept({ event, eventTimeMs, key, ...place }, this.counts);
    }
    return outcome;
  }

  /** Commits: starts that are gone, then panes, as `0–10 a 1 on_time`. */
  commit(): string[] {
    const { panes, superseded, late } = this.state.takeOutputs(this.#offset);
    this.#late.push(...late);
    for (const { key, windowStartMs } of superseded) this.table.delete(`${this.#at(windowStartMs)} ${key}`);
    for (const pane of panes) this.table.set(`${this.#at(pane.windowStartMs)} ${pane.key}`, pane.values[0]);
    return [...superseded.map(({ windowStartMs }) => `gone ${this.#at(windowStartMs)}`), ...panes.map(this.#shown)];
  }

  /** What a drain would write. */
  drained(): string[] {
    return this.state.openPanes(this.#offset, "drained").map(this.#shown);
  }

  /** A round of early panes. */
  early(sessionsMax: number): string[] {
    return this.state.takeEarlyPanes(this.#offset, sessionsMax).map(this.#shown);
  }

  /** How many sessions are retained. */
  stored(): number {
    return this.state.takeChanges("all").changed.length;
  }

  /** Letters of the late events. */
  get late(): readonly LateEvent[] {
    this.commit();
    return this.#late;
  }

  #at(timeMs: number): number {
    return (timeMs - this.originMs) / 1000;
  }

  readonly #shown = ({ windowStartMs, windowEndMs, key, values, timing }: Pane): string =>
    `${this.#at(windowStartMs)}–${this.#at(windowEndMs)} ${key} ${values[0]} ${timing}`;
}
