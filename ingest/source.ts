/**
 * The Source interface: what a reader of the outside has to say about itself. A source names the topics that it fills,
 * decodes recorded or live frames into events (purely), and, where it can, opens a live stream of them. Checking,
 * stamping, batching and appending are the runner's.
 * @module
 */
import type { Clock, Random } from "../core/clock.ts";
import type { Config } from "../core/config.ts";
import type { EventBase, EventContract, Fault } from "../core/events/contract.ts";
import type { SourcePosition } from "../core/ports.ts";
import type { SourceMonitor } from "./monitor.ts";
import type { Shard } from "./sharding.ts";

/** A place in a sending order of the source's own: its records are told apart by it over restarts, too. */
export interface SourceOrder {
  /** Name of the order: `binance:BTCUSDT`. */
  readonly instance: string;
  /** Rises within the order. */
  readonly seq: number;
}

/** An event as decoded, before its contract is checked. */
export interface DecodedEvent {
  /** The contract of its topic. */
  readonly contract: EventContract;
  /** JSON value. */
  readonly value: unknown;
  /** The JSON text that `value` was parsed from, where the event is that text unchanged: it is then kept as it is. */
  readonly text?: string;
  /** Where the source has an order of its own; else the door gives the next place in the order of its process start. */
  readonly order?: SourceOrder;
}

/** What a decoder makes of one line or frame. */
export type Decoded =
  | { readonly kind: "events"; readonly events: readonly DecodedEvent[] }
  /**
   * Understood, but of a kind that yields no event of the source's main topics: `CLEARCHAT`, `depth`, `blank`. It may
   * bring side events (a removal, a subscription), which are appended and counted for no run: the line stays `ignored`.
   */
  | { readonly kind: "ignored"; readonly ignoredKind: string; readonly events?: readonly DecodedEvent[] }
  /** Not understood; `contract` is the topic that it was most likely meant for. */
  | { readonly kind: "dead"; readonly contract: EventContract; readonly fault: Fault };

/**
 * Turns one line, frame or record into events. It never throws for bad input, with one exception: a CSV header that
 * lacks a needed column is a `UserError`, since every row below it would be dead for the same reason. A decoder may
 * remember (a header), so each input has its own. `place` is the record's number in its file, from 1, a header not
 * counted; who decodes live frames gives none.
 */
export type Decode = (line: string, place?: number) => Decoded;

/**
 * How recorded input is cut: `lines` = each line by itself; `csv` = records whose quoted cells may hold line breaks, the
 * first one being the header, which decodes to `ignored` of kind `header`; `json` = the elements of an array, or values
 * that follow one another; `parquet` = rows, each as the text of a JSON object.
 */
export type RecordedFormat = "lines" | "csv" | "json" | "parquet";

/** How the fields of events are made of the columns of a table that others wrote. */
export interface FieldMapping {
  /** Column by field; `A+B` joins two. */
  readonly fields: Readonly<Record<string, string>>;
  /** Value by field or column, the same in each record; `@name` stands for the file's name. */
  readonly constants: Readonly<Record<string, string>>;
  /** Names of the columns of a CSV table that has no header. */
  readonly columns: readonly string[] | null;
  /** Zone of times that name none: an IANA name, or an offset such as +02:00; null = UTC. */
  readonly timeZone: string | null;
  /** The prices of the table are 10^this times the real ones. */
  readonly priceExponent: number;
}

/** What a decoder may know of the file that it reads. */
export interface RecordedFile {
  /** Name without its folder. */
  readonly name: string;
  /** Identity of what it holds. */
  readonly fingerprint: string;
  /** Null: the events are canonical as they stand. */
  readonly mapping: FieldMapping | null;
}

/** What a live source is given. */
export interface SourceContext {
  /** What the environment decides. */
  readonly config: Config;
  /** The time, and waiting. */
  readonly clock: Clock;
  /** Chance: nothing else is random in a source. */
  readonly random: Random;
  /** Which part of a list of streams or symbols is this producer's; all of it without. */
  readonly shard?: Shard;
  /** Ends the stream, after what is in hand was handed over. */
  readonly signal: AbortSignal;
  /** Where the source tells how it is. */
  readonly monitor: SourceMonitor;
  /** The state that the source handed over last for a position, be it in the log or still in the spool; null = none. */
  loadPosition(id: string): Promise<unknown>;
}

/** What a source hands over at a time. */
export interface SourceBatch {
  /** What its frames decode to. */
  readonly decoded: readonly Decoded[];
  /** Where the source stands after it: saved in the same append. */
  readonly positions?: readonly SourcePosition[];
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
   * How recorded input is cut and decoded: `lines` = each line of a text is a frame, whatever the file's format; `json` =
   * each JSON value is one, pretty-printed or not; `table` = canonical events in any of the formats. Absent for a source
   * that has no recorded form.
   */
  readonly recorded?: {
    readonly form: "lines" | "json" | "table";
    decoder(format: RecordedFormat, file?: RecordedFile): Decode;
  };
  /**
   * Whether what it sends can be had again, from its position or because it is invented. While the log is away such a
   * source waits; what any other one sends goes to the spool on disk.
   */
  readonly repeatable?: true;
  /** Silence, in ms, after which a connected source is shown as stale; never without it. */
  readonly quietMsMax?: number;
  /**
   * Batches as they come in; the next one is asked for when the last is safe, in the log or the spool. What the outside
   * pushes meanwhile is the source's to queue, within a stated bound. Absent for a source that reads recorded input only.
   */
  open?(context: SourceContext): AsyncIterable<readonly Decoded[] | SourceBatch>;
}

/** Lets a list hold contracts of different events. */
export const anyContract = <E extends EventBase>(contract: EventContract<E>): EventContract =>
  contract as unknown as EventContract;
