/**
 * How far retention may go where several parts of a processor read the same partition: as far as the last of them.
 * @module
 */
import type { EventLog, TopicPartition } from "../../core/ports.ts";

/** Who reads a topic: windows, or the copier into this internal topic, as its source or as the table of its lookup. */
export type FloorHolder = "windows" | `copy to ${string}` | `table of ${string}`;

/** Puts the floors of a log's readers together. */
export class RetentionFloors {
  readonly #log: Pick<EventLog, "setRetentionFloor">;
  readonly #holders: ReadonlyMap<string, readonly FloorHolder[]>;
  readonly #offsets = new Map<string, Map<FloorHolder, number>>();

  /** Who reads each topic; nothing goes before all of them have said how far they are. */
  constructor(log: Pick<EventLog, "setRetentionFloor">, holders: ReadonlyMap<string, readonly FloorHolder[]>) {
    this.#log = log;
    this.#holders = holders;
  }

  /** Notes how far one of them is. */
  async set(holder: FloorHolder, { topic, partition, offset }: TopicPartition & { offset: number }): Promise<void> {
    const key = `${topic}/${partition}`;
    const offsets = this.#offsets.get(key) ?? new Map<FloorHolder, number>();
    this.#offsets.set(key, offsets.set(holder, offset));
    if (offsets.size < (this.#holders.get(topic)?.length ?? 1)) return;
    await this.#log.setRetentionFloor({ topic, partition, offset: Math.min(...offsets.values()) });
  }
}
