/**
 * One slice with all of its keys.
 *
 * ```
 * start ─▶ SliceGroup ─ key ─▶ place ─▶ row of states
 * ```
 * @module
 */
import type { StoredSlice } from "../../core/ports.ts";
import type { MetricState } from "../metrics/metric.ts";
import { KeyMap } from "./key_map.ts";
import { type RowLayout, StateRows } from "./state_rows.ts";

/** The WindowStore has not seen the row as it is. */
export const CHANGED = 1;
/** Early panes have not shown the row as it is. */
const LIVE = 2;

const NOTHING: readonly number[] = [];

/** All keys of one slice. */
export class SliceGroup {
  readonly startMs: number;
  /** End of the first window that holds the slice. */
  readonly firstEndMs: number;
  /** End of the last one: with the allowed lateness, when the slice is dropped. */
  readonly lastEndMs: number;
  readonly rows: StateRows;
  readonly #places: KeyMap;
  #changedCount = 0;
  /** Places that early panes have not shown as they are, first come, first served; those before #shownTo were. */
  #toShow: number[] = [];
  #shownTo = 0;
  /** Lowest offset of any event in it: a rebuild starts from the lowest of all groups. */
  offsetMin = Infinity;

  /** @param keysExpected How many there is room for at once; more may come. */
  constructor(
    bounds: { startMs: number; firstEndMs: number; lastEndMs: number },
    layout: RowLayout,
    keysExpected: number,
  ) {
    this.startMs = bounds.startMs;
    this.firstEndMs = bounds.firstEndMs;
    this.lastEndMs = bounds.lastEndMs;
    this.rows = new StateRows(layout, keysExpected);
    this.#places = new KeyMap(keysExpected);
  }

  /** Its keys, by place. */
  get keys(): readonly string[] {
    return this.#places.keys;
  }

  /** The place of a key, −1 where it has none. */
  placeOf(key: string): number {
    return this.#places.placeOf(key);
  }

  /** The place of a key; a row of no events is made where it has none. */
  place(key: string): number {
    const place = this.#places.placeOf(key);
    if (place >= 0) return place;
    this.rows.push();
    return this.#places.add(key);
  }

  /**
   * Reads the rows of these keys without doing anything with them: the processor waits for many places of memory at once,
   * where event after event it would wait for one after the other.
   */
  fetch(keys: readonly string[]): void {
    this.rows.fetch(this.#places.placesOf(keys));
  }

  /** Number of rows that the WindowStore has not seen as they are. */
  get changedCount(): number {
    return this.#changedCount;
  }

  /** Notes that a row changed; false where that is known. */
  markChanged(place: number): boolean {
    const isNew = this.rows.mark(place, CHANGED);
    if (isNew) this.#changedCount++;
    return isNew;
  }

  /** The rows that changed, as they are now, and forgets that they did. */
  takeChanged(): StoredSlice[] {
    const changed: StoredSlice[] = [];
    // In the order in which they lie in memory.
    for (let place = 0; this.#changedCount > 0; place++) {
      if (!this.rows.unmark(place, CHANGED)) continue;
      this.#changedCount--;
      changed.push(this.encode(place));
    }
    return changed;
  }

  /** Notes that early panes have not shown a row as it is. */
  markLive(place: number): void {
    if (this.rows.mark(place, LIVE)) this.#toShow.push(place);
  }

  /** At most `cellsMax` places that early panes have not shown as they are, and forgets it of them. */
  takeLive(cellsMax: number): readonly number[] {
    if (this.#toShow.length === 0) return NOTHING;
    const places = this.#toShow.slice(this.#shownTo, this.#shownTo + cellsMax);
    for (const place of places) this.rows.unmark(place, LIVE);
    this.#shownTo += places.length;
    if (this.#shownTo * 2 >= this.#toShow.length) {
      [this.#toShow, this.#shownTo] = [this.#toShow.slice(this.#shownTo), 0];
    }
    return places;
  }

  /** A row as the WindowStore keeps it. */
  encode(place: number): StoredSlice {
    return { key: this.keys[place]!, sliceStartMs: this.startMs, state: this.rows.encode(place) };
  }
}

/** One key's states in one slice. */
export interface SliceCell {
  readonly group: SliceGroup;
  readonly place: number;
}

/** State of a metric in a cell: to be read, not changed. */
export const stateIn = ({ group, place }: SliceCell, metric: number): MetricState => group.rows.read(place, metric);
