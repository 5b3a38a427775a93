/**
 * The door: what every source's decoded events pass before they are appended. Checks them against their contract,
 * stamps them, turns what does not fit into dead letters, and counts each outcome.
 * @module
 */
import { checkEvent, isFault } from "../core/events/contract.ts";
import type { EventContract, Fault } from "../core/events/contract.ts";
import { type DeadLetter, RAW_LENGTH_MAX } from "../core/events/derived.ts";
import { derivedTopics } from "../core/events/mod.ts";
import { stringifyOrNull } from "../core/json.ts";
import type { NewRecord, TopicWrite } from "../core/ports.ts";
import { formatTime, parseTime } from "../core/time.ts";
import type { Decoded, DecodedEvent } from "./source.ts";

/** Outcomes of lines at the door; those of the events that were let in are counted behind it. */
export interface DoorCounts {
  read: number;
  dead: number;
  ignored: number;
  readonly ignoredKinds: Record<string, number>;
}

/** Counts at zero. */
export const noDoorCounts = (): DoorCounts => ({ read: 0, dead: 0, ignored: 0, ignoredKinds: {} });

/** Adds to the count of a kind. The names come from the input: `constructor` is a kind like any other. */
export function countKind(kinds: Record<string, number>, kind: string, lines: number): void {
  kinds[kind] = (Object.hasOwn(kinds, kind) ? kinds[kind]! : 0) + lines;
}

/** What the records of a sending order carry. */
export interface Stamp {
  /** What dead letters name: a file's name, a source's. */
  readonly origin: string;
  /** Name of the sending order. */
  readonly instance: string;
  /** Run that outcomes are counted for; null for a source that runs on and on. */
  readonly runId: string | null;
}

/** Where a decoded line comes from. */
export interface LinePlace {
  /** When it came to the door. */
  readonly nowMs: number;
  /** The raw line, kept in a dead letter; without it the event's JSON is. */
  readonly raw?: string;
  /** Number of the line, from 1; without it the origin stands alone. */
  readonly line?: number;
}

/** Records that wait to be appended, in order by topic. Several doors may share one, so that their order is kept. */
export class Outbox {
  #writes = new Map<string, NewRecord[]>();
  #records = 0;

  /** Records that wait. */
  get pending(): number {
    return this.#records;
  }

  /** Adds a record. */
  push(topic: string, record: NewRecord): void {
    const records = this.#writes.get(topic);
    if (records === undefined) this.#writes.set(topic, [record]);
    else records.push(record);
    this.#records++;
  }

  /** Hands over what has gathered. */
  take(): TopicWrite[] {
    const writes = [...this.#writes].map(([topic, records]) => ({ topic, records }));
    this.#writes = new Map();
    this.#records = 0;
    return writes;
  }
}

/** How a door begins; from nothing unless told otherwise. */
export interface DoorStart {
  /** Next place in the sending order. */
  readonly nextSeq?: number;
  readonly counts?: DoorCounts;
  /** Added to every event time. */
  readonly shiftMs?: number;
}

/** Lets the events of one sending order in. */
export class Door {
  readonly counts: DoorCounts;
  /** Next place in the sending order. */
  nextSeq: number;
  readonly #stamp: Stamp;
  readonly #outbox: Outbox;
  readonly #shiftMs: number;

  constructor(outbox: Outbox, stamp: Stamp, start: DoorStart = {}) {
    this.#outbox = outbox;
    this.#stamp = stamp;
    this.#shiftMs = start.shiftMs ?? 0;
    this.nextSeq = start.nextSeq ?? 0;
    this.counts = start.counts ?? noDoorCounts();
  }

  /** Counts a line and lets its events in. */
  admit(decoded: Decoded, place: LinePlace): void {
    this.counts.read++;
    if (decoded.kind === "ignored") {
      this.counts.ignored++;
      countKind(this.counts.ignoredKinds, decoded.ignoredKind, 1);
      // From 1: the line's own outcome is `ignored`, so that none of them is the first event.
      decoded.events?.forEach((event, index) => this.#admitEvent(event, place, index + 1));
    } else if (decoded.kind === "dead") {
      this.counts.dead++;
      this.#bury(decoded.contract, decoded.fault, { place, value: undefined, index: 0 });
    } else {
      decoded.events.forEach((event, index) => this.#admitEvent(event, place, index));
    }
  }

  #admitEvent({ contract, value, text, order }: DecodedEvent, place: LinePlace, index: number): void {
    // A line's outcome is that of its first event: the others carry no run.
    const first = index === 0;
    const shifted = this.#shiftMs === 0 ? value : shift(value, this.#shiftMs);
    const checked = checkEvent(contract, { value: shifted, appendTimeMs: place.nowMs });
    if (isFault(checked)) {
      if (first) this.counts.dead++;
      this.#bury(contract, checked, { place, value, index });
      return;
    }
    const { event } = checked;
    const json = text !== undefined && event === value ? text : stringifyOrNull(event);
    if (json === null) {
      if (first) this.counts.dead++;
      this.#bury(contract, { reason: "too_deep", path: "", message: "value: nested too deeply" }, {
        place,
        value: undefined,
        index,
      });
      return;
    }
    this.#outbox.push(contract.topic, {
      key: (event as unknown as Readonly<Record<string, string>>)[contract.keyField]!,
      value: json,
      instance: order === undefined ? this.#stamp.instance : order.instance,
      seq: order === undefined ? this.nextSeq++ : order.seq,
      runId: first ? this.#stamp.runId : null,
    });
  }

  #bury(
    contract: EventContract,
    fault: Fault,
    { place, value, index }: { place: LinePlace; value: unknown; index: number },
  ): void {
    const { instance, origin: name } = this.#stamp;
    const origin = place.line === undefined ? name : `${name}:${place.line}`;
    const raw = place.raw ?? (value === undefined ? "" : stringifyOrNull(value)) ?? "";
    const letter: DeadLetter = {
      event_id: `dead:${instance}:${this.counts.read}${index === 0 ? "" : `:${index}`}`,
      timestamp: formatTime(place.nowMs),
      source: "tidemark",
      topic: contract.topic,
      partition: null,
      offset: null,
      origin,
      reason: fault.reason,
      path: fault.path,
      message: fault.message,
      raw: raw.slice(0, RAW_LENGTH_MAX).toWellFormed(),
      raw_length: raw.length,
    };
    this.#outbox.push(derivedTopics.dead, {
      key: null,
      value: JSON.stringify(letter),
      instance: null,
      seq: 0,
      runId: null,
    });
  }
}

/** The value with its event time moved; a value without a readable time stays for the check to refuse. */
function shift(value: unknown, shiftMs: number): unknown {
  const time = (value as { timestamp?: unknown } | null)?.timestamp;
  const timeMs = parseTime(time);
  return typeof timeMs === "number" ? { ...(value as object), timestamp: formatTime(timeMs + shiftMs) } : value;
}
