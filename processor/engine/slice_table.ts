/**
 * The open slices of one pipeline on one partition: partial aggregates by slice start and key, what changed since the
 * WindowStore saw them, and the merge of slices into windows.
 *
 * ```
 * start ─▶ SliceGroup ─ key ─▶ SliceCell { states of the metrics }
 * ```
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { SliceId, StoredSlice } from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import { firstWindowEnd, lastWindowEnd, nextWindowEnd, type SlidingSpec } from "../../core/window.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";
import { KeyMap } from "./key_map.ts";
import { type ArrivingEvent, SlidingWindow } from "./sliding_window.ts";

/** One key's states in one slice. */
export interface SliceCell {
  readonly key: string;
  readonly sliceStartMs: number;
  readonly states: MetricState[];
  /** Changed since the last {@link SliceTable.takeChanges}. */
  changed: boolean;
  /** Changed since the last {@link SliceTable.takeLive}. */
  live: boolean;
}

/** All keys of one slice. */
export interface SliceGroup {
  readonly startMs: number;
  /** End of the first window that holds the slice. */
  readonly firstEndMs: number;
  /** End of the last one: with the allowed lateness, when the slice is dropped. */
  readonly lastEndMs: number;
  readonly cells: KeyMap<SliceCell>;
  /** Lowest offset of any event in it: a rebuild starts from the lowest of all groups. */
  offsetMin: number;
}

/** What changed since the last time. */
export interface SliceChanges {
  readonly changed: readonly StoredSlice[];
  readonly dropped: readonly SliceId[];
}

/** Takes the values of one key's window. */
export type TakeValues = (key: string, values: unknown[]) => void;

/** Slices by start and key. */
export class SliceTable {
  readonly #window: SlidingSpec;
  readonly #metrics: readonly Metric[];
  readonly #tracksLive: boolean;
  readonly #ordersKeys: boolean;
  readonly #groups = new Map<number, SliceGroup>();
  /** Starts of the groups, rising. */
  #starts: number[] = [];
  #changed: SliceCell[] = [];
  #live: SliceCell[] = [];
  #dropped: SliceId[] = [];
  #latest: SliceGroup | undefined;
  /** By key the window that fired last, sliding on; slices that start before #slidTo are in. */
  readonly #sliding = new Map<string, SlidingWindow>();
  #slidToMs = -Infinity;

  /** @param options `ordersKeys`: whether the order of keys shows, as it does to detectors; a million keys take long to sort. */
  constructor(options: {
    readonly window: SlidingSpec;
    readonly metrics: readonly Metric[];
    readonly tracksLive: boolean;
    readonly ordersKeys: boolean;
  }) {
    this.#window = options.window;
    this.#metrics = options.metrics;
    this.#tracksLive = options.tracksLive;
    this.#ordersKeys = options.ordersKeys;
  }

