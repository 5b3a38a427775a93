/**
 * A door with what comes through it, as the rules of quality see it.
 * @module
 */
import type { EventContract } from "../../core/events/contract.ts";
import { type QualityEvent, qualityEvents } from "../../core/events/quality.ts";
import { Door, Outbox } from "../../ingest/door.ts";

/** Ingest time of every event of a case, unless told otherwise. */
export const DOOR_MS = Date.UTC(2024, 0, 1, 12);

/** What came out of an event. */
export interface Passed {
  /** Marks of the event that was let in; null where it is dead. */
  readonly marks: readonly string[] | null;
  /** Reason of the dead letter; null where it was let in. */
  readonly reason: string | null;
}

/** A door. */
export interface QualityDoor {
  readonly door: Door;
  /** Sends one line that holds one event. */
  pass(contract: EventContract, value: unknown, text?: string): Passed;
  /** The same for a line that an earlier door has let in. */
  recall(contract: EventContract, value: unknown): void;
  /** The texts of all events that were let in. */
  readonly texts: readonly string[];
  /** The parts of scores so far. */
  readonly parts: readonly QualityEvent[];
}

/** Opens one. */
export function qualityDoor(nowMs = DOOR_MS): QualityDoor {
  const outbox = new Outbox();
  const door = new Door(outbox, { origin: "file", instance: "file:0", runId: null });
  const texts: string[] = [];
  const parts: QualityEvent[] = [];
  return {
    door,
    texts,
    parts,
    pass(contract, value, text) {
      const event = text === undefined ? { contract, value } : { contract, value, text };
      door.admit({ kind: "events", events: [event] }, { nowMs });
      let passed: Passed = { marks: null, reason: null };
      for (const { topic, records } of outbox.take()) {
        for (const record of records) {
          const found = JSON.parse(record.value);
          if (topic === qualityEvents.topic) parts.push(found);
          else if (topic === "dead") passed = { marks: null, reason: found.reason };
          else {
            texts.push(record.value);
            passed = { marks: found.quality ?? [], reason: null };
          }
        }
      }
      return passed;
    },
    recall(contract, value) {
      door.recall({ kind: "events", events: [{ contract, value }] }, { nowMs });
    },
  };
}
