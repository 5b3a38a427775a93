/**
 * A story of events on one partition of a counting pipeline. Times are seconds after noon.
 * @module
 */
import type { LateEvent } from "../../core/events/derived.ts";
import { seconds } from "../../core/time.ts";
import { sliding, type SlidingSpec } from "../../core/window.ts";
import { noCounts } from "../../processor/engine/lane.ts";
import type { Pane } from "../../processor/engine/pane.ts";
import { SlicedPartition } from "../../processor/engine/sliced_partition.ts";
import { chatValue, clockText, counting, type CountingOptions, noonMs } from "./engine_kit.ts";

/** Windows that overlap, in seconds. */
export const bySliding = (size: number, slide: number): SlidingSpec =>
  sliding({ sizeMs: seconds(size), slideMs: seconds(slide) });

/** `12:00:10 a 3 on_time` of a pane. */
export const shown = ({ windowStartMs, key, values, timing }: Pane): string =>
  `${clockText(windowStartMs)} ${key} ${values[0]} ${timing}`;

/** A partition under test. */
export class Story {
  readonly state: SlicedPartition;
  readonly counts = noCounts();
  /** The newest pane of each window and key, as a table would hold it. */
  readonly table = new Map<string, unknown>();
  #offset = 0;
  #late: LateEvent[] = [];

  constructor(options: CountingOptions = {}, readonly originMs = noonMs) {
    this.state = new SlicedPartition({
      pipeline: counting(options),
      watermarkMs: null,
      eventTimeMsMax: null,
      keyedStates: [],
      tracksLive: true,
    });
  }

  /** Takes events in; what became of the last one. */
  take(...events: (number | readonly [at: number, key: string])[]): string {
    let outcome = "";
    for (const one of events) {
      const [at, key] = typeof one === "number" ? [one, "a"] : one;
      const event = chatValue({ at, key }) as never;
      const eventTimeMs = this.originMs + seconds(at);
      const place = { topic: "events.chat", partition: 0, offset: this.#offset++ };
      outcome = this.state.accept({ event, eventTimeMs, key, ...place }, this.counts);
    }
    return outcome;
  }

  /** Commits: the panes that come out, as `12:00:10 a 3 on_time`. */
  commit(): string[] {
    const { panes, late } = this.state.takeOutputs(this.#offset);
    this.#late.push(...late);
    for (const pane of panes) this.table.set(`${pane.windowStartMs - this.originMs} ${pane.key}`, pane.values[0]);
    return panes.map(shown);
  }

  /** Letters of the late events. */
  get late(): readonly LateEvent[] {
    this.commit();
    return this.#late;
  }

  /** Seconds after the origin. */
  get watermark(): number {
    return (this.state.watermarkMs - this.originMs) / 1000;
  }
}
