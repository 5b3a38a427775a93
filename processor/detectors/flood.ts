import type { EventBase } from "../../core/events/contract.ts";
import { seconds } from "../../core/time.ts";
import { detector, type EventDetector } from "./detector.ts";

/** When somebody floods. */
export interface FloodOptions<E> {
  /** Who it is. */
  readonly user: (event: E) => string;
  /** So many events within a slot are a flood. */
  readonly eventsMin: number;
  /** Length of a slot. Default 10 s. */
  readonly slotMs?: number;
}

/** People of a slot that are counted, and floods that are remembered: bounds the state. */
const USERS_MAX = 5_000;
const FLOODS_MAX = 100;

interface FloodState {
  /** The newest slot, and how many events of it each user has. */
  slot: number;
  counts: Record<string, number>;
  /** In which slot each user flooded last. */
  flooding: Record<string, number>;
}

/**
 * One user's events within a slot of time against a bound. The event that reaches it is the anomaly, once: a flood that
 * goes on in the next slot is the same one. Events of older slots are passed over. Score = events / bound.
 */
export function flood<E extends EventBase>(
  { user, eventsMin, slotMs = seconds(10) }: FloodOptions<E>,
): EventDetector<E> {
  return detector<E, FloodState>({
    on: "event",
    name: "flood",
    metric: "events_per_user",
    value: () => 1,
    zero: () => ({ slot: -1, counts: {}, flooding: {} }),
    test(state, _value, event) {
      const slot = Math.floor(Date.parse(event.timestamp) / slotMs);
      if (slot < state.slot) return null;
      if (slot > state.slot) beginSlot(state, slot);
      const name = user(event);
      const before = state.counts[name];
      if (before === undefined && Object.keys(state.counts).length >= USERS_MAX) return null;
      const value = (before ?? 0) + 1;
      state.counts[name] = value;
      if (value !== eventsMin) return null;
      const goesOn = state.flooding[name] !== undefined;
      if (goesOn || Object.keys(state.flooding).length < FLOODS_MAX) state.flooding[name] = slot;
      if (goesOn) return null;
      const explanation = `user ${name} wrote ${value} times within ${slotMs / 1_000} s`;
      return { value, baseline: eventsMin, score: value / eventsMin, explanation };
    },
  });
}

function beginSlot(state: FloodState, slot: number): void {
  state.slot = slot;
  state.counts = {};
  for (const [name, last] of Object.entries(state.flooding)) if (last < slot - 1) delete state.flooding[name];
}
