import type { EventBase } from "../../core/events/contract.ts";
import { seconds } from "../../core/time.ts";
import { hashText } from "../../core/hash.ts";
import { detector, type EventDetector, type Verdict } from "./detector.ts";

/** When somebody floods. */
export interface FloodOptions<E> {
  /** Who it is. */
  readonly user: (event: E) => string;
  /** So many events within a slot are a flood. */
  readonly eventsMin: number;
  /** Length of a slot. Default 10 s. */
  readonly slotMs?: number;
}

/** A user's first event of a slot sets one of so many bits; only further ones are counted by the name's hash. */
const BITS = 2_048;
const WORDS = BITS / 32;
/** Users with several events in a slot, and floods that are remembered: bounds the state. */
const USERS_MAX = 5_000;
const FLOODS_MAX = 100;

interface FloodState {
  /** The newest slot. */
  slot: number;
  /** Bits of the users who had an event in it. */
  seen: number[];
  /** Events of the users after the first one, by the hash of the name, and how many users these are. */
  further: Record<number, number>;
  users: number;
  /** In which slot each user flooded last. */
  flooding: Record<string, number>;
}

/**
 * One user's events within a slot of time against a bound. The event that reaches it is the anomaly, once: a flood that
 * goes on in the next slot is the same one. Events of older slots are passed over. Score = events / bound. Where two users
 * share a bit, the count of the later one is too high by one; two of one 32-bit hash are counted together. So the state
 * stays small however many write.
 */
export function flood<E extends EventBase>(
  { user, eventsMin, slotMs = seconds(10) }: FloodOptions<E>,
): EventDetector<E> {
  return detector<E, FloodState>({
    on: "event",
    name: "flood",
    metric: "events_per_user",
    parameters: { eventsMin, slotMs },
    value: () => 1,
    zero: () => ({ slot: -1, seen: [], further: {}, users: 0, flooding: {} }),
    test(state, _value, { event, eventTimeMs }) {
      const slot = Math.floor(eventTimeMs / slotMs);
      if (slot !== state.slot) {
        if (slot < state.slot) return null;
        beginSlot(state, slot);
      }
      const name = user(event);
      const hash = hashText(name, 0);
      const bit = hash % BITS;
      const word = state.seen[bit >> 5]!;
      if ((word & (1 << (bit & 31))) === 0) {
        state.seen[bit >> 5] = word | (1 << (bit & 31));
        return null;
      }
      const before = state.further[hash];
      if (before === undefined && ++state.users > USERS_MAX) return null;
      const value = (state.further[hash] = (before ?? 0) + 1) + 1;
      return value === eventsMin ? verdictOf(state, name, { value, slot, slotMs }) : null;
    },
  });
}

/** The flood, unless it only goes on. */
function verdictOf(
  { flooding }: FloodState,
  name: string,
  { value, slot, slotMs }: { value: number; slot: number; slotMs: number },
): Verdict | null {
  // With a mark before it no name is one that every object has.
  const goesOn = flooding[`:${name}`] !== undefined;
  if (goesOn || Object.keys(flooding).length < FLOODS_MAX) flooding[`:${name}`] = slot;
  if (goesOn) return null;
  const explanation = `user ${name} wrote ${value} times within ${slotMs / 1_000} s`;
  return { value, baseline: value, score: 1, explanation };
}

function beginSlot(state: FloodState, slot: number): void {
  state.slot = slot;
  state.seen = new Array<number>(WORDS).fill(0);
  state.further = {};
  state.users = 0;
  for (const [name, last] of Object.entries(state.flooding)) if (last < slot - 1) delete state.flooding[name];
}
