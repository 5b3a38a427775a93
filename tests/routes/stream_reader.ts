/**
 * The events of a stream, one by one, as a browser gets them.
 * @module
 */
import type { LiveUpdate } from "../../core/ports.ts";
import type { LiveStatus } from "../../routes/(_lib)/live_store.ts";

/** What the events of a stream carry; `comment` stands for comments and `retry` for the field of that name. */
export interface StreamData {
  comment: string;
  retry: number;
  snapshot: { readonly last_id: string; readonly updates: readonly LiveUpdate[] };
  update: LiveUpdate;
  refresh: { readonly updates: readonly LiveUpdate[] };
  status: LiveStatus;
  gap: Readonly<Record<string, never>>;
  heartbeat: Readonly<Record<string, never>>;
}

/** An event of a stream. */
export type StreamEvent = {
  [N in keyof StreamData]: { readonly name: N; readonly id: string | null; readonly data: StreamData[N] };
}[keyof StreamData];

/** An event that must be an update, whatever else was asked for. */
export function updateOf(event: StreamEvent | null): LiveUpdate {
  if (event?.name !== "update") throw new Error(`An update was expected, not ${event?.name ?? "the end"}`);
  return event.data;
}

const isNamed = <N extends keyof StreamData>(
  event: StreamEvent,
  names: readonly N[],
): event is Extract<StreamEvent, { name: N }> => (names as readonly string[]).includes(event.name);

/** Reads the events of a body one by one. */
export class StreamReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  /** The next event, whatever it is; null at the end. */
  async next(): Promise<StreamEvent | null> {
    let end: number;
    while ((end = this.#text.indexOf("\n\n")) < 0) {
      const { value, done } = await this.#reader.read();
      if (done) return null;
      this.#text += this.#decoder.decode(value, { stream: true });
    }
    const block = this.#text.slice(0, end);
    this.#text = this.#text.slice(end + 2);
    return parseBlock(block);
  }

  /** The next event of one of these names. */
  async take<N extends keyof StreamData>(...names: N[]): Promise<Extract<StreamEvent, { name: N }>> {
    while (true) {
      const event = await this.next();
      if (event === null) throw new Error(`Cannot take ${names}: the stream has ended`);
      if (isNamed(event, names)) return event;
    }
  }

  /** Leaves. */
  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parseBlock(block: string): StreamEvent {
  if (block.startsWith(":")) return { name: "comment", id: null, data: block.slice(1).trim() };
  const fields = new Map(
    block.split("\n").map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)] as const;
    }),
  );
  if (fields.has("retry")) return { name: "retry", id: null, data: Number(fields.get("retry")) };
  const id = fields.get("id") ?? null;
  // The routes under test write it: what is not as they promise fails where the test looks at it.
  return { name: fields.get("event"), id, data: JSON.parse(fields.get("data") ?? "null") } as StreamEvent;
}
