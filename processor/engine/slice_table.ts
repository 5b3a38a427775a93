/**
 * The open slices of one pipeline on one partition: partial aggregates by slice start and key, what changed since the
 * WindowStore saw them, and the merge of slices into windows.
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { SliceId, StoredSlice } from "../../core/ports.ts";
import { compareCodePoints } from "../../core/text.ts";
import { firstWindowEnd, lastWindowEnd, nextWindowEnd, type SlidingSpec } from "../../core/window.ts";
import type { Metric } from "../metrics/metric.ts";
import { type SliceCell, SliceGroup, stateIn } from "./slice_group.ts";
import { type ArrivingEvent, SlidingWindow } from "./sliding_window.ts";
import { layoutOf, type RowLayout } from "./state_rows.ts";

/** What changed since the last time. */
export interface SliceChanges {
  readonly changed: readonly StoredSlice[];
  readonly dropped: readonly SliceId[];
}

/** Takes the values of one key's window. */
export type TakeValues = (key: string, values: unknown[]) => void;

/** With so many keys a row is in the caches by luck only: 100 bytes each, all told. */
const SCATTERED_KEYS_MIN = 16_384;

/** Slices by start and key. */
export class SliceTable {
  readonly #window: SlidingSpec;
  readonly #metrics: readonly Metric[];
  readonly #layout: RowLayout;
  readonly #tracksLive: boolean;
  readonly #ordersKeys: boolean;
  readonly #groups = new Map<number, SliceGroup>();
  /** Starts of the groups, rising. */
  #starts: number[] = [];
  #changedCount = 0;
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
    this.#layout = layoutOf(options.metrics);
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
    const [firstEndMs, lastEndMs] = [firstWindowEnd(this.#window, startMs), lastWindowEnd(this.#window, startMs)];
    // As many keys as the slice before had, or nearly.
    const group = new SliceGroup({ startMs, firstEndMs, lastEndMs }, this.#layout, this.#latest?.keys.length ?? 0);
    this.#groups.set(startMs, group);
    // Nearly every slice is the newest.
    if (startMs > (this.#starts.at(-1) ?? -Infinity)) this.#starts.push(startMs);
    else this.#starts.splice(this.#placeOf(startMs), 0, startMs);
    return group;
  }

  /** Whether the slice in hand has more rows than the caches of a machine hold. */
  get isScattered(): boolean {
    return this.#latest !== undefined && this.#latest.keys.length > SCATTERED_KEYS_MIN;
  }

  /** Fetches the rows of keys that come next in the slice in hand. */
  expect(keys: readonly string[]): void {
    this.#latest?.fetch(keys);
  }

  /** Adds an event to its slice. */
  add(group: SliceGroup, entry: { key: string; event: EventBase; eventTimeMs: number; offset: number }): void {
    const { key, event, eventTimeMs, offset } = entry;
    const place = group.place(key);
    if (offset < group.offsetMin) group.offsetMin = offset;
    if (group.startMs < this.#slidToMs) this.#addLate({ group, place }, { event, eventTimeMs });
    group.rows.add(place, event, eventTimeMs);
    if (group.markChanged(place)) this.#changedCount++;
    if (this.#tracksLive) group.markLive(place);
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
      for (const key of group.keys) this.#dropped.push({ key, sliceStartMs: startMs });
      this.#changedCount -= group.changedCount;
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
      if (group === undefined) continue;
      const { keys } = group;
      for (let place = 0; place < keys.length; place++) this.#slidingOf(keys[place]!).push({ group, place });
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
        const cell = this.#cellOf(key, startMs);
        if (cell !== null) window.push(cell);
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
      const cell = this.#cellOf(key, startMs);
      if (cell !== null) metrics.forEach((metric, i) => metric.merge(states[i]!, stateIn(cell, indices[i]!)));
    }
    return metrics.map((metric, i) => metric.result(states[i]!));
  }

  /** Ends after `afterMs` of all windows that hold events, by key. */
  endsAfter(afterMs: number): Map<string, number[]> {
    const ends = new Map<string, Set<number>>();
    for (const { keys, startMs } of this.#groups.values()) {
      const later = this.windowEnds(startMs, afterMs);
      for (const key of keys) {
        let own = ends.get(key);
        if (own === undefined) ends.set(key, own = new Set());
        for (const endMs of later) own.add(endMs);
      }
    }
    return new Map([...ends].map(([key, own]) => [key, [...own].sort((a, b) => a - b)]));
  }

  /** Number of slices, each key by itself. */
  get size(): number {
    let size = 0;
    for (const { keys } of this.#groups.values()) size += keys.length;
    return size;
  }

  /** Lowest offset of any event in a retained slice; Infinity where none is retained. */
  offsetMin(): number {
    let min = Infinity;
    for (const group of this.#groups.values()) if (group.offsetMin < min) min = group.offsetMin;
    return min;
  }

  /** How many slices the WindowStore has not seen as they are. */
  get changedCount(): number {
    return this.#changedCount;
  }

  /** What the WindowStore has not seen, and forgets that it is so. */
  takeChanges(): SliceChanges {
    const changed: StoredSlice[] = [];
    for (const group of this.#groups.values()) for (const slice of group.takeChanged()) changed.push(slice);
    const dropped = this.#dropped;
    this.#changedCount = 0;
    this.#dropped = [];
    return { changed, dropped };
  }

  /** Everything, for a snapshot; what the WindowStore has not seen is forgotten. */
  takeAll(): SliceChanges {
    this.takeChanges();
    const all: StoredSlice[] = [];
    for (const group of this.#groups.values()) {
      for (let place = 0; place < group.keys.length; place++) all.push(group.encode(place));
    }
    return { changed: all, dropped: [] };
  }

  /**
   * At most `cellsMax` of the slices that changed since the last time, the newest first; the rest stays for the next, and
   * goes with its slice: where more changes than is shown, people see what is newest.
   */
  takeLive(cellsMax: number): SliceId[] {
    const live: SliceId[] = [];
    for (let i = this.#starts.length - 1; i >= 0 && live.length < cellsMax; i--) {
      const group = this.#groups.get(this.#starts[i]!)!;
      for (const place of group.takeLive(cellsMax - live.length)) {
        live.push({ key: group.keys[place]!, sliceStartMs: group.startMs });
      }
    }
    return live;
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
    group.rows.write(group.place(slice.key), this.#metrics.map((metric, i) => metric.decode(encoded[i])));
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
    const group = this.#groups.get(startMs);
    if (group === undefined) return;
    const { keys, rows } = group;
    if (!this.#ordersKeys) return keys.forEach((key, place) => take(key, rows.results(place)));
    for (const key of keys.toSorted(compareCodePoints)) take(key, rows.results(group.placeOf(key)));
  }

  #cellOf(key: string, startMs: number): SliceCell | null {
    const group = this.#groups.get(startMs);
    const place = group?.placeOf(key) ?? -1;
    return group === undefined || place < 0 ? null : { group, place };
  }

  #slidingOf(key: string): SlidingWindow {
    let window = this.#sliding.get(key);
    if (window === undefined) this.#sliding.set(key, window = new SlidingWindow(this.#metrics));
    return window;
  }

  /** An event comes into a slice that has slid in, and has not slid out. */
  #addLate(cell: SliceCell, arriving: ArrivingEvent): void {
    const { group, place } = cell;
    if (group.startMs < this.#slidToMs - this.#window.sizeMs) return;
    this.#slidingOf(group.keys[place]!).late(cell, arriving);
  }
}
