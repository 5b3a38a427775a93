/**
 * What a check remembers: values by key of the present stretch of events and of the one before it. Kept apart, so that
 * what is known follows from the events of these two stretches alone.
 * @module
 */

/** Values by key of two stretches. Its size is bounded by the events of a stretch, see gate.ts. */
export class Recent<V> {
  #present = new Map<string, V>();
  #before = new Map<string, V>();

  /** The value of the present stretch. */
  present(key: string): V | undefined {
    return this.#present.get(key);
  }

  /** The value of the stretch before it. */
  before(key: string): V | undefined {
    return this.#before.get(key);
  }

  /** Keeps a value in the present stretch. */
  set(key: string, value: V): void {
    this.#present.set(key, value);
  }

  /** Begins a stretch: the one before the present one is forgotten. */
  forget(): void {
    this.#before = this.#present;
    this.#present = new Map();
  }
}
