/**
 * One life of a websocket: from the first try to open it until it is over, whatever ends it.
 * @module
 */
import type { Clock } from "../../core/clock.ts";

/** Makes a websocket; tests give their own. */
export type OpenSocket = (url: string) => WebSocket;

/** What a life needs. */
export interface SocketOptions {
  readonly url: string;
  readonly open: OpenSocket;
  readonly clock: Pick<Clock, "nowMs">;
  /** Called once when it is open. */
  onOpen(socket: LiveSocket): void;
  /** Called with each text frame. */
  onFrame(text: string, socket: LiveSocket): void;
}

/** A websocket that lives once. */
export class LiveSocket {
  readonly #socket: WebSocket;
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #ready = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<string>();
  readonly #retired = Promise.withResolvers<void>();
  #isOver = false;
  /** When the server was last heard; the start before that. */
  heardMs: number;

  constructor({ url, open, clock, onOpen, onFrame }: SocketOptions) {
    this.#clock = clock;
    this.heardMs = clock.nowMs();
    this.#socket = open(url);
    this.#socket.onopen = () => {
      this.heardMs = clock.nowMs();
      if (!this.#isOver) onOpen(this);
    };
    this.#socket.onmessage = ({ data }) => {
      this.heardMs = clock.nowMs();
      // Frames that a closing socket still brings are events like all others.
      if (typeof data === "string") onFrame(data, this);
    };
    this.#socket.onerror = (event) => this.#end(event instanceof ErrorEvent ? event.message : "the connection failed");
    this.#socket.onclose = ({ code, reason }) => this.#end(`closed by the server (${code}${reason && `: ${reason}`})`);
  }

  /** Resolves when the protocol has said that events flow: {@link markReady}. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves with the reason when it is over. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  /** Resolves when the server has said that it is about to end it: {@link retire}. */
  get retired(): Promise<void> {
    return this.#retired.promise;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Milliseconds since the server was heard. */
  get silentMs(): number {
    return this.#clock.nowMs() - this.heardMs;
  }

  /** Sends a text; one that comes when it is not open is lost with the connection. */
  send(text: string): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  markReady(): void {
    this.#ready.resolve();
  }

  /** Asks for a successor; this one goes on until that is ready. */
  retire(): void {
    this.#retired.resolve();
  }

  /** Ends it. A server that does not answer the close is not waited for. */
  close(reason: string): void {
    this.#end(reason);
    const { readyState } = this.#socket;
    if (readyState === WebSocket.OPEN || readyState === WebSocket.CONNECTING) this.#socket.close();
  }

  #end(reason: string): void {
    this.#isOver = true;
    this.#ended.resolve(reason);
  }
}
