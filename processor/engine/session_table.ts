/**
 * The sessions of one pipeline on one partition: by key, apart from each other, in the order of time; and what of them
 * the stores have not seen.
 *
 * ```
 * key ─▶ |■■ session ■■|   |■ session ■|      |■■■ session …      each with the states of the metrics
 * ```
 * @module
 */
import type { KeyedState, SliceId, StoredSlice } from "../../core/ports.ts";
import type { Metric, MetricState } from "../metrics/metric.ts";
import type { Pane } from "./pane.ts";
import type { SliceChanges } from "./slice_table.ts";
import type { PlacedEvent } from "./window_operator.ts";

/** Name of the sessions among the keyed states of a pipeline. */
const STATE_NAME = "open_sessions";

/** A session: `[startMs, endMs)`, the end a gap after its last event. */
export interface Session {
  readonly key: string;
  startMs: number;
  endMs: number;
  readonly states: MetricState[];
  /** Whether its end has been reached and nothing has moved that end beyond the watermark since. */
  fired: boolean;
  /** Whether it, or a session that it took in, was counted among the windows. */
  counted: boolean;
  /** When its owner looks at it next; NaN once it is no more. */
  dueMs: number;
}

/** `[endMs, fired, counted, states]`: a session as stored beside its key and start. */
type SessionJson = readonly [endMs: number, fired: boolean, counted: boolean, states: readonly unknown[]];

/** What the WindowStore holds for readers: values, which are small where states (sets, tables) are not. */
type CopyJson = readonly [endMs: number, values: readonly unknown[]];

/** Key, start, end and values of a session of the WindowStore's copy. */
export function readCopy(
  { key, sliceStartMs, state }: StoredSlice,
): Pick<Pane, "key" | "windowStartMs" | "windowEndMs" | "values"> {
  const [windowEndMs, values] = JSON.parse(state) as CopyJson;
  return { key, windowStartMs: sliceStartMs, windowEndMs, values };
}

/** What a session took in beside an event. */
export interface Taken {
  readonly session: Session;
  /** Another one that the event bridged to, which is no more. */
  readonly absorbed: Session | null;
  /** Starts that name no session any more. */
  readonly startsBefore: readonly number[];
}

const idOf = ({ key, startMs }: Session): string => `${startMs}|${key}`;

/** Sessions by key. */
export class SessionTable {
  readonly #metrics: readonly Metric[];
  readonly #gapMs: number;
  readonly #byKey = new Map<string, Session[]>();
  /** What changed and went since the states, the WindowStore and the live feed were told. */
  readonly #unsaved = new Set<Session>();
  readonly #uncopied = new Set<Session>();
  readonly #live: Set<Session> | null;
  #goneUnsaved: SliceId[] = [];
  #goneUncopied: SliceId[] = [];

  constructor(options: { readonly metrics: readonly Metric[]; readonly gapMs: number; readonly tracksLive: boolean }) {
    this.#metrics = options.metrics;
    this.#gapMs = options.gapMs;
    this.#live = options.tracksLive ? new Set() : null;
  }

