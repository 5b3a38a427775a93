/**
 * A lookup: what the last known row of another topic says of an event, as of the event's time. A stream–table join, to
 * be put into a pipeline as `lookup`; docs/lookup.md tells what is known when.
 *
 * ```
 * events.stream_meta   12:00 "chess" ───────────────── 12:30 "poker" ─────────────▶ time
 * events.chat               12:10 ▲ chess    12:29:59 ▲ chess    12:30 ▲ poker
 * ```
 * @module
 */
import type { EventBase, EventContract } from "../core/events/contract.ts";
import { minutes, seconds } from "../core/time.ts";

/**
 * What a user writes.
 *
 * @typeParam E the event that looks something up.
 * @typeParam R the event of the other topic: a row from its time on, until the next one of its key.
 * @typeParam F the fields that are added.
 */
export interface LookupDefinition<E extends EventBase, R extends EventBase, F extends object> {
  /** Lower-case letters, digits, _; a part of the internal topic's name. */
  readonly name: string;
  /** Version of key, fields and bounds. Another one copies the events anew, and starts new generations. */
  readonly version: number;
  /** The topic of rows, each known by the value of its contract's key field. */
  readonly table: EventContract<R>;
  /** The key of the row that an event looks up; null or empty where it looks up none. Pure. */
  key(event: E): string | null;
  /** Names of the fields that it adds. What an event itself brings under these names is taken away. */
  readonly fields: readonly (keyof F & string)[];
  /** The fields of a row; null where it says that there is nothing any more. Pure. */
  as(row: NoInfer<R>): F | null;
  /** Fields of events without a row. Default: they stay without the fields. */
  readonly otherwise?: NoInfer<F>;
  /**
   * How long after an event's append a row may be appended and still count for it: the events wait as long. Default 1 s.
   */
  readonly waitMs?: number;
  /**
   * How far behind the newest event of its partition an event may lie and see the rows as of its own time; one that is
   * older sees those as of that bound. Decides how many rows are kept. Default 10 min.
   */
  readonly historyMs?: number;
}

/** A lookup as pipelines take it. */
export interface Lookup<E extends EventBase = EventBase, F extends object = object> {
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: number;
  /** The topic of rows. */
  readonly table: EventContract;
  /** The key of the row that an event looks up; null or empty where it looks up none. */
  key(event: E): string | null;
  /** Names of the fields that it adds. */
  readonly fields: readonly string[];
  /** The fields of a row; null where it says that there is nothing any more. */
  as(row: EventBase): F | null;
  /** Fields of events without a row; null = they stay without. */
  readonly otherwise: F | null;
  /** How long after an event's append a row may be appended and still count for it. */
  readonly waitMs: number;
  /** How far behind the newest event of its partition an event may lie and see the rows as of its own time. */
  readonly historyMs: number;
}

/** An event with the fields of a lookup, each absent where there was no row. */
export type LookedUp<E extends EventBase, F extends object> =
  & E
  & {
    readonly [Name in keyof F]?: F[Name] | undefined;
  };

const NAME = /^[a-z][a-z0-9_]{0,47}$/;
/** Fields that events have already. */
const OWN_FIELDS: readonly string[] = ["event_id", "timestamp", "source", "unenriched"];

/**
 * Checks a definition and completes it.
 *
 * @throws {TypeError} that names the lookup, what is wrong and the fix.
 *
 * @example
 * ```ts
 * import type { ChatEvent } from "../core/events/chat.ts";
 * import { streamMetaEvents } from "../core/events/stream_meta.ts";
 *
 * const categoryOf = lookup({
 *   name: "category_of",
 *   version: 1,
 *   table: streamMetaEvents,
 *   key: (event: ChatEvent) => event.stream_id,
 *   fields: ["category"],
 *   as: (row) => ({ category: row.category }),
 *   otherwise: { category: "unknown" },
 * });
 * if (categoryOf.waitMs !== 1_000) throw new Error("a row may come a second after the event");
 * ```
 */
export function lookup<E extends EventBase, R extends EventBase, F extends object>(
  definition: LookupDefinition<E, R, F>,
): Lookup<E, F> {
  const { name, version, table, fields, otherwise = null } = definition;
  const { waitMs = seconds(1), historyMs = minutes(10) } = definition;
  const faults = [
    ...(NAME.test(name) ? [] : [`its name must be lower-case letters, digits and _, starting with a letter`]),
    ...(Number.isSafeInteger(version) && version > 0 ? [] : [`version is ${version}; make it a whole number above 0`]),
    ...(fields.length > 0 ? [] : ["it adds no field; name at least one in fields"]),
    ...fields.filter((field) => OWN_FIELDS.includes(field)).map((field) =>
      `it adds "${field}", which is the event's own; name it otherwise`
    ),
    ...Object.entries({ waitMs, historyMs }).filter(([, ms]) => !(Number.isFinite(ms) && ms >= 0)).map(([which, ms]) =>
      `${which} is ${ms}; make it a number of milliseconds, 0 or more`
    ),
  ];
  if (faults.length > 0) throw new TypeError(`Cannot make lookup "${name}": ${faults.join("; ")}`);
  return {
    name,
    version,
    table: table as unknown as EventContract,
    key: (event) => definition.key(event),
    fields,
    as: (row) => definition.as(row as R),
    otherwise,
    waitMs,
    historyMs,
  };
}
