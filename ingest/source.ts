/**
 * The Source interface: what a reader of the outside has to say about itself. A source names the topics that it fills,
 * decodes recorded or live frames into events (purely), and, where it can, opens a live stream of them. Checking,
 * stamping, batching and appending are the runner's.
 * @module
 */
import type { Clock, Random } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import type { EventBase, EventContract, Fault } from "../core/events/contract.ts";

/** An event as decoded, before its contract is checked. */
export interface DecodedEvent {
  /** The contract of its topic. */
  readonly contract: EventContract;
  /** JSON value. */
  readonly value: unknown;
  /** The JSON text that `value` was parsed from, where the event is that text unchanged: it is then kept as it is. */
  readonly text?: string;
}

/** What a decoder makes of one line or frame. */
export type Decoded =
  | { readonly kind: "events"; readonly events: readonly DecodedEvent[] }
  /** Understood, but of a kind that yields no event: `CLEARCHAT`, `depth`, `blank`. */
  | { readonly kind: "ignored"; readonly ignoredKind: string }
  /** Not understood; `contract` is the topic that it was most likely meant for. */
  | { readonly kind: "dead"; readonly contract: EventContract; readonly fault: Fault };

/**
 * Turns one line, frame or CSV record into events. It never throws for bad input, with one exception: a CSV header that
 * lacks a needed column is a `UserError`, since every row below it would be dead for the same reason. A decoder may
 * remember (a header), so each input has its own.
 */
export type Decode = (line: string) => Decoded;

/**
 * How recorded text is cut: `lines` = each line by itself; `csv` = records whose quoted cells may hold line breaks, the
 * first one being the header, which decodes to `ignored` of kind `header`.
 */
export type RecordedFormat = "lines" | "csv";

/** What a live source is given. */
export interface SourceContext {
  /** What the environment decides. */
  readonly config: Config;
  /** The time, and waiting. */
  readonly clock: Clock;
  /** Chance: nothing else is random in a source. */
  readonly random: Random;
  /** Ends the stream. */
  readonly signal: AbortSignal;
}

/** A source of events. */
export interface Source {
  /** Noun of the service: `twitch`. */
  readonly name: string;
  /** One line for people. */
  readonly about: string;
  /** The contracts of the topics that it fills. */
  readonly contracts: readonly EventContract[];
  /**
   * How recorded input is cut and decoded: `lines` = each line of a text is a frame, whatever the file's format;
   * `table` = canonical events as JSONL or CSV. Absent for a source that has no recorded form.
   */
  readonly recorded?: {
    readonly form: "lines" | "table";
    decoder(format: RecordedFormat): Decode;
  };
  /** Batches of decoded frames as they come in. Absent for a source that reads recorded input only. */
  open?(context: SourceContext): AsyncIterable<readonly Decoded[]>;
}

/** Lets a list hold contracts of different events. */
export const anyContract = <E extends EventBase>(contract: EventContract<E>): EventContract =>
  contract as unknown as EventContract;
