/**
 * The rows of another topic, as many versions of each as somebody may still ask for.
 *
 * ```
 * versions of a key    11:50 a        12:00 b     12:04 c (appended at 12:09)
 * asked as of 12:02 ────────────────────┴ b
 * asked as of 12:05, by an event appended at 12:05 ─ b: c was not there;  at 12:10 ─ c
 * horizon 12:01, asked by appends from 12:06 on ──── a may go, b may not: c is too young for some
 * ```
 * @module
 */

/** What a key's row was from a moment on. */
export interface RowVersion {
  readonly eventTimeMs: number;
  /** Decides between rows of the same time: the highest counts. Empty for a tombstone. */
  readonly id: string;
  readonly appendTimeMs: number;
  /** Null: there was no row any more. */
  readonly fields: object | null;
  /** Where it stands in the table's topic. */
  readonly partition: number;
  readonly offset: number;
}

/** A version, and whether it was counted as late. */
type Stored = RowVersion & { isLate: boolean };

/** As of when a row is asked for. */
export interface AsOf {
  readonly eventTimeMs: number;
  /** Rows that were appended later are not seen. */
  readonly appendTimeMs: number;
}

/** Versions below which it is not worth a look what may go. */
const SWEEP_ROWS_MIN = 1_000;

/** How much a table keeps. */
export interface LookupTableOptions {
  /** Versions of all keys; with one more the keys that changed least recently go. */
  readonly rowsMax: number;
  /** Versions below which nothing is let go. Default 1,000. */
  readonly sweepRowsMin?: number;
}

/** Rows by key and time, up to a bound. */
export class LookupTable {
  /** By key, the least recently changed first; each list by time. */
  readonly #versions = new Map<string, Stored[]>();
  readonly #rowsMax: number;
  readonly #sweepRowsMin: number;
  #rows = 0;
  #sweepAt: number;
  #dropped = 0;
  #late = 0;
  /** The latest time that was asked as of. */
  #askedMs = -Infinity;
  #floor: AsOf = { eventTimeMs: -Infinity, appendTimeMs: -Infinity };

  constructor({ rowsMax, sweepRowsMin = SWEEP_ROWS_MIN }: LookupTableOptions) {
    this.#rowsMax = rowsMax;
    this.#sweepRowsMin = sweepRowsMin;
    this.#sweepAt = Math.min(rowsMax, sweepRowsMin);
  }

  /** Versions of all keys. */
  get rows(): number {
    return this.#rows;
  }

  /** Keys that it knows of, those whose row is gone included. */
  get keys(): number {
    return this.#versions.size;
  }

  /** Versions that were forgotten for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Versions that came too late for somebody who asked as of their time or later. */
  get late(): number {
    return this.#late;
  }

  /** Takes a version in; the same one twice changes nothing. */
  put(key: string, version: RowVersion): void {
    const versions = this.#versions.get(key) ?? [];
    let at = versions.length;
    while (at > 0 && isAfter(versions[at - 1]!, version)) at--;
    const before = versions[at - 1];
    if (before !== undefined && before.eventTimeMs === version.eventTimeMs && before.id === version.id) return;
    const isLate = version.eventTimeMs <= this.#askedMs;
    if (isLate) this.#late++;
    versions.splice(at, 0, { ...version, isLate });
    this.#versions.delete(key);
    this.#versions.set(key, versions);
    this.#rows++;
    if (this.#rows > this.#sweepAt) this.#sweep();
  }

  /** The fields of a key's row; null where there is none. */
  find(key: string, { eventTimeMs, appendTimeMs }: AsOf): object | null {
    this.#askedMs = Math.max(this.#askedMs, eventTimeMs);
    const versions = this.#versions.get(key) ?? [];
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i]!;
      if (version.eventTimeMs > eventTimeMs) continue;
      if (version.appendTimeMs <= appendTimeMs) return version.fields;
      if (!version.isLate) this.#late++;
      version.isLate = true;
    }
    return null;
  }

  /** Nobody will ask as of an earlier time, or by an earlier append: what only they would see may go. */
  forgetBelow(floor: AsOf): void {
    this.#floor = floor;
  }

  /** For each partition of the topic the lowest offset of a row that is still needed; lets go what is not. */
  neededOffsets(): Map<number, number> {
    this.#sweep();
    const lowest = new Map<number, number>();
    for (const versions of this.#versions.values()) {
      for (const { partition, offset } of versions) {
        lowest.set(partition, Math.min(offset, lowest.get(partition) ?? Infinity));
      }
    }
    return lowest;
  }

  #sweep(): void {
    const { eventTimeMs, appendTimeMs } = this.#floor;
    for (const versions of this.#versions.values()) {
      const base = versions.findLastIndex((one) => one.eventTimeMs <= eventTimeMs && one.appendTimeMs <= appendTimeMs);
      if (base > 0) this.#rows -= versions.splice(0, base).length;
    }
    // Some more than is asked for: a table that stays full is not looked through for every row.
    const keptMax = this.#rows > this.#rowsMax ? this.#rowsMax * 7 / 8 : Infinity;
    for (const [key, versions] of this.#versions) {
      if (this.#rows <= keptMax) break;
      this.#versions.delete(key);
      this.#rows -= versions.length;
      this.#dropped += versions.length;
    }
    // It looks at every key: as many again may come before the next time.
    this.#sweepAt = Math.min(this.#rowsMax, Math.max(this.#sweepRowsMin, 2 * this.#rows));
  }
}

const isAfter = (one: RowVersion, other: RowVersion): boolean =>
  one.eventTimeMs === other.eventTimeMs ? one.id > other.id : one.eventTimeMs > other.eventTimeMs;
