/**
 * Highest sequence number seen per producer instance: a record that does not go beyond it is a repeat.
 * @module
 */
import type { ProducerSeqs } from "../../core/ports.ts";

/** How many instances a partition remembers before the least recently seen is dropped. */
export const INSTANCES_MAX = 10_000;

/** The highest seqs of one partition, bounded. */
export class SeqTracker {
  /** Least recently seen first. */
  readonly #highest = new Map<string, number>();
  readonly #instancesMax: number;
  /** Null before the first: an instance may have an empty name. */
  #latest: string | null = null;
  #latestSeq = -1;
  /** Instances forgotten because of the bound: their repeats would be counted again. */
  dropped = 0;

  constructor(seqs: ProducerSeqs = [], instancesMax: number = INSTANCES_MAX) {
    this.#instancesMax = instancesMax;
    for (const [instance, seq] of seqs) this.#highest.set(instance, seq);
  }

  /** Whether this is the first record of its seq; remembers it. A feed sends long runs of one instance: kept at hand. */
  isNew(instance: string, seq: number): boolean {
    if (instance !== this.#latest) this.#switchTo(instance);
    if (seq <= this.#latestSeq) return false;
    this.#latestSeq = seq;
    return true;
  }

  /** Whether this seq is not below the highest of its instance; remembers it. */
  reaches(instance: string, seq: number): boolean {
    if (instance !== this.#latest) this.#switchTo(instance);
    if (seq < this.#latestSeq) return false;
    this.#latestSeq = seq;
    return true;
  }

  /** All of them, least recently seen first. */
  snapshot(): ProducerSeqs {
    this.#putBack();
    return [...this.#highest];
  }

  #switchTo(instance: string): void {
    this.#putBack();
    this.#latestSeq = this.#highest.get(instance) ?? -1;
    this.#latest = instance;
    // Deleting moves the instance to the end when it is put back.
    this.#highest.delete(instance);
    if (this.#highest.size >= this.#instancesMax) {
      for (const oldest of this.#highest.keys()) {
        this.#highest.delete(oldest);
        this.dropped++;
        break;
      }
    }
  }

  #putBack(): void {
    if (this.#latest !== null && this.#latestSeq >= 0) this.#highest.set(this.#latest, this.#latestSeq);
  }
}
