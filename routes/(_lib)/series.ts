/**
 * Series of windows by key, bounded: what charts and tiles are drawn from, on the server and in the browser alike.
 *
 * ```text
 *   1-minute windows sliding by 10 s; the newest event is at 12:00:07
 *   ends:  …  11:59:50   12:00:00 │ 12:00:10 │ 12:00:20  …  12:01:00
 *             complete   complete │ filling  │ hold a part only: never drawn, they would look like a collapse
 * ```
 * @module
 */

/** A window's value: when it ends, the value, the revision and the generation (absent = 0) that it comes from. */
export type Point = readonly [endMs: number, value: number, revision: number, generation?: number];

const generationOf = (point: Point | undefined): number => point?.[3] ?? 0;

/** The points of one key, oldest first. */
export interface Series {
  readonly key: string;
  readonly points: readonly Point[];
}

/** Series that share one window size. */
export interface SeriesSet {
  readonly sizeMs: number;
  readonly series: readonly Series[];
}

/** Bounds of a table. */
export interface SeriesLimits {
  /** The key that has been silent for longest goes first. */
  readonly keysMax: number;
  /** The oldest point goes first. */
  readonly pointsMax: number;
}

/** How far the data is. */
export interface Frontier {
  /** Every window that ends here or before is complete, but for late events. */
  readonly completeMs: number;
  /** End of the window that is filling. */
  readonly fillingMs: number;
}

/** Bounded series by key. */
export class SeriesTable {
  readonly #limits: SeriesLimits;
  readonly #points = new Map<string, Point[]>();
  #sizeMs = 0;
  #newestMs = -Infinity;
  /** Distance of two neighbouring windows; the size until there are two. */
  #stepMs = Infinity;

  constructor(limits: SeriesLimits) {
    this.#limits = limits;
  }

  /** Forgets everything. */
  clear(): void {
    this.#points.clear();
    this.#sizeMs = 0;
    this.#newestMs = -Infinity;
    this.#stepMs = Infinity;
  }

  /**
   * Takes a window's value in, unless a later one of that window is held. Over time the generations of a key never go
   * back: where a changed definition has begun, windows of the one before it are another thing and are left out.
   */
  put(key: string, sizeMs: number, point: Point): boolean {
    const points = this.#points.get(key) ?? this.#open(key);
    let place = points.length;
    while (place > 0 && points[place - 1]![0] > point[0]) place--;
    const held = points[place - 1];
    if (held !== undefined && generationOf(held) > generationOf(point)) return false;
    this.#dropEarlier(points, place, generationOf(point));
    if (held?.[0] === point[0]) {
      if (generationOf(held) === generationOf(point) && held[2] > point[2]) return false;
      points[place - 1] = point;
      return true;
    }
    if (place === 0 && points.length >= this.#limits.pointsMax) return false;
    points.splice(place, 0, point);
    const next = points[place + 1];
    if (held !== undefined) this.#stepMs = Math.min(this.#stepMs, point[0] - held[0]);
    if (next !== undefined) this.#stepMs = Math.min(this.#stepMs, next[0] - point[0]);
    if (points.length > this.#limits.pointsMax) points.shift();
    this.#sizeMs = sizeMs;
    this.#newestMs = Math.max(this.#newestMs, point[0]);
    return true;
  }

  /** Takes a whole set in. */
  putSet({ sizeMs, series }: SeriesSet): void {
    for (const { key, points } of series) for (const point of points) this.put(key, sizeMs, point);
  }

  /** The keys, in the order in which they first came. */
  keys(): string[] {
    return [...this.#points.keys()];
  }

  /** Points of a key that may be shown: those up to the window that is filling. */
  points(key: string): readonly Point[] {
    const points = this.#points.get(key) ?? [];
    const { fillingMs } = this.frontier();
    let end = points.length;
    while (end > 0 && points[end - 1]![0] > fillingMs) end--;
    return end === points.length ? points : points.slice(0, end);
  }

  /** How far the data is; infinities where there is none. */
  frontier(): Frontier {
    const newestStartMs = this.#newestMs - this.#sizeMs;
    return { completeMs: newestStartMs, fillingMs: newestStartMs + Math.min(this.stepMs, this.#sizeMs) };
  }

  /** Distance of two neighbouring windows. */
  get stepMs(): number {
    return Number.isFinite(this.#stepMs) ? this.#stepMs : this.#sizeMs;
  }

  /** The value of each key in the window with this end. */
  valuesAt(endMs: number): number[] {
    const values: number[] = [];
    for (const points of this.#points.values()) {
      const found = points.findLast((point) => point[0] <= endMs);
      if (found?.[0] === endMs) values.push(found[1]);
    }
    return values;
  }

  /** These keys' points after a moment, windows that hold a part included: what travels to a browser. */
  toSet(keys: readonly string[], afterMs = -Infinity): SeriesSet {
    return {
      sizeMs: this.#sizeMs,
      series: keys.map((key) => ({
        key,
        points: (this.#points.get(key) ?? []).filter(([endMs]) => endMs > afterMs),
      })),
    };
  }

  /** Removes the windows from this place on that an earlier definition made. */
  #dropEarlier(points: Point[], place: number, generation: number): void {
    let end = place;
    while (end < points.length && generationOf(points[end]) < generation) end++;
    if (end === place) return;
    points.splice(place, end - place);
    // How far the data is, and its windows' distance, are those of the new definition from now on.
    this.#stepMs = Infinity;
    this.#newestMs = Math.max(-Infinity, ...[...this.#points.values()].map((own) => own.at(-1)?.[0] ?? -Infinity));
  }

  #open(key: string): Point[] {
    if (this.#points.size >= this.#limits.keysMax) {
      let silent: string | undefined;
      let silentSinceMs = Infinity;
      for (const [candidate, points] of this.#points) {
        const newestMs = points.at(-1)?.[0] ?? -Infinity;
        if (newestMs < silentSinceMs) [silent, silentSinceMs] = [candidate, newestMs];
      }
      if (silent !== undefined) this.#points.delete(silent);
    }
    const points: Point[] = [];
    this.#points.set(key, points);
    return points;
  }
}
