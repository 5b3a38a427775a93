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
import { firstWindowEnd, lastWindowEnd, nextWindowEnd, type WindowSpec } from "../../core/window.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";

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
  readonly cells: Map<string, SliceCell>;
  /** Lowest offset of any event in it: a rebuild starts from the lowest of all groups. */
  offsetMin: number;
}

/** What changed since the last time. */
export interface SliceChanges {
  readonly changed: readonly StoredSlice[];
  readonly dropped: readonly SliceId[];
}

/** Slices by start and key. */
export class SliceTable {
  readonly #window: WindowSpec;
  readonly #metrics: readonly Metric[];
  readonly #tracksLive: boolean;
  readonly #groups = new Map<number, SliceGroup>();
  #changed: SliceCell[] = [];
  #live: SliceCell[] = [];
  #dropped: SliceId[] = [];
  #latest: SliceGroup | undefined;

  constructor(options: { window: WindowSpec; metrics: readonly Metric[]; tracksLive: boolean }) {
    this.#window = options.window;
    this.#metrics = options.metrics;
    this.#tracksLive = options.tracksLive;
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
      cells: new Map(),
      offsetMin: Infinity,
    };
    this.#groups.set(startMs, group);
    return group;
  }

  /** Adds an event to its slice. */
  add(group: SliceGroup, entry: { key: string; event: EventBase; eventTimeMs: number; offset: number }): void {
    const { key, event, eventTimeMs, offset } = entry;
    let cell = group.cells.get(key);
    if (cell === undefined) {
      const states = this.#metrics.map((metric) => metric.zero());
      cell = { key, sliceStartMs: group.startMs, states, changed: false, live: false };
      group.cells.set(key, cell);
    }
    if (offset < group.offsetMin) group.offsetMin = offset;
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
    const end = nextWindowEnd(this.#window, timeMs);
    let next = Infinity;
    for (const group of this.#groups.values()) {
      const candidate = Math.max(group.firstEndMs, end);
      if (candidate <= group.lastEndMs && candidate < next) next = candidate;
    }
    return next;
  }

  /** When the first retained slice loses its last window (without the allowed lateness); Infinity where none is retained. */
  firstLastEnd(): number {
    let first = Infinity;
    for (const group of this.#groups.values()) if (group.lastEndMs < first) first = group.lastEndMs;
    return first;
  }

  /** Drops the slices whose last window ends at or before `endMs`. */
  dropUpTo(endMs: number): void {
    for (const [startMs, group] of this.#groups) {
      if (group.lastEndMs > endMs) continue;
      this.#groups.delete(startMs);
      for (const cell of group.cells.values()) {
        cell.changed = false;
        cell.live = false;
        this.#dropped.push({ key: cell.key, sliceStartMs: startMs });
      }
      if (this.#latest === group) this.#latest = undefined;
    }
  }

  /** Values of the window that ends at `endMs`, by key in order of code points; of one key where it is given. */
  windowStates(endMs: number, key?: string): [key: string, states: readonly MetricState[]][] {
    const { sizeMs, sliceMs } = this.#window;
    const merged = new Map<string, { states: MetricState[]; owned: boolean }>();
    for (let startMs = endMs - sizeMs; startMs < endMs; startMs += sliceMs) {
      const group = this.#groups.get(startMs);
      if (group === undefined) continue;
      if (key === undefined) { for (const cell of group.cells.values()) this.#mergeCell(merged, cell); }
      else {
        const cell = group.cells.get(key);
        if (cell !== undefined) this.#mergeCell(merged, cell);
      }
    }
    const entries = [...merged].map(([k, { states }]): [string, readonly MetricState[]] => [k, states]);
    return entries.length > 1 ? entries.sort(byKey) : entries;
  }

  /** Lowest offset of any event in a retained slice; Infinity where none is retained. */
  offsetMin(): number {
    let min = Infinity;
    for (const group of this.#groups.values()) if (group.offsetMin < min) min = group.offsetMin;
    return min;
  }

  /** What the WindowStore has not seen, and forgets that it is so. */
  takeChanges(): SliceChanges {
    const changed = this.#changed.filter((cell) => cell.changed).map((cell) => {
      cell.changed = false;
      return this.#encode(cell);
    });
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
    group.cells.set(key, { key, sliceStartMs, states, changed: false, live: false });
    if (offset < group.offsetMin) group.offsetMin = offset;
  }

  #mergeCell(merged: Map<string, { states: MetricState[]; owned: boolean }>, cell: SliceCell): void {
    const held = merged.get(cell.key);
    if (held === undefined) {
      merged.set(cell.key, { states: cell.states, owned: false });
      return;
    }
    // A key that is in one slice only is read in place; the second slice pays for the copy.
    if (!held.owned) {
      held.states = this.#metrics.map((metric, i) => {
        const copy = metric.zero();
        metric.merge(copy, held.states[i]!);
        return copy;
      });
      held.owned = true;
    }
    this.#metrics.forEach((metric, i) => metric.merge(held.states[i]!, cell.states[i]!));
  }

  #encode(cell: SliceCell): StoredSlice {
    const state = JSON.stringify(this.#metrics.map((metric, i) => metric.encode(cell.states[i]!)));
    return { key: cell.key, sliceStartMs: cell.sliceStartMs, state };
  }
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareCodePoints(a[0], b[0]);
}
