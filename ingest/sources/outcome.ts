/**
 * Short ways to say what a decoder made of a line, shared by the sources.
 * @module
 */
import type { EventContract, Fault } from "../../core/events/contract.ts";
import type { Decoded } from "../source.ts";

const ignoredByKind = new Map<string, Decoded>();

/** A line that was understood and yields no event. */
export function ignored(ignoredKind: string): Decoded {
  // Most lines of a market feed end here: one object a kind keeps them free of allocations.
  let outcome = ignoredByKind.get(ignoredKind);
  if (!outcome) {
    outcome = { kind: "ignored", ignoredKind };
    if (ignoredByKind.size < 1_000) ignoredByKind.set(ignoredKind, outcome);
  }
  return outcome;
}

/** A line that was not understood. */
export function dead(contract: EventContract, fault: Fault): Decoded {
  return { kind: "dead", contract, fault };
}

/** A line that holds one event; `text` where the event is that JSON text unchanged. */
export function oneEvent(contract: EventContract, value: unknown, text?: string): Decoded {
  return { kind: "events", events: [text === undefined ? { contract, value } : { contract, value, text }] };
}

/** A line longer than this many UTF-16 units is dead before it is parsed. */
export const EVENT_UNITS_MAX = 1_048_576;

/** The fault of a line beyond {@link EVENT_UNITS_MAX}. */
export const tooLarge: Fault = {
  reason: "too_large",
  path: "",
  message: `the line is longer than ${EVENT_UNITS_MAX} characters, the most that an event may have`,
};

/** Most kinds that one input may bring beyond the ones that the source lists. */
const FOREIGN_KINDS_MAX = 64;

/** What `ignored_kinds` shows for kinds beyond {@link FOREIGN_KINDS_MAX}. */
const OTHER_KIND = "other";

/**
 * Bounds the kinds that the words of an input can make: a listed kind stays as it is, of the others the first 64 do, and
 * what comes after is `other`.
 */
export function boundedKinds(listed: ReadonlySet<string>): (kind: string) => string {
  const foreign = new Set<string>();
  return (kind) => {
    if (listed.has(kind) || foreign.has(kind)) return kind;
    if (foreign.size >= FOREIGN_KINDS_MAX) return OTHER_KIND;
    foreign.add(kind);
    return kind;
  };
}

/** A text for a message to people: quoted and cut at 40 units. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? text.slice(0, 40) + "…" : text);
}

/** Any JSON value for a message to people: what holds other values is named only, since it may be of any depth. */
export function shownValue(value: unknown): string {
  if (typeof value === "string") return shown(value);
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