  /** The sessions that an event at that time would join, one or two; in order. */
  overlapping(key: string, timeMs: number): readonly Session[] {
    const sessions = this.#byKey.get(key);
    if (sessions === undefined) return [];
    const to = firstFrom(sessions, timeMs + this.#gapMs);
    let from = to;
    while (from > 0 && sessions[from - 1]!.endMs > timeMs) from--;
    return from === to ? [] : sessions.slice(from, to);
  }

  /** Takes an event in: into the sessions that it overlaps, made one, or into a new one. */
  takeIn({ key, event, eventTimeMs }: PlacedEvent, [first, second]: readonly Session[]): Taken {
    const endMs = eventTimeMs + this.#gapMs;
    const session = first ?? this.#open({ key, startMs: eventTimeMs, endMs });
    const startsBefore: number[] = [];
    if (second !== undefined) {
      startsBefore.push(second.startMs);
      this.#metrics.forEach((metric, i) => metric.merge(session.states[i]!, second.states[i]!));
      session.endMs = second.endMs;
      session.counted ||= second.counted;
      this.remove(second);
    }
    if (eventTimeMs < session.startMs) {
      startsBefore.push(session.startMs);
      this.#forgetStart(session);
      session.startMs = eventTimeMs;
    }
    if (endMs > session.endMs) session.endMs = endMs;
    for (let i = 0; i < this.#metrics.length; i++) this.#metrics[i]!.add(session.states[i]!, event, eventTimeMs);
    this.touch(session);
    this.#live?.add(session);
    return { session, absorbed: second ?? null, startsBefore };
  }

  /** Marks a session as unlike what the stores hold. */
  touch(session: Session): void {
    this.#unsaved.add(session);
    this.#uncopied.add(session);
  }

  /** Forgets a session. */
  remove(session: Session): void {
    const sessions = this.#byKey.get(session.key)!;
    sessions.splice(firstFrom(sessions, session.startMs), 1);
    if (sessions.length === 0) this.#byKey.delete(session.key);
    this.#forgetStart(session);
    session.dueMs = NaN;
    this.#unsaved.delete(session);
    this.#uncopied.delete(session);
    this.#live?.delete(session);
  }

  /** The session of a key and start. */
  at(key: string, startMs: number): Session | undefined {
    const sessions = this.#byKey.get(key) ?? [];
    const found = sessions[firstFrom(sessions, startMs)];
    return found?.startMs === startMs ? found : undefined;
  }

  /** Every session. */
  *all(): Iterable<Session> {
    for (const sessions of this.#byKey.values()) yield* sessions;
  }

  /** The metrics' results. */
  valuesOf({ states }: Session): unknown[] {
    return this.#metrics.map((metric, i) => metric.result(states[i]!));
  }

  /** At most so many of the sessions that changed since the last time; the rest stays for the next. */
  takeLive(sessionsMax: number): Session[] {
    const taken = this.#live === null ? [] : [...this.#live.values().take(sessionsMax)];
    for (const session of taken) this.#live!.delete(session);
    return taken;
  }

  /** What the keyed states have not seen. */
  takeStates(pipeline: string): KeyedState[] {
    const place = { pipeline, name: STATE_NAME };
    const states = [
      ...this.#goneUnsaved.map((id) => ({ ...place, key: `${id.sliceStartMs}|${id.key}`, state: null })),
      ...[...this.#unsaved].map((session) => ({ ...place, key: idOf(session), state: this.#json(session) })),
    ];
    this.#unsaved.clear();
    this.#goneUnsaved = [];
    // A start that went may be that of a session again: the last word counts.
    return [...new Map(states.map((state) => [state.key, state])).values()];
  }

  /** How many sessions changed that the WindowStore's copy has not seen. */
  get uncopiedCount(): number {
    return this.#uncopied.size;
  }

  /** What the WindowStore's copy has not seen, or everything. */
  takeChanges(scope: "changed" | "all"): SliceChanges {
    const sessions = scope === "all" ? [...this.all()] : [...this.#uncopied];
    const dropped = scope === "all" ? [] : this.#goneUncopied;
    this.#uncopied.clear();
    this.#goneUncopied = [];
    const changed = sessions.map((session) => {
      const copy: CopyJson = [session.endMs, this.valuesOf(session)];
      return { key: session.key, sliceStartMs: session.startMs, state: JSON.stringify(copy) };
    });
    return { changed, dropped };
  }

  /** Puts the sessions among these states back. */
  restoreStates(states: readonly KeyedState[]): void {
    for (const { name, key: id, state } of states) {
      if (name !== STATE_NAME) continue;
      const bar = id.indexOf("|");
      this.#restore(id.slice(bar + 1), Number(id.slice(0, bar)), state as SessionJson);
    }
  }

  #restore(key: string, startMs: number, [endMs, fired, counted, encoded]: SessionJson): void {
    const states = this.#metrics.map((metric, i) => metric.decode(encoded[i]));
    this.#insert({ key, startMs, endMs, states, fired, counted, dueMs: Infinity });
  }

  #open(place: { key: string; startMs: number; endMs: number }): Session {
    const states = this.#metrics.map((metric) => metric.zero());
    const session = { ...place, states, fired: false, counted: false, dueMs: Infinity };
    this.#insert(session);
    return session;
  }

  #insert(session: Session): void {
    const sessions = this.#byKey.get(session.key);
    if (sessions === undefined) this.#byKey.set(session.key, [session]);
    else sessions.splice(firstFrom(sessions, session.startMs), 0, session);
  }

  #forgetStart({ key, startMs }: Session): void {
    this.#goneUnsaved.push({ key, sliceStartMs: startMs });
    this.#goneUncopied.push({ key, sliceStartMs: startMs });
  }

  #json(session: Session): SessionJson {
    const { endMs, fired, counted, states } = session;
    return [endMs, fired, counted, this.#metrics.map((metric, i) => metric.encode(states[i]!))];
  }
}

/** Place of the first session that starts at or after. */
function firstFrom(sessions: readonly Session[], startMs: number): number {
  // Nearly every event comes to the end.
  if (sessions.length === 0 || sessions.at(-1)!.startMs < startMs) return sessions.length;
  let [low, high] = [0, sessions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sessions[middle]!.startMs < startMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
