/**
 * Sources of one topic in few words: events go in and come out typed, the rest of a {@link Source} follows.
 * @module
 */
import { messageOf } from "../core/errors.ts";
import type { EventBase, EventContract } from "../core/events/contract.ts";
import { anyContract, type Decoded, type Source, type SourceContext } from "./source.ts";

/** An event as a source makes it; its time may be ISO 8601 with a zone, or milliseconds since 1970. */
export type EventDraft<E extends EventBase> = Omit<E, "timestamp"> & { readonly timestamp: string | number };

/** What a live source is given. */
export type SourceStart = Pick<SourceContext, "config" | "clock" | "random" | "signal">;

/** What an author of a source writes. */
export interface SourceDefinition<E extends EventBase> {
  /** Noun of the service: `twitch`; letters, digits, _. */
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** The topic that it fills. */
  readonly contract: EventContract<E>;
  /** Events of one line of recorded input; none for a line without any. A throw makes the line a dead letter. */
  decode?(line: string): readonly EventDraft<E>[];
  /** Batches of live events, until the signal aborts. */
  open?(start: SourceStart): AsyncIterable<readonly EventDraft<E>[]>;
}

/**
 * Makes a source of its definition. What does not fit the contract is refused at the door, with its reason.
 *
 * @throws {TypeError} when it can neither decode nor open, or its name is none.
 *
 * @example
 * ```ts
 * import { type ViewerEvent, viewerEvents } from "../core/events/viewer.ts";
 *
 * const counter = source<ViewerEvent>({
 *   name: "counter",
 *   about: "lines of time, stream and number of viewers",
 *   contract: viewerEvents,
 *   decode(line) {
 *     const [timestamp = "", stream_id = "", viewers] = line.split(" ");
 *     return [{ event_id: line, timestamp, source: "counter", stream_id, viewer_count: Number(viewers) }];
 *   },
 * });
 * const decoded = counter.recorded!.decoder("lines")("2024-08-08T12:00:00Z demo 7");
 * if (decoded.kind !== "events") throw new Error("one event");
 * ```
 */
export function source<E extends EventBase>(definition: SourceDefinition<E>): Source {
  const { name, about } = definition;
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    throw new TypeError(`Cannot make source "${name}": its name must be lower-case letters, digits and _`);
  }
  if (definition.decode === undefined && definition.open === undefined) {
    throw new TypeError(`Cannot make source "${name}": it has neither decode() for recorded input nor open() for live`);
  }
  const contract = anyContract(definition.contract);
  const eventsOf = (events: readonly EventDraft<E>[]): Decoded =>
    events.length === 0
      ? { kind: "ignored", ignoredKind: "none" }
      : { kind: "events", events: events.map((value) => ({ contract, value })) };
  const decode = (line: string): Decoded => {
    try {
      return eventsOf(definition.decode!(line));
    } catch (error) {
      return { kind: "dead", contract, fault: { reason: "undecodable", path: "", message: messageOf(error) } };
    }
  };
  return {
    name,
    about,
    contracts: [contract],
    ...(definition.decode && { recorded: { form: "lines", decoder: () => decode } }),
    ...(definition.open && {
      async *open(context: SourceContext) {
        for await (const events of definition.open!(context)) yield events.map((event) => eventsOf([event]));
      },
    }),
  };
}
