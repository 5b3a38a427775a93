/**
 * The clock of a rekeyed pipeline's partition: records of several source partitions meet there, some far ahead of
 * others, so that it goes by the one that is least far.
 *
 * ```
 * source 0   ────────────────▶ 12:40          clock = 12:10: what source 2 still sends finds its windows open
 * source 1   ──────────▶ 12:25
 * source 2   ────▶ 12:10                      idle sources are left out; when all are idle, the highest counts
 * ```
 * @module
 */
import type { KeyedState } from "../../core/ports.ts";
import type { SourceMark } from "./rekey_copy.ts";

/** Under this name the states are kept; no detector has it. */
const STATE_NAME = "$source";

/** A source as stored: highest event time, append time of that, idle, number of partitions. */
type SourceJson = readonly [eventTimeMsMax: number | null, appendTimeMs: number, idle: boolean, count: number];

/** How far each source partition of one pipeline's partition is. */
export class SourceClocks {
  /** By partition; a hole is a source that nothing was heard of. */
  readonly #marks: (SourceMark | undefined)[] = [];
  readonly #changed = new Set<number>();
  #count = 0;

  constructor(states: readonly KeyedState[] = []) {
    for (const { name, key, state } of states) {
      if (name !== STATE_NAME) continue;
      const [eventTimeMsMax, appendTimeMs, idle, partitionCount] = state as SourceJson;
      this.#put({
        partition: Number(key),
        partitionCount,
        eventTimeMsMax: eventTimeMsMax ?? -Infinity,
        appendTimeMs,
        idle,
      });
    }
  }

  /** Takes in how far a source is: never back. */
  see(mark: SourceMark): void {
    const known = this.#marks[mark.partition];
    this.#changed.add(mark.partition);
    if (known === undefined || mark.eventTimeMsMax >= known.eventTimeMsMax) return this.#put(mark);
    const { eventTimeMsMax, appendTimeMs } = known;
    this.#put({ ...mark, eventTimeMsMax, appendTimeMs });
  }

  /** The source that the clock goes by; null while one that is not idle has shown no event yet. */
  get leading(): SourceMark | null {
    let [lowest, highest]: [SourceMark | null, SourceMark | null] = [null, null];
    for (let partition = 0; partition < this.#count; partition++) {
      const mark = this.#marks[partition];
      if (mark === undefined) return null;
      if (highest === null || mark.eventTimeMsMax > highest.eventTimeMsMax) highest = mark;
      if (!mark.idle && (lowest === null || mark.eventTimeMsMax < lowest.eventTimeMsMax)) lowest = mark;
    }
    const leading = lowest ?? highest;
    return leading === null || leading.eventTimeMsMax === -Infinity ? null : leading;
  }

  /** Whether every source is idle: only then may silence go on with the clock. */
  get allIdle(): boolean {
    for (let partition = 0; partition < this.#count; partition++) if (!this.#marks[partition]?.idle) return false;
    return this.#count > 0;
  }

  /** States that changed since the last time. */
  takeChanges(pipeline: string): KeyedState[] {
    const states = [...this.#changed].map((partition) => {
      const { eventTimeMsMax, appendTimeMs, idle, partitionCount } = this.#marks[partition]!;
      const highest = eventTimeMsMax === -Infinity ? null : eventTimeMsMax;
      const state: SourceJson = [highest, appendTimeMs, idle, partitionCount];
      return { pipeline, name: STATE_NAME, key: String(partition), state };
    });
    this.#changed.clear();
    return states;
  }

  #put(mark: SourceMark): void {
    this.#marks[mark.partition] = mark;
    this.#count = Math.max(this.#count, mark.partitionCount);
  }
}
