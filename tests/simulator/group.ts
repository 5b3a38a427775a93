/**
 * The consumer group: gives each partition to one member, takes it away without waiting, and lets members hear of it
 * late, so that there are owners that do not know that they are no longer.
 * @module
 */
import type { ConsumeOptions, LogRecord, RecordBatch } from "../../core/ports.ts";
import type { Chance } from "./chance.ts";
import type { Life } from "./life.ts";

/** How late a member hears of a change, at most. */
const HEARING_MS_MAX = 400;

interface Member {
  readonly life: Life;
  /** The partitions as far as it has heard, with the number of the assignment. */
  known: ReadonlyMap<number, number>;
  wake: () => void;
}

/** Where a member reads. */
interface Cursor {
  readonly assignment: number;
  readonly incarnation: string;
  offset: number;
}

interface Place {
  owner: Member | null;
  assignment: number;
}

/** What readers read from. */
export interface GroupLog {
  readonly topic: string;
  records(partition: number): readonly LogRecord[];
  /** Lowest offset that is still there, and which topic of that name it is. */
  placeOf(partition: number): { readonly start: number; readonly incarnation: string };
}

/** The members and what they have. */
export class Group {
  readonly #members = new Set<Member>();
  readonly #places: Place[];
  readonly #log: GroupLog;
  readonly #chance: Chance;
  readonly #batchRecordsMax: number;
  #assignments = 0;
  /** Once there is one, it gets everything. */
  #heir: Life | null = null;

  constructor(log: GroupLog, options: { partitions: number; batchRecordsMax: number; chance: Chance }) {
    this.#log = log;
    this.#places = Array.from({ length: options.partitions }, () => ({ owner: null, assignment: 0 }));
    this.#batchRecordsMax = options.batchRecordsMax;
    this.#chance = options.chance;
  }

  /** From now on everything is for one life. */
  bequeath(heir: Life): void {
    if (this.#heir === heir) return;
    this.#heir = heir;
    for (const place of this.#places) place.owner = null;
    this.#tell();
  }

  /** A member has been silent for too long. */
  expel(life: Life): void {
    for (const member of this.#members) if (member.life === life) this.#remove(member);
  }

  /** Gives a partition to a process, if that is a member. */
  move(partition: number, process: number): void {
    const place = this.#places[partition];
    const member = [...this.#members].find(({ life }) => life.process === process);
    if (place === undefined || member === undefined || place.owner === member || this.#heir !== null) return;
    this.#give(place, member);
    this.#tell();
  }

  /** Records were appended. */
  wakeAll(): void {
    for (const { wake } of this.#members) wake();
  }

  /** What {@link EventLog.consume} is for a life. */
  async *consume(life: Life, { onAssign, onRevoke, signal }: ConsumeOptions): AsyncGenerator<RecordBatch> {
    const { topic } = this.#log;
    const held = new Map<number, Cursor>();
    let member = this.#join(life);
    for (let turn = 0; !signal.aborted; turn++) {
      await life.pass();
      if (!this.#members.has(member)) member = this.#join(life);
      const { known } = member;
      for (const [partition, { assignment }] of held) {
        if (known.get(partition) === assignment) continue;
        held.delete(partition);
        const hears = life.chance.percent(75);
        life.note(hears ? "revoked" : "lost without a word", () => `partition ${partition}`);
        if (hears) await onRevoke({ topic, partition });
      }
      for (const partition of this.#lostPlaces(held)) {
        held.delete(partition);
        life.note("its place is gone", () => `partition ${partition}`);
        await onRevoke({ topic, partition });
      }
      for (const [partition, assignment] of known) {
        if (held.has(partition)) continue;
        const { start, incarnation } = this.#log.placeOf(partition);
        const offset = await onAssign({ topic, partition });
        held.set(partition, { assignment, incarnation, offset: Math.max(offset, start) });
        life.note("assigned", () => `partition ${partition} from ${offset}`);
      }
      const batch = this.#read(held, turn);
      if (batch === null) {
        if (member.known === known && this.#lostPlaces(held).length === 0) await this.#wait(member, signal);
      } else {
        life.note("reads", () => `partition ${batch.partition} to ${batch.records.at(-1)!.offset + 1}`);
        yield batch;
        await life.sleep(life.delayMs());
      }
    }
    this.#remove(member);
  }

  /** Partitions that cannot be read on from where the reader stands: deleted since, or of a topic that is no more. */
  #lostPlaces(held: ReadonlyMap<number, Cursor>): number[] {
    return [...held].filter(([partition, cursor]) => {
      const { start, incarnation } = this.#log.placeOf(partition);
      return cursor.offset < start || cursor.incarnation !== incarnation;
    }).map(([partition]) => partition);
  }

  #read(held: ReadonlyMap<number, Cursor>, turn: number): RecordBatch | null {
    if (this.#lostPlaces(held).length > 0) return null;
    const readable = [...held].filter(([partition, { offset }]) => offset < this.#log.records(partition).length);
    if (readable.length === 0) return null;
    const [partition, cursor] = readable[turn % readable.length]!;
    const all = this.#log.records(partition);
    const records = all.slice(cursor.offset, cursor.offset + this.#chance.whole(1, this.#batchRecordsMax));
    cursor.offset += records.length;
    return { topic: this.#log.topic, partition, records, endOffset: all.length };
  }

  #wait(member: Member, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        signal.removeEventListener("abort", done);
        member.wake = () => {};
        resolve();
      };
      member.wake = () => member.life.after(0, done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  #join(life: Life): Member {
    const member: Member = { life, known: new Map(), wake: () => {} };
    this.#members.add(member);
    this.#share();
    return member;
  }

  #remove(member: Member): void {
    if (!this.#members.delete(member)) return;
    for (const place of this.#places) if (place.owner === member) place.owner = null;
    member.known = new Map();
    member.wake();
    this.#share();
  }

  /** Gives away what nobody has; a member without any gets one of those who have more. */
  #share(): void {
    const members = [...this.#members].filter(({ life }) => this.#heir === null || life === this.#heir);
    if (members.length === 0) return;
    const load = (member: Member) => this.#places.filter(({ owner }) => owner === member).length;
    for (const place of this.#places) {
      if (place.owner === null) this.#give(place, members.reduce((a, b) => (load(b) < load(a) ? b : a)));
    }
    for (const idle of members.filter((member) => load(member) === 0)) {
      const rich = members.find((member) => load(member) > 1);
      if (rich !== undefined) this.#give(this.#places.find(({ owner }) => owner === rich)!, idle);
    }
    this.#tell();
  }

  #give(place: Place, member: Member): void {
    place.owner = member;
    place.assignment = ++this.#assignments;
  }

  #tell(): void {
    for (const member of this.#members) {
      const hears = () => {
        if (!this.#members.has(member)) return;
        const places = [...this.#places.entries()].filter(([, { owner }]) => owner === member);
        member.known = new Map(places.map(([partition, { assignment }]) => [partition, assignment]));
        member.wake();
      };
      member.life.after(this.#chance.percent(60) ? 0 : this.#chance.whole(1, HEARING_MS_MAX), hears);
    }
  }
}
