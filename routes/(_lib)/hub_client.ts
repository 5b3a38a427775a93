/**
 * One open event stream, as the hub sees it: a place in the ring and a body that is written to as far as it has room.
 * @module
 */

/** Bytes that a body takes before its reader has to read. */
const BUFFER_BYTES = 65_536;

/** What a client needs of its hub. */
export interface HubClientOptions {
  readonly channels: readonly string[];
  /** The reader has made room. */
  onPull(client: HubClient): void;
  /** The reader has left. */
  onCancel(client: HubClient): void;
}

/**
 * `syncing` = a snapshot is being read; `streaming` = gets updates from `cursor` on; `behind` = has lost its place and
 * gets `gap` and a snapshot as soon as there is room.
 */
export type HubClientPhase = "syncing" | "streaming" | "behind" | "closed";

/** A client of the hub. */
export class HubClient {
  readonly channels: ReadonlySet<string>;
  /** Equal for clients that get the same bytes. */
  readonly channelsKey: string;
  /** The response's body. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  phase: HubClientPhase = "syncing";
  /** Number of the next update to send. */
  cursor = 0;
  /** Which version of the moments' contexts it has. */
  contextVersion = 0;
  /** Since when nothing could be written; null while there is room. */
  stalledSinceMs: number | null = null;
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;

  constructor({ channels, onPull, onCancel }: HubClientOptions) {
    this.channels = new Set(channels);
    this.channelsKey = channelsKeyOf(channels);
    this.body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: () => onPull(this),
      cancel: () => onCancel(this),
    }, { highWaterMark: BUFFER_BYTES, size: (bytes) => bytes?.byteLength ?? 0 });
  }

  /** Whether the body takes more. */
  get hasRoom(): boolean {
    return this.phase !== "closed" && (this.#controller?.desiredSize ?? 0) > 0;
  }

  /** Writes; nothing happens once it is closed. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.phase !== "closed" && bytes.length > 0) this.#controller?.enqueue(bytes);
  }

  /** Ends the body: what was written before is still read, unless the reader is `lost`. */
  close(how: "served" | "lost" | "cancelled"): void {
    if (this.phase === "closed") return;
    this.phase = "closed";
    if (how === "served") this.#controller?.close();
    if (how === "lost") this.#controller?.error(new Error("Cannot go on sending: the reader takes nothing"));
  }
}

/** Name of a set of channels. */
export const channelsKeyOf = (channels: readonly string[]): string => [...new Set(channels)].sort().join(",");
