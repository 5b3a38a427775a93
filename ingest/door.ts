/**
 * The door: what every source's decoded events pass before they are appended. Checks them against their contract and
 * the rules of quality, stamps them, turns what does not fit into dead letters, and counts each outcome.
 * @module
 */
import { checkEvent, isFault } from "../core/events/contract.ts";
import type { EventContract, Fault } from "../core/events/contract.ts";
import { type DeadLetter, RAW_LENGTH_MAX } from "../core/events/derived.ts";
import { derivedTopics } from "../core/events/mod.ts";
import { qualityEvents } from "../core/events/quality.ts";
import { stringifyOrNull } from "../core/json.ts";
import type { NewRecord, TopicWrite } from "../core/ports.ts";
import { formatTime, parseTime } from "../core/time.ts";
import { QualityGate, type RecallPoint, type TopicGate } from "./quality/gate.ts";
import { markedText } from "./quality/mark.ts";
import { type Failed, QualityTally } from "./quality/tally.ts";
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
  /** Scores of what has gathered; they leave with it. */
  readonly tally = new QualityTally();
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
    const scores = this.tally.take();
    if (scores.length > 0) writes.push({ topic: qualityEvents.topic, records: scores });
    return writes;
  }
}

/** What a dead letter is made of: the line, and the value of the event at this place in it. */
interface Buried {
  readonly place: LinePlace;
  readonly value: unknown;
  readonly index: number;
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
  readonly #gate = new QualityGate();

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
    this.#gate.beginLine(this.nextSeq);
    if (decoded.kind === "ignored") {
      this.counts.ignored++;
      countKind(this.counts.ignoredKinds, decoded.ignoredKind, 1);
      // From 1: the line's own outcome is `ignored`, so that none of them is the first event.
      decoded.events?.forEach((event, index) => this.#admitEvent(event, place, index + 1));
    } else if (decoded.kind === "dead") {
      this.counts.dead++;
      this.#scoreFault(decoded.contract, decoded.fault, place);
      this.#bury(decoded.contract, decoded.fault, { place, value: undefined, index: 0 });
    } else {
      decoded.events.forEach((event, index) => this.#admitEvent(event, place, index));
    }
  }

  /** How far back, before the next line, a door that goes on from here has to begin to recall. */
  get recallPoint(): RecallPoint {
    return this.#gate.recallPoint;
  }

  /**
   * Takes in a line that an earlier door has let in, so that the rules know what they knew. It is neither counted nor
   * sent; `nextSeq` goes on as it did.
   */
  recall(decoded: Decoded, { nowMs }: Pick<LinePlace, "nowMs">): void {
    this.#gate.beginLine(this.nextSeq);
    if (decoded.kind === "dead") return;
    for (const { contract, value, order } of decoded.events ?? []) {
      const checked = checkEvent(contract, { value: this.#shifted(value), appendTimeMs: nowMs });
      if (isFault(checked)) continue;
      const failed = this.#gate.enter(contract.topic).failedBy(checked.event, { ...checked, nowMs });
      if (order === undefined && !failed?.some(({ severity }) => severity === "dead")) this.nextSeq++;
    }
  }

  #shifted(value: unknown): unknown {
    return this.#shiftMs === 0 ? value : shift(value, this.#shiftMs);
  }

  #admitEvent({ contract, value, text, order }: DecodedEvent, place: LinePlace, index: number): void {
    const checked = checkEvent(contract, { value: this.#shifted(value), appendTimeMs: place.nowMs });
    if (isFault(checked)) {
      this.#scoreFault(contract, checked, place);
      return this.#refuse(contract, checked, { place, value, index });
    }
    const { event, eventTimeMs } = checked;
    const gate = this.#gate.enter(contract.topic);
    const failed = gate.failedBy(event, { eventTimeMs, nowMs: place.nowMs });
    const impossible = failed?.find(({ severity }) => severity === "dead");
    if (impossible !== undefined) {
      this.#score(gate, eventTimeMs, failed);
      const fault = { reason: `quality:${impossible.name}`, path: "", message: `expected that ${impossible.about}` };
      return this.#refuse(contract, fault, { place, value, index });
    }
    const kept = text !== undefined && event === value ? text : undefined;
    const json = failed === null ? kept ?? stringifyOrNull(event) : markedText(event, { failed, text: kept });
    if (json === null) {
      const fault = { reason: "too_deep", path: "", message: "value: nested too deeply" };
      this.#scoreFault(contract, fault, place);
      return this.#refuse(contract, fault, { place, value: undefined, index });
    }
    this.#score(gate, eventTimeMs, failed);
    this.#outbox.push(contract.topic, {
      key: (event as unknown as Readonly<Record<string, string>>)[contract.keyField]!,
      value: json,
      instance: order === undefined ? this.#stamp.instance : order.instance,
      seq: order === undefined ? this.nextSeq++ : order.seq,
      // A line's outcome is that of its first event: the others carry no run.
      runId: index === 0 ? this.#stamp.runId : null,
    });
  }

  /** A row that nobody could read as an event has no time of its own: it counts in the minute of the one before it. */
  #scoreFault(contract: EventContract, { reason }: Fault, { nowMs }: LinePlace): void {
    const gate = this.#gate.of(contract.topic);
    this.#score(gate, gate.lastTimeMs ?? nowMs, [{ name: reason, weight: gate.weight }]);
  }

  #score({ topic, weight }: TopicGate, timeMs: number, failed: readonly Failed[] | null): void {
    const { instance } = this.#stamp;
    this.#outbox.tally.add({ topic, timeMs, failed, weight, instance, line: this.counts.read });
  }

  #refuse(contract: EventContract, fault: Fault, buried: Buried): void {
    if (buried.index === 0) this.counts.dead++;
    this.#bury(contract, fault, buried);
  }

  #bury(contract: EventContract, fault: Fault, { place, value, index }: Buried): void {
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
