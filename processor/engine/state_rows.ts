/**
 * The states of many keys, a row each. Where a metric offers numbers, they stand side by side in one Float64Array, so that
 * an event touches one row; the other states are objects. A state that outgrows its numbers becomes an object too.
 *
 * ```
 *   numbers   | count | sum, n | max |   | count | ∞ , n | max |   …
 *                 place 0                    place 1   the sum is an object
 * ```
 * @module
 */
import type { EventBase } from "../../core/events/contract.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";
import type { InNumbers } from "../metrics/numbers.ts";

/** Stands in the first number of a state that is an object now. */
const OUTGROWN = Infinity;

/** Rows that a table has room for when it begins. */
const ROWS_MIN = 4;

/** Where in a row each metric's numbers are. */
export interface RowLayout {
  readonly metrics: readonly Metric[];
  /** By metric; undefined for those whose states are objects. */
  readonly inNumbers: readonly (InNumbers<MetricState, EventBase> | undefined)[];
  /** By metric, its first number in a row. */
  readonly offsets: readonly number[];
  /** A row without events. */
  readonly zeros: readonly number[];
}

/** The layout for these metrics. */
export function layoutOf(metrics: readonly Metric[]): RowLayout {
  const inNumbers = metrics.map((metric) => metric.inNumbers);
  const zeros: number[] = [];
  const offsets = inNumbers.map((own) => zeros.push(...own?.zeros ?? []) - (own?.zeros.length ?? 0));
  return { metrics, inNumbers, offsets, zeros };
}

/** States by place and metric. */
export class StateRows {
  readonly #layout: RowLayout;
  readonly #width: number;
  #numbers: Float64Array;
  /** Bits by place. */
  #marks: Uint8Array;
  #size = 0;
  /** By place and metric; nothing where the numbers hold the state. */
  readonly #objects: MetricState[][] = [];

  /** @param rowsExpected How many there is room for before the table grows. */
  constructor(layout: RowLayout, rowsExpected = 0) {
    this.#layout = layout;
    this.#width = layout.zeros.length;
    const rows = Math.max(ROWS_MIN, rowsExpected);
    this.#numbers = new Float64Array(rows * this.#width);
    this.#marks = new Uint8Array(rows);
  }

  /** Adds a row of no events at the next place. */
  push(): void {
    const place = this.#size++;
    const at = place * this.#width;
    if (place === this.#marks.length) {
      const numbers = new Float64Array(2 * at);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
      const marks = new Uint8Array(2 * place);
      marks.set(this.#marks);
      this.#marks = marks;
    }
    const { zeros } = this.#layout;
    for (let i = 0; i < zeros.length; i++) this.#numbers[at + i] = zeros[i]!;
  }

  /** Sets a mark, which is a bit; false where it was set. */
  mark(place: number, bit: number): boolean {
    const marks = this.#marks[place]!;
    if ((marks & bit) !== 0) return false;
    this.#marks[place] = marks | bit;
    return true;
  }

  /** Takes a mark away; false where it was not set. */
  unmark(place: number, bit: number): boolean {
    const marks = this.#marks[place]!;
    this.#marks[place] = marks & ~bit;
    return (marks & bit) !== 0;
  }

  /** Adds an event to the states of a place. */
  add(place: number, event: EventBase, eventTimeMs: number): void {
    const { metrics, inNumbers, offsets } = this.#layout;
    const numbers = this.#numbers;
    const row = place * this.#width;
    for (let i = 0; i < metrics.length; i++) {
      const own = inNumbers[i];
      const at = row + offsets[i]!;
      if (own !== undefined && numbers[at] !== OUTGROWN && own.add(numbers, at, event, eventTimeMs)) continue;
      metrics[i]!.add(this.#objectOf(place, i), event, eventTimeMs);
    }
  }

  /** Puts states in the place of what is there. */
  write(place: number, states: readonly MetricState[]): void {
    const { inNumbers, offsets } = this.#layout;
    for (let i = 0; i < states.length; i++) {
      const at = place * this.#width + offsets[i]!;
      const own = inNumbers[i];
      if (own?.write(this.#numbers, at, states[i]!)) continue;
      if (own !== undefined) this.#numbers[at] = OUTGROWN;
      this.#objectsOf(place)[i] = states[i]!;
    }
  }

  /** A metric's state: to be read, not changed. */
  read(place: number, metric: number): MetricState {
    const own = this.#layout.inNumbers[metric];
    const at = place * this.#width + this.#layout.offsets[metric]!;
    if (own === undefined || this.#numbers[at] === OUTGROWN) return this.#objectOf(place, metric);
    return own.read(this.#numbers, at);
  }

  /** The values of all metrics. */
  results(place: number): unknown[] {
    const { metrics } = this.#layout;
    const values: unknown[] = [];
    for (let i = 0; i < metrics.length; i++) values.push(metrics[i]!.result(this.read(place, i)));
    return values;
  }

  /** The states as JSON. */
  encode(place: number): string {
    const { metrics } = this.#layout;
    const states: unknown[] = [];
    for (let i = 0; i < metrics.length; i++) states.push(metrics[i]!.encode(this.read(place, i)));
    return JSON.stringify(states);
  }

  /** The object of a state that its numbers, if it has any, cannot hold any more. */
  #objectOf(place: number, metric: number): MetricState {
    const objects = this.#objectsOf(place);
    const object = objects[metric];
    if (object !== undefined) return object;
    const own = this.#layout.inNumbers[metric];
    if (own === undefined) return objects[metric] = this.#layout.metrics[metric]!.zero();
    const at = place * this.#width + this.#layout.offsets[metric]!;
    objects[metric] = own.read(this.#numbers, at);
    this.#numbers[at] = OUTGROWN;
    return objects[metric];
  }

  #objectsOf(place: number): MetricState[] {
    return this.#objects[place] ??= [];
  }
}
