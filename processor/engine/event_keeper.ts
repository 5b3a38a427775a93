/**
 * Events that are kept one by one: collected between two commits, written within the next, dropped when they are old.
 * @module
 */
import { messageOf } from "../../core/errors.ts";
import type { CheckedEvent, EventBase } from "../../core/events/contract.ts";
import { stringifyOrNull } from "../../core/json.ts";
import type { KeptEvent, KeptEvents } from "../../core/kept_events.ts";
import type { LogRecord } from "../../core/ports.ts";
import { hours } from "../../core/time.ts";
import type { EnginePorts } from "./assignment.ts";

/** Characters of values after which a commit is due: bounds what is held in memory, with the commit under way twice that. */
export const KEPT_CHARS_MAX = 16_000_000;

/** What is kept of an event. */
export type EventText = (record: LogRecord, checked: CheckedEvent<EventBase>) => string;

/** By kind: the record as it came; the event with the fields of enrichers, where it can be written again. */
export const eventTexts: Readonly<Record<KeptEvents["kind"], EventText>> = {
  raw: ({ value }) => value,
  enriched: ({ value }, { event }) => stringifyOrNull(event) ?? value,
};

/** Collects events of one partition. */
export class EventKeeper {
  readonly #kind: KeptEvents["kind"];
  #rows: KeptEvent[] = [];
  #chars = 0;

  constructor(kind: KeptEvents["kind"]) {
    this.#kind = kind;
  }

  /** Whether a commit is due by what is held. */
  get full(): boolean {
    return this.#chars >= KEPT_CHARS_MAX;
  }

  /** Takes an event in. */
  add(record: LogRecord, checked: CheckedEvent<EventBase>): void {
    const value = eventTexts[this.#kind](record, checked);
    const { offset, appendTimeMs, key } = record;
    this.#rows.push({ offset, appendTimeMs, eventTimeMs: checked.eventTimeMs, key, value });
    this.#chars += value.length;
  }

  /** Hands over what came since the last time; null where nothing did. */
  take(): KeptEvents | null {
    const rows = this.#rows;
    this.#rows = [];
    this.#chars = 0;
    return rows.length === 0 ? null : { kind: this.#kind, rows };
  }
}

/** Time between two rounds of retention. */
const RETENTION_INTERVAL_MS = hours(1);

/** Applies the retention of kept events at once and from time to time; any number of processes may do so. */
export async function dropOldEvents(
  { clock, summaryStore }: Pick<EnginePorts, "clock" | "summaryStore">,
  { retentionMs, signal, onNote }: { retentionMs: number; signal: AbortSignal; onNote: (note: string) => void },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const days = await summaryStore.dropEvents(clock.nowMs() - retentionMs);
      if (days > 0) onNote(`raw_events: dropped ${days} days that are past their retention`);
    } catch (error) {
      // Too many old events are no reason to stop taking new ones in.
      onNote(`raw_events: old days could not be dropped, trying again in an hour: ${messageOf(error)}`);
    }
    await clock.sleep(RETENTION_INTERVAL_MS, signal);
  }
}
