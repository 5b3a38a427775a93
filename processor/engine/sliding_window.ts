/**
 * The window of one key as it slides over its slices, at a cost per step that does not grow with the number of slices.
 *
 * Metrics that offer a running value keep that. The others are merged by two stacks (the queue of two stacks known from
 * functional programming; for windows: Tangwongsan, Hirzel, Schneider, "Low-latency sliding-window aggregation in
 * worst-case constant time", 2017): the older slices as suffix aggregates, the younger ones as one aggregate. When the
 * older side runs empty, it is made anew of all that is at hand: each slice is merged a constant number of times.
 *
 * ```
 *   cells    | 10 | 20 | 30 || 40 | 50 |        a slice goes out: drop front[0]
 *   front     10∪20∪30, 20∪30, 30               a slice comes in: merge it into back
 *   back                       40∪50            value: front[0] ∪ back
 * ```
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";
import type { RunningValue } from "../metrics/running.ts";
import { type SliceCell, stateIn } from "./slice_group.ts";

/** An event on its way into a slice. */
export interface ArrivingEvent {
  readonly event: EventBase;
  readonly eventTimeMs: number;
}

/** The slices of one key in its present window. */
export class SlidingWindow {
  readonly #metrics: readonly Metric[];
  /** By metric; undefined for those that are merged by stacks. */
  readonly #running: readonly (RunningValue<MetricState, EventBase> | undefined)[];
  readonly #stacked: readonly number[];
  /** Oldest first; those before #head are gone. */
  #cells: (SliceCell | undefined)[] = [];
  #head = 0;
  /** First cell of the younger side. */
  #mid = 0;
  /** Suffix aggregates of the cells before #mid, by the cell's place; states by place among #stacked. */
  #front: MetricState[][] = [];
  #back: MetricState[] | null = null;

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics;
    this.#running = metrics.map((metric) => metric.running?.());
    this.#stacked = metrics.map((_, i) => i).filter((i) => this.#running[i] === undefined);
  }

  /** Whether no slice is left. */
  get empty(): boolean {
    return this.#head === this.#cells.length;
  }

  /** The next younger slice comes in. */
  push(cell: SliceCell): void {
    this.#cells.push(cell);
    for (let i = 0; i < this.#running.length; i++) this.#running[i]?.push(stateIn(cell, i), cell.group.startMs);
    if (this.#stacked.length === 0) return;
    if (this.#back === null) this.#back = this.#copy(cell);
    else this.#mergeInto(this.#back, cell);
  }

  /** Slices that start before `startMs` go out. */
  evictBefore(startMs: number): void {
    while (!this.empty && this.#cells[this.#head]!.group.startMs < startMs) {
      if (this.#head === this.#mid) this.#flip();
      const cell = this.#cells[this.#head]!;
      for (let i = 0; i < this.#running.length; i++) this.#running[i]?.evict(stateIn(cell, i), cell.group.startMs);
      // A whole slice would live on for one of its cells.
      this.#cells[this.#head++] = undefined;
    }
    if (this.#head > 32 && this.#head * 2 > this.#cells.length) this.#compact();
  }

  /** An event is about to be added to a slice that may be in. */
  late(cell: SliceCell, { event, eventTimeMs }: ArrivingEvent): void {
    const at = this.#placeOf(cell);
    this.#running.forEach((value, i) => value?.late(stateIn(cell, i), event, cell.group.startMs));
    const add = (states: readonly MetricState[]) =>
      this.#stacked.forEach((metric, i) => this.#metrics[metric]!.add(states[i]!, event, eventTimeMs));
    if (at >= this.#mid) add(this.#back!);
    else for (let i = this.#head; i <= at; i++) add(this.#front[i]!);
  }

  /** The metrics' values over all slices that are in. */
  values(): unknown[] {
    const merged = this.#merged();
    let place = 0;
    const values: unknown[] = [];
    for (let i = 0; i < this.#metrics.length; i++) {
      const running = this.#running[i];
      values.push(running === undefined ? this.#metrics[i]!.result(merged[place++]!) : running.result());
    }
    return values;
  }

  /** Place of a cell; one that was opened late comes in where it belongs. */
  #placeOf(cell: SliceCell): number {
    let at = this.#cells.length;
    while (at > this.#head && this.#cells[at - 1]!.group.startMs >= cell.group.startMs) at--;
    if (this.#cells[at]?.group === cell.group) return at;
    this.#cells.splice(at, 0, cell);
    this.#running.forEach((value, i) => value?.push(stateIn(cell, i), cell.group.startMs));
    if (at < this.#mid) {
      this.#front.splice(at, 0, this.#copyStates(this.#front[at]!));
      this.#mid++;
    } else if (this.#back === null) {
      this.#back = this.#copy(cell);
    }
    return at;
  }

  /** All that is at hand becomes the older side. */
  #flip(): void {
    let suffix: MetricState[] | null = null;
    for (let i = this.#cells.length - 1; i >= this.#head; i--) {
      const states = this.#copy(this.#cells[i]!);
      if (suffix !== null) this.#stacked.forEach((metric, s) => this.#metrics[metric]!.merge(states[s]!, suffix![s]!));
      this.#front[i] = states;
      suffix = states;
    }
    this.#mid = this.#cells.length;
    this.#back = null;
  }

  #compact(): void {
    this.#cells = this.#cells.slice(this.#head);
    this.#front = this.#front.slice(this.#head);
    this.#mid -= this.#head;
    this.#head = 0;
  }

  #merged(): readonly MetricState[] {
    const front = this.#head < this.#mid ? this.#front[this.#head]! : null;
    if (front === null) return this.#back ?? [];
    if (this.#back === null) return front;
    const merged = this.#copyStates(front);
    this.#stacked.forEach((metric, i) => this.#metrics[metric]!.merge(merged[i]!, this.#back![i]!));
    return merged;
  }

  #copy(cell: SliceCell): MetricState[] {
    const states: MetricState[] = [];
    for (const metric of this.#stacked) states.push(this.#metrics[metric]!.zero());
    this.#mergeInto(states, cell);
    return states;
  }

  #copyStates(states: readonly MetricState[]): MetricState[] {
    const copies: MetricState[] = [];
    for (let i = 0; i < this.#stacked.length; i++) {
      const metric = this.#metrics[this.#stacked[i]!]!;
      const copy = metric.zero();
      metric.merge(copy, states[i]!);
      copies.push(copy);
    }
    return copies;
  }

  #mergeInto(states: readonly MetricState[], cell: SliceCell): void {
    for (let i = 0; i < this.#stacked.length; i++) {
      const metric = this.#stacked[i]!;
      this.#metrics[metric]!.merge(states[i]!, stateIn(cell, metric));
    }
  }
}