  /** The group of a slice, if it is retained. */
  group(startMs: number): SliceGroup | undefined {
    if (this.#latest?.startMs === startMs) return this.#latest;
    const group = this.#groups.get(startMs);
    if (group !== undefined) this.#latest = group;
    return group;
  }

  /** Opens a slice that is not there yet. */
  open(startMs: number): SliceGroup {
    const group = {
      startMs,
      firstEndMs: firstWindowEnd(this.#window, startMs),
      lastEndMs: lastWindowEnd(this.#window, startMs),
      cells: new KeyMap<SliceCell>(),
      offsetMin: Infinity,
    };
    this.#groups.set(startMs, group);
    // Nearly every slice is the newest.
    if (startMs > (this.#starts.at(-1) ?? -Infinity)) this.#starts.push(startMs);
    else this.#starts.splice(this.#placeOf(startMs), 0, startMs);
    return group;
  }

  /** Adds an event to its slice. */
  add(group: SliceGroup, entry: { key: string; event: EventBase; eventTimeMs: number; offset: number }): void {
    const { key, event, eventTimeMs, offset } = entry;
    let cell = group.cells.get(key);
    if (cell === undefined) {
      const states = this.#metrics.map((metric) => metric.zero());
      cell = { key, sliceStartMs: group.startMs, states, changed: false, live: false };
      group.cells.add(cell);
    }
    if (offset < group.offsetMin) group.offsetMin = offset;
    if (group.startMs < this.#slidToMs) this.#addLate(cell, { event, eventTimeMs });
    const metrics = this.#metrics;
    for (let i = 0; i < metrics.length; i++) metrics[i]!.add(cell.states[i]!, event, eventTimeMs);
    if (!cell.changed) {
      cell.changed = true;
      this.#changed.push(cell);
    }
    if (this.#tracksLive && !cell.live) {
      cell.live = true;
      this.#live.push(cell);
    }
  }

  /** The first window end after `timeMs` of a window that holds events; Infinity where there is none. */
  nextEndAfter(timeMs: number): number {
    const endMs = nextWindowEnd(this.#window, timeMs);
    const startMs = this.#starts[this.#placeOf(endMs - this.#window.sizeMs)];
    return startMs === undefined ? Infinity : Math.max(this.#groups.get(startMs)!.firstEndMs, endMs);
  }

  /** When the first retained slice loses its last window (without the allowed lateness); Infinity where none is retained. */
  firstLastEnd(): number {
    const startMs = this.#starts[0];
    return startMs === undefined ? Infinity : this.#groups.get(startMs)!.lastEndMs;
  }

  /** Drops the slices whose last window ends at or before `endMs`. */
  dropUpTo(endMs: number): void {
    let gone = 0;
    for (const startMs of this.#starts) {
      const group = this.#groups.get(startMs)!;
      if (group.lastEndMs > endMs) break;
      gone++;
      this.#groups.delete(startMs);
      for (const cell of group.cells.values()) {
        cell.changed = false;
        cell.live = false;
        this.#dropped.push({ key: cell.key, sliceStartMs: startMs });
      }
      if (this.#latest === group) this.#latest = undefined;
    }
    if (gone > 0) this.#starts.splice(0, gone);
  }

  /**
   * Gives the values of the window that ends at `endMs`, key by key, in order of code points where that shows. To be asked
   * for in rising order of ends: the windows slide on, so that the cost does not grow with the number of slices in a window.
   */
  slideTo(endMs: number, take: TakeValues): void {
    const { sizeMs, sliceMs } = this.#window;
    const fromMs = endMs - sizeMs;
    if (sliceMs === sizeMs) return this.#takeSlice(fromMs, take);
    if (this.#slidToMs < fromMs) this.#sliding.clear();
    for (let startMs = Math.max(this.#slidToMs, fromMs); startMs < endMs; startMs += sliceMs) {
      const group = this.#groups.get(startMs);
      if (group !== undefined) { for (const cell of group.cells.values()) this.#slidingOf(cell.key).push(cell); }
    }
    this.#slidToMs = endMs;
    for (const [key, window] of this.#sliding) {
      window.evictBefore(fromMs);
      if (window.empty) this.#sliding.delete(key);
    }
    const keys = this.#ordersKeys ? [...this.#sliding.keys()].sort(compareCodePoints) : this.#sliding.keys();
    for (const key of keys) take(key, this.#sliding.get(key)!.values());
  }

  /** Values of one key's windows that end at `ends`, which rise; windows without its events are left out. */
  valuesOf(key: string, ends: readonly number[]): [endMs: number, values: unknown[]][] {
    const { sizeMs, sliceMs } = this.#window;
    const window = new SlidingWindow(this.#metrics);
    const values: [number, unknown[]][] = [];
    let slidToMs = -Infinity;
    for (const endMs of ends) {
      for (let startMs = Math.max(slidToMs, endMs - sizeMs); startMs < endMs; startMs += sliceMs) {
        const cell = this.#groups.get(startMs)?.cells.get(key);
        if (cell !== undefined) window.push(cell);
      }
      slidToMs = endMs;
      window.evictBefore(endMs - sizeMs);
      if (!window.empty) values.push([endMs, window.values()]);
    }
    return values;
  }

  /** Values of some metrics, by index, of one key's window. */
  metricsOf(key: string, endMs: number, indices: readonly number[]): unknown[] {
    const { sizeMs, sliceMs } = this.#window;
    const metrics = indices.map((index) => this.#metrics[index]!);
    const states = metrics.map((metric) => metric.zero());
    for (let startMs = endMs - sizeMs; startMs < endMs; startMs += sliceMs) {
      const cell = this.#groups.get(startMs)?.cells.get(key);
      if (cell !== undefined) metrics.forEach((metric, i) => metric.merge(states[i]!, cell.states[indices[i]!]!));
    }
    return metrics.map((metric, i) => metric.result(states[i]!));
  }

  /** Ends after `afterMs` of all windows that hold events, by key. */
  endsAfter(afterMs: number): Map<string, number[]> {
    const ends = new Map<string, Set<number>>();
    for (const cell of this.cells()) {
      let own = ends.get(cell.key);
      if (own === undefined) ends.set(cell.key, own = new Set());
      for (const endMs of this.windowEnds(cell.sliceStartMs, afterMs)) own.add(endMs);
    }
    return new Map([...ends].map(([key, own]) => [key, [...own].sort((a, b) => a - b)]));
  }

  /** Number of cells. */
  get size(): number {
    let size = 0;
    for (const { cells } of this.#groups.values()) size += cells.size;
    return size;
  }

  /** Lowest offset of any event in a retained slice; Infinity where none is retained. */
  offsetMin(): number {
    let min = Infinity;
    for (const group of this.#groups.values()) if (group.offsetMin < min) min = group.offsetMin;
    return min;
  }

  /** How many slices the WindowStore has not seen as they are; some may be gone since. */
  get changedCount(): number {
    return this.#changed.length;
  }

  /** What the WindowStore has not seen, and forgets that it is so. */
  takeChanges(): SliceChanges {
    const changed: StoredSlice[] = [];
    for (const cell of this.#changed) {
      if (!cell.changed) continue;
      cell.changed = false;
      changed.push(this.#encode(cell));
    }
    const dropped = this.#dropped;
    this.#changed = [];
    this.#dropped = [];
    return { changed, dropped };
  }

  /** Everything, for a snapshot; what the WindowStore has not seen is forgotten. */
  takeAll(): SliceChanges {
    this.takeChanges();
    return { changed: [...this.cells()].map((cell) => this.#encode(cell)), dropped: [] };
  }

  /** At most `cellsMax` of the cells that changed since the last time; the rest stays for the next. */
  takeLive(cellsMax: number): SliceCell[] {
    const live = this.#live.splice(0, cellsMax).filter((cell) => cell.live);
    for (const cell of live) cell.live = false;
    return live;
  }

  /** Every cell. */
  *cells(): Iterable<SliceCell> {
    for (const group of this.#groups.values()) yield* group.cells.values();
  }

  /** Ends, in order, of the windows with an end in (afterMs, …) that hold the slice. */
  windowEnds(sliceStartMs: number, afterMs: number): number[] {
    const ends: number[] = [];
    const last = lastWindowEnd(this.#window, sliceStartMs);
    const first = Math.max(firstWindowEnd(this.#window, sliceStartMs), nextWindowEnd(this.#window, afterMs));
    for (let end = first; end <= last; end += this.#window.slideMs) ends.push(end);
    return ends;
  }

  /** Puts a stored slice back. Its events' offsets are not known: `offset` stands for the lowest of them. */
  restore(slice: StoredSlice, offset: number): void {
    const group = this.group(slice.sliceStartMs) ?? this.open(slice.sliceStartMs);
    const encoded = JSON.parse(slice.state) as unknown[];
    const states = this.#metrics.map((metric, i) => metric.decode(encoded[i]));
    const { key, sliceStartMs } = slice;
    group.cells.add({ key, sliceStartMs, states, changed: false, live: false });
    if (offset < group.offsetMin) group.offsetMin = offset;
  }

  /** Place of the first group that starts at or after. */
  #placeOf(startMs: number): number {
    let [low, high] = [0, this.#starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! < startMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** A tumbling window is one slice: there is nothing to merge. */
  #takeSlice(startMs: number, take: TakeValues): void {
    const cells = this.#groups.get(startMs)?.cells;
    if (cells === undefined) return;
    const ordered = this.#ordersKeys ? cells.values().toSorted(byKey) : cells.values();
    for (const cell of ordered) take(cell.key, this.#resultsOf(cell.states));
  }

  #resultsOf(states: readonly MetricState[]): unknown[] {
    const values: unknown[] = [];
    for (let i = 0; i < states.length; i++) values.push(this.#metrics[i]!.result(states[i]!));
    return values;
  }

  #slidingOf(key: string): SlidingWindow {
    let window = this.#sliding.get(key);
    if (window === undefined) this.#sliding.set(key, window = new SlidingWindow(this.#metrics));
    return window;
  }

  /** An event comes into a slice that has slid in, and has not slid out. */
  #addLate(cell: SliceCell, arriving: ArrivingEvent): void {
    if (cell.sliceStartMs >= this.#slidToMs - this.#window.sizeMs) this.#slidingOf(cell.key).late(cell, arriving);
  }

  #encode(cell: SliceCell): StoredSlice {
    const state = JSON.stringify(this.#metrics.map((metric, i) => metric.encode(cell.states[i]!)));
    return { key: cell.key, sliceStartMs: cell.sliceStartMs, state };
  }
}

const byKey = (a: SliceCell, b: SliceCell): number => compareCodePoints(a.key, b.key);
